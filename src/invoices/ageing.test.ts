import { expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Payment } from '../payments/api.ts';
import { recordDispute } from '../payments/record-dispute.ts';
import type { Invoice } from './api.ts';
import type { Ageing } from './api-ageing.ts';
import { verifyAgeing } from './verify-ageing.ts';

const server = await testServer();
const START = '2026-03-02';

/** One customer's story. Amounts in minor units of USD; day 0 is Monday, 2 March 2026. */
function storyOf(workspace: TestWorkspace, contact: string) {
  const as = workspace.apiKey;
  const ask = async <T>(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<T> => {
    const answer = await server.call<T>(method, url, { as, body, key: newId() });
    expect([url, answer.status < 300, answer.text.slice(0, 300)]).toEqual([url, true, expect.anything()]);
    return answer.body;
  };
  const meant = (of: Invoice, amount_minor: number) => [{ invoice_id: of.id, amount_minor }];
  let day = 0;
  return {
    as,
    contact,
    async on(next: number) {
      await ask('PUT', '/v1/sandbox/clock', { advance_seconds: (next - day) * 86_400 });
      day = next;
    },
    bill: (unit_price: string, more: object = {}, of = contact) =>
      ask<Invoice>('POST', '/v1/invoices', {
        contact_id: of,
        currency: 'USD',
        lines: [{ name: 'Work', unit_price }],
        terms: NET_30,
        issue: true,
        ...more,
      }),
    cash: (amount_minor: number, of: Invoice | null, received = day) =>
      ask<Payment>('POST', `/v1/contacts/${contact}/offline-payments`, {
        amount_minor,
        currency: 'USD',
        method_kind: 'cash',
        received_on: dateOf(received),
        allocations: of ? meant(of, Math.min(amount_minor, of.open_minor)) : [],
      }),
    async card(amount_minor: number, of: Invoice) {
      const { id } = await saveTestMethod(server, workspace, contact);
      const body = { amount_minor, currency: 'USD', payment_method_id: id, allocations: meant(of, amount_minor) };
      return ask<Payment>('POST', `/v1/contacts/${contact}/charges`, body);
    },
    apply: (amount_minor: number, of: Invoice) =>
      ask('POST', `/v1/contacts/${contact}/allocations`, { allocations: meant(of, amount_minor) }),
    async unapply(of: Invoice) {
      const url = `/v1/invoices/${of.id}/allocations`;
      const { data } = (await server.call<{ data: { id: string }[] }>('GET', url, { as })).body;
      await ask('POST', `/v1/allocations/${data[0]!.id}/reversal`);
    },
    refund: (of: Payment, amount_minor: number) =>
      ask('POST', `/v1/payments/${of.id}/refunds`, { amount_minor, reason: 'requested_by_customer' }),
    async loseDispute(of: Payment) {
      const { recorder, totalsSlot } = server.rooms.payments;
      const told = {
        disputeRef: 'dis_1',
        chargeRef: of.gateway_ref!,
        amountMinor: BigInt(of.amount_minor),
        currency: 'USD',
        status: 'withdrawn' as const,
        reason: 'product_not_received',
        feeMinor: 0n,
        evidenceDueAt: null,
      };
      const by = { name: 'scripted', label: 'Sandbox' };
      await recordDispute({ database: server.database, recorder, totalsSlot }, await workspace.caller(), by, told);
    },
    step: (of: Invoice, noun: string, body: object) =>
      ask<Invoice>('POST', `/v1/invoices/${of.id}/${noun}`, { reason: 'Agreed', ...body }),
    merge: async () => {
      const twin = await makeContact(server, workspace, 'Ada L.');
      const one = await ask<Invoice>('POST', '/v1/invoices', {
        ...{ contact_id: twin, currency: 'USD', terms: NET_30, issue: true },
        lines: [{ name: 'Work', unit_price: '7' }],
      });
      await ask('POST', `/v1/contacts/${contact}/merges`, { merged_contact_id: twin });
      return one;
    },
  };
}
type Story = ReturnType<typeof storyOf>;

const due = (kind: object) => ({ due: kind, early_discount: null, shift: 'none' });
const NET_30 = due({ kind: 'net', days: 30 });
const PARTS = due({
  kind: 'instalments',
  parts: [
    { percent: '20', due: { kind: 'immediate' } },
    { percent: '30', due: { kind: 'net', days: 30 } },
    { percent: '50', due: { kind: 'net', days: 60 } },
  ],
});
const EARLY = { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 }, shift: 'none' };

