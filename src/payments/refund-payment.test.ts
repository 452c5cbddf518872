import { beforeAll, describe, expect, it } from 'vitest';
import { chargeThrough, makeContact, readBook, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestServer, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment } from './api.ts';
import { verifyPayments } from './verify-payments.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});

async function charged(
  testMethod = 'approved',
  more: { amountMinor?: number; taxMinor?: number; currency?: string } = {},
) {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact, testMethod);
  const { amountMinor = 10_000, taxMinor = 0, currency = 'USD' } = more;
  const { body } = await chargeThrough(server, workspace, contact, method.id, {
    amountMinor,
    currency,
    body: { tax_minor: taxMinor },
  });
  return { workspace, contact, charge: body };
}

function refund(workspace: TestWorkspace, paymentId: string, amountMinor: number, key = newId()) {
  return server.call<Payment & { code: string }>('POST', `/v1/payments/${paymentId}/refunds`, {
    as: workspace.apiKey,
    key,
    body: { amount_minor: amountMinor, reason: 'requested_by_customer' },
  });
}

async function expectBalanced(workspace: TestWorkspace) {
  const found = await server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
  expect(found).toEqual([]);
}

describe('refunds', () => {
  it('in parts, up to what was received and not beyond', async () => {
    const { workspace, charge } = await charged();
    expect((await refund(workspace, charge.id, 4_000)).body.status).toBe('settled');
    const tooMuch = await refund(workspace, charge.id, 6_001);
    expect([tooMuch.status, tooMuch.body.code]).toEqual([409, 'refund_above_received']);
    expect((await refund(workspace, charge.id, 6_000)).body.status).toBe('settled');
    expect((await refund(workspace, charge.id, 1)).body.code).toBe('refund_above_received');
    expect((await readBook(server, workspace))[0]).toMatchObject({ received: 10_000n, refunded: 10_000n, ltv: 0n });
    await expectBalanced(workspace);
  });

  it('twenty at once never give back more than came in', async () => {
    const { workspace, charge } = await charged();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(workspace, charge.id, 3_000)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
    expect((await readBook(server, workspace))[0]).toMatchObject({ refunded: 9_000n });
    await expectBalanced(workspace);
  });

  it('the same key gives back once', async () => {
    const { workspace, charge } = await charged();
    const key = newId();
    const first = await refund(workspace, charge.id, 3_000, key);
    expect((await refund(workspace, charge.id, 3_000, key)).body.id).toBe(first.body.id);
    expect((await refund(workspace, charge.id, 2_000, key)).body.code).toBe('idempotency_key_reused');
    expect((await readBook(server, workspace))[0]).toMatchObject({ refunded: 3_000n });
  });

  it('takes back tax that adds up to the charge’s tax, however it is cut', async () => {
    const { workspace, charge } = await charged('approved', { amountMinor: 1_000, taxMinor: 167 });
    for (const part of [333, 333, 334]) await refund(workspace, charge.id, part);
    expect((await readBook(server, workspace))[0]).toMatchObject({ tax: 0n, ltv: 0n });
    await expectBalanced(workspace);
  });

  it.each([
    ['refund_pending', 'pending', 'settled', 10_000n],
    ['refund_declined', 'declined', 'declined', 0n],
    ['refund_returned', 'settled', 'returned', 0n],
  ] as const)('%s: first %s, a day later %s', async (testMethod, first, later, refunded) => {
    const { workspace, charge } = await charged(testMethod);
    const { body } = await refund(workspace, charge.id, 10_000);
    expect(body.status).toBe(first);
    await server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: 86_400 } });
    const after = await server.call('GET', `/v1/payments/${body.id}`, { as: workspace.apiKey });
    expect(after.body.status).toBe(later);
    expect((await readBook(server, workspace))[0]).toMatchObject({ refunded });
    const original = await server.call('GET', `/v1/payments/${charge.id}`, { as: workspace.apiKey });
    expect(original.body.refundable_minor).toBe(refunded === 0n ? 10_000 : 0);
    await expectBalanced(workspace);
  });

  it('a lost refund answer is found out, and money goes back once', async () => {
    const { workspace, charge } = await charged();
    for (const fault of ['reply_lost', 'request_lost']) {
      await server.call('POST', '/v1/sandbox/faults', { as: workspace.apiKey, body: { operation: 'refund', fault } });
      const { body } = await refund(workspace, charge.id, 1_000);
      expect(body.status).toBe('unknown');
      server.clock.advanceMs(60_000);
      await server.rooms.payments.resolver.resolveDue(server.clock.now());
      expect((await server.call('GET', `/v1/payments/${body.id}`, { as: workspace.apiKey })).body.status).toBe(
        'settled',
      );
    }
    expect((await readBook(server, workspace))[0]).toMatchObject({ refunded: 2_000n });
    await expectBalanced(workspace);
  });

  it('is refused for what has not settled', async () => {
    const { workspace, charge } = await charged('declined_lost_card');
    expect((await refund(workspace, charge.id, 1)).body.code).toBe('payment_not_refundable');
  });
});

describe('offline money', () => {
  it('is recorded at its day, counts in lifetime value, has a receipt, and is refunded by hand', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const record = (body: Record<string, unknown>) =>
      server.call<Payment & { code: string }>('POST', `/v1/contacts/${contact}/offline-payments`, {
        as: workspace.apiKey,
        key: newId(),
        body: {
          amount_minor: 5_000,
          currency: 'USD',
          method_kind: 'cheque',
          received_on: '2026-02-27',
          reference: '000123',
          ...body,
        },
      });
    const { body } = await record({});
    expect(body).toMatchObject({
      status: 'settled',
      has_receipt: true,
      method: { kind: 'cheque' },
      reference: '000123',
    });
    expect(body.occurred_at).toBe('2026-02-27T00:00:00.000Z');
    expect((await record({ received_on: '2030-01-01' })).body.code).toBe('invalid_request');
    expect((await record({ reference: '4242 4242 4242 4242' })).body.code).toBe('card_number_refused');
    expect((await refund(workspace, body.id, 2_000)).body.status).toBe('settled');
    expect((await readBook(server, workspace))[0]).toMatchObject({ received: 5_000n, refunded: 2_000n, fee: 0n });
    const pdf = await server.call('GET', `/v1/payments/${body.id}/receipt.pdf`, { as: workspace.apiKey });
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, '%PDF-']);
    await expectBalanced(workspace);
  });
});
