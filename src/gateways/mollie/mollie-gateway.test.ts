import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { afterAll, afterEach, describe, expect, it, test } from 'vitest';
import { trustAuthority } from '../../../tests/stand-ins/mollie/certificates.ts';
import { answerCheckout } from '../../../tests/stand-ins/mollie/checkout-page.ts';
import {
  ACCESS_TOKEN,
  LIVE_KEY,
  startMollieStandIn,
  TEST_KEY,
} from '../../../tests/stand-ins/mollie/mollie-stand-in.ts';
import { amountOf } from '../../../tests/stand-ins/mollie/mollie-state.ts';
import { newId } from '../../foundation/id.ts';
import type { ConnectionValues } from '../connection.ts';
import type { GatewayEvent, Outcome } from '../gateway.ts';
import { type MollieGatewayOptions, makeMollieGateway } from './mollie-gateway.ts';

const told: string[] = [];
const standIn = await startMollieStandIn({
  now: new Date('2026-03-02T09:00:00.000Z'),
  tell: (_url, body) => told.push(body),
});
const { state, requests } = standIn;
const distrust = trustAuthority(standIn.authority);
afterAll(async () => {
  distrust();
  await standIn.stop();
});
let mends: (() => void)[] = [];
afterEach(() => {
  for (const mend of mends) mend();
  mends = [];
});
const breakWire = (...fault: Parameters<typeof standIn.faults.plan>) => mends.push(standIn.faults.plan(...fault));

const WEBHOOK = 'https://crm.example.com/gateway-events/mollie/token';
const workspaceId = newId();
const context = () => ({ workspaceId, now: state.now() });
const gatewayWith = (options: Partial<MollieGatewayOptions> & { values?: ConnectionValues } = {}) =>
  makeMollieGateway({
    readConnection: async () => ({
      accountRef: 'pfl_StandIn',
      values: options.values ?? { api_key: TEST_KEY },
      signingSecrets: [],
    }),
    publicUrl: () => 'https://crm.example.com',
    eventAddress: async () => WEBHOOK,
    apiUrl: standIn.apiUrl,
    timeoutMs: 6_000,
    ...options,
  });
const gateway = gatewayWith();
const order = (method: { customerRef: string; methodRef: string }, more: object = {}) => ({
  attemptId: newId(),
  ...method,
  amountMinor: 12_000n,
  currency: 'EUR',
  description: 'Consultation',
  ...more,
});
const seen = () => requests.splice(0);
const refOf = (outcome: Outcome) => {
  if (outcome.status !== 'settled') throw new Error(`settled was expected, not ${outcome.status}`);
  return outcome.gatewayRef;
};
const settle = async (name = 'card_pays') => refOf(await gateway.charge(context(), order(standIn.addMethod(name))));
const message = (rawBody: string, from = gateway) => from.parseEvent(context(), { rawBody, header: () => undefined });

describe('connecting', () => {
  const check = (values: ConnectionValues, options = {}) => gatewayWith(options).connecting!.check(values);
  const account = { accountRef: 'pfl_StandIn', accountName: 'Stand-in Studio' };
  test.each([
    ['a test key', { api_key: TEST_KEY }, { status: 'connected', account: { ...account, mode: 'sandbox' } }],
    ['a live key', { api_key: LIVE_KEY }, { status: 'connected', account: { ...account, mode: 'live' } }],
    ['with a token', { api_key: TEST_KEY, access_token: ACCESS_TOKEN }, { status: 'connected' }],
    ['a key of somebody else', { api_key: `${TEST_KEY}x` }, { status: 'refused', field: 'api_key' }],
    ['a key of another gateway', { api_key: 'sk_test_123' }, { status: 'refused', field: 'api_key' }],
    ['nothing', {}, { status: 'refused', field: 'api_key' }],
    [
      'a token that may not read settlements',
      { api_key: TEST_KEY, access_token: 'access_StandInStandInNobodysToken' },
      { status: 'refused', field: 'access_token' },
    ],
    ['a word as token', { api_key: TEST_KEY, access_token: 'secret' }, { status: 'refused', field: 'access_token' }],
    [
      'a first payment of a euro',
      { api_key: TEST_KEY, first_payment: '1' },
      { status: 'refused', field: 'first_payment' },
    ],
  ])('%s', async (_case, values, answer) => {
    const said = await check(values as ConnectionValues);
    expect(said).toMatchObject(answer);
    for (const secret of Object.values(values)) expect(JSON.stringify(said)).not.toContain(secret);
  });
  test('a server that is not there, or not Mollie’s', async () => {
    const nowhere = await check({ api_key: TEST_KEY }, { apiUrl: 'https://localhost:1/v2/' });
    expect(nowhere).toEqual({ status: 'unreachable', reason: 'Mollie could not be reached.' });
    breakWire('lookup', 'tls_refused', 1);
    expect(await check({ api_key: TEST_KEY })).toMatchObject({ status: 'unreachable', reason: /certificate/ });
    breakWire('lookup', 'malformed_after', 1);
    expect(await check({ api_key: TEST_KEY })).toMatchObject({ status: 'unreachable' });
  });
});

