import { afterAll, describe, expect, it } from 'vitest';
import {
  STAND_IN_PUBLISHABLE_KEY,
  STAND_IN_SECRET_KEY,
  startStripeStandIn,
} from '../../../tests/stand-ins/stripe/stand-in.ts';
import { movableClock } from '../../foundation/clock.ts';
import { Failure } from '../../foundation/failure.ts';
import { newId } from '../../foundation/id.ts';
import type { ConnectionValues } from '../connection.ts';
import type { GatewayEvent, Outcome } from '../gateway.ts';
import type { StripeConfig } from './stripe-config.ts';
import { makeStripeGateway } from './stripe-gateway.ts';

const clock = movableClock(new Date('2026-03-02T09:00:00.000Z'));
const workspaceId = newId();
const standIn = await startStripeStandIn({ now: clock.now });
afterAll(standIn.stop);
const { actions, world } = standIn;
const KEYS = { secret_key: STAND_IN_SECRET_KEY, publishable_key: STAND_IN_PUBLISHABLE_KEY };

function gatewayWith(config: Partial<StripeConfig> = {}, values: ConnectionValues | null = KEYS) {
  return makeStripeGateway({
    readConnection: async () => (values ? { accountRef: 'acct_standin', values, signingSecrets: ['whsec_x'] } : null),
    publicUrl: () => 'https://crm.example.com',
    secret: 'the program’s secret',
    clock,
    config: { apiBaseUrl: standIn.url, timeoutMs: 5_000, networkRetries: 1, ...config },
  });
}
const gateway = gatewayWith();
const context = () => ({ workspaceId, now: clock.now() });

function saved(name = 'pm_card_visa') {
  const customer = actions.createCustomer({ name: 'Ada Lovelace' });
  return { customerRef: customer.id, methodRef: actions.attachTestMethod(name, customer.id).id };
}
const orderFor = (method: ReturnType<typeof saved>, more: { amountMinor?: bigint; currency?: string } = {}) => ({
  attemptId: newId(),
  ...method,
  amountMinor: 12_000n,
  currency: 'USD',
  description: 'Consultation',
  ...more,
});

describe('a customer who is there', () => {
  it('is asked by their bank instead of being declined for their absence, and the same intent completes', async () => {
    const method = saved('pm_card_authenticationRequired');
    const order = { ...orderFor(method), customerPresent: true };
    const asked = await gateway.charge(context(), order);
    if (asked.status !== 'needs_customer') throw new Error(asked.status);
    expect(world.objects.get(asked.gatewayRef)).toMatchObject({ status: 'requires_action', last_payment_error: null });
    actions.answerCustomer(asked.gatewayRef, null, true);
    expect(await gateway.lookUp(context(), { ...order, kind: 'charge', gatewayRef: asked.gatewayRef })).toMatchObject({
      status: 'settled',
      gatewayRef: asked.gatewayRef,
    });
  });

  it('who is away is not charged on a card that wants them', async () => {
    const asked = await gateway.charge(context(), orderFor(saved('pm_card_authenticationRequired')));
    if (asked.status !== 'needs_customer') throw new Error(asked.status);
    expect(world.objects.get(asked.gatewayRef)).toMatchObject({ status: 'requires_payment_method' });
  });
});

describe('connecting', () => {
  const check = (values: ConnectionValues, by = gateway) => by.connecting!.check(values);

  it('names the account and whether its keys are for tests', async () => {
    expect(await check(KEYS)).toEqual({
      status: 'connected',
      account: { accountRef: 'acct_standin', accountName: 'Harbour Studio', mode: 'sandbox' },
    });
    standIn.secretKeys.add('rk_live_standin_restricted');
    const live = { secret_key: 'rk_live_standin_restricted', publishable_key: 'pk_live_standin' };
    expect(await check(live)).toMatchObject({ status: 'connected', account: { mode: 'live' } });
  });

  it.each([
    [{ ...KEYS, secret_key: STAND_IN_PUBLISHABLE_KEY }, 'secret_key'],
    [{ ...KEYS, secret_key: '' }, 'secret_key'],
    [{ ...KEYS, secret_key: 'sk_test_of nobody' }, 'secret_key'],
    [{ ...KEYS, publishable_key: STAND_IN_SECRET_KEY }, 'publishable_key'],
    [{ ...KEYS, publishable_key: 'pk_live_standin' }, 'publishable_key'],
    [{ ...KEYS, signing_secret: 'we_1234' }, 'signing_secret'],
    [{ ...KEYS, secret_key: 'sk_test_revoked' }, 'secret_key'],
  ])('%j is refused at %s', async (values, field) => {
    expect(await check(values)).toMatchObject({ status: 'refused', field, reason: expect.stringMatching(/\.$/) });
  });

  it('to a Stripe that does not answer is told as such', async () => {
    const nowhere = gatewayWith({ apiBaseUrl: 'http://127.0.0.1:9', timeoutMs: 1_500 });
    expect(await check(KEYS, nowhere)).toMatchObject({ status: 'unreachable' });
    const mend = standIn.faults.add('malformed_after', /^GET \/v1\/account$/, null);
    expect(await check(KEYS)).toMatchObject({ status: 'unreachable' });
    mend();
  });
});

