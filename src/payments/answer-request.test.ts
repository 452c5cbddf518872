import { beforeAll, describe, expect, it } from 'vitest';
import { makeContact, readBook, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestServer, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import { payment } from './api.ts';
import { removeOldAnswers } from './remove-old-answers.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});

interface Scene {
  readonly workspace: TestWorkspace;
  readonly contactId: string;
}

/** A POST that moves money, ready to be sent and sent again. */
interface Request {
  readonly url: string;
  readonly body: Record<string, unknown>;
}

async function makeScene(): Promise<Scene> {
  const workspace = await server.workspace();
  return { workspace, contactId: await makeContact(server, workspace) };
}

const post = ({ workspace }: Scene, { url, body }: Request, key: string) =>
  server.call<{ id: string; status: string; code: string }>('POST', url, { as: workspace.apiKey, key, body });

const moveClock = ({ workspace }: Scene, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: days * 86_400 } });

const charge = (testMethod: string) => async (scene: Scene) => {
  const { id } = await saveTestMethod(server, scene.workspace, scene.contactId, testMethod);
  const body = { amount_minor: 12_000, currency: 'USD', payment_method_id: id, description: 'Consultation' };
  return { url: `/v1/contacts/${scene.contactId}/charges`, body };
};
const offline = async ({ contactId }: Scene) => {
  const body = { amount_minor: 12_000, currency: 'USD', method_kind: 'cash', received_on: '2026-03-01' };
  return { url: `/v1/contacts/${contactId}/offline-payments`, body };
};
const refundOf = (make: (scene: Scene) => Promise<Request>) => async (scene: Scene) => {
  const made = await post(scene, await make(scene), newId());
  return {
    url: `/v1/payments/${made.body.id}/refunds`,
    body: { amount_minor: 5_000, reason: 'requested_by_customer' },
  };
};
const refundLeft = async ({ workspace }: Scene, id: string) => {
  const body = { amount_minor: 1, reason: 'requested_by_customer' };
  await server.call('POST', `/v1/payments/${id}/refunds`, { as: workspace.apiKey, key: newId(), body });
};
const nothing = async () => {};
const days = (count: number) => (scene: Scene) => moveClock(scene, count);

/** What is asked, what it is answered at first, and what changes that payment afterwards. */
const CASES: [
  name: string,
  make: (scene: Scene) => Promise<Request>,
  status: string,
  change: (scene: Scene, id: string) => Promise<unknown>,
  becomes: string,
][] = [
  ['a charge that settles, then is refunded in part', charge('approved'), 'settled', refundLeft, 'settled'],
  ['a charge that is declined', charge('declined_insufficient_funds'), 'declined', nothing, 'declined'],
  [
    'a charge that waits for the customer',
    charge('authentication_required'),
    'needs_customer',
    nothing,
    'needs_customer',
  ],
  ['a debit that is paid later', charge('debit_paid'), 'pending', days(4), 'settled'],
  ['a charge that is disputed later', charge('dispute_lost'), 'settled', days(3), 'settled'],
  ['a refund', refundOf(charge('approved')), 'settled', nothing, 'settled'],
  ['a refund that is paid later', refundOf(charge('refund_pending')), 'pending', days(2), 'settled'],
  ['a refund that is refused', refundOf(charge('refund_declined')), 'declined', nothing, 'declined'],
  ['money received without a gateway', offline, 'settled', refundLeft, 'settled'],
  ['a refund paid back by hand', refundOf(offline), 'settled', nothing, 'settled'],
];