describe('what is sent', () => {
  it('is a recurring payment with our attempt as key and in the metadata', async () => {
    const method = standIn.addMethod('card_pays');
    const sent = order(method, { amountMinor: 7n });
    seen();
    await gateway.charge(context(), sent);
    const [customerId, mandateId] = method.methodRef.split('/');
    expect(seen()).toMatchObject([
      {
        method: 'POST',
        path: 'payments',
        key: sent.attemptId,
        body: {
          amount: { currency: 'EUR', value: '0.07' },
          description: 'Consultation',
          sequenceType: 'recurring',
          customerId,
          mandateId,
          metadata: { attempt_id: sent.attemptId },
          webhookUrl: WEBHOOK,
        },
      },
    ]);
  });
  test.each([
    ['where Mollie could not call back', { eventAddress: async () => 'http://localhost:4411/x' }],
    ['where there is no address', { eventAddress: async () => null }],
    ['where the field is left out by configuration', { omitFields: ['webhookUrl'] }],
  ])('has no webhook %s', async (_case, options) => {
    seen();
    await gatewayWith(options).charge(context(), order(standIn.addMethod('card_pays')));
    expect(seen()[0]!.body).not.toHaveProperty('webhookUrl');
  });
  it('takes a refund’s description and metadata along', async () => {
    const chargeRef = await settle();
    const attemptId = newId();
    seen();
    await gateway.refund(context(), { attemptId, chargeRef, amountMinor: 500n, currency: 'EUR' });
    expect(seen()).toMatchObject([
      { path: `payments/${chargeRef}/refunds`, key: attemptId, body: { metadata: { attempt_id: attemptId } } },
    ]);
  });
});

describe('what Mollie refuses is told as what it is', () => {
  const charge = async (more: object, from = gateway) =>
    from.charge(context(), order(standIn.addMethod('card_pays'), more));
  it('a key that was withdrawn, and no connection at all', async () => {
    const stranger = gatewayWith({ values: { api_key: `${TEST_KEY}x` } });
    expect(await charge({}, stranger)).toEqual({ status: 'declined', gatewayRef: null, code: 'gateway_not_connected' });
    const nobody = gatewayWith({ readConnection: async () => null });
    expect(await charge({}, nobody)).toMatchObject({ code: 'gateway_not_connected' });
    expect(await stranger.lookUp(context(), { attemptId: newId(), kind: 'charge', gatewayRef: null })).toMatchObject({
      status: 'unknown',
    });
  });
  test.each([
    ['a currency it does not take', { currency: 'KWD' }, 'currency_not_supported'],
    ['no amount', { amountMinor: 0n }, 'amount_not_accepted'],
    ['a mandate of somebody else', { methodRef: 'cst_1/mdt_1', customerRef: 'cst_2' }, 'invalid_account'],
    ['a customer it does not know', { methodRef: 'cst_1/mdt_1', customerRef: 'cst_1' }, 'mandate_invalid'],
  ])('%s', async (_case, more, code) => {
    expect(await charge(more)).toEqual({ status: 'declined', gatewayRef: null, code });
  });
  it('a second refund of the same amount within the hour, which Mollie takes for a slip', async () => {
    const chargeRef = await settle();
    const refund = () =>
      gateway.refund(context(), { attemptId: newId(), chargeRef, amountMinor: 500n, currency: 'EUR' });
    expect(await refund()).toMatchObject({ status: 'pending' });
    expect(await refund()).toEqual({ status: 'declined', gatewayRef: null, code: 'duplicate_refund' });
    state.advance(3_700_000);
    expect(await refund()).toMatchObject({ status: 'pending' });
  });
  it('but the same refund is found behind that answer when Mollie has forgotten its key', async () => {
    const chargeRef = await settle();
    const refund = { attemptId: newId(), chargeRef, amountMinor: 500n, currency: 'EUR' };
    const first = await gateway.refund(context(), refund);
    // As if the key were unknown: another key of the same account.
    const other = gatewayWith({ values: { api_key: TEST_KEY.replace(/1$/, '2') } });
    expect(await other.refund(context(), refund)).toEqual(first);
  });
  it('a refusal after a fault proves nothing: the first try may have been carried out', async () => {
    breakWire('charge', 'server_error_before', 1);
    expect(await charge({ currency: 'KWD' })).toMatchObject({ status: 'unknown' });
  });
});