function dateOf(day: number): string {
  return new Date(Date.parse(START) + day * 86_400_000).toISOString().slice(0, 10);
}

async function ageingOf(as: string, query = ''): Promise<Ageing> {
  const { status, body, text } = await server.call<Ageing>('GET', `/v1/ageing${query}`, { as });
  expect([status, text]).toEqual([200, expect.anything()]);
  return body;
}

/** Day → not due, 1–30, 31–60, 61–90, over 90, on account. */
type Expected = Record<number, [number, number, number, number, number, number]>;

const CASES: [string, (story: Story) => Promise<unknown>, Expected][] = [
  [
    'an invoice is not due on its due date, grows old a day at a time, and was not there the day before it was issued',
    async (story) => {
      await story.on(1);
      await story.bill('10');
      await story.on(200);
    },
    {
      0: [0, 0, 0, 0, 0, 0],
      1: [1_000, 0, 0, 0, 0, 0],
      31: [1_000, 0, 0, 0, 0, 0],
      32: [0, 1_000, 0, 0, 0, 0],
      61: [0, 1_000, 0, 0, 0, 0],
      62: [0, 0, 1_000, 0, 0, 0],
      91: [0, 0, 1_000, 0, 0, 0],
      92: [0, 0, 0, 1_000, 0, 0],
      121: [0, 0, 0, 1_000, 0, 0],
      122: [0, 0, 0, 0, 1_000, 0],
      200: [0, 0, 0, 0, 1_000, 0],
    },
  ],
  [
    'each instalment is as old as its own date, and money meets the earliest first',
    async (story) => {
      const one = await story.bill('100', { terms: PARTS });
      await story.on(40);
      await story.cash(2_500, one);
      await story.on(130);
    },
    {
      0: [10_000, 0, 0, 0, 0, 0],
      1: [8_000, 2_000, 0, 0, 0, 0],
      35: [5_000, 3_000, 2_000, 0, 0, 0],
      39: [5_000, 3_000, 2_000, 0, 0, 0],
      40: [5_000, 2_500, 0, 0, 0, 0],
      61: [0, 5_000, 2_500, 0, 0, 0],
      100: [0, 0, 5_000, 2_500, 0, 0],
      130: [0, 0, 0, 5_000, 2_500, 0],
    },
  ],
  [
    'money that is too much stands on account beside it, and is not taken off by itself',
    async (story) => {
      const one = await story.bill('10');
      await story.on(3);
      await story.cash(1_500, one);
      await story.on(5);
      const two = await story.bill('20');
      await story.on(50);
      await story.apply(500, two);
    },
    {
      2: [1_000, 0, 0, 0, 0, 0],
      3: [0, 0, 0, 0, 0, 500],
      5: [2_000, 0, 0, 0, 0, 500],
      40: [0, 2_000, 0, 0, 0, 500],
      50: [0, 1_500, 0, 0, 0, 0],
    },
  ],
  [
    'a payment that is recorded late counts from the day it was received, but not before there was something to pay',
    async (story) => {
      await story.on(10);
      const one = await story.bill('10');
      await story.on(45);
      await story.cash(400, one, 20);
      await story.cash(300, one, 2);
    },
    { 2: [0, 0, 0, 0, 0, 300], 10: [700, 0, 0, 0, 0, 0], 20: [300, 0, 0, 0, 0, 0], 45: [0, 300, 0, 0, 0, 0] },
  ],
  [
    'what is taken back is open again from that day, at its old age',
    async (story) => {
      const one = await story.bill('10');
      await story.on(3);
      await story.cash(1_000, one);
      await story.on(70);
      await story.unapply(one);
      await story.on(75);
      await story.apply(600, one);
    },
    {
      3: [0, 0, 0, 0, 0, 0],
      69: [0, 0, 0, 0, 0, 0],
      70: [0, 0, 1_000, 0, 0, 1_000],
      75: [0, 0, 400, 0, 0, 400],
    },
  ],
  [
    'a credit note, a write-off and a void end what they are about on their own day',
    async (story) => {
      const [credited, given, voided] = [await story.bill('10'), await story.bill('20'), await story.bill('40')];
      await story.on(35);
      await story.step(credited, 'credit-notes', {});
      await story.on(65);
      await story.step(given, 'write-offs', { amount_minor: 500 });
      await story.on(95);
      await story.step(voided, 'voiding', {});
      await story.on(96);
      await story.step(given, 'write-offs', {});
    },
    {
      34: [0, 7_000, 0, 0, 0, 0],
      35: [0, 6_000, 0, 0, 0, 0],
      64: [0, 0, 6_000, 0, 0, 0],
      65: [0, 0, 5_500, 0, 0, 0],
      95: [0, 0, 0, 1_500, 0, 0],
      96: [0, 0, 0, 0, 0, 0],
    },
  ],
  [
    'a credit note of what was paid leaves the money on account',
    async (story) => {
      const one = await story.bill('10');
      await story.on(3);
      await story.cash(800, one);
      await story.on(6);
      await story.step(one, 'credit-notes', {});
    },
    { 3: [200, 0, 0, 0, 0, 0], 5: [200, 0, 0, 0, 0, 0], 6: [0, 0, 0, 0, 0, 800] },
  ],
  [
    'a refund opens the invoice again',
    async (story) => {
      const one = await story.bill('10');
      await story.on(3);
      const paid = await story.card(1_000, one);
      await story.on(40);
      await story.refund(paid, 400);
    },
    { 3: [0, 0, 0, 0, 0, 0], 39: [0, 0, 0, 0, 0, 0], 40: [0, 400, 0, 0, 0, 0] },
  ],
  [
    'a lost dispute opens it again',
    async (story) => {
      const one = await story.bill('10');
      await story.on(3);
      const paid = await story.card(1_000, one);
      await story.on(40);
      await story.loseDispute(paid);
    },
    { 3: [0, 0, 0, 0, 0, 0], 39: [0, 0, 0, 0, 0, 0], 40: [0, 1_000, 0, 0, 0, 0] },
  ],
  [
    'a discount for early payment ends what was not paid, and comes back with it',
    async (story) => {
      const one = await story.bill('100', { terms: EARLY });
      await story.on(5);
      await story.cash(9_800, one);
      await story.on(50);
      await story.unapply(one);
    },
    { 4: [10_000, 0, 0, 0, 0, 0], 5: [0, 0, 0, 0, 0, 0], 50: [0, 10_000, 0, 0, 0, 9_800] },
  ],
  [
    'a merged customer is counted under the one who stands for both, also for days before the merge',
    async (story) => {
      await story.bill('10');
      await story.on(2);
      await story.merge();
      await story.on(50);
    },
    { 1: [1_000, 0, 0, 0, 0, 0], 2: [1_700, 0, 0, 0, 0, 0], 32: [700, 1_000, 0, 0, 0, 0], 50: [0, 1_700, 0, 0, 0, 0] },
  ],
];

