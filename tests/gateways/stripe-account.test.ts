import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/foundation/id.ts';
import type { GatewayConnection } from '../../src/gateways/api.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import type { GatewayHealth, GatewayImport, Payment, PaymentDetail } from '../../src/payments/api.ts';
import { sweepGatewayEvents } from '../../src/payments/sweep-gateway-events.ts';
import { verifyPayments } from '../../src/payments/verify-payments.ts';
import { chargeThrough, makeContact, readBook } from '../setup/money.ts';
import { TEST_START, type TestWorkspace, testServer } from '../setup/server.ts';
import type { StripeObject } from '../stand-ins/stripe/objects.ts';
import { STAND_IN_PUBLISHABLE_KEY, STAND_IN_SECRET_KEY, startStripeStandIn } from '../stand-ins/stripe/stand-in.ts';
import { makePast } from './past-of-an-account.ts';

/**
 * A connected Stripe account, end to end: the official SDK over HTTP to a stand-in of Stripe, whose signed messages come
 * back over HTTP to our own address.
 */
let now = TEST_START;
const standIn = await startStripeStandIn({ now: () => now });
const server = await testServer({ gateways: { stripe: { apiBaseUrl: standIn.url }, mollie: {} } });
const { database } = server;
const { actions, world } = standIn;
afterAll(() => standIn.stop());
const address = await server.app.listen({ host: '127.0.0.1', port: 0 });

const DAY_MS = 86_400_000;
/** Time passes at Stripe and here alike. */
function advance(ms: number): void {
  server.clock.advanceMs(ms);
  now = server.clock.now();
  world.moveOn();
}

interface Account {
  readonly workspace: TestWorkspace;
  readonly connection: GatewayConnection;
  readonly webhook: ReturnType<typeof standIn.addWebhook>;
}

async function connected(): Promise<Account> {
  const workspace = await server.workspace();
  const values = { secret_key: STAND_IN_SECRET_KEY, publishable_key: STAND_IN_PUBLISHABLE_KEY };
  const made = await server.call<GatewayConnection>('POST', '/v1/gateway-connections', {
    as: workspace.apiKey,
    body: { gateway: 'stripe', values },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const secret = `whsec_${newId().replaceAll('-', '')}`;
  const rotated = await server.call<GatewayConnection>('POST', `/v1/gateway-connections/${made.body.id}/rotations`, {
    as: workspace.apiKey,
    body: { values: { signing_secret: secret } },
  });
  expect(rotated.status).toBe(201);
  const url = new URL(rotated.body.event_address!);
  const webhook = standIn.addWebhook(`${address}${url.pathname}`, [secret]);
  return { workspace, connection: rotated.body, webhook };
}

/** A card saved through Stripe's own form, which the customer fills in with a test method. */
async function saveCard({ workspace }: Account, contact: string, testMethod = 'pm_card_visa'): Promise<string> {
  const as = workspace.apiKey;
  const opened = await server.call<{ id: string; url: string }>('POST', `/v1/contacts/${contact}/card-forms`, {
    as,
    body: { consent_channel: 'web' },
  });
  expect([opened.status, opened.text]).toEqual([201, expect.any(String)]);
  const formRef = new URL(opened.body.url).pathname.split('/').at(-1)!;
  actions.completeSetup(formRef, testMethod, true);
  const { body } = await server.call<{ status: string; payment_method: { id: string } }>(
    'GET',
    `/v1/card-forms/${opened.body.id}`,
    { as },
  );
  expect(body.status).toBe('completed');
  return body.payment_method.id;
}

async function heard({ webhook }: Account): Promise<void> {
  await webhook.delivered();
  await server.rooms.payments.events.idle();
}

const payment = async ({ workspace }: Account, id: string) =>
  (await server.call<PaymentDetail>('GET', `/v1/payments/${id}`, { as: workspace.apiKey })).body;
const health = async ({ workspace }: Account) =>
  (await server.call<GatewayHealth>('GET', '/v1/gateways/stripe/health', { as: workspace.apiKey })).body;

/** Nothing in the books of the workspace contradicts anything else. */
async function expectBalanced({ workspace }: Account): Promise<void> {
  const differences = await database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyPayments(tx)),
  ]);
  expect(differences).toEqual([]);
}