describe('a call that takes too long', () => {
  /** Requests that this process begins, and when the next one does. */
  function watchRequests() {
    const begun: ClientRequest[] = [];
    let next = () => {};
    const onStart = (input: unknown) => {
      begun.push((input as { request: ClientRequest }).request);
      next();
    };
    subscribe('http.client.request.start', onStart);
    return {
      begun,
      another: () => new Promise<void>((resolve) => (next = resolve)),
      stop: () => unsubscribe('http.client.request.start', onStart),
    };
  }

  it('is cut: its connection ends with it', async () => {
    const watch = watchRequests();
    breakWire('charge', 'hang_before', null);
    const hasty = gatewayWith({ timeoutMs: 700 });
    expect(await hasty.charge(context(), order(standIn.addMethod('card_pays')))).toMatchObject({ status: 'unknown' });
    watch.stop();
    expect(watch.begun).toHaveLength(1);
    expect(watch.begun[0]!.destroyed).toBe(true);
  });

  it('sends nothing more, though the client would after the wait that the server asked for', async () => {
    const hasty = gatewayWith({ timeoutMs: 700 });
    const sent = order(standIn.addMethod('card_pays'));
    breakWire('charge', 'server_error_before', 1, 1);
    seen();
    const watch = watchRequests();
    expect(await hasty.charge(context(), sent)).toMatchObject({ status: 'unknown' });
    const before = watch.begun.length;
    await watch.another();
    watch.stop();
    const late = watch.begun.at(-1)!;
    expect(watch.begun.length).toBe(before + 1);
    if (!late.closed) await new Promise<void>((resolve) => late.once('close', () => resolve()));
    // A request of ours that comes after it shows that the stand-in was not busy with it.
    await gateway.lookUp(context(), { attemptId: sent.attemptId, kind: 'charge', gatewayRef: null });
    expect(seen().filter(({ operation }) => operation === 'charge')).toHaveLength(1);
    expect([...state.payments.values()].some(({ customerId }) => customerId === sent.customerRef)).toBe(false);
  });

  it('ends at once when the answer breaks off in the middle', async () => {
    const slow = gatewayWith({ timeoutMs: 60_000 });
    breakWire('charge', 'cut_mid_reply', 1);
    const sent = order(standIn.addMethod('card_pays'));
    expect(await slow.charge(context(), sent)).toMatchObject({ status: 'unknown' });
    const attempt = {
      attemptId: sent.attemptId,
      kind: 'charge',
      gatewayRef: null,
      customerRef: sent.customerRef,
    } as const;
    expect(await slow.lookUp(context(), attempt)).toMatchObject({ status: 'settled' });
  });
});