test.each(CASES)('%s', async (_what, tell, expected) => {
  const workspace = await server.workspace();
  const story = storyOf(workspace, await makeContact(server, workspace));
  await tell(story);
  const found: Expected = {};
  for (const day of Object.keys(expected).map(Number)) {
    const { totals, data, as_of } = await ageingOf(story.as, `?as_of=${dateOf(day)}`);
    const [total] = totals;
    expect([as_of, totals.length <= 1, data.length <= 1]).toEqual([dateOf(day), true, true]);
    expect(totals.every(({ agrees }) => agrees)).toBe(true);
    found[day] = total
      ? [
          total.not_due_minor,
          total.overdue_1_30_minor,
          total.overdue_31_60_minor,
          total.overdue_61_90_minor,
          total.overdue_over_90_minor,
          total.on_account_minor,
        ]
      : [0, 0, 0, 0, 0, 0];
    const { receivables_account_minor, agrees: _, ...sums } = total ?? { receivables_account_minor: 0, agrees: true };
    expect(receivables_account_minor).toBe(found[day].slice(0, 5).reduce((sum, part) => sum + part, 0));
    // The one customer of the story is the total.
    expect(data.map(({ contact, ...amounts }) => [contact.id, amounts])).toEqual(total ? [[story.contact, sums]] : []);
  }
  expect(found).toEqual(expected);
  expect(await server.database.inWorkspace(workspace.id, verifyAgeing, { snapshot: true })).toEqual([]);
});

