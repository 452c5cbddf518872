import { expect, test, vi } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import type { SampleBusinessState } from '../sample/api.ts';
import { startSample } from './start-sample.ts';

// A whole business is made, on whatever machine this is.
vi.setConfig({ testTimeout: 120_000 });

test('--sample waits for the first sandbox workspace and makes the business there, once', async () => {
  const server = await testServer();
  const { database, clock, rooms } = server;
  const dependencies = { database, clock, samples: rooms.samples, publicUrl: () => 'http://counterfoil.test' };
  const ending = new AbortController();
  const begun = startSample(dependencies, ending.signal);
  const live = await server.workspace({ mode: 'live' });
  const first = await server.workspace();
  await begun;
  await rooms.samples.idle();
  const stateOf = (as: string) => server.call<SampleBusinessState>('GET', '/v1/sample-business', { as });
  expect((await stateOf(first.apiKey)).body).toEqual({ present: true, progress: null, kept: null });
  expect((await stateOf(live.apiKey)).status).toBe(403);

  // The next start with the flag finds it there.
  await server.workspace();
  await startSample(dependencies, ending.signal);
  await rooms.samples.idle();
  const contacts = await database.inWorkspace(first.id, (tx) =>
    tx.one<{ count: bigint }>({
      text: 'SELECT count(*) AS count FROM contacts WHERE workspace_id = $1',
      values: [tx.workspaceId],
    }),
  );
  expect(contacts.count).toBe(240n);
});

test('--sample gives up waiting when the program ends', async () => {
  const server = await testServer();
  const { database, clock, rooms } = server;
  const ending = new AbortController();
  const waiting = startSample(
    { database, clock, samples: rooms.samples, publicUrl: () => 'http://counterfoil.test' },
    ending.signal,
  );
  ending.abort();
  await waiting;
});