describe('a charge', () => {
  it.each<[string, () => Promise<Outcome>, object]>([
    [
      'without a connection',
      () => gatewayWith({}, null).charge(context(), orderFor(saved())),
      { status: 'declined', code: 'gateway_not_connected' },
    ],
    [
      'with keys that were revoked',
      () => gatewayWith({}, { ...KEYS, secret_key: 'sk_test_revoked' }).charge(context(), orderFor(saved())),
      { status: 'declined', code: 'gateway_not_connected' },
    ],
    [
      'to an address where nobody is',
      () => gatewayWith({ apiBaseUrl: 'http://127.0.0.1:9' }).charge(context(), orderFor(saved())),
      { status: 'declined', code: 'gateway_not_reached' },
    ],
    [
      'of an amount that Stripe cannot express',
      () => gateway.charge(context(), orderFor(saved(), { amountMinor: 5_124n, currency: 'KWD' })),
      { status: 'declined', code: 'amount_not_accepted' },
    ],
    [
      'of somebody else’s card',
      () => gateway.charge(context(), orderFor({ ...saved(), methodRef: saved().methodRef })),
      { status: 'declined', code: 'invalid_account' },
    ],
    [
      'of a customer that is gone',
      () => gateway.charge(context(), orderFor({ ...saved(), customerRef: 'cus_gone' })),
      { status: 'declined', code: 'invalid_account' },
    ],
  ])('%s moves nothing and says why', async (_name, charge, expected) => {
    expect(await charge()).toEqual({ gatewayRef: null, ...expected });
  });

  it('is not said to be not sent when an earlier send of it may have arrived', async () => {
    const order = orderFor(saved());
    const cut = standIn.faults.add('cut_mid_reply', /^POST \/v1\/payment_intents$/, 1);
    const busy = standIn.faults.add('rate_limited', /^POST \/v1\/payment_intents$/, null);
    const outcome = await gatewayWith({ timeoutMs: 1_500 }).charge(context(), order);
    cut();
    busy();
    expect(outcome.status).toBe('unknown');
    expect(await gateway.lookUp(context(), { ...order, kind: 'charge', gatewayRef: null })).toMatchObject({
      status: 'settled',
    });
  });

  it('whose key is still being worked on is unknown, and found afterwards', async () => {
    const order = orderFor(saved());
    const mend = standIn.faults.add('key_in_use', /^POST \/v1\/payment_intents$/, null);
    expect(await gatewayWith({ timeoutMs: 1_500 }).charge(context(), order)).toMatchObject({ status: 'unknown' });
    mend();
    expect(await gateway.charge(context(), order)).toMatchObject({ status: 'settled' });
  });

  it('whose answer is JSON and yet nothing is unknown, and found afterwards', async () => {
    const order = orderFor(saved());
    const mend = standIn.faults.add('null_after', /^(POST|GET) \/v1\/payment_intents$/, null);
    expect(await gateway.charge(context(), order)).toMatchObject({ status: 'unknown' });
    const attempt = { ...order, kind: 'charge' as const, gatewayRef: null };
    expect(await gateway.lookUp(context(), attempt)).toMatchObject({ status: 'unknown' });
    mend();
    expect(await gateway.lookUp(context(), attempt)).toMatchObject({ status: 'settled' });
  });

  it('of a customer who was deleted since is not said to have never arrived', async () => {
    const order = orderFor(saved());
    await gateway.charge(context(), order);
    world.objects.delete(order.customerRef);
    const attempt = { ...order, kind: 'charge' as const, gatewayRef: null };
    expect(await gateway.lookUp(context(), attempt)).toMatchObject({ status: 'unknown' });
  });

  it('of which a key is used twice with other parameters is a mistake of ours', async () => {
    const order = orderFor(saved());
    await gateway.charge(context(), order);
    await expect(gateway.charge(context(), { ...order, amountMinor: 1n })).rejects.toThrow(/other parameters/);
  });

  it('in another currency tells fee and rate in the account’s', async () => {
    const outcome = await gateway.charge(context(), orderFor(saved(), { currency: 'JPY', amountMinor: 10_000n }));
    expect(outcome).toMatchObject({
      status: 'settled',
      feeMinor: 0n,
      facts: { settlementCurrency: 'USD', grossMinor: 6_500n, exchangeRate: '0.65' },
    });
  });

  it('leaves out what the configuration says', async () => {
    const omitFields = [
      'payment_intents.description',
      'payment_intents.automatic_payment_methods',
      'payment_intents.expand',
    ];
    const order = orderFor(saved());
    const outcome = await gatewayWith({ omitFields }).charge(context(), order);
    expect(outcome).toMatchObject({ status: 'settled', feeMinor: 0n });
    const made = world.find('payment_intent', outcome.status === 'settled' ? outcome.gatewayRef : '');
    expect(made).toMatchObject({ description: null, metadata: { attempt_id: order.attemptId } });
  });

  it('is found among hundreds of the same customer, and without knowing the customer', async () => {
    const method = saved();
    const order = orderFor(method);
    await gateway.charge(context(), order);
    for (let count = 0; count < 250; count += 1) {
      actions.createIntent({ amount: '100', currency: 'usd', customer: method.customerRef });
    }
    const attempt = { attemptId: order.attemptId, kind: 'charge' as const, gatewayRef: null };
    expect(await gateway.lookUp(context(), { ...attempt, customerRef: method.customerRef })).toMatchObject({
      status: 'settled',
    });
    expect(await gateway.lookUp(context(), attempt)).toMatchObject({ status: 'settled' });
  });

  it('made past this program with a number for an attempt is nobody’s attempt', async () => {
    const method = saved();
    actions.createIntent({
      amount: '100',
      currency: 'usd',
      customer: method.customerRef,
      metadata: { attempt_id: 'INV-7' },
    });
    const attempt = { attemptId: newId(), kind: 'charge' as const, gatewayRef: null, customerRef: method.customerRef };
    expect(await gateway.lookUp(context(), attempt)).toEqual({ status: 'never_arrived' });
  });
});

