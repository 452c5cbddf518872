import { expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { GatewayDispute } from '../gateways/gateway.ts';
import type { Invoice } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment } from './api.ts';
import type { Allocation, ContactAccount } from './api-account.ts';
import { recordDispute } from './record-dispute.ts';
import { recordPastRefunds } from './record-gateway-history.ts';
import { verifyPayments } from './verify-payments.ts';

/** What money on account goes through besides the usual way: merged customers, parts disputed, refunds made elsewhere. */

const server = await testServer();
const SCRIPTED = { name: 'scripted', label: 'Sandbox' };

async function business() {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  return { workspace, contact, as: workspace.apiKey };
}
type Business = Awaited<ReturnType<typeof business>>;

async function invoice({ contact, as }: Business, amount: string, more: object = {}) {
  const body = { contact_id: contact, lines: [{ name: 'Work', unit_price: amount }], issue: true, ...more };
  const answer = await server.call<Invoice>('POST', '/v1/invoices', { as, body });
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([201, expect.anything()]);
  return answer.body;
}
const read = async ({ as }: Business, { id }: { id: string }) =>
  (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as })).body;
const payment = async ({ as }: Business, { id }: { id: string }) =>
  (await server.call<Payment>('GET', `/v1/payments/${id}`, { as })).body;
const meant = (...parts: [{ id: string }, number][]) =>
  parts.map(([{ id }, amount_minor]) => ({ invoice_id: id, amount_minor }));

async function charge(one: Business, amount_minor: number, allocations: object[], testMethod = 'approved') {
  const { id } = await saveTestMethod(server, one.workspace, one.contact, testMethod);
  const body = { amount_minor, currency: 'USD', payment_method_id: id, allocations, confirm_same_again: true };
  const url = `/v1/contacts/${one.contact}/charges`;
  const answer = await server.call<Payment>('POST', url, { as: one.as, key: newId(), body });
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([201, expect.anything()]);
  return answer.body;
}
async function cash(one: Business, amount_minor: number, allocations: object[], more: object = {}) {
  const body = { amount_minor, currency: 'USD', method_kind: 'cash', received_on: '2026-03-02', allocations, ...more };
  const url = `/v1/contacts/${one.contact}/offline-payments`;
  const answer = await server.call<Payment>('POST', url, { as: one.as, key: newId(), body });
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([201, expect.anything()]);
  return answer.body;
}
const apply = (one: Business, allocations: object[]) =>
  server.call<{ data: Allocation[]; code?: string }>('POST', `/v1/contacts/${one.contact}/allocations`, {
    as: one.as,
    body: { allocations },
  });
const refund = (one: Business, { id }: Payment, amount_minor: number) =>
  server.call<Payment>('POST', `/v1/payments/${id}/refunds`, {
    as: one.as,
    key: newId(),
    body: { amount_minor, reason: 'requested_by_customer' },
  });
const credit = (one: Business, { id }: { id: string }, body: object) =>
  server.call<Invoice & { code?: string }>('POST', `/v1/invoices/${id}/credit-notes`, {
    as: one.as,
    body: { reason: 'Not as agreed', ...body },
  });
const account = async ({ as, contact }: Business, currency = 'USD') =>
  (await server.call<ContactAccount>('GET', `/v1/contacts/${contact}/account`, { as })).body.data.find(
    (row) => row.currency === currency,
  );
const move = (one: Business, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: one.as, body: { advance_seconds: days * 86_400 } });
/** Another contact of the business, merged into its first one. */
async function mergedTwin(one: Business) {
  const twin = await makeContact(server, one.workspace, 'Ada L.');
  const merge = async () => {
    const body = { merged_contact_id: twin };
    const answer = await server.call<{ id: string }>('POST', `/v1/contacts/${one.contact}/merges`, {
      as: one.as,
      body,
    });
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  return { twin: { ...one, contact: twin }, merge };
}

/** The gateway tells of a dispute about a part of a charge. */
async function dispute(one: Business, of: Payment, more: Partial<GatewayDispute>) {
  const told: GatewayDispute = {
    disputeRef: 'dis_1',
    chargeRef: of.gateway_ref!,
    amountMinor: 0n,
    currency: 'USD',
    status: 'withdrawn',
    reason: 'product_not_received',
    feeMinor: 0n,
    evidenceDueAt: null,
    ...more,
  };
  const { recorder, totalsSlot } = server.rooms.payments;
  const caller = await one.workspace.caller();
  await recordDispute({ database: server.database, recorder, totalsSlot }, caller, SCRIPTED, told);
}

async function differences(workspace: TestWorkspace) {
  return server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
    ...(await verifyPayments(tx)),
  ]);
}

