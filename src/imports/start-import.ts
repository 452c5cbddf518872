import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { lineOf } from './cell.ts';
import { type ImportSettings, NO_PROGRESS, rowsToWrite, summaryOf } from './import.ts';
import { fieldsOf, guessMapping, problemsOfMapping } from './mapping.ts';
import { filesOf, findImport, type ImportsContext, lockImportFor, requireFile } from './open-import.ts';
import { readColumns } from './read-csv.ts';
import { readSurroundings } from './read-surroundings.ts';
import { type ImportRow, updateImport } from './store.ts';
import { UNDO_BEGINS } from './undo-import.ts';
import { requireSwitchFor } from './upload-import.ts';

/** What a person may change about how a file is read. */
export type SettingsChange = Partial<
  Pick<ImportSettings, 'mapping' | 'currency' | 'timeZone' | 'dateOrder' | 'decimalMark' | 'salesAs' | 'paidBy'>
> & {
  readonly dialect?: Partial<ImportSettings['dialect']>;
};

/**
 * Changes how the file is read; an earlier check is void afterwards. Throws invalid_request naming the field,
 * import_not_ready once it is committed.
 */
export async function mapImport(
  context: ImportsContext,
  caller: Caller,
  id: string,
  change: SettingsChange,
): Promise<ImportRow> {
  const before = await inImport(context, caller, (tx) => lockImportFor(tx, id, 'map'));
  if (before.kind !== 'sales_lines' && (change.salesAs ?? change.paidBy) !== undefined) {
    const fields = [{ path: 'sales_as', message: 'Only sales lines become invoices.' }];
    throw new Failure('invalid_request', fields[0]!.message, { fields });
  }
  const dialect = { ...before.settings.dialect, ...change.dialect };
  const columns = await columnsOf(context, before, dialect);
  // Other columns are another table: what was mapped before means nothing there.
  const known = columns.join('\n') === before.settings.columns.join('\n');
  const { customFields } = await readSurroundings(context, caller.workspace.id, before.kind);
  const targets = fieldsOf(before.kind, customFields);
  const mapping = change.mapping ?? (known ? before.settings.mapping : guessMapping(targets, columns));
  const fields = problemsOfMapping(before.kind, targets, mapping, columns.length).filter(
    // What is still missing may be mapped by the next change; the check asks for all of it.
    ({ path }) => path.slice('mapping.'.length) in mapping,
  );
  if (fields.length > 0) throw new Failure('invalid_request', fields[0]!.message, { fields });
  return inImport(context, caller, async (tx) => {
    const row = await lockImportFor(tx, id, 'map');
    const settings = { ...row.settings, ...change, dialect, columns, mapping };
    await updateImport(tx, {
      ...row,
      status: 'uploaded',
      settings,
      summary: {},
      progress: NO_PROGRESS,
      failure: null,
      updated_at: caller.now,
    });
    return findImport(tx, id);
  });
}

async function columnsOf(
  context: ImportsContext,
  { id, settings }: ImportRow,
  dialect: ImportSettings['dialect'],
): Promise<readonly string[]> {
  const names = Object.keys(dialect) as (keyof typeof dialect)[];
  if (names.every((name) => dialect[name] === settings.dialect[name])) return settings.columns;
  const { source } = filesOf(context, id);
  await requireFile(source);
  return (await readColumns(source, dialect)).map((name) => lineOf(name, 100));
}

/** Begins the dry run. Throws invalid_request while a needed column is not mapped, import_not_ready. */
export async function startCheck(context: ImportsContext, caller: Caller, id: string): Promise<ImportRow> {
  const { customFields } = await readSurroundings(context, caller.workspace.id, 'contacts');
  return inImport(context, caller, async (tx) => {
    const row = await lockImportFor(tx, id, 'check');
    requireSwitchFor(caller, row.kind);
    const fields = problemsOfMapping(
      row.kind,
      fieldsOf(row.kind, customFields),
      row.settings.mapping,
      row.settings.columns.length,
    );
    if (fields.length > 0) throw new Failure('invalid_request', fields[0]!.message, { fields });
    await updateImport(tx, {
      ...row,
      status: 'checking',
      progress: NO_PROGRESS,
      summary: {},
      failure: null,
      updated_at: caller.now,
    });
    return findImport(tx, id);
  });
}

/** Begins the commit. Throws import_not_ready unless it was checked and its totals tie out to the file. */
export function startCommit(context: ImportsContext, caller: Caller, id: string): Promise<ImportRow> {
  return inImport(context, caller, async (tx) => {
    const row = await lockImportFor(tx, id, 'commit');
    requireSwitchFor(caller, row.kind);
    const summary = summaryOf(row);
    if (!summary?.ties) {
      throw new Failure(
        'import_not_ready',
        'The totals of the check do not tie out to the file; nothing can be committed.',
      );
    }
    const rowsTotal = rowsToWrite(summary);
    if (rowsTotal === 0) throw new Failure('import_not_ready', 'There is nothing in the file that would be written.');
    const progress = { ...row.progress, phase: 'contacts' as const, rowsDone: 0, rowsTotal, offset: 0 };
    await updateImport(tx, { ...row, status: 'committing', progress, failure: null, updated_at: caller.now });
    await audit(tx, caller, row, 'import.committed');
    return findImport(tx, id);
  });
}

/** Begins the undo of what was committed, all of it. Throws import_not_ready. */
export function startUndo(context: ImportsContext, caller: Caller, id: string): Promise<ImportRow> {
  return inImport(context, caller, async (tx) => {
    const row = await lockImportFor(tx, id, 'undo');
    requireSwitchFor(caller, row.kind);
    const summary = summaryOf(row);
    const written = summary?.written;
    if (!written) throw new Failure('import_not_ready', 'This import wrote nothing that could be undone.');
    const progress = {
      ...NO_PROGRESS,
      phase: 'undoing' as const,
      linesRead: row.progress.linesRead,
      rowsTotal: written.contacts + written.payments + (written.documents ?? 0),
      undoing: UNDO_BEGINS,
    };
    await updateImport(tx, {
      ...row,
      status: 'undoing',
      progress,
      summary: { ...summary, takenBack: undefined },
      failure: null,
      updated_at: caller.now,
    });
    await audit(tx, caller, row, 'import.undone');
    return findImport(tx, id);
  });
}

function inImport<T>(context: ImportsContext, caller: Caller, work: (tx: WorkspaceTx) => Promise<T>): Promise<T> {
  return context.database.inWorkspace(caller.workspace.id, work);
}

function audit(tx: WorkspaceTx, caller: Caller, row: ImportRow, action: string): Promise<void> {
  const details = { kind: row.kind, file: row.file_name };
  return recordAudit(tx, caller, { action, subjectKind: 'import', subjectId: row.id, details });
}