test('customers come page by page, the largest first, each currency by itself, with the totals of all on each page', async () => {
  const workspace = await server.workspace();
  const names = ['Ada', 'Ben', 'Cleo', 'Dana', 'Eli'];
  const contacts = await Promise.all(names.map((name) => makeContact(server, workspace, name)));
  const story = storyOf(workspace, contacts[0]!);
  for (const [index, contact] of contacts.entries()) await story.bill(String(10 * (1 + (index % 3))), {}, contact);
  await story.bill('500', { currency: 'JPY' }, contacts[1]);
  const rows: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Ageing = await ageingOf(story.as, `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    expect(page.totals.map(({ currency, open_minor }) => [currency, open_minor])).toEqual([
      ['JPY', 500],
      ['USD', 9_000],
    ]);
    rows.push(...page.data.map(({ contact, currency, open_minor }) => `${contact.name} ${currency} ${open_minor}`));
    cursor = page.next_cursor;
  }
  expect(rows[0]).toBe('Ben JPY 500');
  expect(rows[1]).toBe('Cleo USD 3000');
  expect(rows.slice(2, 4).sort()).toEqual(['Ben USD 2000', 'Eli USD 2000']);
  expect(rows.slice(4).sort()).toEqual(['Ada USD 1000', 'Dana USD 1000']);
  expect((await ageingOf(story.as, '?currency=JPY')).data).toHaveLength(1);
});

test('a day is one of the business’s: it ends at midnight there', async () => {
  const workspace = await server.workspace({ timeZone: 'Pacific/Auckland' });
  const story = storyOf(workspace, await makeContact(server, workspace));
  // 2 March, 09:00 UTC is still the 2nd in Auckland; five hours later it is the 3rd there.
  await story.bill('10', { terms: due({ kind: 'immediate' }) });
  expect(await ageingOf(story.as)).toMatchObject({ as_of: '2026-03-02', totals: [{ not_due_minor: 1_000 }] });
  await server.call('PUT', '/v1/sandbox/clock', { as: story.as, body: { advance_seconds: 5 * 3_600 } });
  expect(await ageingOf(story.as)).toMatchObject({ as_of: '2026-03-03', totals: [{ overdue_1_30_minor: 1_000 }] });
});

test.each([
  ['a day to come', '?as_of=2026-03-03', 'as_of'],
  ['a day that is none', '?as_of=2026-02-30', 'as_of'],
  ['a day before there were books', '?as_of=0000-01-01', 'as_of'],
  ['a currency that is none', '?currency=XXQ', 'currency'],
  ['a cursor of somebody else’s', '?cursor=WyJVU0QiLCJhIiwiYiJd', 'cursor'],
])('%s is refused with the field', async (_what, query, field) => {
  const { apiKey } = await server.workspace();
  const { status, body } = await server.call<{ fields: { path: string }[] }>('GET', `/v1/ageing${query}`, {
    as: apiKey,
  });
  expect([status, body.fields[0]?.path]).toEqual([422, field]);
});

test('it takes the right to see invoices', async () => {
  const workspace = await server.workspace();
  const { status } = await server.call('GET', '/v1/ageing', { as: await workspace.keyWith('contacts.read') });
  expect(status).toBe(403);
});

test('verifying finds receivables that no invoice accounts for, and the report says that it does not agree', async () => {
  const workspace = await server.workspace();
  const story = storyOf(workspace, await makeContact(server, workspace));
  await story.bill('10');
  await story.on(40);
  await server.database.asOwner(
    `INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
     SELECT workspace_id, id, 9, 'receivables', 'revenue', contact_id, currency, 5 FROM ledger_entries WHERE workspace_id = $1`,
    [workspace.id],
  );
  expect(await ageingOf(story.as)).toMatchObject({
    totals: [{ open_minor: 1_000, receivables_account_minor: 1_005, agrees: false }],
  });
  expect(await server.database.inWorkspace(workspace.id, verifyAgeing)).toEqual([
    expect.objectContaining({ what: expect.stringContaining('2026-03-31'), kept: '1000', readded: '1005' }),
  ]);
});