test('a card of the surviving contact pays an invoice of the one merged into it', async () => {
  const one = await business();
  const { twin, merge } = await mergedTwin(one);
  const bill = await invoice(twin, '80');
  await merge();
  const paid = await charge(one, 8_000, meant([bill, 8_000]));
  expect([paid.status, (await read(one, bill)).status]).toEqual(['settled', 'paid']);
  expect(await differences(one.workspace)).toEqual([]);
});

test('money of one contact that paid an invoice of another is refunded, disputed and taken back after they are parted', async () => {
  const one = await business();
  const { twin, merge } = await mergedTwin(one);
  const mine = await charge(twin, 9_000, []);
  const bill = await invoice(one, '90');
  const id = await merge();
  expect((await apply(one, meant([bill, 9_000]))).status).toBe(201);
  expect((await refund(one, mine, 1_000)).status).toBe(201);
  expect((await server.call('DELETE', `/v1/merges/${id}`, { as: one.as })).status).toBe(200);
  expect((await refund(one, mine, 1_000)).status).toBe(201);
  await dispute(one, mine, { amountMinor: 1_000n });
  expect(await read(one, bill)).toMatchObject({ paid_minor: 6_000, open_minor: 3_000 });
  expect((await credit(one, bill, {})).status).toBe(201);
  expect(await account(twin)).toMatchObject({ on_account_minor: 6_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('an invoice is credited after its contact was merged, archived or billed in another currency, and its tax given up', async () => {
  const one = await business();
  const { twin, merge } = await mergedTwin(one);
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.run({
      text: `INSERT INTO taxes (workspace_id, id, code, label, rate, category, created_at)
             VALUES ($1, gen_random_uuid(), 'VAT20', 'VAT 20 %', 200000, 'S', now())`,
      values: [one.workspace.id],
    }),
  );
  const lines = [{ name: 'Work', unit_price: '50', taxes: ['VAT20'] }];
  const [whole, part] = [await invoice(twin, '50', { lines }), await invoice(twin, '50', { lines })];
  await merge();
  await server.database.inWorkspace(one.workspace.id, async (tx) => {
    await tx.run({ text: `UPDATE taxes SET archived_at = now() WHERE workspace_id = $1`, values: [one.workspace.id] });
  });
  expect((await server.call('POST', `/v1/contacts/${one.contact}/archival`, { as: one.as })).status).toBe(200);
  const answers = [await credit(one, whole, {}), await credit(one, part, { lines })];
  expect(answers.map(({ status, body }) => [status, body.total_minor])).toEqual([
    [201, 6_000],
    [201, 6_000],
  ]);
  expect((await read(one, whole)).open_minor + (await read(one, part)).open_minor).toBe(0);
  expect(await differences(one.workspace)).toEqual([]);
});

test('a part that is disputed is not refunded a second time from what the rest had paid', async () => {
  const one = await business();
  const bill = await invoice(one, '60');
  const paid = await charge(one, 10_000, meant([bill, 6_000]));
  await dispute(one, paid, { amountMinor: 4_000n });
  expect((await refund(one, paid, 6_000)).status).toBe(201);
  expect(await read(one, bill)).toMatchObject({ paid_minor: 0, open_minor: 6_000 });
  expect(await account(one)).toMatchObject({ on_account_minor: 0 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('two disputes about one charge take back twice', async () => {
  const one = await business();
  const bill = await invoice(one, '50');
  const paid = await charge(one, 10_000, meant([bill, 5_000]));
  await dispute(one, paid, { disputeRef: 'dis_a', amountMinor: 3_000n });
  expect((await read(one, bill)).paid_minor).toBe(5_000);
  await dispute(one, paid, { disputeRef: 'dis_b', amountMinor: 4_000n });
  expect(await read(one, bill)).toMatchObject({ paid_minor: 3_000, open_minor: 2_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('a part that was disputed and is won pays again exactly what it had paid, though more of the invoice is open by now', async () => {
  const one = await business();
  const bill = await invoice(one, '200');
  const first = await charge(one, 10_000, meant([bill, 10_000]));
  const second = await charge(one, 10_000, meant([bill, 10_000]));
  await dispute(one, first, { amountMinor: 3_000n });
  expect((await refund(one, second, 10_000)).status).toBe(201);
  expect((await read(one, bill)).open_minor).toBe(13_000);
  await dispute(one, first, { amountMinor: 3_000n, status: 'won' });
  expect(await read(one, bill)).toMatchObject({ paid_minor: 10_000, open_minor: 10_000 });
  expect((await payment(one, first)).allocated_minor).toBe(10_000);
  expect(await differences(one.workspace)).toEqual([]);
});

test('a refund made at the gateway itself opens again what the charge had paid', async () => {
  const one = await business();
  const [bill, other] = [await invoice(one, '70'), await invoice(one, '20')];
  const paid = await charge(one, 10_000, meant([bill, 7_000], [other, 2_000]));
  const { workspace, now } = await one.workspace.caller();
  const by = { workspace, gateway: SCRIPTED, source: 'gateway' as const, importId: null, now, totalsSlot: 0 };
  const told = (refundRef: string, amountMinor: bigint, status: 'settled' | 'pending') => ({
    refundRef,
    chargeRef: paid.gateway_ref!,
    attemptId: null,
    amountMinor,
    currency: 'USD',
    status,
    reason: '',
    createdAt: now,
    facts: null,
  });
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    recordPastRefunds(tx, by, [told('re_1', 4_000n, 'settled'), told('re_2', 5_000n, 'pending')]),
  );
  const open = [(await read(one, bill)).open_minor, (await read(one, other)).open_minor];
  expect(open[0]! + open[1]!).toBe(8_000);
  expect((await payment(one, paid)).allocated_minor).toBe(1_000);
  expect(await differences(one.workspace)).toEqual([]);
});

test('a refund that the gateway refuses, or that bounces, leaves the invoice paid as it was', async () => {
  const one = await business();
  const [refused, bounced] = [await invoice(one, '40'), await invoice(one, '30')];
  const first = await charge(one, 4_000, meant([refused, 4_000]), 'refund_declined');
  expect((await refund(one, first, 1_500)).body.status).toBe('declined');
  expect(await read(one, refused)).toMatchObject({ status: 'paid', paid_minor: 4_000 });
  const second = await charge(one, 3_000, meant([bounced, 3_000]), 'refund_returned');
  expect((await refund(one, second, 3_000)).body.status).toBe('settled');
  expect((await read(one, bounced)).open_minor).toBe(3_000);
  await move(one, 10);
  expect(await read(one, bounced)).toMatchObject({ status: 'paid', paid_minor: 3_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('an invoice paid with a discount for early payment is credited in whole, or in part without asking for the discount again', async () => {
  const one = await business();
  const terms = { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 }, shift: 'none' };
  const [whole, part] = [await invoice(one, '100', { terms }), await invoice(one, '100', { terms })];
  await charge(one, 9_800, meant([whole, 9_800]));
  await charge(one, 9_800, meant([part, 9_800]));
  expect((await credit(one, whole, {})).status).toBe(201);
  expect(await read(one, whole)).toMatchObject({ credited_minor: 10_000, paid_minor: 0, discounted_minor: 0 });
  expect((await credit(one, part, { lines: [{ name: 'Half', unit_price: '50' }] })).status).toBe(201);
  expect(await read(one, part)).toMatchObject({
    status: 'paid',
    credited_minor: 5_000,
    paid_minor: 4_800,
    discounted_minor: 200,
  });
  expect(await account(one)).toMatchObject({ open_minor: 0, on_account_minor: 9_800 + 5_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('somebody with money of two currencies on account pays an invoice of either', async () => {
  const one = await business();
  await cash(one, 5_000, []);
  await cash(one, 700, [], { currency: 'JPY' });
  const yen = await invoice(one, '600', { currency: 'JPY' });
  const applied = await apply(one, meant([yen, 600]));
  expect([applied.status, (await read(one, yen)).status]).toEqual([201, 'paid']);
  expect([await account(one), await account(one, 'JPY')]).toMatchObject([
    { on_account_minor: 5_000 },
    { on_account_minor: 100 },
  ]);
  expect(await differences(one.workspace)).toEqual([]);
});

test('money that is applied twice at once, and refunded meanwhile, is spent once', async () => {
  const one = await business();
  const [first, second] = [await invoice(one, '50'), await invoice(one, '50')];
  const paid = await charge(one, 6_000, []);
  const answers = await Promise.all([
    apply(one, meant([first, 5_000])),
    apply(one, meant([second, 5_000])),
    apply(one, meant([first, 1_000])),
    refund(one, paid, 2_000),
    credit(one, second, { lines: [{ name: 'Less', unit_price: '10' }] }),
  ]);
  expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
  const { allocated_minor, refunded_minor } = await payment(one, paid);
  expect(allocated_minor + refunded_minor).toBeLessThanOrEqual(6_000);
  expect(await differences(one.workspace)).toEqual([]);
});

test('refunds and credit notes about the same money at once wait for each other and double nothing', async () => {
  const one = await business();
  for (let round = 0; round < 5; round += 1) {
    const bill = await invoice(one, '100');
    const paid = await charge(one, 10_000, meant([bill, 10_000]));
    const { data } = (
      await server.call<{ data: Allocation[] }>('GET', `/v1/invoices/${bill.id}/allocations`, { as: one.as })
    ).body;
    const answers = await Promise.all([
      refund(one, paid, 4_000),
      credit(one, bill, { lines: [{ name: 'Less', unit_price: '30' }] }),
      server.call('POST', `/v1/allocations/${data[0]!.id}/reversal`, { as: one.as }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const after = await payment(one, paid);
    expect(after.allocated_minor + after.refunded_minor).toBeLessThanOrEqual(10_000);
  }
  expect(await differences(one.workspace)).toEqual([]);
});