describe('a connected account', () => {
  let account: Account;
  let contact: string;
  beforeAll(async () => {
    account = await connected();
    contact = await makeContact(server, account.workspace);
  });

  test('saves a card at Stripe and charges it; fee, net and the line of its ledger are on the transaction', async () => {
    const method = await saveCard(account, contact);
    const { status, body } = await chargeThrough(server, account.workspace, contact, method, { amountMinor: 12_000 });
    expect([status, body.status, body.gateway]).toEqual([201, 'settled', 'stripe']);
    await heard(account);
    expect(await payment(account, body.id)).toMatchObject({
      fee_minor: 378,
      net_minor: 11_622,
      settlement: {
        currency: 'USD',
        gross_minor: 12_000,
        fee_minor: 378,
        net_minor: 11_622,
        exchange_rate: null,
        payout_ref: null,
        balance_ref: expect.stringMatching(/^txn_/),
      },
      events: [{ type: 'payment_intent.succeeded', result: 'done' }],
    });
    expect(account.webhook.answers.every((answer) => answer === 200)).toBe(true);
    await expectBalanced(account);
  });

  test('a charge in another currency is exchanged into the account’s', async () => {
    const method = await saveCard(account, contact, 'pm_card_mastercard');
    const { body } = await chargeThrough(server, account.workspace, contact, method, {
      amountMinor: 10_000,
      currency: 'EUR',
    });
    const detail = await payment(account, body.id);
    expect(detail).toMatchObject({
      status: 'settled',
      fee_minor: 0,
      settlement: { currency: 'USD', gross_minor: 10_800, fee_minor: 346, net_minor: 10_454, exchange_rate: '1.08' },
    });
    expect(detail.ledger_lines.map((line) => [line.debit, line.credit, line.amount_minor, line.currency])).toEqual([
      ['Gateway clearing', 'Revenue', 10_000, 'EUR'],
      ['Exchange', 'Gateway clearing', 10_000, 'EUR'],
      ['Gateway clearing', 'Exchange', 10_800, 'USD'],
      ['Gateway fees', 'Gateway clearing', 346, 'USD'],
    ]);
    const refund = await server.call<Payment>('POST', `/v1/payments/${body.id}/refunds`, {
      as: account.workspace.apiKey,
      key: newId(),
      body: { amount_minor: 2_500, reason: 'other' },
    });
    await heard(account);
    expect((await payment(account, refund.body.id)).ledger_lines).toMatchObject([
      { debit: 'Refunds', credit: 'Gateway clearing', amount_minor: 2_500, currency: 'EUR' },
      { debit: 'Gateway clearing', credit: 'Exchange', amount_minor: 2_500, currency: 'EUR' },
      { debit: 'Exchange', credit: 'Gateway clearing', amount_minor: 2_700, currency: 'USD' },
    ]);
    await expectBalanced(account);
  });

  test('a bank debit that fails four days later never counted', async () => {
    const method = await saveCard(account, contact, 'pm_usBankAccount_insufficientFunds');
    const { body } = await chargeThrough(server, account.workspace, contact, method, { amountMinor: 5_000 });
    expect(body.status).toBe('pending');
    advance(5 * DAY_MS);
    await heard(account);
    expect(await payment(account, body.id)).toMatchObject({ status: 'declined', ledger_lines: [] });
  });

  test('a payout is booked to the bank and tied to its payments', async () => {
    const payout = actions.payOut();
    await heard(account);
    const { body } = await server.call<{ data: object[] }>('GET', '/v1/gateways/stripe/payouts', {
      as: account.workspace.apiKey,
    });
    expect(body.data).toMatchObject([{ payout_ref: payout.id, amount_minor: payout.amount, status: 'paid' }]);
    const tied = await database.asOwner('SELECT DISTINCT payout_ref FROM payment_settlements WHERE workspace_id = $1', [
      account.workspace.id,
    ]);
    expect(tied).toEqual([{ payout_ref: payout.id }]);
    const bank = await database.asOwner(
      `SELECT debit_account, credit_account, amount_minor::int AS amount, contact_id FROM ledger_transfers
       WHERE workspace_id = $1 AND debit_account = 'bank'`,
      [account.workspace.id],
    );
    expect(bank).toEqual([
      { debit_account: 'bank', credit_account: 'gateway_clearing', amount: payout.amount, contact_id: null },
    ]);
    await expectBalanced(account);
  });

  test('a payout that failed after all is taken back, once', async () => {
    const method = await saveCard(account, contact);
    await chargeThrough(server, account.workspace, contact, method, { amountMinor: 9_900 });
    const payout = actions.payOut();
    await heard(account);
    payout.status = 'failed';
    world.tell('payout.failed', payout);
    world.tell('payout.failed', payout);
    await heard(account);
    const { body } = await server.call<{ data: object[] }>('GET', '/v1/gateways/stripe/payouts', {
      as: account.workspace.apiKey,
    });
    expect(body.data[0]).toMatchObject({ payout_ref: payout.id, status: 'failed' });
    await expectBalanced(account);
  });

  test('a card that its network replaced, or that was taken away, is so here', async () => {
    const method = await saveCard(account, contact, 'pm_card_amex');
    const [row] = await database.asOwner<{ ref: string }>(
      `SELECT gateway_method_ref AS ref FROM payment_methods WHERE workspace_id = $1 AND last4 = '8431'`,
      [account.workspace.id],
    );
    const methodNow = async () =>
      (
        await server.call<{ data: { id: string; last4: string; exp_year: number; state: string }[] }>(
          'GET',
          `/v1/contacts/${contact}/payment-methods`,
          { as: account.workspace.apiKey },
        )
      ).body.data.find(({ id }) => id === method);
    actions.replaceCard(row!.ref, '1111', 2039);
    await heard(account);
    expect(await methodNow()).toMatchObject({ last4: '1111', exp_year: 2039, state: 'usable' });
    actions.detach(row!.ref);
    await heard(account);
    expect((await methodNow())?.state ?? 'removed').toBe('removed');
  });

  test('what was charged in Stripe’s own dashboard stands with the customer that it is of', async () => {
    const [row] = await database.asOwner<{ customer: string; ref: string }>(
      `SELECT gateway_customer_ref AS customer, gateway_method_ref AS ref FROM payment_methods
       WHERE workspace_id = $1 AND last4 = '4242' AND removed_at IS NULL LIMIT 1`,
      [account.workspace.id],
    );
    const order = { amount: '4200', currency: 'usd', confirm: 'true', off_session: 'true' };
    const intent = actions.createIntent({ ...order, customer: row!.customer, payment_method: row!.ref });
    const strangerId = actions.createCustomer({ name: 'Nobody here' }).id;
    const strangersCard = actions.attachTestMethod('pm_card_visa', strangerId).id;
    const foreign = actions.createIntent({ ...order, customer: strangerId, payment_method: strangersCard });
    await heard(account);
    const list = async (ref: string) =>
      database.asOwner<{ source: string; status: string; amount: number }>(
        `SELECT source, status, amount_minor::int AS amount FROM payments WHERE workspace_id = $1 AND gateway_ref = $2`,
        [account.workspace.id, ref],
      );
    expect(await list(intent.id)).toEqual([{ source: 'gateway', status: 'settled', amount: 4_200 }]);
    expect(await list(foreign.id)).toEqual([]);
    const [said] = await database.asOwner<{ result: string }>(
      `SELECT result FROM gateway_events WHERE workspace_id = $1 AND object_ref LIKE $2`,
      [account.workspace.id, `%${foreign.id}%`],
    );
    expect(said!.result).toBe('not ours: its customer is not a contact here');

    actions.createRefund({ payment_intent: intent.id, amount: '1200' });
    await heard(account);
    const [refund] = await database.asOwner<{ kind: string; refunded: number }>(
      `SELECT r.kind, p.refunded_minor::int AS refunded FROM payments p
       JOIN payments r ON r.workspace_id = p.workspace_id AND r.parent_id = p.id WHERE p.gateway_ref = $1`,
      [intent.id],
    );
    expect(refund).toEqual({ kind: 'refund', refunded: 1_200 });
    await expectBalanced(account);
  });

  test('messages that never came are found in Stripe’s list, and nothing is found twice', async () => {
    const sweep = async () => {
      const found = await sweepGatewayEvents(server.rooms.payments, server.clock.now());
      await server.rooms.payments.events.idle();
      return found;
    };
    await sweep();
    const method = await saveCard(account, contact, 'pm_usBankAccount_success');
    const { body } = await chargeThrough(server, account.workspace, contact, method, { amountMinor: 7_700 });
    expect(body.status).toBe('pending');
    await heard(account);
    account.webhook.isDown = true;
    advance(5 * DAY_MS);
    await heard(account);
    expect((await payment(account, body.id)).status).toBe('pending');
    expect(await sweep()).toBe(1);
    expect((await payment(account, body.id)).status).toBe('settled');
    expect(await health(account)).toMatchObject({
      found_by_sweep: expect.any(Number),
      sweep: {
        swept_at: server.clock.now().toISOString(),
        failure: null,
        last_found_at: server.clock.now().toISOString(),
      },
    });
    advance(5 * 60_000);
    expect(await sweep()).toBe(0);
    account.webhook.isDown = false;
    await expectBalanced(account);
  });

  test('a sweep that Stripe does not answer says so and is tried again', async () => {
    advance(5 * 60_000);
    standIn.secretKeys.delete(STAND_IN_SECRET_KEY);
    await expect(sweepGatewayEvents(server.rooms.payments, server.clock.now())).rejects.toThrow(AggregateError);
    standIn.secretKeys.add(STAND_IN_SECRET_KEY);
    expect((await health(account)).sweep).toMatchObject({ failure: expect.any(String) });
    advance(5 * 60_000);
    await sweepGatewayEvents(server.rooms.payments, server.clock.now());
    expect((await health(account)).sweep).toMatchObject({ failure: null });
  });

  test('the signing secret is rotated without losing a message', async () => {
    const [old] = account.webhook.secrets;
    const next = 'whsec_the_next_one_0123456789';
    await server.call('POST', `/v1/gateway-connections/${account.connection.id}/rotations`, {
      as: account.workspace.apiKey,
      body: { values: { signing_secret: next } },
    });
    for (const secrets of [[old!], [old!, next], [next]]) {
      account.webhook.secrets = secrets;
      account.webhook.answers.length = 0;
      world.tell('mandate.updated', actions.createCustomer({ name: 'Somebody' }));
      await heard(account);
      expect(account.webhook.answers).toEqual([200]);
    }
    advance(DAY_MS + 5_000);
    account.webhook.secrets = [old!];
    world.tell('mandate.updated', actions.createCustomer({ name: 'Somebody' }));
    await heard(account);
    expect(account.webhook.answers.at(-1)).toBe(400);
    account.webhook.secrets = [next];
  });
});

