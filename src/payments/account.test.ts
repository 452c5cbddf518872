import { expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment } from './api.ts';
import type { Allocation, ContactAccount } from './api-account.ts';
import { verifyPayments } from './verify-payments.ts';

const server = await testServer();

async function business() {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  return { workspace, contact, as: workspace.apiKey };
}
type Business = Awaited<ReturnType<typeof business>>;

const invoice = async ({ contact, as }: Business, amount: string, more: object = {}) => {
  const body = { contact_id: contact, lines: [{ name: 'Work', unit_price: amount }], issue: true, ...more };
  const answer = await server.call<Invoice>('POST', '/v1/invoices', { as, body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const read = async ({ as }: Business, id: string) =>
  (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as })).body;
const meant = (...parts: [{ id: string }, number][]) =>
  parts.map(([{ id }, amount_minor]) => ({ invoice_id: id, amount_minor }));
const charge = async (one: Business, amount_minor: number, allocations: object[], testMethod = 'approved') => {
  const { id } = await saveTestMethod(server, one.workspace, one.contact, testMethod);
  const body = { amount_minor, currency: 'USD', payment_method_id: id, allocations, confirm_same_again: true };
  return server.call<Payment & { code?: string }>('POST', `/v1/contacts/${one.contact}/charges`, {
    as: one.as,
    key: newId(),
    body,
  });
};
const tryAgain = async (one: Business, retryOf: string, amount_minor: number) => {
  const { id } = await saveTestMethod(server, one.workspace, one.contact, 'approved_mastercard');
  const body = { amount_minor, currency: 'USD', payment_method_id: id, retry_of: retryOf, confirm_same_again: true };
  return server.call<Payment>('POST', `/v1/contacts/${one.contact}/charges`, { as: one.as, key: newId(), body });
};
const transfer = (one: Business, amount_minor: number, allocations: object[]) =>
  server.call<Payment & { code?: string }>('POST', `/v1/contacts/${one.contact}/offline-payments`, {
    as: one.as,
    key: newId(),
    body: { amount_minor, currency: 'USD', method_kind: 'bank_transfer', received_on: '2026-03-02', allocations },
  });
const account = async ({ as, contact }: Business) =>
  (await server.call<ContactAccount>('GET', `/v1/contacts/${contact}/account`, { as })).body.data[0];
const refund = (one: Business, id: string, amount_minor: number) =>
  server.call<Payment>('POST', `/v1/payments/${id}/refunds`, {
    as: one.as,
    key: newId(),
    body: { amount_minor, reason: 'requested_by_customer' },
  });
const move = (one: Business, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: one.as, body: { advance_seconds: days * 86_400 } });

async function differences(workspace: TestWorkspace) {
  return server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
    ...(await verifyPayments(tx)),
  ]);
}

