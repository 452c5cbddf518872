import { describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { makeOwnerLink, makeSignInLink } from './make-sign-in-link.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

const server = await testServer();
const { call, clock, database } = server;

const PASSWORD = 'correct horse battery';
const publicUrl = 'http://counterfoil.test';
const web = { 'counterfoil-client': 'web' };
const from = () => ({ now: clock.now(), publicUrl });
const tokenOf = (url: string) => url.split('/').at(-1)!;

/** The browser's cookie after an answer that signed somebody in. */
function cookieFrom(headers: Record<string, unknown>): string {
  const set = String(headers['set-cookie'] ?? '');
  const match = new RegExp(`${SESSION_COOKIE}=[^;]+`).exec(set);
  expect(match, 'a session cookie').not.toBeNull();
  return match![0];
}

describe('the first owner', () => {
  const ownerBody = (email: string) => ({
    name: 'Ada Owner',
    email,
    password: PASSWORD,
    workspace_name: 'Harbour Studio',
    currency: 'GBP',
    time_zone: 'Europe/London',
  });

  test('sets the program up by one of two links, once, even when both are used at the same moment', async () => {
    const links = await Promise.all([makeOwnerLink(database, from()), makeOwnerLink(database, from())]);
    const [first, second] = links.map((link) => tokenOf(link!.url));
    expect((await call('GET', `/v1/sign-in-links/${first}`)).body).toEqual({ purpose: 'owner_setup', email: null });

    const incomplete = await call('POST', `/v1/sign-in-links/${first}/redemption`, { body: { name: 'Ada' } });
    expect(incomplete).toMatchObject({ status: 422, body: { code: 'invalid_request' } });

    const redeem = (token: string, email: string) =>
      call('POST', `/v1/sign-in-links/${token}/redemption`, { body: ownerBody(email) });
    const answers = await Promise.all([redeem(first!, 'ada@example.com'), redeem(second!, 'eve@example.com')]);
    const [good, refused] = answers.sort((a, b) => a.status - b.status);
    expect(good).toMatchObject({
      status: 200,
      body: { workspaces: [{ name: 'Harbour Studio', mode: 'sandbox', role: 'owner' }] },
    });
    expect(refused!.status).toBeGreaterThanOrEqual(409);
    expect(await database.asOwner('SELECT count(*)::int AS n FROM auth_users')).toEqual([{ n: 1 }]);
    expect(await database.asOwner('SELECT count(*)::int AS n FROM workspaces')).toEqual([{ n: 1 }]);

    const cookie = cookieFrom(good!.headers);
    expect(String(good!.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect(String(good!.headers['set-cookie'])).not.toMatch(/Secure/i);
    expect((await call('GET', '/v1/session', { headers: { cookie } })).status).toBe(200);

    expect(await makeOwnerLink(database, from())).toBeNull();
    for (const token of [first, second]) {
      expect((await call('GET', `/v1/sign-in-links/${token}`)).body.code).toBe('link_not_valid');
    }
  });

  test('can sign in with the password of the set-up', async () => {
    const [{ email }] = (await database.asOwner<{ email: string }>('SELECT email FROM auth_users')) as [
      { email: string },
    ];
    const answer = await call('POST', '/v1/session', { body: { email: email.toUpperCase(), password: PASSWORD } });
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Ada Owner', email } } });
    const cookie = cookieFrom(answer.headers);
    expect((await call('GET', '/v1/session', { headers: { cookie } })).body).toEqual(answer.body);
    expect((await call('DELETE', '/v1/session', { headers: { cookie, ...web } })).status).toBe(204);
    expect((await call('GET', '/v1/session', { headers: { cookie } })).status).toBe(401);
  });
});

describe('a sign-in link', () => {
  test('works once, within its time, for the address it was made for', async () => {
    const someone = await server.person('Lin Known');
    const link = (await makeSignInLink(database, someone.email.toUpperCase(), from()))!;
    const path = `/v1/sign-in-links/${tokenOf(link.url)}`;
    expect(link.url.startsWith(`${publicUrl}/welcome/`)).toBe(true);
    expect((await call('GET', path)).body).toEqual({ purpose: 'sign_in', email: someone.email });
    const answers = await Promise.all([
      call('POST', `${path}/redemption`),
      call('POST', `${path}/redemption`, { body: {} }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect((await call('GET', path)).body.code).toBe('link_not_valid');
  });

  test('is dead after a quarter of an hour', async () => {
    const someone = await server.person();
    const link = (await makeSignInLink(database, someone.email, from()))!;
    clock.advanceMs(15 * 60_000);
    expect((await call('POST', `/v1/sign-in-links/${tokenOf(link.url)}/redemption`)).body.code).toBe('link_not_valid');
  });

  test('is not made for somebody unknown, and a made-up one is nothing', async () => {
    expect(await makeSignInLink(database, 'nobody@example.com', from())).toBeNull();
    expect((await call('GET', '/v1/sign-in-links/abc')).status).toBe(410);
  });

  test('is kept as a hash only', async () => {
    const someone = await server.person();
    const link = (await makeSignInLink(database, someone.email, from()))!;
    const rows = await database.asOwner<{ token_hash: string }>('SELECT token_hash FROM sign_in_links');
    expect(rows.map((row) => row.token_hash)).not.toContain(tokenOf(link.url));
  });
});

describe('passwords', () => {
  test('somebody without one sets the first; changing it needs the old one and ends other sessions', async () => {
    const someone = await server.person('Pat Word');
    const set = (current: string | null, next: string) =>
      call('PUT', '/v1/session/password', { as: someone, body: { current_password: current, new_password: next } });
    expect((await set(null, PASSWORD)).status).toBe(204);
    expect((await set(null, 'another one entirely')).body.code).toBe('sign_in_failed');
    expect((await set('not this one', 'another one entirely')).body.code).toBe('sign_in_failed');
    const elsewhere = await call('POST', '/v1/session', { body: { email: someone.email, password: PASSWORD } });
    expect((await set(PASSWORD, 'another one entirely')).status).toBe(204);
    expect((await call('GET', '/v1/session', { headers: { cookie: cookieFrom(elsewhere.headers) } })).status).toBe(401);
    expect((await call('GET', '/v1/session', { as: someone })).status).toBe(200);
    const old = await call('POST', '/v1/session', { body: { email: someone.email, password: PASSWORD } });
    expect(old).toMatchObject({ status: 401, body: { code: 'sign_in_failed' } });
  });

  test.each([
    ['short', '123456789'],
    ['far too long', 'x'.repeat(129)],
  ])('too %s is refused', async (_case, next) => {
    const answer = await call('PUT', '/v1/session/password', {
      as: await server.person(),
      body: { current_password: null, new_password: next },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', fields: [{ path: 'new_password' }] },
    });
  });

  test('signing out everywhere ends every session', async () => {
    const someone = await server.person();
    await call('PUT', '/v1/session/password', {
      as: someone,
      body: { current_password: null, new_password: PASSWORD },
    });
    const other = await call('POST', '/v1/session', { body: { email: someone.email, password: PASSWORD } });
    expect((await call('DELETE', '/v1/sessions', { as: someone })).status).toBe(204);
    for (const cookie of [someone.cookie, cookieFrom(other.headers)]) {
      expect((await call('GET', '/v1/session', { headers: { cookie } })).status).toBe(401);
    }
  });

  test('guessing is slowed down, also for who is unknown, and heals with time', async () => {
    const guess = () =>
      call('POST', '/v1/session', { body: { email: 'nobody@example.com', password: 'a wild guess' } });
    const codes = [];
    for (let i = 0; i < 11; i += 1) codes.push((await guess()).body.code);
    expect(codes).toEqual([...Array(10).fill('sign_in_failed'), 'rate_limited']);
    clock.advanceMs(15 * 60_000);
    expect((await guess()).body.code).toBe('sign_in_failed');
  });

  test.each<[string, unknown]>([
    ['no password', { email: 'a@example.com' }],
    ['no address', { email: 'not an address', password: PASSWORD }],
    ['unknown fields', { email: 'a@example.com', password: PASSWORD, remember: true }],
    ['a list', ['a@example.com', PASSWORD]],
    ['wrong types', { email: 1, password: { $ne: '' } }],
  ])('a body with %s is refused', async (_case, body) => {
    expect(await call('POST', '/v1/session', { body })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    });
  });
});

test('a session in use lasts on; one that is not, ends', async () => {
  const someone = await server.person();
  await call('PUT', '/v1/session/password', { as: someone, body: { current_password: null, new_password: PASSWORD } });
  const opened = await call('POST', '/v1/session', { body: { email: someone.email, password: PASSWORD } });
  const cookie = cookieFrom(opened.headers);
  const look = () => call('GET', '/v1/session', { headers: { cookie } });
  clock.advanceMs(10 * 86_400_000);
  expect((await look()).headers['set-cookie']).toBeDefined();
  expect((await look()).headers['set-cookie']).toBeUndefined();
  clock.advanceMs(13 * 86_400_000);
  expect((await look()).status).toBe(200);
  clock.advanceMs(15 * 86_400_000);
  expect((await look()).status).toBe(401);
});

test('a person may make another workspace and then belongs to both', async () => {
  const { owner } = await server.workspace({ name: 'Alpha' });
  const body = { name: 'Beta', mode: 'live', currency: 'JPY', time_zone: 'Asia/Tokyo' };
  const made = await call('POST', '/v1/workspaces', { as: owner, body });
  expect(made).toMatchObject({ status: 201, body: { name: 'Beta', mode: 'live', role: 'owner' } });
  const { body: session } = await call<{ workspaces: { name: string }[] }>('GET', '/v1/session', { as: owner });
  expect(session.workspaces.map(({ name }) => name)).toEqual(['Alpha', 'Beta']);
});
