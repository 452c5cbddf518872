import { expect, test, vi } from 'vitest';
import { makeContact, readBook } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment, PaymentMethod } from '../payments/api.ts';
import { verifyPayments } from '../payments/verify-payments.ts';
import type { SampleBusinessState } from './api.ts';

// Thousands of payments each, on whatever machine this is.
vi.setConfig({ testTimeout: 120_000 });

const server = await testServer();

/** What does not add up, of books and payments. */
async function differences(workspace: TestWorkspace) {
  return server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
}

async function ask(workspace: TestWorkspace, method: 'POST' | 'DELETE') {
  const answer = await server.call<SampleBusinessState>(method, '/v1/sample-business', { as: workspace.apiKey });
  expect(answer.status).toBe(202);
  await server.rooms.samples.idle();
  return (await server.call<SampleBusinessState>('GET', '/v1/sample-business', { as: workspace.apiKey })).body;
}

/** Made, removed, made again and removed again by the first two tests: each making costs seconds. */
const workspace = await server.workspace({ timeZone: 'America/Los_Angeles' });
let worthAtFirst: bigint | undefined;

test('made and removed in one step each; the books add up after both, and nothing of it counts any more', async () => {
  expect(await ask(workspace, 'POST')).toEqual({ present: true, progress: null, kept: null });
  expect(await differences(workspace)).toEqual([]);
  const [eur, usd] = await readBook(server, workspace);
  expect(eur?.ltv).toBeGreaterThan(100_000n);
  expect(usd?.ltv).toBeGreaterThan(5_000_000n);
  worthAtFirst = usd?.ltv;
  const list = await server.call<{ data: unknown[] }>('GET', '/v1/contacts?limit=100', { as: workspace.apiKey });
  expect(list.body.data).toHaveLength(100);

  // Asking again changes nothing.
  expect((await ask(workspace, 'POST')).present).toBe(true);
  expect((await readBook(server, workspace))[1]?.ltv).toBe(usd?.ltv);

  const removed = await ask(workspace, 'DELETE');
  expect(removed).toEqual({ present: false, progress: null, kept: { contacts: 0, payments: 0 } });
  expect(await differences(workspace)).toEqual([]);
  for (const sums of await readBook(server, workspace)) {
    expect(sums).toMatchObject({ ltv: 0n, received: 0n, refunded: 0n, disputed: 0n, fee: 0n, tax: 0n, count: 0n });
  }
  for (const path of ['/v1/contacts', '/v1/payments', '/v1/companies']) {
    const { body } = await server.call<{ data: unknown[] }>('GET', path, { as: workspace.apiKey });
    expect(body.data, path).toEqual([]);
  }
  const left = await server.database.inWorkspace(workspace.id, (tx) =>
    tx.many({ text: 'SELECT ref FROM scripted_movements WHERE workspace_id = $1', values: [tx.workspaceId] }),
  );
  expect(left).toEqual([]);
});

test('made again it is the same; what somebody adds to it stays: their charge, their refund, their note', async () => {
  const mine = await makeContact(server, workspace, 'My Own Customer');
  await ask(workspace, 'POST');
  expect((await readBook(server, workspace)).find(({ currency }) => currency === 'USD')?.ltv).toBe(worthAtFirst);
  const as = workspace.apiKey;
  const payments = await server.call<{ data: Payment[] }>(
    'GET',
    '/v1/payments?status=settled&kind=charge&method=card&currency=USD&limit=60',
    { as },
  );
  const people = [...new Map(payments.body.data.map((payment) => [payment.contact.id, payment])).values()];
  const [refunded, charged, noted] = people.filter((payment) => payment.amount_minor > 1_000);

  const refund = await server.call<Payment>('POST', `/v1/payments/${refunded!.id}/refunds`, {
    as,
    key: 'refund-of-a-sample-charge',
    body: { amount_minor: 500, reason: 'other' },
  });
  expect(refund.body).toMatchObject({ kind: 'refund', amount_minor: 500 });
  const cards = await server.call<{ data: PaymentMethod[] }>(
    'GET',
    `/v1/contacts/${charged!.contact.id}/payment-methods`,
    {
      as,
    },
  );
  const card = cards.body.data.find(({ state }) => state === 'usable');
  const charge = await server.call<Payment>('POST', `/v1/contacts/${charged!.contact.id}/charges`, {
    as,
    key: 'charge-of-a-sample-card',
    body: { amount_minor: 700, currency: 'USD', payment_method_id: card!.id, description: 'Mine' },
  });
  expect(charge.status).toBe(201);
  await server.call('POST', `/v1/contacts/${noted!.contact.id}/notes`, { as, body: { body: 'A real note.' } });

  const removed = await ask(workspace, 'DELETE');
  expect(removed.kept).toMatchObject({ contacts: 3, payments: 1 });
  expect(await differences(workspace)).toEqual([]);
  const { body } = await server.call<{ data: { id: string }[] }>('GET', '/v1/contacts', { as });
  expect(body.data.map(({ id }) => id).sort()).toEqual(
    [mine, refunded!.contact.id, charged!.contact.id, noted!.contact.id].sort(),
  );
});

test('a removal asked for in the middle of the making ends it; a stop is taken up again', async () => {
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  await server.call('POST', '/v1/sample-business', { as });
  await server.call('DELETE', '/v1/sample-business', { as });
  await server.rooms.samples.idle();
  const { body } = await server.call<SampleBusinessState>('GET', '/v1/sample-business', { as });
  expect(body).toMatchObject({ present: false, progress: null });
  expect(await differences(workspace)).toEqual([]);
});

test('live workspaces have none, and settings.write is needed', async () => {
  const live = await server.workspace({ mode: 'live' });
  const sandbox = await server.workspace();
  const cases = [
    { as: live.apiKey, code: 'sandbox_only' },
    { as: await sandbox.keyWith('contacts.read'), code: 'right_missing' },
  ];
  for (const { as, code } of cases) {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const answer = await server.call<{ code: string }>(method, '/v1/sample-business', { as });
      expect([answer.status, answer.body.code]).toEqual([403, code]);
    }
  }
});
