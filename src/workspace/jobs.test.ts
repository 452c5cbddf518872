import { expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { startWorkspaceJobs } from './jobs.ts';
import { makeSignIn } from './sign-in.ts';
import { takeUnsealedWorkspaces } from './write-audit.ts';

const server = await testServer();
const { clock, database } = server;

test('what is written is sealed within moments, what has run out is forgotten, and stop() ends it', async () => {
  // What other test files wrote in this process is in databases that are gone.
  takeUnsealedWorkspaces();
  const { id } = await server.workspace();
  const gone = await server.person();
  await database.asOwner('UPDATE auth_sessions SET expires_at = $2 WHERE user_id = $1', [gone.userId, new Date(0)]);
  const errors: unknown[] = [];
  const secret = 'a secret of the test run, long enough';
  const signIn = makeSignIn({ database, clock, secret, publicUrl: () => 'http://counterfoil.test' });
  const jobs = startWorkspaceJobs({ database, clock, signIn, onError: (error) => errors.push(error) });
  const unsealed = async () => {
    const [row] = await database.asOwner<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit_log a LEFT JOIN audit_seals s ON s.workspace_id = a.workspace_id AND s.audit_id = a.id
       WHERE a.workspace_id = $1 AND s.seq IS NULL`,
      [id],
    );
    return row!.n;
  };
  await expect.poll(unsealed, { timeout: 10_000 }).toBe(0);
  await server.call('PUT', '/v1/switches/payments_and_ltv', {
    as: (await server.workspace()).apiKey,
    body: { enabled: false },
  });
  await expect
    .poll(() => database.asOwner('SELECT 1 FROM auth_sessions WHERE user_id = $1', [gone.userId]), { timeout: 10_000 })
    .toEqual([]);
  await jobs.stop();
  expect(errors).toEqual([]);
});
