import { expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment } from './api.ts';
import type { ContactBilling } from './api-billing.ts';
import { chargeDueInvoices } from './charge-due-invoices.ts';
import { AUTO_CHARGE_TEXT_VERSION } from './consent.ts';
import { verifyPayments } from './verify-payments.ts';

const server = await testServer();
const DAY = 86_400;

async function business(testMethod = 'approved') {
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  const contact = await makeContact(server, workspace);
  const { id: card } = await saveTestMethod(server, workspace, contact, testMethod);
  const agreed = await agree({ as, contact }, card);
  expect(agreed.body.auto_charge).toMatchObject({ payment_method_id: card, consent_channel: 'phone' });
  return { workspace, as, contact, card };
}
type Business = Awaited<ReturnType<typeof business>>;

const agree = ({ as, contact }: Pick<Business, 'as' | 'contact'>, payment_method_id: string) =>
  server.call<ContactBilling>('PATCH', `/v1/contacts/${contact}/billing`, {
    as,
    body: { auto_charge: { payment_method_id, consent_channel: 'phone' } },
  });
const invoice = async ({ as, contact }: Business, amount: string, due: object, more: object = {}) => {
  const terms = { due, early_discount: null, shift: 'none' };
  const body = {
    contact_id: contact,
    lines: [{ name: 'Work', unit_price: amount }],
    issue: true,
    auto_charge: true,
    terms,
    ...more,
  };
  const answer = await server.call<Invoice>('POST', '/v1/invoices', { as, body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const read = async ({ as }: Business, id: string) =>
  (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as })).body;
const plan = async ({ as }: Business, id: string) =>
  (
    await server.call<{
      data: { tries: number; next_at: string | null; ended: string | null; reason: string | null }[];
    }>('GET', `/v1/invoices/${id}/auto-charges`, { as })
  ).body.data;
const payments = async ({ as }: Business) =>
  (await server.call<{ data: Payment[] }>('GET', '/v1/payments', { as })).body.data;
const run = ({ workspace }: Business) => chargeDueInvoices(server.rooms.payments, workspace.id, server.clock.now());
const move = (one: Business, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: one.as, body: { advance_seconds: Math.round(days * DAY) } });
const verify = ({ workspace }: Business) =>
  server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
    ...(await verifyPayments(tx)),
  ]);

test('nothing before its date; on it, once, by however many servers at once', async () => {
  const one = await business();
  const { id } = await invoice(one, '80', { kind: 'net', days: 3 });
  expect(await run(one)).toBe(0);
  await Promise.all([move(one, 3), run(one)]);
  await Promise.all([run(one), run(one), run(one)]);
  expect(await read(one, id)).toMatchObject({ status: 'paid', paid_minor: 8_000 });
  expect(await payments(one)).toHaveLength(1);
  expect(await plan(one, id)).toMatchObject([{ tries: 1, next_at: null, ended: 'paid' }]);
  expect(await verify(one)).toEqual([]);
});

test('each instalment on its own date', async () => {
  const one = await business();
  const halves = {
    kind: 'instalments',
    parts: [
      { percent: '50', due: { kind: 'immediate' } },
      { percent: '50', due: { kind: 'net', days: 30 } },
    ],
  };
  const { id } = await invoice(one, '90', halves);
  await run(one);
  expect(await read(one, id)).toMatchObject({ status: 'partly_paid', paid_minor: 4_500 });
  await move(one, 29);
  expect(await payments(one)).toHaveLength(1);
  await move(one, 1);
  expect(await read(one, id)).toMatchObject({ status: 'paid' });
  expect((await payments(one)).map(({ amount_minor }) => amount_minor)).toEqual([4_500, 4_500]);
});

test('what is on the customer’s account is used before their card, and only the rest is charged', async () => {
  const one = await business();
  const receive = (amount_minor: number) =>
    server.call<Payment>('POST', `/v1/contacts/${one.contact}/offline-payments`, {
      as: one.as,
      key: newId(),
      body: {
        ...{ amount_minor, currency: 'USD', method_kind: 'bank_transfer', received_on: '2026-03-02' },
        allocations: [],
      },
    });
  expect((await receive(3_000)).status).toBe(201);
  const part = await invoice(one, '80', { kind: 'immediate' });
  await run(one);
  expect(await read(one, part.id)).toMatchObject({ status: 'paid', paid_minor: 8_000 });
  expect((await payments(one)).map(({ amount_minor, gateway }) => [amount_minor, gateway])).toEqual([
    [5_000, 'scripted'],
    [3_000, 'manual'],
  ]);
  // More than enough: no card is charged, and what is left stays on account.
  await receive(9_000);
  const whole = await invoice(one, '80', { kind: 'immediate' });
  await Promise.all([run(one), run(one)]);
  expect(await read(one, whole.id)).toMatchObject({ status: 'paid', paid_minor: 8_000 });
  expect(await plan(one, whole.id)).toMatchObject([{ tries: 0, next_at: null, ended: 'paid' }]);
  expect(await payments(one)).toHaveLength(3);
  const account = await server.call<{ data: { on_account_minor: number }[] }>(
    'GET',
    `/v1/contacts/${one.contact}/account`,
    { as: one.as },
  );
  expect(account.body.data[0]!.on_account_minor).toBe(1_000);
  expect(await verify(one)).toEqual([]);
});

