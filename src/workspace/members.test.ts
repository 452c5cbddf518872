import { describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { toPublicId } from '../foundation/id.ts';
import type { Member } from './api.ts';

const server = await testServer();
const { call, clock } = server;

const addressOf = (person: { memberId: string | null }) => `/v1/members/${toPublicId('member', person.memberId!)}`;
const tokenOf = (link: unknown) => String(link).split('/').at(-1)!;

describe('roles', () => {
  test('each may what its role says', async () => {
    const { owner, member } = await server.workspace();
    const people = {
      owner,
      admin: await member('admin'),
      staff: await member('staff'),
      viewer: await member('viewer'),
    };
    const doors: [string, () => Parameters<typeof call>, Record<keyof typeof people, number>][] = [
      ['read settings', () => ['GET', '/v1/switches'], { owner: 200, admin: 200, staff: 200, viewer: 200 }],
      [
        'change them',
        () => ['PATCH', '/v1/workspace', { body: {} }],
        { owner: 200, admin: 200, staff: 403, viewer: 403 },
      ],
      ['see invitations', () => ['GET', '/v1/invitations'], { owner: 200, admin: 200, staff: 403, viewer: 403 }],
      ['read the audit log', () => ['GET', '/v1/audit-log'], { owner: 200, admin: 200, staff: 403, viewer: 403 }],
      ['list API keys', () => ['GET', '/v1/api-keys'], { owner: 200, admin: 200, staff: 403, viewer: 403 }],
    ];
    for (const [what, door, expected] of doors) {
      for (const role of Object.keys(people) as (keyof typeof people)[]) {
        const [method, url, options] = door();
        const answer = await call(method, url, { ...options, as: people[role] });
        expect([what, role, answer.status]).toEqual([what, role, expected[role]]);
      }
    }
  });

  test('change, with rights beyond the role and without some of it', async () => {
    const { owner, member } = await server.workspace();
    const staff = await member('staff');
    const body = { role: 'viewer', rights_granted: ['payments.charge'], rights_withheld: ['settings.read'] };
    const answer = await call<Member>('PATCH', addressOf(staff), { as: owner, body });
    expect(answer.status).toBe(200);
    expect(answer.body.rights.sort()).toEqual(['contacts.read', 'invoices.read', 'payments.charge', 'payments.read']);
  });
});

describe('owners', () => {
  test('the last one stays: not demoted, not removed', async () => {
    const { owner } = await server.workspace();
    expect((await call('PATCH', addressOf(owner), { as: owner, body: { role: 'admin' } })).body.code).toBe(
      'last_owner',
    );
    expect((await call('DELETE', addressOf(owner), { as: owner })).body.code).toBe('last_owner');
  });

  test('two who remove each other at the same moment leave one', async () => {
    const { owner, member } = await server.workspace();
    const second = await member('owner');
    const answers = await Promise.all([
      call('DELETE', addressOf(second), { as: owner }),
      call('DELETE', addressOf(owner), { as: second }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test('only owners make, change and remove them', async () => {
    const { owner, member, apiKey } = await server.workspace();
    const admin = await member('admin');
    const staff = await member('staff');
    for (const as of [admin, apiKey]) {
      expect((await call('PATCH', addressOf(staff), { as, body: { role: 'owner' } })).body.code).toBe('right_missing');
      expect((await call('PATCH', addressOf(owner), { as, body: { role: 'staff' } })).body.code).toBe('right_missing');
      expect((await call('DELETE', addressOf(owner), { as })).body.code).toBe('right_missing');
      const invite = await call('POST', '/v1/invitations', { as, body: { email: 'new@example.com', role: 'owner' } });
      expect(invite.body.code).toBe('right_missing');
    }
    expect((await call('PATCH', addressOf(staff), { as: owner, body: { role: 'owner' } })).status).toBe(200);
  });
});

test('nobody gives rights that they lack', async () => {
  const { owner, member, keyWith } = await server.workspace();
  const admin = await member('admin');
  await call('PATCH', addressOf(admin), { as: owner, body: { rights_withheld: ['payments.refund'] } });
  const staff = await member('staff');
  const give = { rights_granted: ['payments.refund'] };
  expect((await call('PATCH', addressOf(staff), { as: admin, body: give })).body).toMatchObject({
    code: 'right_missing',
    right: 'payments.refund',
  });
  expect((await call('PATCH', addressOf(admin), { as: admin, body: { rights_withheld: [] } })).body.code).toBe(
    'right_missing',
  );
  expect(
    (await call('POST', '/v1/invitations', { as: admin, body: { email: 'x@example.com', role: 'admin' } })).body.code,
  ).toBe('right_missing');
  const weak = await keyWith('settings.write');
  const key = await call('POST', '/v1/api-keys', { as: weak, body: { name: 'More', rights: ['payments.charge'] } });
  expect(key.body.code).toBe('right_missing');
});

test('a member of another workspace is not found', async () => {
  const mine = await server.workspace();
  const foreign = await server.workspace();
  for (const method of ['PATCH', 'DELETE'] as const) {
    const body = method === 'PATCH' ? { role: 'viewer' } : undefined;
    expect((await call(method, addressOf(foreign.owner), { as: mine.owner, body })).status).toBe(404);
  }
  expect((await call('DELETE', '/v1/members/nonsense', { as: mine.owner })).status).toBe(404);
});

describe('an invitation', () => {
  async function invite(email: string, role = 'staff') {
    const workspace = await server.workspace({ name: 'Harbour Studio' });
    const made = await call('POST', '/v1/invitations', { as: workspace.owner, body: { email, role } });
    expect(made.status).toBe(201);
    return { ...workspace, made, path: `/v1/invitations-by-token/${tokenOf(made.body.link)}` };
  }

  test('lets somebody new in, who gets an account', async () => {
    const { owner, path, made } = await invite('Nora.New@Example.com');
    expect(String(made.body.link)).toMatch(/^http:\/\/counterfoil\.test\/join\//);
    expect((await call('GET', path)).body).toEqual({
      workspace_name: 'Harbour Studio',
      email: 'nora.new@example.com',
      role: 'staff',
      invited_by: 'Olive Owner',
      has_account: false,
    });
    const accept = (body: unknown) => call('POST', `${path}/acceptance`, { body });
    expect((await accept({})).body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'name' }] });
    expect((await accept({ name: 'Nora', password: 'short' })).body).toMatchObject({ fields: [{ path: 'password' }] });
    const accepted = await accept({ name: 'Nora', password: 'a good long password' });
    expect(accepted).toMatchObject({ status: 200, body: { user: { name: 'Nora' }, workspaces: [{ role: 'staff' }] } });
    expect(accepted.headers['set-cookie']).toBeDefined();
    expect((await accept({ name: 'Nora', password: 'a good long password' })).body.code).toBe('link_not_valid');
    const { body } = await call<{ data: Member[] }>('GET', '/v1/members', { as: owner });
    expect(body.data.map(({ name, role }) => [name, role])).toEqual([
      ['Olive Owner', 'owner'],
      ['Nora', 'staff'],
    ]);
  });

  test('lets somebody with an account in by their password, or without it where they are signed in', async () => {
    const someone = await server.person('Kim Known');
    await call('PUT', '/v1/session/password', {
      as: someone,
      body: { current_password: null, new_password: 'kim’s long password' },
    });
    const first = await invite(someone.email);
    expect((await call('GET', first.path)).body.has_account).toBe(true);
    const accept = (path: string, body: unknown, as?: typeof someone) =>
      call('POST', `${path}/acceptance`, { body, as });
    expect((await accept(first.path, {})).body).toMatchObject({ fields: [{ path: 'password' }] });
    expect((await accept(first.path, { password: 'wrong' })).body.code).toBe('sign_in_failed');
    expect((await accept(first.path, { password: 'kim’s long password' })).status).toBe(200);
    const second = await invite(someone.email, 'viewer');
    const accepted = await accept(second.path, {}, someone);
    expect(accepted).toMatchObject({ status: 200, body: { workspaces: [{ role: 'staff' }, { role: 'viewer' }] } });
  });

  test('dies when it is withdrawn, replaced, or too old', async () => {
    const { owner, path, made } = await invite('gone@example.com');
    const again = await call('POST', '/v1/invitations', {
      as: owner,
      body: { email: 'gone@example.com', role: 'viewer' },
    });
    expect((await call('GET', path)).status).toBe(410);
    expect((await call('DELETE', `/v1/invitations/${made.body.id}`, { as: owner })).status).toBe(404);
    expect((await call('DELETE', `/v1/invitations/${again.body.id}`, { as: owner })).status).toBe(204);
    const second = `/v1/invitations-by-token/${tokenOf(again.body.link)}`;
    expect(
      (await call('POST', `${second}/acceptance`, { body: { name: 'X', password: 'long enough now' } })).status,
    ).toBe(410);
    const old = await invite('slow@example.com');
    clock.advanceMs(14 * 86_400_000);
    expect((await call('GET', old.path)).body.code).toBe('link_not_valid');
    expect((await call<{ data: unknown[] }>('GET', '/v1/invitations', { as: old.owner })).body.data).toEqual([]);
  });

  test('is refused for a member, and accepted twice at once makes one member', async () => {
    const { owner, path } = await invite('twice@example.com');
    const accept = () => call('POST', `${path}/acceptance`, { body: { name: 'Twice', password: 'long enough now' } });
    const answers = await Promise.all([accept(), accept()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await call<{ data: Member[] }>('GET', '/v1/members', { as: owner });
    expect(body.data).toHaveLength(2);
    const again = await call('POST', '/v1/invitations', {
      as: owner,
      body: { email: 'Twice@example.com', role: 'staff' },
    });
    expect(again.body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'email' }] });
  });
});