test('a fraud warning of Stripe needs somebody until the money is given back; everything that was sent had a key of ours', async () => {
  const account = await connected();
  const as = account.workspace.apiKey;
  standIn.takeSeen();
  const contact = await makeContact(server, account.workspace);
  const method = await saveCard(account, contact);
  const { body } = await chargeThrough(server, account.workspace, contact, method, { amountMinor: 4_400 });
  actions.warnOfFraud((await payment(account, body.id)).gateway_ref!);
  await heard(account);
  expect(await payment(account, body.id)).toMatchObject({
    status: 'settled',
    needs_action: true,
    fraud_warned_at: expect.any(String),
  });
  const back = { amount_minor: 4_400, reason: 'fraudulent' };
  await server.call('POST', `/v1/payments/${body.id}/refunds`, { as, key: newId(), body: back });
  await heard(account);
  expect(await payment(account, body.id)).toMatchObject({ needs_action: false, refunded_minor: 4_400 });
  await server.call('DELETE', `/v1/payment-methods/${method}`, { as });

  const sent = standIn.takeSeen().filter((seen) => seen.method === 'POST');
  const whats = new Set(sent.map(({ path }) => path.replace(/\/(?:pm|cus)_\w+/, '')));
  expect([...whats].sort()).toEqual([
    '/v1/customers',
    '/v1/payment_intents',
    '/v1/payment_methods/detach',
    '/v1/refunds',
    '/v1/setup_intents',
  ]);
  // The SDK makes a key of its own, another for each call, where it is given none.
  for (const { path, key } of sent)
    expect([path, key ?? ''], path).toEqual([path, expect.stringMatching(/^(?!stripe-node-retry).+/)]);
});

