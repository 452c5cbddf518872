import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { ImportKind } from './import.ts';
import { startImportJobs } from './jobs.ts';
import { filesOf, type ImportsContext } from './open-import.ts';
import { importJson, previewImport, readImportRecord } from './read-import.ts';
import { removeIdleFiles, removeImportFile } from './remove-import-files.ts';
import { makeImportRunner } from './run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

const server = await testServer();
const { database, clock } = server;
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-imports-'));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
const context: ImportsContext = { database, clock, dataFolder };
const runner = makeImportRunner(context, (error) => console.error(error));

async function upload(workspace: TestWorkspace, content = 'name\nAnn\n', kind: ImportKind = 'contacts') {
  const file = { name: 'people.csv', stream: Readable.from([Buffer.from(content)]) };
  return (await uploadImport(context, await workspace.caller(), kind, file)).id;
}

async function run(workspace: TestWorkspace, id: string, start: typeof startCheck) {
  await start(context, await workspace.caller(), id);
  runner.wake(workspace.id, id);
  await runner.idle();
  return readImportRecord(context, workspace.id, id);
}

/** Moves the time of one sandbox workspace on. */
const passDays = (workspace: TestWorkspace, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: days * 86_400 } });
const isOnDisk = (id: string) => existsSync(filesOf(context, id).folder);

test('a file that nobody works on goes after seven days of its workspace’s time, and the import says so', async () => {
  const [workspace, other] = [await server.workspace(), await server.workspace()];
  const [uploaded, checked, kept] = [await upload(workspace), await upload(workspace), await upload(other)];
  await run(workspace, checked, startCheck);
  const record = await readImportRecord(context, workspace.id, uploaded);
  expect(record).toMatchObject({ file_kept_until: '2026-03-09T09:00:00.000Z', file_removed_at: null });

  await passDays(workspace, 6);
  expect(await removeIdleFiles(context)).toEqual([]);
  await passDays(workspace, 1);
  expect((await removeIdleFiles(context)).sort()).toEqual([uploaded, checked].sort());
  expect([uploaded, checked, kept].map(isOnDisk)).toEqual([false, false, true]);

  const after = await readImportRecord(context, workspace.id, checked);
  expect(after).toMatchObject({
    status: 'checked',
    file_kept_until: null,
    file_removed_at: '2026-03-09T09:00:00.000Z',
  });
  const caller = await workspace.caller();
  const gone = {
    code: 'import_not_ready',
    message: expect.stringMatching(/not on this server any more; send it again/),
  };
  await expect(startCheck(context, caller, uploaded)).rejects.toMatchObject(gone);
  await expect(startCommit(context, caller, checked)).rejects.toMatchObject(gone);
  await expect(mapImport(context, caller, uploaded, {})).rejects.toMatchObject(gone);
  await expect(previewImport(context, workspace.id, uploaded)).rejects.toMatchObject(gone);
  expect(await removeIdleFiles(context)).toEqual([]);
});

test('working on an import keeps its file for seven days more', async () => {
  const workspace = await server.workspace();
  const id = await upload(workspace);
  await passDays(workspace, 6);
  await mapImport(context, await workspace.caller(), id, { mapping: { name: 0 } });
  await passDays(workspace, 6);
  expect(await removeIdleFiles(context)).not.toContain(id);
  await passDays(workspace, 1);
  expect(await removeIdleFiles(context)).toContain(id);
});

test('what is being written is never removed, however long it takes, and what is written needs its file no more', async () => {
  const workspace = await server.workspace();
  const id = await upload(workspace);
  await run(workspace, id, startCheck);
  await startCommit(context, await workspace.caller(), id);
  await passDays(workspace, 400);
  expect(await removeIdleFiles(context)).not.toContain(id);
  runner.wake(workspace.id, id);
  await runner.idle();
  expect(await readImportRecord(context, workspace.id, id)).toMatchObject({
    status: 'committed',
    file_kept_until: null,
  });
  expect(isOnDisk(id)).toBe(false);
  expect(await run(workspace, id, startUndo)).toMatchObject({ status: 'undone' });
});

test('a server that died between the last commit and the removal is tidied after', async () => {
  const workspace = await server.workspace();
  const id = await upload(workspace);
  await run(workspace, id, startCheck);
  await run(workspace, id, startCommit);
  const { folder, workspace: mark, source } = filesOf(context, id);
  mkdirSync(folder);
  writeFileSync(mark, workspace.id);
  writeFileSync(source, 'name\nAnn\n');
  expect(await removeIdleFiles(context)).toEqual([id]);
});

test('a failed import keeps its file to be checked again, for as long as an uploaded one', async () => {
  const workspace = await server.workspace();
  const id = await upload(workspace, 'name,email\nAnn,a@example.com\n"Ben,b@example.com\n');
  expect(await run(workspace, id, startCheck)).toMatchObject({ status: 'failed' });
  expect(await removeIdleFiles(context)).not.toContain(id);
  await passDays(workspace, 7);
  expect(await removeIdleFiles(context)).toContain(id);
});

test('uploads that broke off are removed when the server starts, a day later; what is still coming in is not', async () => {
  const [broken, coming, unmarked] = [newId(), newId(), newId()];
  const ago = (ms: number) => new Date(clock.now().getTime() - ms);
  for (const [id, at] of [
    [broken, ago(25 * 3_600_000)],
    [coming, ago(60_000)],
  ] as const) {
    const { folder, workspace, source } = filesOf(context, id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(workspace, newId());
    writeFileSync(source, 'half a fi');
    for (const path of [workspace, source, folder]) utimesSync(path, at, at);
  }
  // An upload of a release that did not mark its folders.
  const workspace = await server.workspace();
  const before = await upload(workspace);
  rmSync(filesOf(context, before).workspace);
  mkdirSync(filesOf(context, unmarked).folder);
  utimesSync(filesOf(context, unmarked).folder, ago(48 * 3_600_000), ago(48 * 3_600_000));
  writeFileSync(join(dataFolder, 'imports', 'not-ours'), '');

  const errors: unknown[] = [];
  const jobs = startImportJobs(context, (error) => errors.push(error));
  await expect.poll(() => isOnDisk(broken) || isOnDisk(unmarked), { timeout: 20_000 }).toBe(false);
  await jobs.stop();
  expect(errors).toEqual([]);
  expect([isOnDisk(coming), isOnDisk(before)]).toEqual([true, true]);
  expect(readdirSync(join(dataFolder, 'imports'))).toContain('not-ours');
});

test('a file that is not wanted is removed at once, over HTTP too', async () => {
  const workspace = await server.workspace();
  const id = await upload(workspace);
  const row = await removeImportFile(context, await workspace.caller(), id);
  expect(importJson(row)).toMatchObject({ status: 'uploaded', file_kept_until: null });
  expect(isOnDisk(id)).toBe(false);
  const second = await upload(workspace);
  const path = `/v1/imports/${importJson({ ...row, id: second }).id}/file`;
  const removed = await server.call('DELETE', path, { as: workspace.apiKey });
  expect(removed.status).toBe(204);
  expect(await readImportRecord(context, workspace.id, second)).toMatchObject({
    file_removed_at: '2026-03-02T09:00:00.000Z',
  });
  expect((await server.call('DELETE', path, { as: workspace.apiKey })).body).toMatchObject({
    code: 'import_not_ready',
  });
  expect((await server.call('DELETE', path, { as: (await server.workspace()).apiKey })).status).toBe(404);
});