describe('a key that is sent again', () => {
  it.each(CASES)('is given the stored answer: %s', async (_name, make, status, change, becomes) => {
    const scene = await makeScene();
    const request = await make(scene);
    const key = newId();
    const first = await post(scene, request, key);
    expect([first.status, first.body.status, first.headers['idempotent-replayed']]).toEqual([201, status, undefined]);
    expect(payment.parse(first.body)).toEqual(first.body);
    const listed = await server.call('GET', `/v1/payments/by-key/${key}`, { as: scene.workspace.apiKey });
    expect(listed.body).toEqual(first.body);

    await change(scene, first.body.id);
    await server.call('PATCH', `/v1/contacts/${scene.contactId}`, {
      as: scene.workspace.apiKey,
      body: { name: 'Renamed since' },
    });
    const now = await server.call('GET', `/v1/payments/${first.body.id}`, { as: scene.workspace.apiKey });
    expect([now.body.status, now.body.contact]).toMatchObject([becomes, { name: 'Renamed since' }]);
    const money = await readBook(server, scene.workspace);

    for (let time = 0; time < 2; time += 1) {
      const again = await post(scene, request, key);
      expect([again.status, again.text, again.headers['content-type'], again.headers['idempotent-replayed']]).toEqual([
        first.status,
        first.text,
        first.headers['content-type'],
        'true',
      ]);
    }
    const other = await post(scene, { ...request, body: { ...request.body, amount_minor: 7 } }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await readBook(server, scene.workspace)).toEqual(money);
  });

  it('after an unknown outcome is given the first definite one, and that for good', async () => {
    const scene = await makeScene();
    const request = await charge('timeout_after_success')(scene);
    const key = newId();
    expect((await post(scene, request, key)).body.status).toBe('unknown');
    const early = await post(scene, request, key);
    expect([early.body.status, early.headers['idempotent-replayed']]).toEqual(['unknown', 'true']);
    await moveClock(scene, 1);
    await server.rooms.payments.resolver.resolveDue(server.clock.now());
    const definite = await post(scene, request, key);
    expect(definite.body).toMatchObject({ status: 'settled', refunded_minor: 0, has_receipt: true });
    await refundLeft(scene, definite.body.id);
    expect((await post(scene, request, key)).text).toBe(definite.text);
  });

  it('while the first request may still be running is refused', async () => {
    const scene = await makeScene();
    const request = await charge('approved')(scene);
    const key = newId();
    const body = { operation: 'charge', fault: 'slow' };
    await server.call('POST', '/v1/sandbox/faults', { as: scene.workspace.apiKey, body });
    const first = post(scene, request, key);
    let second = await post(scene, request, key);
    while (second.status !== 409) second = await post(scene, request, key);
    expect(second.body.code).toBe('idempotency_key_running');
    expect((await first).body.status).toBe('settled');
  });

  it('is refused without a key, and a refusal takes no key', async () => {
    const scene = await makeScene();
    const request = await charge('approved')(scene);
    const without = await server.call('POST', request.url, { as: scene.workspace.apiKey, body: request.body });
    expect([without.status, without.body.code]).toEqual([400, 'idempotency_key_missing']);
    const key = newId();
    const refused = await post(scene, { ...request, body: { ...request.body, tax_minor: 12_001 } }, key);
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
    expect((await post(scene, request, key)).body.status).toBe('settled');
  });

  it('after thirty days is answered with the payment as it stands, and still moves nothing', async () => {
    const scene = await makeScene();
    const request = await charge('approved')(scene);
    const key = newId();
    const first = await post(scene, request, key);
    await refundLeft(scene, first.body.id);
    await moveClock(scene, 29);
    await removeOldAnswers(server.database, server.clock.now());
    expect((await post(scene, request, key)).text).toBe(first.text);
    await moveClock(scene, 2);
    expect(await removeOldAnswers(server.database, server.clock.now())).toBeGreaterThanOrEqual(2);
    const later = await post(scene, request, key);
    expect(later.body).toMatchObject({ id: first.body.id, status: 'settled', refunded_minor: 1 });
    expect(later.headers['idempotent-replayed']).toBe('true');
    expect((await readBook(server, scene.workspace))[0]).toMatchObject({ received: 12_000n, count: 1n });
  });
});