describe('a charge whose answer was lost', () => {
  // Stripe forgets a key after a day: the same request would be a second charge then.
  test.each([
    ['never arrived, seconds ago: is sent again under its own key', 'server_error_before', 10_000, 'settled', 1, 1],
    ['never arrived, a day ago: is not sent again', 'server_error_before', DAY_MS + 60_000, 'canceled', 0, 0],
    ['was carried out, seconds ago: is found', 'cut_mid_reply', 10_000, 'settled', 0, 1],
    ['was carried out, a day ago: is found all the same', 'cut_mid_reply', DAY_MS + 60_000, 'settled', 0, 1],
  ] as const)('and %s', async (_what, fault, laterMs, status, sendsAgain, chargesAtStripe) => {
    const account = await connected();
    const contact = await makeContact(server, account.workspace);
    const method = await saveCard(account, contact);
    standIn.takeSeen();
    // What Stripe tells by itself is another way to know of it, and may be on its way just then.
    account.webhook.isDown = true;
    const mend = standIn.faults.add(fault, /POST \/v1\/payment_intents$/, null);
    const { body } = await chargeThrough(server, account.workspace, contact, method, { amountMinor: 3_300 });
    mend();
    expect(body.status).toBe('unknown');
    const sends = () =>
      standIn.takeSeen().filter((seen) => seen.method === 'POST' && seen.path === '/v1/payment_intents');
    const before = sends();
    const key = before[0]?.key;
    expect(key).toEqual(expect.any(String));
    expect(before.map((seen) => seen.key)).toEqual(before.map(() => key));
    advance(laterMs);
    await server.rooms.payments.resolver.resolveDue(server.clock.now());
    const after = sends();
    expect(after.map((seen) => seen.key)).toEqual(Array.from({ length: sendsAgain }, () => key));
    expect(await payment(account, body.id)).toMatchObject({ status });
    const atStripe = world.all<StripeObject & { metadata?: Record<string, string> }>('payment_intent');
    expect(atStripe.filter(({ metadata }) => metadata?.attempt_id === key)).toHaveLength(chargesAtStripe);
    account.webhook.isDown = false;
    await expectBalanced(account);
  });
});