describe('what the account already has', () => {
  it('is read page by page, and its parts are what the balance says', async () => {
    const history = gateway.history!;
    const method = saved();
    for (let count = 0; count < 120; count += 1) {
      actions.createIntent({
        amount: String(1_000 + count),
        currency: 'usd',
        customer: method.customerRef,
        payment_method: method.methodRef,
        confirm: 'true',
      });
    }
    const [oldest] = world.all<{ id: string; object: string; created: number; status: string }>('payment_intent');
    actions.createRefund({ payment_intent: oldest!.id, amount: '300' });
    actions.openDispute(oldest!.id);
    actions.withdrawDispute(oldest!.id);
    actions.payOut();

    const all = async <Item>(
      read: (
        workspaceId: string,
        cursor: string | null,
      ) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
    ) => {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: readonly Item[]; nextCursor: string | null } = await read(workspaceId, cursor);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    };
    const [customers, charges, refunds, disputes, payouts, balance] = await Promise.all([
      all(history.customers),
      all(history.charges),
      all(history.refunds),
      all(history.disputes),
      all(history.payouts),
      all(history.balance),
    ]);
    expect(customers.length).toBe(world.all('customer').length);
    expect(charges.length).toBe(world.all('charge').length);
    expect(new Set(charges.map(({ chargeRef }) => chargeRef)).size, 'each has a reference of its own').toBe(
      charges.length,
    );
    expect(disputes).toMatchObject([{ status: 'withdrawn', chargeRef: oldest!.id }]);
    expect(await history.methods(workspaceId, method.customerRef)).toMatchObject([method]);

    const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
    const lines = (...kinds: string[]) => balance.filter(({ kind }) => kinds.includes(kind));
    const settled = charges.filter(({ status }) => status === 'settled');
    expect(sum(settled.map(({ facts }) => facts!.grossMinor))).toBe(
      sum(lines('charge').map(({ amountMinor }) => amountMinor)),
    );
    expect(sum(refunds.map(({ facts }) => facts!.grossMinor))).toBe(
      sum(lines('refund').map(({ amountMinor }) => amountMinor)),
    );
    expect(payouts).toHaveLength(1);
    expect(payouts[0]!.amountMinor).toBe(
      sum(balance.filter(({ kind }) => kind !== 'payout').map(({ netMinor }) => netMinor)),
    );
    expect(payouts[0]).toMatchObject({ itemised: true, status: 'paid', currency: 'USD' });
  });
});

