import { createContacts, findImportedContacts } from '../contacts/create-contacts.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { readImportedDocuments } from '../invoices/record-imported-documents.ts';
import { recordImportedPayments } from '../payments/record-imported-payments.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { makeDayReader } from './cell.ts';
import { commitDocuments } from './commit-documents.ts';
import { CHUNK_ROWS, rowsToWrite, salesAsOf, summaryOf } from './import.ts';
import type { StagedContact } from './intake.ts';
import { filesOf, type ImportFiles, type ImportsContext, requireFile } from './open-import.ts';
import { type ChunkResult, importedPayment, readStagedPayments } from './read-staged-payments.ts';
import { readStagedRows } from './stage-rows.ts';
import { type ImportRow, lockImport, updateImport } from './store.ts';

/**
 * Writes what the check staged, chunk by chunk. Each chunk is one transaction that also moves the import's own place
 * on, under its row lock: a stop between two chunks loses nothing and doubles nothing, and the next start goes on here.
 */
export async function commitImport(
  context: ImportsContext,
  workspaceId: string,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  const files = filesOf(context, importId);
  await requireFile(files.contacts);
  await requireFile(files.payments);
  const days: DayReaders = new Map();
  for (;;) {
    if (signal.aborted) return;
    const finished = await context.database.inWorkspace(workspaceId, (tx) =>
      commitNextChunk(context, tx, importId, files, days),
    );
    if (finished) return;
  }
}

async function commitNextChunk(
  context: ImportsContext,
  tx: WorkspaceTx,
  importId: string,
  files: ImportFiles,
  days: DayReaders,
): Promise<boolean> {
  const row = await lockImport(tx, importId);
  const facts = await readFacts(tx);
  if (row?.status !== 'committing') return true;
  const now = workspaceNow(context.clock.now(), facts);
  const summary = summaryOf(row);
  check(summary, 'an import that is being committed was checked');
  const written = summary.written ?? { contacts: 0, companies: 0, payments: 0, alreadyThere: 0 };
  const dayOf = dayReaderOf(days, facts.timeZone);
  const chunk =
    row.progress.phase === 'contacts'
      ? await commitContacts(tx, row, files, now, written)
      : row.progress.phase === 'documents'
        ? await commitDocuments(tx, row, files, { now, dayOf, workspace: facts }, written)
        : await commitPayments(tx, row, files, now, dayOf, written);
  const { contacts, payments, documents = payments, alreadyThere } = chunk.written;
  const complete = contacts + documents + alreadyThere;
  if (chunk.finished && complete !== rowsToWrite(summary)) {
    throw new Failure(
      'import_not_ready',
      `${complete} rows were written or there, and the check had announced another number.`,
    );
  }
  await updateImport(tx, {
    ...row,
    status: chunk.finished ? 'committed' : 'committing',
    progress: chunk.progress,
    summary: { ...summary, written: chunk.written },
    updated_at: now,
    committed_at: chunk.finished ? now : row.committed_at,
  });
  return chunk.finished;
}

/** Kept from chunk to chunk, because asking the calendar is what a chunk would otherwise spend its time on. */
type DayReaders = Map<string, (at: Date) => LocalDate>;

function dayReaderOf(days: DayReaders, timeZone: string): (at: Date) => LocalDate {
  const known = days.get(timeZone) ?? makeDayReader(timeZone);
  days.set(timeZone, known);
  return known;
}

async function commitContacts(
  tx: WorkspaceTx,
  row: ImportRow,
  files: ImportFiles,
  now: Date,
  written: ChunkResult['written'],
): Promise<ChunkResult> {
  const { rows, next } = await readStagedRows<StagedContact>(files.contacts, row.progress.offset, CHUNK_ROWS);
  if (rows.length === 0) {
    const asDocuments = (salesAsOf(row) ?? 'payments') !== 'payments';
    const phase = asDocuments ? 'documents' : 'payments';
    const begun = asDocuments ? { ...written, documents: 0 } : written;
    return { progress: { ...row.progress, phase, offset: 0 }, written: begun, finished: false };
  }
  const there = await findImportedContacts(tx, rows);
  const made = await createContacts(
    tx,
    rows
      .filter(({ ref }) => !there.has(ref))
      .map(({ ref, line: _line, ...contact }) => ({ ...contact, externalRef: ref })),
    { importId: row.id, now, authorName: row.created_by },
  );
  return {
    progress: { ...row.progress, rowsDone: row.progress.rowsDone + rows.length, offset: next },
    written: {
      ...written,
      contacts: written.contacts + made.contacts,
      companies: (written.companies ?? 0) + made.companies,
      alreadyThere: written.alreadyThere + rows.length - made.contacts,
    },
    finished: false,
  };
}

async function commitPayments(
  tx: WorkspaceTx,
  row: ImportRow,
  files: ImportFiles,
  now: Date,
  dayOf: (at: Date) => LocalDate,
  written: ChunkResult['written'],
): Promise<ChunkResult> {
  const { rows, next } = await readStagedPayments(tx, files.payments, row.progress.offset, CHUNK_ROWS);
  if (rows.length === 0) return { progress: { ...row.progress, phase: 'done' }, written, finished: true };
  // Sales that came in as documents before are not also payments of their own.
  const refs = rows.map(({ staged }) => staged.ref);
  const documents = row.kind === 'sales_lines' ? await readImportedDocuments(tx, refs) : new Map();
  const result = await recordImportedPayments(
    tx,
    { importId: row.id, kind: 'system', id: null, name: row.created_by, now },
    rows.filter(({ staged }) => !documents.has(staged.ref)).map((one) => importedPayment(one, dayOf)),
  );
  return {
    progress: { ...row.progress, rowsDone: row.progress.rowsDone + rows.length, offset: next },
    written: {
      ...written,
      payments: written.payments + result.written,
      alreadyThere: written.alreadyThere + rows.length - result.written,
    },
    finished: false,
  };
}
