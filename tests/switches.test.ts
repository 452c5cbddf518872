import { beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../src/foundation/clock.ts';
import { newId } from '../src/foundation/id.ts';
import type { LifetimeValue } from '../src/insights/api.ts';
import { verifyBooks } from '../src/ledger/verify-books.ts';
import { verifyPayments } from '../src/payments/verify-payments.ts';
import { verifyAudit } from '../src/workspace/verify-audit.ts';
import { chargeThrough, makeContact, readBook, readGateway, saveTestMethod } from './setup/money.ts';
import { type Method, type TestServer, type TestWorkspace, testServer } from './setup/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});

type SwitchName = 'payments_and_ltv' | 'charge_customers_directly';

async function flip(workspace: TestWorkspace, name: SwitchName, enabled: boolean) {
  const answer = await server.call('PUT', `/v1/switches/${name}`, { as: workspace.apiKey, body: { enabled } });
  expect([answer.status, answer.body.enabled]).toEqual([200, enabled]);
}

async function businessWithOneCharge() {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact);
  const { body: payment } = await chargeThrough(server, workspace, contact, method.id);
  expect(payment.status).toBe('settled');
  return { workspace, contact, method: method.id, payment: payment.id };
}

function ask(workspace: TestWorkspace, method: Method, url: string, body?: unknown) {
  return server.call<Record<string, unknown>>(method, url, { as: workspace.apiKey, key: newId(), body });
}

async function worthOf(workspace: TestWorkspace, contact: string) {
  const { status, body } = await server.call<{ data: LifetimeValue[]; code: string }>(
    'GET',
    `/v1/contacts/${contact}/lifetime-value`,
    { as: workspace.apiKey },
  );
  return status === 200 ? body.data.map((value) => [value.currency, value.ltv_minor]) : body.code;
}

async function expectAllInOrder(workspace: TestWorkspace) {
  const found = await server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyPayments(tx)),
  ]);
  expect(found).toEqual([]);
  expect((await verifyAudit(server.database, workspace.id)).problems).toEqual([]);
}

describe('“Payments and Customer LTV” off', () => {
  it('every route about money answers feature_off, and nothing else changes', async () => {
    const { workspace, contact, method, payment } = await businessWithOneCharge();
    await flip(workspace, 'payments_and_ltv', false);
    const charge = { amount_minor: 5, currency: 'USD', payment_method_id: method };
    const offline = { amount_minor: 5, currency: 'USD', method_kind: 'cash', received_on: '2026-03-01' };
    const routes: [Method, string, unknown?][] = [
      ['GET', '/v1/payments'],
      ['GET', '/v1/payment-totals'],
      ['GET', `/v1/payments/${payment}`],
      ['GET', `/v1/payments/${payment}/receipt`],
      ['GET', `/v1/payments/${payment}/receipt.pdf`],
      ['GET', `/v1/payments/by-key/anything`],
      ['GET', `/v1/contacts/${contact}/payment-methods`],
      ['GET', `/v1/contacts/${contact}/lifetime-value`],
      ['GET', '/v1/top-contacts?currency=USD'],
      ['GET', '/v1/exports/transactions.csv'],
      ['POST', `/v1/contacts/${contact}/charges`, charge],
      ['POST', `/v1/payments/${payment}/refunds`, { amount_minor: 5, reason: 'other' }],
      ['POST', `/v1/payments/${payment}/lookups`],
      ['POST', `/v1/payments/${payment}/dismissal`],
      ['POST', `/v1/contacts/${contact}/offline-payments`, offline],
      ['POST', `/v1/contacts/${contact}/card-forms`, { consent_channel: 'web' }],
      ['PATCH', `/v1/payment-methods/${method}`, { label: 'New' }],
      ['DELETE', `/v1/payment-methods/${method}`],
    ];
    const answers: unknown[] = [];
    for (const [verb, url, body] of routes) {
      const answer = await ask(workspace, verb, url, body);
      if (answer.status !== 403 || answer.body.code !== 'feature_off' || answer.body.switch !== 'payments_and_ltv') {
        answers.push([verb, url, answer.status, answer.text.slice(0, 200)]);
      }
    }
    expect(answers).toEqual([]);

    // Contacts go on, without a word about money.
    const list = await server.call<{ data: { id: string; ltv?: unknown }[] }>('GET', '/v1/contacts', {
      as: workspace.apiKey,
    });
    expect(list.status).toBe(200);
    expect(list.body.data.map((row) => [row.id, row.ltv])).toEqual([[contact, undefined]]);
    const overview = await ask(workspace, 'GET', `/v1/contacts/${contact}/overview`);
    expect([overview.status, overview.body.money]).toEqual([200, null]);
    const timeline = await ask(workspace, 'GET', `/v1/contacts/${contact}/timeline`);
    expect(timeline.status).toBe(200);
    expect(timeline.text).not.toContain(payment);
    const home = await ask(workspace, 'GET', '/v1/home');
    expect(home.text).not.toContain(payment);
    expect((await ask(workspace, 'GET', '/v1/exports/contacts.csv')).text).not.toMatch(/120\.00|12000/);
    await expectAllInOrder(workspace);
  });

  it('on again, all is back and covers the time that it was off', async () => {
    const { workspace, contact, payment } = await businessWithOneCharge();
    const debit = await saveTestMethod(server, workspace, contact, 'debit_paid');
    const pending = await chargeThrough(server, workspace, contact, debit.id, { amountMinor: 8_000 });
    expect(pending.body.status).toBe('pending');
    await flip(workspace, 'payments_and_ltv', false);
    // The bank pays while nobody looks.
    await ask(workspace, 'PUT', '/v1/sandbox/clock', { advance_seconds: 4 * 86_400 });
    expect(await worthOf(workspace, contact)).toBe('feature_off');
    await flip(workspace, 'payments_and_ltv', true);
    expect(await worthOf(workspace, contact)).toEqual([['USD', 20_000]]);
    const listed = await server.call<{ data: { id: string; status: string }[] }>('GET', '/v1/payments', {
      as: workspace.apiKey,
    });
    expect(listed.body.data.map(({ id, status }) => [id, status]).sort()).toEqual(
      [
        [payment, 'settled'],
        [pending.body.id, 'settled'],
      ].sort(),
    );
    const [row] = (await server.call<{ data: { ltv: unknown }[] }>('GET', '/v1/contacts', { as: workspace.apiKey }))
      .body.data;
    expect(row?.ltv).toEqual([{ currency: 'USD', amount_minor: 20_000 }]);
    expect((await ask(workspace, 'GET', `/v1/payments/${payment}/receipt`)).status).toBe(200);
    await expectAllInOrder(workspace);
  });
});

