import { describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { toPublicId } from '../foundation/id.ts';

const server = await testServer();
const { call, clock, database } = server;

describe('who asks', () => {
  test('an API key speaks for its workspace', async () => {
    const { apiKey, publicId } = await server.workspace();
    const answer = await call('GET', '/v1/workspace', { as: apiKey });
    expect(answer).toMatchObject({
      status: 200,
      body: { id: publicId, me: { kind: 'api_key', name: 'Test', role: null } },
    });
  });

  test('a person speaks for the workspace they name', async () => {
    const { owner, publicId } = await server.workspace();
    const answer = await call('GET', '/v1/workspace', { as: owner });
    expect(answer).toMatchObject({ status: 200, body: { id: publicId, me: { kind: 'member', role: 'owner' } } });
  });

  test('requests that arrive together each get their own answer', async () => {
    const first = await server.workspace({ name: 'First' });
    const second = await server.workspace({ name: 'Second' });
    const viewer = await first.member('viewer');
    const askers = [first.apiKey, second.apiKey, first.owner, second.owner, viewer];
    const asked = Array.from({ length: 60 }, (_, i) => askers[i % askers.length]!);
    const answers = await Promise.all(asked.map((as) => call('GET', '/v1/workspace', { as })));
    const names = ['First', 'Second', 'First', 'Second', 'First'];
    const roles = [null, null, 'owner', 'owner', 'viewer'];
    expect(answers.map(({ body }) => [body.name, (body.me as { role: string | null }).role])).toEqual(
      asked.map((_, i) => [names[i % 5], roles[i % 5]]),
    );
  });
});

describe('who is refused', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['nobody', {}, 401, 'not_signed_in'],
    ['a key that is none', { authorization: 'Bearer nonsense' }, 401, 'not_signed_in'],
    ['a key that never was', { authorization: `Bearer cfk_test_${'x'.repeat(43)}` }, 401, 'not_signed_in'],
    ['another scheme', { authorization: 'Basic b3duZXI6cGFzcw==' }, 401, 'not_signed_in'],
    ['a cookie nobody signed', { cookie: 'counterfoil_session=abc.def' }, 401, 'not_signed_in'],
    ['a cookie without a signature', { cookie: 'counterfoil_session=abc' }, 401, 'not_signed_in'],
  ])('%s', async (_case, headers, status, code) => {
    expect(await call('GET', '/v1/workspace', { headers })).toMatchObject({ status, body: { code } });
  });

  test('a person who names no workspace is told how', async () => {
    const answer = await call('GET', '/v1/workspace', { as: await server.person() });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  });

  test('a workspace that is foreign, unknown or no id at all is not found', async () => {
    const mine = await server.workspace();
    const foreign = await server.workspace();
    for (const id of [foreign.publicId, toPublicId('workspace', '0198c0de-0000-7000-8000-000000000000'), 'wsp_x', '']) {
      const headers = { 'counterfoil-workspace': id };
      expect((await call('GET', '/v1/workspace', { as: mine.owner, headers })).status).toBe(404);
      expect((await call('GET', '/v1/workspace', { as: mine.apiKey, headers })).status).toBe(404);
    }
  });

  test('a session whose time is over', async () => {
    const { owner } = await server.workspace();
    await database.asOwner('UPDATE auth_sessions SET expires_at = $2 WHERE user_id = $1', [owner.userId, clock.now()]);
    expect((await call('GET', '/v1/workspace', { as: owner })).body.code).toBe('not_signed_in');
  });

  test('a browser’s change without our own header', async () => {
    const { owner } = await server.workspace();
    const headers = { 'counterfoil-client': '' };
    const answer = await call('PUT', '/v1/switches/payments_and_ltv', { as: owner, headers, body: { enabled: false } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  });

  test('a key where a person is needed', async () => {
    const { apiKey } = await server.workspace();
    expect((await call('GET', '/v1/session', { as: apiKey })).status).toBe(401);
  });
});

describe('what is changed acts on the next request', () => {
  test('a revoked key', async () => {
    const { apiKey, keyWith } = await server.workspace();
    const other = await keyWith('settings.read');
    expect((await call('GET', '/v1/workspace', { as: other })).status).toBe(200);
    const { body } = await call<{ data: { id: string; name: string }[] }>('GET', '/v1/api-keys', { as: apiKey });
    const id = body.data.find((key) => key.name === 'Some rights')!.id;
    expect((await call('DELETE', `/v1/api-keys/${id}`, { as: apiKey })).status).toBe(204);
    expect(await call('GET', '/v1/workspace', { as: other })).toMatchObject({
      status: 401,
      body: { code: 'not_signed_in' },
    });
  });

  test('a removed member', async () => {
    const { owner, member } = await server.workspace();
    const staff = await member('staff');
    expect((await call('GET', '/v1/workspace', { as: staff })).status).toBe(200);
    expect((await call('DELETE', `/v1/members/${toPublicId('member', staff.memberId!)}`, { as: owner })).status).toBe(
      204,
    );
    expect((await call('GET', '/v1/workspace', { as: staff })).status).toBe(404);
  });

  test('a right that was withheld', async () => {
    const { owner, member } = await server.workspace();
    const staff = await member('staff');
    const address = `/v1/members/${toPublicId('member', staff.memberId!)}`;
    expect((await call('PATCH', address, { as: owner, body: { rights_withheld: ['settings.read'] } })).status).toBe(
      200,
    );
    expect(await call('GET', '/v1/workspace', { as: staff })).toMatchObject({
      status: 403,
      body: { code: 'right_missing', right: 'settings.read' },
    });
  });
});

test('a key’s day of use is noted once a day', async () => {
  const { apiKey, id } = await server.workspace();
  const usedOn = async () =>
    (
      await database.asOwner<{ last_used_on: string }>(
        'SELECT last_used_on::text FROM api_keys WHERE workspace_id = $1',
        [id],
      )
    )[0]!.last_used_on;
  await call('GET', '/v1/workspace', { as: apiKey });
  expect(await usedOn()).toBe('2026-03-02');
  clock.advanceMs(86_400_000);
  await call('GET', '/v1/workspace', { as: apiKey });
  expect(await usedOn()).toBe('2026-03-03');
});