describe('saving a method', () => {
  const form = { customerRef: null, contactRef: newId(), contactName: 'Ada Lovelace', email: 'ada@example.com' };
  it('takes nothing from a card', async () => {
    seen();
    const opened = await gateway.openCardForm(context(), form);
    expect(new URL(opened.url).pathname).toBe(`/checkout/${opened.formRef}`);
    const [customer, payment] = seen();
    expect(customer).toMatchObject({ path: 'customers', body: { name: 'Ada Lovelace', email: 'ada@example.com' } });
    expect(payment!.body).toMatchObject({
      amount: { value: '0.00', currency: 'EUR' },
      sequenceType: 'first',
      redirectUrl: 'https://crm.example.com/mollie/returned',
      metadata: { purpose: 'save_method' },
    });
    const returnUrl = 'https://crm.example.com/card-links/abc';
    await gateway.openCardForm(context(), { ...form, returnUrl });
    expect(seen().at(-1)!.body).toMatchObject({ redirectUrl: returnUrl });
  });
  it('takes a cent where bank accounts are to be saved too, and the next card belongs to the same customer', async () => {
    const cents = gatewayWith({ values: { api_key: TEST_KEY, first_payment: '0.01' } });
    const opened = await cents.openCardForm(context(), form);
    const payment = state.payments.get(opened.formRef)!;
    expect(payment.amount.value).toBe('0.01');
    answerCheckout(state, payment, 'debit_pays');
    const saved = await cents.readCardForm(context(), opened.formRef);
    if (saved.status !== 'completed') throw new Error(saved.status);
    expect(saved.method).toMatchObject({ kind: 'bank_debit', brand: 'SEPA', customerRef: payment.customerId });
    const again = await cents.openCardForm(context(), { ...form, customerRef: saved.method.customerRef });
    expect(state.payments.get(again.formRef)!.customerId).toBe(payment.customerId);
    expect(await message(`id=${opened.formRef}`)).toMatchObject({
      about: { kind: 'card_form', formRef: opened.formRef },
    });
  });
  test.each(['fail', 'cancel', 'expire'])('that ends with “%s” is refused', async (end) => {
    const { formRef } = await gateway.openCardForm(context(), form);
    const payment = state.payments.get(formRef)!;
    if (end === 'expire') state.expire(payment);
    else answerCheckout(state, payment, end);
    expect(await gateway.readCardForm(context(), formRef)).toMatchObject({ status: 'refused' });
  });
  it('that is asked for while Mollie is busy makes one customer and one payment', async () => {
    const before = [state.customers.size, state.payments.size];
    breakWire('form', 'rate_limited', 2);
    seen();
    await gateway.openCardForm(context(), form);
    expect([state.customers.size, state.payments.size]).toEqual([before[0]! + 1, before[1]! + 1]);
    const keys = seen().map(({ path, key }) => `${path} ${key}`);
    expect(new Set(keys).size).toBe(2);
    expect(keys.length).toBeGreaterThan(2);
  });
  it('is answered by name on Mollie’s page, which has no field for a number', async () => {
    const { formRef, url } = await gateway.openCardForm(context(), form);
    const page = await (await fetch(url)).text();
    expect(page).toContain('Card that pays');
    expect(page.match(/<input[^>]*type="(?!radio)/g)).toBeNull();
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ outcome: 'card_pays' }),
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://crm.example.com/mollie/returned']);
    expect(await gateway.readCardForm(context(), formRef)).toMatchObject({ status: 'completed' });
    expect(await (await fetch(url)).text()).toContain('finished');
  });
  it('waits when Mollie cannot be asked, and says so when it cannot even begin', async () => {
    const { formRef } = await gateway.openCardForm(context(), form);
    breakWire('lookup', 'malformed_after', 1);
    expect(await gateway.readCardForm(context(), formRef)).toEqual({ status: 'open' });
    await expect(gatewayWith({ readConnection: async () => null }).openCardForm(context(), form)).rejects.toMatchObject(
      {
        code: 'gateway_refused',
      },
    );
  });
});