describe('a single payment of the account', () => {
  const history = gateway.history!;

  it('is read by its intent or by its charge, as the list has it', async () => {
    const { items } = await history.charges(workspaceId, null);
    const settled = items.find(({ status }) => status === 'settled')!;
    expect(await history.charge!(workspaceId, settled.chargeRef)).toEqual(settled);
    const charge = world.all<{ id: string; object: string; created: number; payment_intent: string }>('charge');
    const itsCharge = charge.find(({ payment_intent }) => payment_intent === settled.chargeRef)!;
    expect(await history.charge!(workspaceId, itsCharge.id)).toEqual(settled);
    const refund = (await history.refunds(workspaceId, null)).items[0]!;
    expect(await history.refund!(workspaceId, refund.refundRef)).toEqual(refund);
  });

  it('that is not there is null', async () => {
    expect(await history.charge!(workspaceId, 'pi_nobody')).toBeNull();
    expect(await history.charge!(workspaceId, 'ch_nobody')).toBeNull();
    expect(await history.refund!(workspaceId, 're_nobody')).toBeNull();
  });

  it('stands in the lines of its payout', async () => {
    const [payout] = (await history.payouts(workspaceId, null)).items;
    const lines = await history.payoutLines!(workspaceId, payout!.payoutRef);
    expect(lines.length).toBeGreaterThan(100);
    expect(new Set(lines).size).toBe(lines.length);
  });
});

describe('the list of messages', () => {
  it('is read oldest first in pieces that fit, without a gap and without a repetition', async () => {
    clock.advanceMs(1_000);
    const since = clock.now();
    const method = saved();
    for (let hour = 0; hour < 30; hour += 1) {
      clock.advanceMs(3_600_000);
      const busy = hour === 17 ? 130 : 9;
      for (let count = 0; count < busy; count += 1) {
        actions.createIntent({
          amount: '500',
          currency: 'usd',
          customer: method.customerRef,
          payment_method: method.methodRef,
          confirm: 'true',
        });
      }
    }
    const found: GatewayEvent[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: { events: readonly GatewayEvent[]; nextCursor: string | null } = await gateway.listEvents!(
        context(),
        since,
        cursor,
      );
      found.push(...page.events);
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    const made = world
      .all('event')
      .filter(({ created, type }) => created >= since.getTime() / 1000 && type === 'payment_intent.succeeded');
    expect(made).toHaveLength(29 * 9 + 130);
    expect(new Set(found.map(({ eventRef }) => eventRef)).size).toBe(found.length);
    expect(found.filter(({ type }) => type === 'payment_intent.succeeded').map(({ eventRef }) => eventRef)).toEqual(
      made.map(({ id }) => id).reverse(),
    );
    expect(pages).toBeLessThan(30);
  });

  it('cannot be read while Stripe cannot be asked, and says so', async () => {
    const nowhere = gatewayWith({ apiBaseUrl: 'http://127.0.0.1:9', timeoutMs: 1_500 });
    await expect(nowhere.listEvents!(context(), clock.now(), null)).rejects.toThrow(Failure);
    await expect(nowhere.readDispute(context(), 'du_1')).rejects.toThrow(Failure);
    await expect(gatewayWith({}, null).readDispute(context(), 'du_1')).rejects.toThrow(Failure);
  });
});

it('two forms opened at once for one contact are one customer', async () => {
  const before = world.all('customer').length;
  const form = { customerRef: null, contactRef: newId(), contactName: 'Ada Lovelace', email: null };
  await Promise.all([gateway.openCardForm(context(), form), gateway.openCardForm(context(), form)]);
  expect(world.all('customer').length).toBe(before + 1);
});

it('a form for a customer who was deleted at Stripe makes a new one', async () => {
  const contactRef = newId();
  const form = { customerRef: null, contactRef, contactName: 'Ada Lovelace', email: 'ada@example.com' };
  const first = await gateway.openCardForm(context(), form);
  const customerOf = (formRef: string) => world.find(`setup_intent`, formRef).customer as string;
  world.objects.delete(customerOf(first.formRef));
  const second = await gateway.openCardForm(context(), { ...form, customerRef: customerOf(first.formRef) });
  const third = await gateway.openCardForm(context(), form);
  expect(world.objects.has(customerOf(second.formRef))).toBe(true);
  expect(world.objects.has(customerOf(third.formRef))).toBe(true);
});

it('every request and every answer fits Stripe’s published description', () => {
  expect(standIn.problems()).toEqual([]);
});