describe('what existed at Stripe before', () => {
  test('is brought over once, whoever begins it how often, and ties out to Stripe’s own ledger', async () => {
    // Another account: nothing that other tests left behind.
    const past = await startStripeStandIn({ now: () => now });
    const elsewhere = await testServer({ gateways: { stripe: { apiBaseUrl: past.url }, mollie: {} } });
    const workspace = await elsewhere.workspace();
    const as = workspace.apiKey;
    const made = makePast(past);
    const known = await makeContact(elsewhere, workspace, 'Known by e-mail');
    await elsewhere.call('POST', '/v1/gateway-connections', {
      as,
      body: {
        gateway: 'stripe',
        values: { secret_key: STAND_IN_SECRET_KEY, publishable_key: STAND_IN_PUBLISHABLE_KEY },
      },
    });
    const begin = () =>
      elsewhere.call<GatewayImport>('POST', '/v1/gateway-imports', { as, body: { gateway: 'stripe' } });
    const both = await Promise.all([begin(), begin()]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    await elsewhere.rooms.gatewayImports.idle();
    const last = async () =>
      (await elsewhere.call<{ data: GatewayImport[] }>('GET', '/v1/gateway-imports', { as })).body.data[0]!;
    const done = await last();
    expect([done.status, done.failure]).toEqual(['done', null]);
    expect(done.tie_out!.lines.flatMap(({ why }) => why)).toEqual([]);
    expect(done.tie_out!.equal).toBe(true);
    expect(
      done.tie_out!.lines.map(({ kind, currency, theirs_minor, ours_minor }) => [
        kind,
        currency,
        theirs_minor - ours_minor,
      ]),
    ).toEqual([
      ['charge', 'USD', 0],
      ['refund', 'USD', 0],
      ['dispute', 'USD', 0],
      ['fee', 'USD', 0],
      ['payout', 'USD', 0],
    ]);
    expect(done.counts).toMatchObject({
      customers: { seen: made.customers, written: made.customers - 2 },
      charges: { seen: made.charges, written: made.charges, left_out: {} },
      refunds: { left_out: {} },
    });
    const { body: cards } = await elsewhere.call<{ data: { last4: string }[] }>(
      'GET',
      `/v1/contacts/${known}/payment-methods`,
      { as },
    );
    expect(cards.data).toHaveLength(2);
    const book = await readBook(elsewhere, workspace);
    const state = async () =>
      elsewhere.database.asOwner(
        `SELECT (SELECT count(*) FROM payments WHERE workspace_id = $1)::int AS payments,
           (SELECT count(*) FROM contacts WHERE workspace_id = $1)::int AS contacts,
           (SELECT count(*) FROM payment_methods WHERE workspace_id = $1)::int AS methods,
           (SELECT count(*) FROM ledger_entries WHERE workspace_id = $1)::int AS entries`,
        [workspace.id],
      );
    const before = await state();
    expect(await elsewhere.database.inWorkspace(workspace.id, verifyBooks)).toEqual([]);
    expect(await elsewhere.database.inWorkspace(workspace.id, verifyPayments)).toEqual([]);

    expect((await begin()).status).toBe(201);
    await elsewhere.rooms.gatewayImports.idle();
    const again = await last();
    expect(again).toMatchObject({ status: 'done', tie_out: { equal: true } });
    expect(again.counts).toMatchObject({
      customers: { written: 0 },
      charges: { written: 0, already_there: made.charges },
    });
    expect(await state()).toEqual(before);
    expect(await readBook(elsewhere, workspace)).toEqual(book);
    expect(book.find(({ currency }) => currency === 'USD')).toMatchObject({ received: made.receivedUsd });
    await past.stop();
  });
});