describe('a message', () => {
  const aboutsOf = (event: GatewayEvent | null) => (event ? [event.about, ...(event.also ?? [])] : []);
  it('is the same event while nothing changed, and another one when something did', async () => {
    const chargeRef = await settle();
    const [first, again] = [await message(`id=${chargeRef}`), await message(`id=${chargeRef}`)];
    expect(again).toEqual(first);
    await gateway.refund(context(), { attemptId: newId(), chargeRef, amountMinor: 500n, currency: 'EUR' });
    const refunded = await message(`id=${chargeRef}`);
    state.advance(3_700_000);
    const settled = await message(`id=${chargeRef}`);
    const chargeback = state.chargeBack(chargeRef);
    const charged = await message(`id=${chargeRef}`);
    state.reverseChargeback(chargeback.id);
    const reversed = await message(`id=${chargeRef}`);
    const refs = [first, refunded, settled, charged, reversed].map((event) => event?.eventRef);
    expect(new Set(refs).size).toBe(5);
  });
  it('is about what changed last, and about the rest besides', async () => {
    const sent = order(standIn.addMethod('card_pays'));
    const chargeRef = refOf(await gateway.charge(context(), sent));
    const refunds = [newId(), newId()];
    for (const [index, attemptId] of refunds.entries()) {
      state.advance(60_000);
      await gateway.refund(context(), { attemptId, chargeRef, amountMinor: 500n + BigInt(index), currency: 'EUR' });
    }
    const event = await message(`id=${chargeRef}`);
    expect(event!.about).toEqual({ kind: 'refund', attemptId: refunds[1] });
    expect(aboutsOf(event)).toContainEqual({ kind: 'refund', attemptId: refunds[0] });
    expect(aboutsOf(event)).toContainEqual({ kind: 'charge', attemptId: sent.attemptId });
    state.advance(60_000);
    const { id } = state.chargeBack(chargeRef, '4853', amountOf(3_000, 'EUR'));
    const disputed = await message(`id=${chargeRef}`);
    expect(disputed!.about).toEqual({ kind: 'dispute', disputeRef: `${chargeRef}/${id}` });
    expect(await gateway.readDispute(context(), `${chargeRef}/${id}`)).toMatchObject({ amountMinor: 3_000n });
  });
  it('about a refund made in Mollie’s dashboard says so', async () => {
    const chargeRef = await settle();
    state.advance(1_000);
    const { id } = state.addRefund(state.payments.get(chargeRef)!, amountOf(100, 'EUR'), null, 'By hand');
    expect((await message(`id=${chargeRef}`))!.about).toEqual({
      kind: 'foreign_refund',
      gatewayRef: `${chargeRef}/${id}`,
    });
  });
  it('about a bank debit that came back is about the charge', async () => {
    const sent = order(standIn.addMethod('debit_comes_back'));
    await gateway.charge(context(), sent);
    state.advance(10 * 86_400_000);
    const event = await message(told.at(-1)!);
    expect(aboutsOf(event)).toEqual([{ kind: 'charge', attemptId: sent.attemptId }]);
    const [chargeback] = [...state.chargebacks.values()].slice(-1);
    expect(event!.createdAt!.getTime()).toBe(Math.floor(chargeback!.createdAt.getTime() / 1_000) * 1_000);
    const found = await gateway.lookUp(context(), { attemptId: sent.attemptId, kind: 'charge', gatewayRef: null });
    expect(found).toMatchObject({ status: 'returned', code: 'debit_disputed' });
  });
  it('with a made-up id is answered like a true one, costs one request and changes nothing', async () => {
    seen();
    const event = await message('id=tr_madeUp123');
    expect(event).toMatchObject({ type: 'payment.unknown', about: { kind: 'other' } });
    expect(seen()).toHaveLength(1);
    expect(await message('id=ord_something')).toMatchObject({ about: { kind: 'other' } });
    expect(seen()).toHaveLength(0);
  });
  it('is not accepted while Mollie cannot be asked, so that it comes again', async () => {
    const chargeRef = await settle();
    breakWire('lookup', 'malformed_after', 1);
    expect(await message(`id=${chargeRef}`)).toBeNull();
    expect(await message(`id=${chargeRef}`)).not.toBeNull();
  });
  it('in a flood of made-up ids is not asked about any more', async () => {
    const flooded = gatewayWith();
    seen();
    const events = [];
    for (let id = 0; id < 60; id += 1) events.push(await message(`id=tr_flood${id}`, flooded));
    expect(seen().length).toBeLessThanOrEqual(40);
    expect(events.at(-1)).toBeNull();
  });
});

describe('looking up', () => {
  it('goes through the customer’s payments, page by page, and no further back than the attempt', async () => {
    const method = standIn.addMethod('card_pays');
    const sentAt = state.now();
    const sent = order(method);
    await gateway.charge(context(), sent);
    for (let count = 0; count < 260; count += 1) {
      state.addPayment({ ...state.payments.values().next().value!, customerId: method.customerRef, metadata: null });
    }
    seen();
    const attempt = {
      attemptId: sent.attemptId,
      kind: 'charge',
      gatewayRef: null,
      customerRef: method.customerRef,
    } as const;
    expect(await gateway.lookUp(context(), { ...attempt, sentAt })).toMatchObject({ status: 'settled' });
    expect(seen().map(({ path }) => path.split('/').slice(-1)[0])).toEqual([
      'payments',
      'payments',
      expect.stringMatching(/^tr_/),
    ]);
    state.advance(86_400_000);
    const missing = { ...attempt, attemptId: newId(), sentAt: state.now() };
    expect(await gateway.lookUp(context(), missing)).toEqual({ status: 'never_arrived' });
    expect(seen()).toHaveLength(1);
  });
  it('finds a refund by its reference, among those of its charge, and among all', async () => {
    const chargeRef = await settle();
    const refund = { attemptId: newId(), chargeRef, amountMinor: 500n, currency: 'EUR' };
    const given = await gateway.refund(context(), refund);
    if (given.status !== 'pending') throw new Error(given.status);
    const attempt = { attemptId: refund.attemptId, kind: 'refund', gatewayRef: null } as const;
    for (const more of [{ gatewayRef: given.gatewayRef }, { chargeRef }, {}]) {
      expect(await gateway.lookUp(context(), { ...attempt, ...more })).toEqual(given);
    }
  });
});

