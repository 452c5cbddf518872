import { beforeAll, describe, expect, it } from 'vitest';
import { newId, toPublicId } from '../../src/foundation/id.ts';
import { type Method, testServer } from '../setup/server.ts';
import { makeScene, type Refusal, refusalFaults, type Scene } from './bad-input.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene(await testServer());
});

const notSignedIn: Refusal = { status: 401, code: 'not_signed_in' };

function charge() {
  return {
    url: `/v1/contacts/${scene.contact}/charges`,
    body: { amount_minor: 5, currency: 'USD', payment_method_id: scene.method },
  };
}

describe('who asks', () => {
  it('nobody', async () => {
    expect(await refusalFaults(scene, { ...charge(), as: null }, notSignedIn)).toEqual([]);
  });

  it('somebody whose session has expired', async () => {
    const member = await scene.workspace.member('staff');
    await scene.server.database.asOwner('UPDATE auth_sessions SET expires_at = $2 WHERE user_id = $1', [
      member.userId,
      new Date(scene.server.clock.now().getTime() - 1),
    ]);
    expect(await refusalFaults(scene, { ...charge(), as: member }, notSignedIn)).toEqual([]);
  });

  it('somebody with a cookie that was altered', async () => {
    const member = await scene.workspace.member('staff');
    const cookie = `${member.cookie.slice(0, -3)}AAA`;
    expect(await refusalFaults(scene, { ...charge(), as: { ...member, cookie } }, notSignedIn)).toEqual([]);
  });

  it('a member of another workspace', async () => {
    const stranger = scene.foreign.workspace.owner;
    expect(await refusalFaults(scene, { ...charge(), as: stranger }, { status: 404, code: 'not_found' })).toEqual([]);
  });

  it('a member who was removed', async () => {
    const member = await scene.workspace.member('staff');
    await scene.server.call('DELETE', `/v1/members/${toPublicId('member', member.memberId!)}`, {
      as: scene.workspace.apiKey,
    });
    expect(await refusalFaults(scene, { ...charge(), as: member }, { status: 404, code: 'not_found' })).toEqual([]);
  });

  it('a page of somebody else that makes the browser send its cookie', async () => {
    const { cookie } = scene.workspace.owner;
    const headers = { cookie, 'counterfoil-workspace': scene.workspace.publicId };
    expect(await refusalFaults(scene, { ...charge(), as: null, headers }, notSignedIn)).toEqual([]);
  });

  it('a browser that names no workspace, or one that is none', async () => {
    const { cookie } = scene.workspace.owner;
    for (const [name, expected] of [
      [undefined, { status: 400, code: 'malformed_request', path: 'Counterfoil-Workspace' }],
      ['wsp_nothing', { status: 404, code: 'not_found' }],
    ] as const) {
      const headers = { cookie, 'counterfoil-client': 'web', ...(name ? { 'counterfoil-workspace': name } : {}) };
      expect(await refusalFaults(scene, { ...charge(), as: null, headers }, expected), name).toEqual([]);
    }
  });

  it('a key that does not exist, one that is no key, and one for another workspace', async () => {
    const { foreign } = scene;
    const other = { status: 404, code: 'not_found' };
    expect(await refusalFaults(scene, { ...charge(), as: `${scene.workspace.apiKey}x` }, notSignedIn)).toEqual([]);
    expect(await refusalFaults(scene, { ...charge(), as: 'Bearer' }, notSignedIn)).toEqual([]);
    expect(await refusalFaults(scene, { ...charge(), as: foreign.workspace.apiKey }, other)).toEqual([]);
  });

  it('a key that was revoked', async () => {
    const { server, workspace } = scene;
    const body = { name: 'Short-lived', rights: ['payments.charge', 'contacts.read'] };
    const made = await server.call<{ id: string; token: string }>('POST', '/v1/api-keys', {
      as: workspace.apiKey,
      body,
    });
    const read = { method: 'GET', url: `/v1/contacts/${scene.contact}`, as: made.body.token } as const;
    expect((await server.call('GET', read.url, { as: read.as })).status).toBe(200);
    await server.call('DELETE', `/v1/api-keys/${made.body.id}`, { as: workspace.apiKey });
    expect(await refusalFaults(scene, read, notSignedIn)).toEqual([]);
    expect(await refusalFaults(scene, { ...charge(), as: made.body.token }, notSignedIn)).toEqual([]);
  });
});

/** Every address of the API with its methods, parameters filled with ids of the right shape. */
async function everyRoute(): Promise<{ method: Method; url: string; path: string }[]> {
  const { body } = await scene.server.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/openapi.json');
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase() as Method,
      path,
      url: path.replace('{id}', toPublicId('contact', newId())).replace(/\{\w+\}/, 'x'),
    })),
  );
}

/** Addresses for people or for anybody: no key opens or needs them. */
const WITHOUT_WORKSPACE =
  /^\/v1\/(session|sessions|workspaces|sign-in-links|invitations-by-token|setup)\b|^\/(health|metrics|docs)/;

describe('rights', () => {
  it('every address of a workspace is closed to a key without its right, and to nobody at all', {
    timeout: 60_000,
  }, async () => {
    const { server, workspace } = scene;
    const keys = [await workspace.keyWith('import'), await workspace.keyWith('members.write')];
    const open: string[] = [];
    let closed = 0;
    for (const { method, url, path } of await everyRoute()) {
      if (!path.startsWith('/v1/') || WITHOUT_WORKSPACE.test(path)) continue;
      const answers = await Promise.all(keys.map((as) => server.call(method, url, { as })));
      const refused = answers.filter(({ status, body }) => status === 403 && body.code === 'right_missing');
      const nobody = await server.call(method, url, { headers: { 'counterfoil-client': 'web' } });
      if (refused.length === 0 || nobody.status !== 401) {
        open.push(`${method} ${path}: ${answers.map(({ status }) => status)} and ${nobody.status} without anything`);
      } else closed += 1;
    }
    expect(open).toEqual([]);
    expect(closed).toBeGreaterThan(50);
  });

  it.each([
    ['viewer', 'POST', '/charges', 'payments.charge'],
    ['viewer', 'POST', '/offline-payments', 'payments.record_offline'],
    ['viewer', 'POST', '/notes', 'contacts.write'],
  ] as const)('a %s cannot %s %s', async (role, method, path, right) => {
    const member = await scene.workspace.member(role);
    const url = `/v1/contacts/${scene.contact}${path}`;
    const faults = await refusalFaults(
      scene,
      { method, url, body: {}, as: member },
      { status: 403, code: 'right_missing' },
    );
    expect(faults).toEqual([]);
    expect((await scene.server.call(method, url, { as: member, body: {}, key: newId() })).body.right).toBe(right);
  });

  it('staff cannot refund, export or change settings', async () => {
    const member = await scene.workspace.member('staff');
    const missing = { status: 403, code: 'right_missing' };
    const { payment } = scene;
    const refund = { url: `/v1/payments/${payment}/refunds`, body: { amount_minor: 1, reason: 'other' }, as: member };
    expect(await refusalFaults(scene, refund, missing)).toEqual([]);
    const rename = { method: 'PATCH', url: '/v1/workspace', body: { name: 'Mine' }, as: member } as const;
    expect(await refusalFaults(scene, rename, missing)).toEqual([]);
    const flip = { method: 'PUT', url: '/v1/switches/payments_and_ltv', body: { enabled: false }, as: member } as const;
    expect(await refusalFaults(scene, flip, missing)).toEqual([]);
  });
});
