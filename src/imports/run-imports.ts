import { Failure } from '../foundation/failure.ts';
import { checkImport } from './check-import.ts';
import { commitImport } from './commit-import.ts';
import { filesOf, type ImportsContext, requireFile } from './open-import.ts';
import { removeFiles } from './remove-import-files.ts';
import { type ImportRow, listRunningImports, lockImport, readImport, updateImport } from './store.ts';
import { undoImport } from './undo-import.ts';

/** Works on imports one after the other, beside requests: one reads a file, the others would only slow it down. */
export interface ImportRunner {
  /** Tells that this import has something to do. */
  wake(workspaceId: string, importId: string): void;
  /** Takes up what a stop interrupted. Call it once at the start. */
  resume(): Promise<void>;
  /** Resolves when nothing is being worked on or waiting. */
  idle(): Promise<void>;
  /** Stops between two chunks; what is unfinished stays as it is for the next start. */
  stop(): Promise<void>;
}

/** `onFault` hears of our own faults; the import itself is told in plain words. */
export function makeImportRunner(context: ImportsContext, onFault: (error: unknown) => void = () => {}): ImportRunner {
  const stopping = new AbortController();
  let queue = Promise.resolve();

  function wake(workspaceId: string, importId: string) {
    queue = queue.then(async () => {
      if (stopping.signal.aborted) return;
      try {
        await work(context, workspaceId, importId, stopping.signal);
      } catch (error) {
        if (!(error instanceof Failure)) onFault(error);
        await fail(context, workspaceId, importId, error).catch(onFault);
      }
    });
  }

  return {
    wake,
    async resume() {
      for (const { workspaceId, importId } of await findInterrupted(context)) wake(workspaceId, importId);
    },
    async idle() {
      for (let seen: unknown = null; seen !== queue; ) {
        seen = queue;
        await queue;
      }
    },
    async stop() {
      stopping.abort();
      await queue;
    },
  };
}

/**
 * Imports that a stop interrupted and whose files are on this machine (another server keeps its own). An undo needs no
 * file.
 */
export async function findInterrupted(context: ImportsContext): Promise<{ workspaceId: string; importId: string }[]> {
  const found: { workspaceId: string; importId: string }[] = [];
  for (const running of await context.database.acrossWorkspaces(listRunningImports)) {
    const { workspace_id: workspaceId, id: importId } = running;
    const row = await context.database.inWorkspace(workspaceId, (tx) => readImport(tx, importId));
    if (!row) continue;
    const here = row.status === 'undoing' || (await isHere(filesOf(context, importId).source));
    if (here) found.push({ workspaceId, importId });
  }
  return found;
}

async function isHere(path: string): Promise<boolean> {
  try {
    await requireFile(path);
    return true;
  } catch {
    return false;
  }
}

async function work(
  context: ImportsContext,
  workspaceId: string,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  const row = await context.database.inWorkspace(workspaceId, (tx) => readImport(tx, importId));
  if (row?.status === 'checking') await checkImport(context, workspaceId, row, signal);
  if (row?.status === 'committing') await commitImport(context, workspaceId, importId, signal);
  if (row?.status === 'undoing') await undoImport(context, workspaceId, importId, signal);
  const after = await context.database.inWorkspace(workspaceId, (tx) => readImport(tx, importId));
  if (after?.status === 'committed' || after?.status === 'undone') await removeFiles(context, importId);
}

async function fail(context: ImportsContext, workspaceId: string, importId: string, error: unknown): Promise<void> {
  const failure =
    error instanceof Failure
      ? error.message
      : 'Something went wrong on our side. What was written is whole; check the file again to go on.';
  await context.database.inWorkspace(workspaceId, async (tx) => {
    const row: ImportRow | null = await lockImport(tx, importId);
    if (!row || row.status === 'committed' || row.status === 'undone') return;
    await updateImport(tx, { ...row, status: 'failed', failure, updated_at: context.clock.now() });
  });
}
