import { expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { toPublicId } from '../foundation/id.ts';
import { setUpHeadless } from './set-up-headless.ts';

const { call, clock, database } = await testServer();

const wanted = (workspaceName: string) => ({
  ownerEmail: 'ops@example.com',
  workspaceName,
  mode: 'sandbox' as const,
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  now: clock.now(),
  publicUrl: 'http://counterfoil.test',
});

test('makes owner, workspace, key and link that all work', async () => {
  const made = await setUpHeadless(database, wanted('First'));
  expect(made.created).toBe(true);
  const workspace = await call('GET', '/v1/workspace', { as: made.apiKey });
  expect(workspace.body).toMatchObject({
    id: toPublicId('workspace', made.workspaceId),
    name: 'First',
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
  });
  const path = `/v1/sign-in-links/${made.signInUrl.split('/').at(-1)}/redemption`;
  expect((await call('POST', path)).body).toMatchObject({ workspaces: [{ name: 'First', role: 'owner' }] });
});

test('run again, also twice at once, finds what it made', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => setUpHeadless(database, wanted('Again'))));
  expect(new Set(runs.map(({ workspaceId }) => workspaceId)).size).toBe(1);
  expect(runs.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(runs.map(({ userId }) => userId)).size).toBe(1);
  for (const { apiKey } of runs) expect((await call('GET', '/v1/workspace', { as: apiKey })).status).toBe(200);
  const other = await setUpHeadless(database, wanted('Another'));
  expect(other).toMatchObject({ created: true, userId: runs[0]!.userId });
});
