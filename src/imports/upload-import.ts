import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { type Caller, requireSwitch } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { guessDateOrder, guessDecimalMark, lineOf, maskCell } from './cell.ts';
import { FILE_BYTES_MAX, type ImportKind, type ImportSettings, NO_PROGRESS } from './import.ts';
import { fieldsOf, guessMapping, type TargetField } from './mapping.ts';
import { filesOf, findImport, type ImportsContext } from './open-import.ts';
import { examineFile, type FileExamined } from './read-csv.ts';
import { readSurroundings } from './read-surroundings.ts';
import { type ImportRow, insertImport } from './store.ts';

/** Who writes the month first; everybody else writes the day first. */
const MONTH_FIRST_LOCALES = /^en-(US|PH|BZ)$|^es-(PR|PA)$/i;

/**
 * Takes a file in: streams it to disk with its hash, finds out how it is to be read and guesses what its columns are.
 * Nothing is in the database before all of that went well. Throws import_unreadable, payload_too_large, and feature_off
 * for money while payments are switched off.
 */
export async function uploadImport(
  context: ImportsContext,
  caller: Caller,
  kind: ImportKind,
  file: { readonly name: string; readonly stream: Readable; readonly truncated?: () => boolean },
): Promise<ImportRow> {
  requireSwitchFor(caller, kind);
  const id = newId();
  const files = filesOf(context, id);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(files.workspace, caller.workspace.id, { mode: 0o600 });
    const { hash, bytes } = await keepFile(file.stream, files.source);
    if (bytes > FILE_BYTES_MAX || file.truncated?.()) throw fileTooLarge();
    const examined = await examineFile(files.source);
    const { customFields } = await readSurroundings(context, caller.workspace.id, kind);
    const row = {
      id,
      kind,
      file_name: maskCell(lineOf(file.name, 200)) || 'file.csv',
      file_hash: hash,
      file_bytes: BigInt(bytes),
      settings: guessSettings(caller, fieldsOf(kind, customFields), examined),
      progress: NO_PROGRESS,
      created_by: caller.name,
      created_at: caller.now,
    };
    return await context.database.inWorkspace(caller.workspace.id, async (tx) => {
      await insertImport(tx, row);
      const details = { kind, file: row.file_name, hash };
      await recordAudit(tx, caller, { action: 'import.uploaded', subjectKind: 'import', subjectId: id, details });
      return findImport(tx, id);
    });
  } catch (error) {
    await rm(files.folder, { recursive: true, force: true });
    throw error;
  }
}

/** More than FILE_BYTES_MAX. */
export function fileTooLarge(): Failure {
  return new Failure(
    'payload_too_large',
    'A file of at most 4 GB can be imported; compressed with gzip it may hold 16 GB.',
  );
}

/** Kinds that carry money need payments to be switched on. Throws feature_off. */
export function requireSwitchFor(caller: Caller, kind: ImportKind): void {
  if (kind !== 'contacts') requireSwitch(caller, 'payments_and_ltv');
}

async function keepFile(stream: Readable, path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        if (bytes > FILE_BYTES_MAX) throw fileTooLarge();
        yield chunk;
      }
    },
    createWriteStream(path, { mode: 0o600 }),
  );
  return { hash: hash.digest('hex'), bytes };
}

function guessSettings(
  caller: Caller,
  fields: readonly TargetField[],
  { dialect, columns, sample }: FileExamined,
): ImportSettings {
  const { currency, timeZone, locale } = caller.workspace;
  const mapping = guessMapping(fields, columns);
  const rows = dialect.hasHeader ? sample.slice(1) : sample;
  const cellsOf = (types: readonly string[]) =>
    fields
      .filter(({ type, custom, name }) => types.includes(custom?.type ?? type) && mapping[name] !== undefined)
      .flatMap(({ name }) => rows.map((row) => row.cells[mapping[name]!] ?? ''));
  return {
    dialect,
    columns: columns.map((name) => lineOf(name, 100)),
    mapping,
    currency,
    timeZone,
    dateOrder: guessDateOrder(cellsOf(['date']), MONTH_FIRST_LOCALES.test(locale) ? 'mdy' : 'dmy'),
    decimalMark: guessDecimalMark(cellsOf(['amount', 'price', 'quantity', 'number'])),
  };
}