test('an instalment is charged on its date also while the one before it is not paid', async () => {
  const one = await business('declined_stolen_card');
  const halves = {
    kind: 'instalments',
    parts: [
      { percent: '50', due: { kind: 'immediate' } },
      { percent: '50', due: { kind: 'net', days: 30 } },
    ],
  };
  const { id } = await invoice(one, '90', halves);
  await run(one);
  expect(await plan(one, id)).toMatchObject([{ tries: 1, ended: 'gave_up' }]);
  const { id: other } = await saveTestMethod(server, one.workspace, one.contact);
  await server.call('PATCH', `/v1/contacts/${one.contact}/billing`, { as: one.as, body: { auto_charge: null } });
  await agree(one, other);
  // The new agreement pays what was missed at once, the rest on its date.
  await run(one);
  expect(await read(one, id)).toMatchObject({ status: 'partly_paid', paid_minor: 4_500 });
  await move(one, 30);
  expect(await read(one, id)).toMatchObject({ status: 'paid' });
  expect(await verify(one)).toEqual([]);

  const two = await business('declined_insufficient_funds');
  const { id: stuck } = await invoice(two, '90', halves);
  await run(two);
  await move(two, 1);
  await move(two, 3);
  await move(two, 5);
  await move(two, 7);
  await move(two, 1);
  expect(await plan(two, stuck)).toMatchObject([{ tries: 5, ended: 'gave_up' }]);
  await move(two, 13);
  // One try asks for all that is due by then; the date before it asks for nothing any more.
  expect(await plan(two, stuck)).toMatchObject([{ ended: 'gave_up' }, { tries: 1, ended: null }]);
  expect((await payments(two))[0]).toMatchObject({ amount_minor: 9_000, status: 'declined' });
});

test('a debit that came back while nobody looked has failed: it is not waited for', async () => {
  const one = await business('debit_returned');
  const { id } = await invoice(one, '60', { kind: 'immediate' });
  await run(one);
  expect(await plan(one, id)).toMatchObject([{ tries: 0, ended: null }]);
  // Paid after three days and returned two days later; the program was off meanwhile.
  await server.call('PUT', '/v1/switches/charge_customers_directly', { as: one.as, body: { enabled: false } });
  await move(one, 10);
  await server.call('PUT', '/v1/switches/charge_customers_directly', { as: one.as, body: { enabled: true } });
  await run(one);
  expect((await payments(one)).map(({ status }) => status)).toEqual(['returned']);
  const [entry] = await plan(one, id);
  expect(entry).toMatchObject({ tries: 1 });
  expect(entry!.reason).not.toMatch(/on its way/);
  expect(await read(one, id)).toMatchObject({ paid_minor: 0, open_minor: 6_000 });
  expect(await verify(one)).toEqual([]);
});

test('an empty account is tried again after 1, 3, 5 and 7 days and then given up; another card pays it', async () => {
  const one = await business('declined_insufficient_funds');
  const { id } = await invoice(one, '60', { kind: 'immediate' });
  await run(one);
  expect(await payments(one)).toHaveLength(1);
  const counts: number[] = [];
  for (const days of [0.5, 0.5, 2, 1, 5, 7, 30]) {
    await move(one, days);
    counts.push((await payments(one)).length);
  }
  expect(counts).toEqual([1, 2, 2, 3, 4, 5, 5]);
  expect(await plan(one, id)).toMatchObject([{ tries: 5, next_at: null, ended: 'gave_up' }]);
  expect(await read(one, id)).toMatchObject({ status: 'overdue', open_minor: 6_000 });
  // Agreeing to the same card again changes nothing about it; another card is charged at once.
  await agree(one, one.card);
  await run(one);
  expect(await payments(one)).toHaveLength(5);
  await agree(one, (await saveTestMethod(server, one.workspace, one.contact)).id);
  await run(one);
  expect(await read(one, id)).toMatchObject({ status: 'paid' });
  expect(await plan(one, id)).toMatchObject([{ tries: 6, next_at: null, ended: 'paid' }]);
  expect(await verify(one)).toEqual([]);
});

