import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, readBook, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { moveOnWorkspace } from '../gateways/scripted/jobs.ts';
import type { ContactOverview, Home, LifetimeValue } from '../insights/api.ts';
import type { Payment, PaymentDetail } from './api.ts';

const server = await testServer();
const DAY_MS = 86_400_000;

async function site(testMethod: string) {
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contactId, testMethod);
  const charge = (await chargeThrough(server, workspace, contactId, card.id)).body;
  expect(charge.status).toBe('settled');
  const get = async <T>(url: string) => (await server.call<T>('GET', url, { as: workspace.apiKey })).body;
  return {
    workspace,
    contactId,
    card,
    charge,
    get,
    async pass(days: number) {
      server.clock.advanceMs(days * DAY_MS);
      await moveOnWorkspace(server.rooms.sandbox, server.database, workspace.id, server.clock.now());
    },
    dispute: async () => (await get<{ data: Payment[] }>('/v1/payments?kind=dispute')).data[0]!,
    ltv: async () =>
      (await get<{ data: LifetimeValue[] }>(`/v1/contacts/${contactId}/lifetime-value`)).data[0]!.ltv_minor,
    owed: async () => (await get<ContactOverview>(`/v1/contacts/${contactId}/overview`)).money!,
    attention: async () => (await get<Home>('/v1/home')).attention.map(({ kind, status }) => [kind, status]),
  };
}

test('a dispute that is asked about, taken and lost shows everywhere at once, and what it took is owed again', async () => {
  const one = await site('dispute_asked_lost');
  await one.pass(3);
  let dispute = await one.dispute();
  expect(dispute).toMatchObject({ status: 'needs_response', needs_action: true, amount_minor: 12_000 });
  const dueAt = new Date(new Date(one.charge.created_at).getTime() + 10 * DAY_MS).toISOString();
  expect(dispute.dispute).toEqual({
    evidence_due_at: dueAt,
    evidence_sent_at: null,
    evidence_sent_by: null,
    evidence_note: '',
  });
  expect(await one.ltv()).toBe(12_000);
  expect(await one.attention()).toEqual([['dispute', 'needs_response']]);
  expect((await one.owed()).outstanding).toEqual([]);

  await one.pass(1);
  dispute = await one.dispute();
  expect(dispute).toMatchObject({ status: 'withdrawn', dispute: { evidence_due_at: dueAt } });
  expect(await one.ltv()).toBe(0);
  expect((await one.get<PaymentDetail>(`/v1/payments/${one.charge.id}`)).disputed_minor).toBe(12_000);

  await one.pass(10);
  dispute = await one.dispute();
  expect(dispute).toMatchObject({ status: 'lost', needs_action: true });
  expect(await one.ltv()).toBe(0);
  const owed = await one.owed();
  expect(owed.outstanding).toMatchObject([{ currency: 'USD', amount_minor: 12_000, count: 1 }]);
  expect(owed.failed_charges.map(({ id }) => id)).toEqual([dispute.id]);
  const [book] = await readBook(server, one.workspace);
  expect(book).toMatchObject({ received: 12_000n, disputed: 12_000n, ltv: 0n });

  // Paid by another card, it is settled once.
  const other = await saveTestMethod(server, one.workspace, one.contactId, 'approved_mastercard');
  const repaid = await chargeThrough(server, one.workspace, one.contactId, other.id, {
    body: { retry_of: dispute.id },
  });
  expect(repaid.body.status).toBe('settled');
  expect((await one.owed()).outstanding).toEqual([]);
  expect(await one.ltv()).toBe(12_000);
  const twice = await chargeThrough(server, one.workspace, one.contactId, other.id, {
    body: { retry_of: dispute.id, confirm_same_again: true },
  });
  expect(twice.body).toMatchObject({ code: 'payment_state_conflict' });
});