test('part by card, the rest by transfer: the invoice is paid, and the customer is worth what came in', async () => {
  const one = await business();
  const bill = await invoice(one, '200.00');
  const card = await charge(one, 5_000, meant([bill, 5_000]));
  expect([card.status, card.body.status, card.body.purpose, card.body.allocated_minor]).toEqual([
    201,
    'settled',
    'account',
    0,
  ]);
  expect(await read(one, bill.id)).toMatchObject({ status: 'partly_paid', paid_minor: 5_000, open_minor: 15_000 });
  await transfer(one, 15_000, meant([bill, 15_000]));
  expect(await read(one, bill.id)).toMatchObject({ status: 'paid', open_minor: 0, settled_on: '2026-03-02' });
  const again = await charge(one, 100, meant([bill, 100]));
  expect([again.status, again.body.code]).toEqual([409, 'allocation_refused']);
  expect(await account(one)).toMatchObject({ open_minor: 0, overdue_minor: 0, on_account_minor: 0, paid_count: 1 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('one payment over many invoices; what is left over waits on account and is applied later', async () => {
  const one = await business();
  const [first, second, third] = [await invoice(one, '30'), await invoice(one, '40'), await invoice(one, '50')];
  await transfer(one, 10_000, meant([first, 3_000], [second, 4_000]));
  expect((await read(one, second.id)).status).toBe('paid');
  expect(await account(one)).toMatchObject({ open_minor: 5_000, overdue_minor: 0, on_account_minor: 3_000 });
  const tooMuch = await server.call<{ code: string }>('POST', `/v1/contacts/${one.contact}/allocations`, {
    as: one.as,
    body: { allocations: meant([third, 4_000]) },
  });
  expect([tooMuch.status, tooMuch.body.code]).toEqual([409, 'allocation_refused']);
  const applied = await server.call<{ data: Allocation[] }>('POST', `/v1/contacts/${one.contact}/allocations`, {
    as: one.as,
    body: { allocations: meant([third, 3_000]) },
  });
  expect(applied.body.data).toMatchObject([{ amount_minor: 3_000, invoice: { number: third.number } }]);
  expect(await account(one)).toMatchObject({ open_minor: 2_000, on_account_minor: 0 });
  // Applied to the wrong one: taken back, and the same money is there again.
  const undo = () => server.call('POST', `/v1/allocations/${applied.body.data[0]!.id}/reversal`, { as: one.as });
  expect((await undo()).status).toBe(204);
  expect((await undo()).status).toBe(409);
  expect(await account(one)).toMatchObject({ open_minor: 5_000, on_account_minor: 3_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('two who pay at once pay once: the second is told that money is on its way', async () => {
  const one = await business();
  const bill = await invoice(one, '80');
  const answers = await Promise.all([1, 2, 3].map(() => charge(one, 8_000, meant([bill, 8_000]))));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  expect(await read(one, bill.id)).toMatchObject({ status: 'paid', paid_minor: 8_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('a bank debit is on its way for days: processing, then paid; a late failure opens the invoice again', async () => {
  const one = await business();
  const [paid, failed] = [await invoice(one, '10'), await invoice(one, '20')];
  await charge(one, 1_000, meant([paid, 1_000]), 'debit_paid');
  await charge(one, 2_000, meant([failed, 2_000]), 'debit_returned');
  expect((await read(one, paid.id)).status).toBe('processing');
  expect((await charge(one, 1_000, meant([paid, 1_000]))).body.code).toBe('allocation_refused');
  await move(one, 4);
  expect((await read(one, paid.id)).status).toBe('paid');
  await move(one, 30);
  expect(await read(one, failed.id)).toMatchObject({ paid_minor: 0, open_minor: 2_000, status: 'overdue' });
  expect(await differences(one.workspace)).toEqual([]);
});

test('a declined charge leaves the invoice as it was, and another card pays it', async () => {
  const one = await business();
  const bill = await invoice(one, '12');
  const declined = await charge(one, 1_200, meant([bill, 1_200]), 'declined_insufficient_funds');
  expect(declined.body.status).toBe('declined');
  expect((await read(one, bill.id)).status).toBe('open');
  await charge(one, 1_200, meant([bill, 1_200]));
  expect((await read(one, bill.id)).status).toBe('paid');
  expect(await differences(one.workspace)).toEqual([]);
});

test('a refund reopens what it takes back; from what is on account it reopens nothing', async () => {
  const one = await business();
  const bill = await invoice(one, '60');
  const paid = (await charge(one, 10_000, meant([bill, 6_000]))).body;
  expect((await refund(one, paid.id, 4_000)).body.status).toBe('settled');
  expect((await read(one, bill.id)).status).toBe('paid');
  expect((await refund(one, paid.id, 1_500)).body.status).toBe('settled');
  expect(await read(one, bill.id)).toMatchObject({ status: 'partly_paid', paid_minor: 4_500, open_minor: 1_500 });
  expect((await refund(one, paid.id, 5_000)).status).toBe(409);
  expect(await differences(one.workspace)).toEqual([]);
});

test('a lost dispute reopens the invoice, a won one pays it again', async () => {
  const one = await business();
  const [lost, won] = [await invoice(one, '70'), await invoice(one, '90')];
  await charge(one, 7_000, meant([lost, 7_000]), 'dispute_lost');
  await charge(one, 9_000, meant([won, 9_000]), 'dispute_won');
  await move(one, 4);
  expect([(await read(one, lost.id)).open_minor, (await read(one, won.id)).open_minor]).toEqual([7_000, 9_000]);
  await move(one, 60);
  expect([(await read(one, lost.id)).open_minor, (await read(one, won.id)).open_minor]).toEqual([7_000, 0]);
  expect(await differences(one.workspace)).toEqual([]);
});

test('a credit note on a paid invoice puts the money back on account', async () => {
  const one = await business();
  const bill = await invoice(one, '100');
  await charge(one, 10_000, meant([bill, 10_000]));
  const body = { lines: [{ name: 'Less work', unit_price: '25' }], reason: 'Less work' };
  expect((await server.call('POST', `/v1/invoices/${bill.id}/credit-notes`, { as: one.as, body })).status).toBe(201);
  expect(await read(one, bill.id)).toMatchObject({ status: 'paid', credited_minor: 2_500, paid_minor: 7_500 });
  expect(await account(one)).toMatchObject({ open_minor: 0, on_account_minor: 2_500 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('2/10 net 30: paid in time the discount is granted, a day late it is not', async () => {
  const one = await business();
  const terms = { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 }, shift: 'none' };
  const [early, late] = [await invoice(one, '100', { terms }), await invoice(one, '100', { terms })];
  await charge(one, 9_800, meant([early, 9_800]));
  expect(await read(one, early.id)).toMatchObject({ status: 'paid', paid_minor: 9_800, discounted_minor: 200 });
  await move(one, 11);
  await charge(one, 9_800, meant([late, 9_800]));
  expect(await read(one, late.id)).toMatchObject({ status: 'partly_paid', open_minor: 200, discounted_minor: 0 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('what cannot be paid is refused with its reason, and nothing is charged', async () => {
  const one = await business();
  const other = await business();
  const bill = await invoice(one, '100');
  const foreign = await invoice(other, '100');
  const draft = await invoice(one, '5', { issue: false });
  const yen = await server.call<Invoice>('POST', '/v1/invoices', {
    as: one.as,
    body: { contact_id: one.contact, currency: 'JPY', lines: [{ name: 'Work', unit_price: '500' }], issue: true },
  });
  const cases: [string, number, object[], number, string][] = [
    ['more than is left', 20_000, meant([bill, 20_000]), 409, 'allocation_refused'],
    ['more than the payment', 1_000, meant([bill, 2_000]), 422, 'invalid_request'],
    ['another business', 1_000, meant([foreign, 1_000]), 422, 'invalid_request'],
    ['a draft', 500, meant([draft, 500]), 409, 'allocation_refused'],
    ['another currency', 500, meant([yen.body, 500]), 422, 'invalid_request'],
    ['twice the same', 500, meant([bill, 100], [bill, 100]), 422, 'invalid_request'],
  ];
  for (const [name, amount, allocations, status, code] of cases) {
    const answer = await charge(one, amount, allocations);
    expect([name, answer.status, answer.body.code]).toEqual([name, status, code]);
  }
  expect(await read(one, bill.id)).toMatchObject({ status: 'open', open_minor: 10_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('a failed charge that is tried again pays the invoices that it was meant for, as far as they are still open', async () => {
  const one = await business();
  const [first, second] = [await invoice(one, '30'), await invoice(one, '40')];
  const failed = await charge(one, 7_000, meant([first, 3_000], [second, 4_000]), 'declined_insufficient_funds');
  expect(failed.body.status).toBe('declined');
  expect((await read(one, first.id)).status).toBe('open');
  // Part of it comes in by other ways meanwhile.
  await transfer(one, 1_000, meant([second, 1_000]));
  const paid = await tryAgain(one, failed.body.id, 7_000);
  expect([paid.status, paid.body.status, paid.body.purpose]).toEqual([201, 'settled', 'account']);
  expect((await read(one, first.id)).status).toBe('paid');
  expect((await read(one, second.id)).status).toBe('paid');
  expect(await account(one)).toMatchObject({ open_minor: 0, on_account_minor: 1_000 });
  expect(await differences(one.workspace)).toEqual([]);
});

test('a retry of a retry, for less, pays as far as it reaches; a sale tried again stays a sale', async () => {
  const one = await business();
  const [first, second] = [await invoice(one, '30'), await invoice(one, '40')];
  const failed = await charge(one, 7_000, meant([first, 3_000], [second, 4_000]), 'declined_insufficient_funds');
  const { id } = await saveTestMethod(server, one.workspace, one.contact, 'declined_expired_card');
  const again = await server.call<Payment>('POST', `/v1/contacts/${one.contact}/charges`, {
    as: one.as,
    key: newId(),
    body: {
      amount_minor: 7_000,
      currency: 'USD',
      payment_method_id: id,
      retry_of: failed.body.id,
      confirm_same_again: true,
    },
  });
  expect(again.body.status).toBe('declined');
  await tryAgain(one, again.body.id, 5_000);
  const amounts = [(await read(one, first.id)).open_minor, (await read(one, second.id)).open_minor];
  expect(amounts.sort()).toEqual([0, 2_000]);
  const sale = await saveTestMethod(server, one.workspace, one.contact, 'declined_insufficient_funds');
  const lost = await server.call<Payment>('POST', `/v1/contacts/${one.contact}/charges`, {
    as: one.as,
    key: newId(),
    body: { amount_minor: 900, currency: 'USD', payment_method_id: sale.id },
  });
  expect((await tryAgain(one, lost.body.id, 900)).body.purpose).toBe('sale');
  expect(await differences(one.workspace)).toEqual([]);
});

test('a contact says what comes next, what was missed, and from three paid invoices on how they pay', async () => {
  const one = await business();
  const due = (days: number) => ({ terms: { due: { kind: 'net', days }, early_discount: null, shift: 'none' } });
  const paid = [await invoice(one, '10', due(5)), await invoice(one, '10', due(5)), await invoice(one, '10', due(1))];
  const halves = {
    kind: 'instalments',
    parts: [
      { percent: '50', due: { kind: 'net', days: 2 } },
      { percent: '50', due: { kind: 'net', days: 30 } },
    ],
  };
  const open = await invoice(one, '40', { terms: { due: halves, early_discount: null, shift: 'none' } });
  const cancelled = await invoice(one, '99', due(1));
  await server.call('POST', `/v1/invoices/${cancelled.id}/voiding`, { as: one.as, body: { reason: 'Not ordered' } });
  expect(await account(one)).toMatchObject({ missed_count: 0, paid_count: 0, behaviour: null });

  await move(one, 3);
  const today = (await read(one, open.id)).instalments.map(({ due_on }) => due_on);
  for (const { id } of paid.slice(0, 2)) await charge(one, 1_000, meant([{ id }, 1_000]));
  expect(await account(one)).toMatchObject({
    open_minor: 5_000,
    overdue_minor: 3_000,
    missed_count: 2,
    next_expected: { on: today[1], amount_minor: 2_000 },
    paid_count: 2,
    behaviour: null,
  });
  const overview = await server.call<{ money: { account: unknown } }>('GET', `/v1/contacts/${one.contact}/overview`, {
    as: one.as,
  });
  expect(overview.body.money.account).toEqual([await account(one)]);
  await charge(one, 1_000, meant([{ id: paid[2]!.id }, 1_000]));
  expect(await account(one)).toMatchObject({ paid_count: 3, behaviour: { on_time_count: 2, average_days: 3 } });
});
