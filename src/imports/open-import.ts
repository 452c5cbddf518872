import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { MAY } from './import.ts';
import { type ImportRow, lockImport, readImport } from './store.ts';

/** What the verbs of this room need from whoever calls them. */
export interface ImportsContext {
  readonly database: Database;
  readonly clock: Clock;
  /** The program's data folder; files of imports are kept below it until they are committed or undone. */
  readonly dataFolder: string;
}

/** Where the files of one import are. */
export interface ImportFiles {
  readonly folder: string;
  /** Names the workspace, so that a sweep over the disk finds whose it is. */
  readonly workspace: string;
  readonly source: string;
  readonly contacts: string;
  readonly payments: string;
  readonly refunds: string;
}

/** Below it each import has a folder of its own, named by its id. */
export function importsFolder(context: Pick<ImportsContext, 'dataFolder'>): string {
  return join(context.dataFolder, 'imports');
}

export function filesOf(context: Pick<ImportsContext, 'dataFolder'>, importId: string): ImportFiles {
  const folder = join(importsFolder(context), importId);
  const at = (name: string) => join(folder, name);
  return {
    folder,
    workspace: at('workspace'),
    source: at('source'),
    contacts: at('contacts.jsonl'),
    payments: at('payments.jsonl'),
    refunds: at('refunds.jsonl'),
  };
}

/** Throws import_not_ready when a file of the import is not on this machine. */
export async function requireFile(path: string): Promise<void> {
  try {
    await access(path);
  } catch {
    throw fileGone();
  }
}

function fileGone(): Failure {
  return new Failure('import_not_ready', 'The file of this import is not on this server any more; send it again.');
}

/** Throws not_found. */
export async function findImport(tx: WorkspaceTx, id: string): Promise<ImportRow> {
  const row = await readImport(tx, id);
  if (!row) throw new Failure('not_found');
  return row;
}

const NOT_NOW: Record<keyof typeof MAY, string> = {
  map: 'Its columns cannot be changed any more.',
  check: 'It cannot be checked now.',
  commit: 'Only an import that has been checked can be committed.',
  undo: 'Only an import that has been committed can be undone.',
  discard: 'Its file cannot be removed now.',
};

/** The import, locked, when what is asked for may be done in its status. Throws not_found, import_not_ready. */
export async function lockImportFor(tx: WorkspaceTx, id: string, what: keyof typeof MAY): Promise<ImportRow> {
  const row = await lockImport(tx, id);
  if (!row) throw new Failure('not_found');
  if (!MAY[what].includes(row.status)) {
    throw new Failure('import_not_ready', `This import is ${row.status}. ${NOT_NOW[what]}`, {
      facts: { import_status: row.status },
    });
  }
  if (what !== 'undo' && row.file_removed_at !== null) throw fileGone();
  return row;
}