test('what a lost dispute took can be given up', async () => {
  const one = await site('dispute_lost');
  await one.pass(3);
  await one.pass(10);
  const dispute = await one.dispute();
  expect(dispute.status).toBe('lost');
  await server.call('POST', `/v1/payments/${dispute.id}/dismissal`, { as: one.workspace.apiKey });
  expect((await one.owed()).outstanding).toEqual([]);
  expect(await one.attention()).toEqual([]);
});

describe('the task of a dispute', () => {
  test('is done when evidence was sent, stays done when the money is taken, and can be taken back', async () => {
    const one = await site('dispute_asked_won');
    await one.pass(3);
    const { id } = await one.dispute();
    const sent = await server.call<Payment>('PUT', `/v1/payments/${id}/evidence`, {
      as: one.workspace.apiKey,
      body: { note: 'Signed order and the delivery slip' },
    });
    expect(sent.body).toMatchObject({
      needs_action: false,
      dispute: { evidence_note: 'Signed order and the delivery slip', evidence_sent_by: 'Test' },
    });
    expect(await one.attention()).toEqual([]);
    await one.pass(1);
    expect(await one.dispute()).toMatchObject({ status: 'withdrawn', needs_action: false });
    const back = await server.call<Payment>('DELETE', `/v1/payments/${id}/evidence`, { as: one.workspace.apiKey });
    expect(back.body).toMatchObject({ needs_action: true, dispute: { evidence_sent_at: null } });
    await one.pass(10);
    expect(await one.dispute()).toMatchObject({ status: 'won', needs_action: false });
    expect(await one.ltv()).toBe(12_000);
    const late = await server.call('PUT', `/v1/payments/${id}/evidence`, { as: one.workspace.apiKey, body: {} });
    expect(late.body).toMatchObject({ code: 'payment_state_conflict' });
  });

  test('is of disputes only', async () => {
    const one = await site('approved');
    const answer = await server.call('PUT', `/v1/payments/${one.charge.id}/evidence`, {
      as: one.workspace.apiKey,
      body: {},
    });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'payment_state_conflict' }]);
  });
});

describe('an early fraud warning', () => {
  test('needs somebody, is not owed, and is over when the money was given back', async () => {
    const one = await site('fraud_warning');
    await one.pass(1);
    const charge = await one.get<PaymentDetail>(`/v1/payments/${one.charge.id}`);
    expect(charge).toMatchObject({
      status: 'settled',
      needs_action: true,
      fraud_warned_at: server.clock.now().toISOString(),
    });
    expect(await one.attention()).toEqual([['charge', 'settled']]);
    expect((await one.owed()).outstanding).toEqual([]);
    // It is paid: nothing is to be charged in its place.
    const retry = await chargeThrough(server, one.workspace, one.contactId, one.card.id, {
      body: { retry_of: one.charge.id, confirm_same_again: true },
    });
    expect(retry.body).toMatchObject({ code: 'payment_state_conflict' });
    const refund = await server.call<Payment>('POST', `/v1/payments/${one.charge.id}/refunds`, {
      as: one.workspace.apiKey,
      key: 'refund-in-time',
      body: { amount_minor: 12_000, reason: 'fraudulent' },
    });
    expect(refund.body.status).toBe('settled');
    expect(await one.attention()).toEqual([]);
    expect((await one.get<PaymentDetail>(`/v1/payments/${one.charge.id}`)).fraud_warned_at).not.toBeNull();
  });

  test('told twice is one warning, and dismissed it stays dismissed', async () => {
    const one = await site('fraud_warning');
    await one.pass(1);
    await server.call('POST', `/v1/payments/${one.charge.id}/dismissal`, { as: one.workspace.apiKey });
    const { recordFraudWarning } = await import('./record-fraud-warning.ts');
    const again = { warningRef: one.charge.gateway_ref!.replace('sbp_', 'sbw_'), chargeRef: one.charge.gateway_ref! };
    await recordFraudWarning(server.rooms.payments, await one.workspace.caller(), server.rooms.sandbox, again);
    expect(await one.attention()).toEqual([]);
  });
});