test('a second card has the whole plan before it', async () => {
  const one = await business('declined_insufficient_funds');
  const { id } = await invoice(one, '60', { kind: 'immediate' });
  await run(one);
  for (const days of [1, 3, 5, 7, 1]) await move(one, days);
  await agree(one, (await saveTestMethod(server, one.workspace, one.contact, 'declined_do_not_honor')).id);
  await run(one);
  expect(await plan(one, id)).toMatchObject([{ tries: 6, ended: null }]);
  expect((await plan(one, id))[0]!.next_at).not.toBeNull();
});

test('a stolen card is tried once', async () => {
  const one = await business('declined_stolen_card');
  const { id } = await invoice(one, '60', { kind: 'immediate' });
  await run(one);
  await move(one, 30);
  expect(await payments(one)).toHaveLength(1);
  expect(await plan(one, id)).toMatchObject([{ tries: 1, ended: 'gave_up' }]);
});

test('without an agreement, after it is withdrawn, once it is paid, and while charging is switched off, nothing is charged', async () => {
  const one = await business();
  const plain = await invoice(one, '10', { kind: 'immediate' }, { auto_charge: false });
  const paid = await invoice(one, '20', { kind: 'net', days: 1 });
  await server.call('POST', `/v1/contacts/${one.contact}/offline-payments`, {
    as: one.as,
    key: 'cash-1',
    body: {
      amount_minor: 2_000,
      currency: 'USD',
      method_kind: 'cash',
      received_on: '2026-03-02',
      allocations: [{ invoice_id: paid.id, amount_minor: 2_000 }],
    },
  });
  const off = await invoice(one, '30', { kind: 'immediate' });
  await server.call('PUT', '/v1/switches/charge_customers_directly', { as: one.as, body: { enabled: false } });
  await run(one);
  expect((await payments(one)).filter(({ kind, method }) => kind === 'charge' && method.kind === 'card')).toEqual([]);
  await server.call('PUT', '/v1/switches/charge_customers_directly', { as: one.as, body: { enabled: true } });
  await server.call('PATCH', `/v1/contacts/${one.contact}/billing`, { as: one.as, body: { auto_charge: null } });
  await move(one, 2);
  expect(await plan(one, off.id)).toMatchObject([{ ended: 'no_method' }]);
  expect(await plan(one, plain.id)).toEqual([]);
  expect((await payments(one)).filter(({ method }) => method.kind === 'card')).toEqual([]);
});

test('a card of somebody else, a removed one and terms that do not exist are refused', async () => {
  const one = await business();
  const other = await makeContact(server, one.workspace);
  const { id: foreign } = await saveTestMethod(server, one.workspace, other);
  expect((await agree(one, foreign)).status).toBe(422);
  const edit = (body: object) => server.call('PATCH', `/v1/contacts/${one.contact}/billing`, { as: one.as, body });
  expect((await edit({ terms_id: 'trm_00000000000000000000000000' })).status).toBe(422);
  expect((await edit({ auto_charge: { payment_method_id: one.card } })).status).toBe(422);
  await server.call('DELETE', `/v1/payment-methods/${one.card}`, { as: one.as });
  expect((await agree(one, one.card)).status).toBe(422);
});

test('what the customer agreed to is kept: which words, how, on which day, and who noted it; it can be withdrawn', async () => {
  const one = await business();
  const edit = (body: object) =>
    server.call<ContactBilling>('PATCH', `/v1/contacts/${one.contact}/billing`, { as: one.as, body });
  const agreement = { payment_method_id: one.card, consent_channel: 'paper' };
  const tomorrow = await edit({ auto_charge: { ...agreement, agreed_on: '2026-03-03' } });
  expect([tomorrow.status, tomorrow.body]).toMatchObject([422, { fields: [{ path: 'auto_charge.agreed_on' }] }]);
  const { body } = await edit({ auto_charge: { ...agreement, agreed_on: '2026-02-27' } });
  expect(body.auto_charge).toMatchObject({
    ...agreement,
    agreed_on: '2026-02-27',
    consent_text_version: AUTO_CHARGE_TEXT_VERSION,
    consent_at: server.clock.now().toISOString(),
  });
  expect((await edit({ auto_charge: null })).body.auto_charge).toBeNull();
});
