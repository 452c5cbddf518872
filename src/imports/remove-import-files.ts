import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from '../workspace/caller.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { listWorkspaceIds, readFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { fileKeptUntil, RUNNING } from './import.ts';
import { filesOf, findImport, type ImportsContext, importsFolder, lockImportFor } from './open-import.ts';
import { type ImportRow, lockImport, readImport, updateImport } from './store.ts';

/** A folder that belongs to no import is an upload that broke off; so long it may still be one that is coming in. */
const ORPHAN_KEPT_MS = 24 * 3_600_000;

/** Removes what a check staged and the file itself: what is in the book needs them no more. */
export async function removeFiles(context: Pick<ImportsContext, 'dataFolder'>, importId: string): Promise<void> {
  await rm(filesOf(context, importId).folder, { recursive: true, force: true });
}

/**
 * Takes the file of an import off this server because somebody says so: what is not written by now is given up. Throws
 * not_found, import_not_ready while it is at work or finished.
 */
export async function removeImportFile(context: ImportsContext, caller: Caller, id: string): Promise<ImportRow> {
  const row = await context.database.inWorkspace(caller.workspace.id, async (tx) => {
    const before = await lockImportFor(tx, id, 'discard');
    await updateImport(tx, { ...before, file_removed_at: caller.now, updated_at: caller.now });
    const details = { kind: before.kind, file: before.file_name };
    await recordAudit(tx, caller, { action: 'import.file_removed', subjectKind: 'import', subjectId: id, details });
    return findImport(tx, id);
  });
  await removeFiles(context, id);
  return row;
}

/**
 * Removes the files on this server that nothing needs any more: of imports that are written or undone, of imports on
 * which nobody worked for FILE_KEPT_DAYS of their workspace's own time, and of uploads that broke off. Returns the ids.
 */
export async function removeIdleFiles(context: ImportsContext): Promise<string[]> {
  const removed: string[] = [];
  for (const importId of await listFolders(context)) {
    if (!(await mayGo(context, importId))) continue;
    await removeFiles(context, importId);
    removed.push(importId);
  }
  return removed;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function listFolders(context: ImportsContext): Promise<string[]> {
  const names = await readdir(importsFolder(context)).catch(() => []);
  return names.filter((name) => UUID.test(name));
}

async function mayGo(context: ImportsContext, importId: string): Promise<boolean> {
  const workspaceId = await workspaceOf(context, importId);
  if (workspaceId === null) return isForgotten(context, importId);
  return context.database.inWorkspace(workspaceId, async (tx) => {
    const row = await lockImport(tx, importId);
    if (!row) return isForgotten(context, importId);
    if (RUNNING.includes(row.status)) return false;
    const keptUntil = fileKeptUntil(row);
    if (keptUntil === null) return true;
    const now = workspaceNow(context.clock.now(), await readFacts(tx));
    if (keptUntil > now) return false;
    await updateImport(tx, { ...row, file_removed_at: now });
    return true;
  });
}

/** The workspace that a folder belongs to, or null when there is no such import. */
async function workspaceOf(context: ImportsContext, importId: string): Promise<string | null> {
  const marked = await readFile(filesOf(context, importId).workspace, 'utf8').catch(() => null);
  if (marked !== null && UUID.test(marked)) return marked;
  // Files of before there were marks.
  for (const workspaceId of await listWorkspaceIds(context.database)) {
    if (await context.database.inWorkspace(workspaceId, (tx) => readImport(tx, importId))) return workspaceId;
  }
  return null;
}

/** Whether nothing was written into the folder for so long that no upload can still be at work. */
async function isForgotten(context: ImportsContext, importId: string): Promise<boolean> {
  const { folder } = filesOf(context, importId);
  let newestMs = 0;
  for (const path of [folder, ...(await readdir(folder).catch(() => [])).map((name) => join(folder, name))]) {
    const found = await stat(path).catch(() => null);
    newestMs = Math.max(newestMs, found?.mtimeMs ?? 0);
  }
  return context.clock.now().getTime() - newestMs > ORPHAN_KEPT_MS;
}