describe('“Charge Customers Directly” off', () => {
  it('history and lifetime value stay, charging is refused, the rest of money goes on', async () => {
    const { workspace, contact, method, payment } = await businessWithOneCharge();
    await flip(workspace, 'charge_customers_directly', false);
    const refused = await chargeThrough(server, workspace, contact, method, { amountMinor: 5 });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'feature_off', switch: 'charge_customers_directly' },
    ]);
    expect(await worthOf(workspace, contact)).toEqual([['USD', 12_000]]);
    const overview = await ask(workspace, 'GET', `/v1/contacts/${contact}/overview`);
    expect(overview.body.money).toMatchObject({ can_charge: false, recent_payments: [{ id: payment }] });
    expect((await ask(workspace, 'GET', '/v1/payments')).status).toBe(200);
    const refund = await ask(workspace, 'POST', `/v1/payments/${payment}/refunds`, {
      amount_minor: 2_000,
      reason: 'other',
    });
    expect([refund.status, refund.body.status]).toEqual([201, 'settled']);
    expect((await readGateway(server, workspace)).map(({ kind, count }) => [kind, count])).toEqual([
      ['charge', 1n],
      ['refund', 1n],
    ]);
    await flip(workspace, 'charge_customers_directly', true);
    expect((await chargeThrough(server, workspace, contact, method, { amountMinor: 5 })).status).toBe(201);
    await expectAllInOrder(workspace);
  });

  it.each(['charge_customers_directly', 'payments_and_ltv'] as const)(
    'a charge in flight still settles when %s goes off meanwhile',
    async (name) => {
      const workspace = await server.workspace();
      const contact = await makeContact(server, workspace);
      const method = await saveTestMethod(server, workspace, contact);
      await ask(workspace, 'POST', '/v1/sandbox/faults', { operation: 'charge', fault: 'slow' });
      const inFlight = chargeThrough(server, workspace, contact, method.id);
      while ((await readGateway(server, workspace)).length === 0) await pause(10);
      await flip(workspace, name, false);
      expect((await readBook(server, workspace))[0]).toBeUndefined();
      const { status, body } = await inFlight;
      expect([status, body.status]).toEqual([201, 'settled']);
      expect((await readBook(server, workspace))[0]).toMatchObject({ received: 12_000n, count: 1n });
      await expectAllInOrder(workspace);
    },
  );

  it('a charge whose answer was lost is resolved with the switch off', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact, 'timeout_after_success');
    const { body } = await chargeThrough(server, workspace, contact, method.id);
    expect(body.status).toBe('unknown');
    await flip(workspace, 'charge_customers_directly', false);
    server.clock.advanceMs(60_000);
    await server.rooms.payments.resolver.resolveDue(server.clock.now());
    expect((await ask(workspace, 'GET', `/v1/payments/${body.id}`)).body.status).toBe('settled');
    expect(await worthOf(workspace, contact)).toEqual([['USD', 12_000]]);
  });
});

it('each flip is in the audit log once, with who did it; flipping to where it stands is none', async () => {
  const workspace = await server.workspace();
  const flips: [SwitchName, boolean][] = [
    ['charge_customers_directly', false],
    ['charge_customers_directly', false],
    ['payments_and_ltv', false],
    ['payments_and_ltv', true],
    ['charge_customers_directly', true],
  ];
  for (const [name, enabled] of flips) {
    server.clock.advanceMs(1_000);
    await server.call('PUT', `/v1/switches/${name}`, { as: workspace.owner, body: { enabled } });
  }
  const log = await server.call<{ data: { actor: { name: string }; details: unknown }[] }>(
    'GET',
    '/v1/audit-log?action=switch.changed',
    { as: workspace.apiKey },
  );
  expect(log.body.data.map(({ actor, details }) => [actor.name, details])).toEqual([
    ['Olive Owner', { switch: 'charge_customers_directly', enabled: true }],
    ['Olive Owner', { switch: 'payments_and_ltv', enabled: true }],
    ['Olive Owner', { switch: 'payments_and_ltv', enabled: false }],
    ['Olive Owner', { switch: 'charge_customers_directly', enabled: false }],
  ]);
});