describe('what the account has', () => {
  const rich = gatewayWith({ values: { api_key: TEST_KEY, access_token: ACCESS_TOKEN } });
  async function all<Item>(
    read: (cursor: string | null) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
  ) {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: readonly Item[]; nextCursor: string | null } = await read(cursor);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  it('is read page by page: customers, methods, charges, refunds and disputes', async () => {
    const history = rich.history!;
    const method = standIn.addMethod('card_pays');
    const sent = order(method);
    const chargeRef = refOf(await rich.charge(context(), sent));
    await rich.charge(context(), order(standIn.addMethod('card_fails_insufficient_funds')));
    const { formRef } = await rich.openCardForm(context(), {
      customerRef: method.customerRef,
      contactRef: newId(),
      contactName: 'Ada',
      email: null,
    });
    answerCheckout(state, state.payments.get(formRef)!, 'card_pays');
    await rich.refund(context(), { attemptId: newId(), chargeRef, amountMinor: 250n, currency: 'EUR' });
    const { id } = state.chargeBack(chargeRef);

    const charges = await all((cursor) => history.charges(workspaceId, cursor));
    expect(charges.length).toBeGreaterThan(250);
    expect(new Set(charges.map((charge) => charge.chargeRef)).size).toBe(charges.length);
    expect(charges.find((charge) => charge.chargeRef === chargeRef)).toMatchObject({
      attemptId: sent.attemptId,
      customerRef: method.customerRef,
      methodRef: method.methodRef,
      methodKind: 'card',
      methodLabel: 'Visa ·· 4242',
      amountMinor: 12_000n,
      status: 'settled',
    });
    expect(charges.some((charge) => charge.declineCode === 'insufficient_funds')).toBe(true);
    expect(
      charges.some((charge) => charge.chargeRef === formRef),
      'what took nothing',
    ).toBe(false);
    const customers = await all((cursor) => history.customers(workspaceId, cursor));
    expect(customers.map((customer) => customer.customerRef)).toContain(method.customerRef);
    expect(await history.methods(workspaceId, method.customerRef)).toHaveLength(2);
    const refunds = await all((cursor) => history.refunds(workspaceId, cursor));
    expect(refunds.find((refund) => refund.chargeRef === chargeRef)).toMatchObject({
      amountMinor: 250n,
      status: 'pending',
    });
    const disputes = await all((cursor) => history.disputes(workspaceId, cursor));
    expect(disputes.map((dispute) => dispute.disputeRef)).toContain(`${chargeRef}/${id}`);
  });

  it('ties out: the lines of a settlement add up to its payout', async () => {
    await settle();
    const settlement = state.settle(345);
    const history = rich.history!;
    expect(await all((cursor) => history.payouts(workspaceId, cursor))).toMatchObject([
      { payoutRef: settlement.id, status: 'paid', currency: 'EUR', itemised: true },
    ]);
    const lines = await all((cursor) => history.balance(workspaceId, cursor));
    const sum = (of: typeof lines) => of.reduce((total, line) => total + line.netMinor, 0n);
    const payout = lines.filter(({ kind }) => kind === 'payout');
    expect(payout).toHaveLength(1);
    expect(sum(lines)).toBe(0n);
    expect(lines.filter(({ kind }) => kind === 'fee')).toMatchObject([{ netMinor: -345n }]);
    const read = await rich.readPayout!(context(), settlement.id);
    expect(read).toMatchObject({ amountMinor: -sum(payout) });
    expect(await rich.readPayout!(context(), 'stl_nobodyHasThis')).toBeNull();
  });

  it('leaves payouts out without an access token', async () => {
    const history = gateway.history!;
    expect(await history.payouts(workspaceId, null)).toEqual({ items: [], nextCursor: null });
    expect(await history.balance(workspaceId, null)).toEqual({ items: [], nextCursor: null });
    expect(await gateway.readPayout!(context(), 'stl_1')).toBeNull();
  });

  it('can be gone on with when Mollie could not be asked', async () => {
    breakWire('lookup', 'malformed_after', 1);
    await expect(gateway.history!.charges(workspaceId, null)).rejects.toMatchObject({ code: 'gateway_refused' });
    expect((await gateway.history!.charges(workspaceId, null)).items.length).toBeGreaterThan(0);
  });
});
