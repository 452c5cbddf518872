import { afterAll, describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, readBook } from '../../../tests/setup/money.ts';
import { TEST_START, type TestWorkspace, testServer } from '../../../tests/setup/server.ts';
import { trustAuthority } from '../../../tests/stand-ins/mollie/certificates.ts';
import { answerCheckout } from '../../../tests/stand-ins/mollie/checkout-page.ts';
import { LIVE_KEY, startMollieStandIn, TEST_KEY } from '../../../tests/stand-ins/mollie/mollie-stand-in.ts';
import { newId } from '../../foundation/id.ts';
import type { CardForm, Payment, PaymentMethod } from '../../payments/api.ts';
import type { GatewayConnection } from '../api.ts';

/** Mollie through the whole program: connected, a method saved, charged, refunded, returned, and told of by messages. */
const standIn = await startMollieStandIn({ now: TEST_START });
const { state } = standIn;
const distrust = trustAuthority(standIn.authority);
const server = await testServer({ gateways: { stripe: {}, mollie: { apiUrl: standIn.apiUrl } } });
afterAll(async () => {
  distrust();
  await standIn.stop();
});

const workspace: TestWorkspace = await server.workspace({ currency: 'EUR' });
const as = workspace.apiKey;
const connected = await server.call<GatewayConnection>('POST', '/v1/gateway-connections', {
  as,
  body: { gateway: 'mollie', values: { api_key: TEST_KEY, first_payment: '0.01' } },
});
const eventPath = new URL(connected.body.event_address!).pathname;

/** Time passes at the stand-in and here. */
function advance(ms: number): void {
  state.advance(ms);
  server.clock.advanceMs(ms);
}
const DAY_MS = 86_400_000;

async function tell(paymentId: string): Promise<number> {
  const { statusCode } = await server.app.inject({
    method: 'POST',
    url: eventPath,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `id=${paymentId}`,
  });
  await server.rooms.payments.events.idle();
  return statusCode;
}

async function saveMethod(contact: string, name: string): Promise<PaymentMethod> {
  const opened = await server.call<CardForm>('POST', `/v1/contacts/${contact}/card-forms`, {
    as,
    body: { consent_channel: 'phone', gateway: 'mollie' },
  });
  const paymentId = opened.body.url.split('/').at(-1)!;
  answerCheckout(state, state.payments.get(paymentId)!, name);
  const form = await server.call<CardForm>('GET', `/v1/card-forms/${opened.body.id}`, { as });
  if (!form.body.payment_method) throw new Error(`no method: ${form.text}`);
  return form.body.payment_method;
}
const newestPayment = () => [...state.payments.values()].at(-1)!;
const read = async (id: string) => (await server.call<Payment>('GET', `/v1/payments/${id}`, { as })).body;
const refund = (id: string, amountMinor: number) =>
  server.call<Payment>('POST', `/v1/payments/${id}/refunds`, {
    as,
    key: newId(),
    body: { amount_minor: amountMinor, reason: 'requested_by_customer' },
  });
const received = async () => (await readBook(server, workspace))[0]?.received ?? 0n;

test('is connected by its key, and a live key is kept out of a sandbox', async () => {
  expect(connected.status).toBe(201);
  expect(connected.body).toMatchObject({ gateway: 'mollie', mode: 'sandbox', account: { name: 'Stand-in Studio' } });
  expect(connected.text).not.toContain(TEST_KEY);
  const other = await server.workspace();
  const live = await server.call('POST', '/v1/gateway-connections', {
    as: other.apiKey,
    body: { gateway: 'mollie', values: { api_key: LIVE_KEY } },
  });
  expect(live.body).toMatchObject({ code: 'gateway_wrong_mode' });
});

describe('a card', () => {
  test('is saved by a first payment, charged, refunded in part and disputed, and the book follows', async () => {
    const contact = await makeContact(server, workspace);
    const method = await saveMethod(contact, 'card_pays');
    expect(method).toMatchObject({ gateway: 'mollie', kind: 'card', last4: '4242' });
    const before = await received();
    const charged = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
    expect(charged.body).toMatchObject({ status: 'settled', amount_minor: 12_000 });
    expect((await received()) - before).toBe(12_000n);
    const { id: paymentId } = newestPayment();

    advance(60_000);
    const given = await refund(charged.body.id, 2_000);
    expect(given.body.status).toBe('pending');
    advance(2 * 3_600_000);
    expect(await tell(paymentId)).toBe(200);
    expect((await read(given.body.id)).status).toBe('settled');

    const chargeback = state.chargeBack(paymentId);
    expect(await tell(paymentId)).toBe(200);
    const disputes = () =>
      server.database.asOwner<{ status: string }>(
        `SELECT status FROM payments WHERE workspace_id = $1 AND kind = 'dispute'`,
        [workspace.id],
      );
    expect(await disputes()).toEqual([{ status: 'withdrawn' }]);
    advance(5 * DAY_MS);
    state.reverseChargeback(chargeback.id);
    expect(await tell(paymentId)).toBe(200);
    expect(await disputes()).toEqual([{ status: 'won' }]);
  });

  test('that is refused is declined with Mollie’s reason in our words', async () => {
    const contact = await makeContact(server, workspace, 'Grace Hopper');
    const method = await saveMethod(contact, 'card_fails_card_expired');
    const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
    expect(body).toMatchObject({ status: 'declined', decline: { code: 'expired_card' } });
  });

  test('whose bank asks the customer is settled when they have answered', async () => {
    const contact = await makeContact(server, workspace, 'Edsger Dijkstra');
    const method = await saveMethod(contact, 'card_asks');
    const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
    expect(body.status).toBe('needs_customer');
    const payment = newestPayment();
    answerCheckout(state, payment, 'confirm');
    await tell(payment.id);
    expect((await read(body.id)).status).toBe('settled');
  });

  test('one message tells of two refunds: what it is about, and what besides', async () => {
    const contact = await makeContact(server, workspace, 'Barbara Liskov');
    const method = await saveMethod(contact, 'card_pays');
    const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
    const { id: paymentId } = newestPayment();
    const refunds = [await refund(body.id, 1_000), await refund(body.id, 2_000)];
    advance(2 * 3_600_000);
    await tell(paymentId);
    for (const given of refunds) expect((await read(given.body.id)).status).toBe('settled');
  });
});

test('a bank debit is started, paid three days later, and taken back a week after that', async () => {
  const contact = await makeContact(server, workspace, 'Alan Turing');
  const method = await saveMethod(contact, 'debit_comes_back');
  expect(method).toMatchObject({ kind: 'bank_debit' });
  const before = await received();
  const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
  expect(body.status).toBe('pending');
  expect(await received()).toBe(before);
  const { id: paymentId } = newestPayment();
  advance(3 * DAY_MS);
  await tell(paymentId);
  expect((await read(body.id)).status).toBe('settled');
  expect((await received()) - before).toBe(12_000n);
  advance(7 * DAY_MS);
  await tell(paymentId);
  expect(await read(body.id)).toMatchObject({ status: 'returned' });
  expect(await received()).toBe(before);
});

test('a bank debit whose messages never come is found by asking', async () => {
  const contact = await makeContact(server, workspace, 'Ada Yonath');
  const method = await saveMethod(contact, 'debit_fails');
  const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
  advance(5 * DAY_MS);
  await server.rooms.payments.resolver.resolveDue(server.clock.now());
  expect(await read(body.id)).toMatchObject({ status: 'declined', decline: { code: 'insufficient_funds' } });
});

test('an answer that is lost is looked up, and nobody is charged twice', async () => {
  const contact = await makeContact(server, workspace, 'Kurt Gödel');
  const method = await saveMethod(contact, 'card_pays');
  const mend = standIn.faults.plan('charge', 'cut_mid_reply', null);
  const { body } = await chargeThrough(server, workspace, contact, method.id, { currency: 'EUR' });
  mend();
  expect(body.status).toBe('unknown');
  const count = state.payments.size;
  advance(60_000);
  await server.rooms.payments.resolver.resolveDue(server.clock.now());
  expect((await read(body.id)).status).toBe('settled');
  expect(state.payments.size).toBe(count);
});

test('a made-up message is answered like a true one and changes nothing', async () => {
  const before = await readBook(server, workspace);
  expect(await tell('tr_nobodyHasThis')).toBe(200);
  expect(await readBook(server, workspace)).toEqual(before);
});

test('the page that customers come back to says nothing of what happened', async () => {
  const { statusCode, body, headers } = await server.app.inject({ method: 'GET', url: '/mollie/returned' });
  expect(statusCode).toBe(200);
  expect(body).toContain('You can close this page');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});
