import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { makeReactions } from '../app/reactions.ts';
import { relayOutbox } from '../app/relay-outbox.ts';
import { newId } from '../foundation/id.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Message } from '../messages/api.ts';
import type { Invoice, InvoiceRowAnswer } from './api.ts';
import type { ChangePreview, RecurringInvoice, Usage } from './api-recurring.ts';
import { renderIssued } from './render-document.ts';
import { runRecurring, runRecurringOf } from './run-recurring.ts';
import { verifyInvoices } from './verify-invoices.ts';

const server = await testServer();

const DAY = 86_400;
const SEATS = { lines: [{ name: 'Seats', quantity: '3', unit_price: '20' }] };

async function business() {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const as = workspace.apiKey;
  const today = (await server.call<RecurringInvoice>('GET', '/v1/sandbox/clock', { as })).body as unknown as {
    now: string;
  };
  return { workspace, contact, as, today: today.now.slice(0, 10) };
}
type Business = Awaited<ReturnType<typeof business>>;

const setUp = (one: Business, schedule: object, more: object = {}, key?: string) =>
  server.call<RecurringInvoice & { fields?: { path: string }[]; code?: string }>('POST', '/v1/recurring-invoices', {
    as: one.as,
    ...(key ? { key } : {}),
    body: {
      contact_id: one.contact,
      name: 'Studio',
      schedule: { unit: 'month', starts_on: one.today, ...schedule },
      auto_send: false,
      ...SEATS,
      ...more,
    },
  });
const read = async (one: Business, id: string) =>
  (await server.call<RecurringInvoice>('GET', `/v1/recurring-invoices/${id}`, { as: one.as })).body;
const step = (one: Business, id: string, path: string, body: object = {}) =>
  server.call<RecurringInvoice & { code?: string }>('POST', `/v1/recurring-invoices/${id}/${path}`, {
    as: one.as,
    body,
  });
const move = (one: Business, days: number) =>
  server.call('PUT', '/v1/sandbox/clock', { as: one.as, body: { advance_seconds: days * DAY } });
const invoices = async (one: Business) =>
  (await server.call<{ data: InvoiceRowAnswer[] }>('GET', '/v1/invoices?limit=200', { as: one.as })).body.data;
const run = ({ workspace }: Business) => runRecurringOf(server.database, workspace.id, server.clock.now());
const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY * 1000).toISOString().slice(0, 10);

test('a schedule makes its first invoice on its day, numbered, with its period, and each period once', async () => {
  const one = await business();
  const made = await setUp(one, { unit: 'day', every: 10 });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ status: 'active', amount_minor: 6_000, next_invoice_on: one.today });
  expect(made.body.upcoming.map(({ on }) => on)).toEqual([0, 10, 20, 30, 40].map((days) => addDays(one.today, days)));
  expect(await run(one)).toBe(1);
  expect(await run(one)).toBe(0);
  const [first] = (await read(one, made.body.id)).made;
  expect(first).toMatchObject({ total_minor: 6_000, period: { from: one.today, until: addDays(one.today, 10) } });
  expect(first!.number).toMatch(/^INV-/);
});

test('the loop finds every workspace with something due, in its own zone, and nothing else', async () => {
  const [one, other] = [await business(), await business()];
  const due = await setUp(one, { unit: 'day', every: 10 });
  const later = await setUp(other, { unit: 'day', every: 10, starts_on: addDays(other.today, 3) });
  await runRecurring(server.database, server.clock.now(), new AbortController().signal, (error) =>
    expect.fail(String(error)),
  );
  expect((await read(one, due.body.id)).made).toHaveLength(1);
  expect((await read(other, later.body.id)).made).toHaveLength(0);
});

test('off for weeks, every missed invoice is made once when it is on again, also by two servers at once', async () => {
  const one = await business();
  const { body } = await setUp(one, { unit: 'day', every: 3 });
  await Promise.all([move(one, 30), run(one), run(one), run(one)]);
  await Promise.all([run(one), run(one)]);
  const after = await read(one, body.id);
  expect(after.made).toHaveLength(11);
  expect(new Set(after.made.map(({ period }) => period!.from)).size).toBe(11);
  const numbers = (await invoices(one)).map(({ number }) => Number(number!.slice(-4))).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
  expect(await server.database.inWorkspace(one.workspace.id, verifyBooksIn)).toEqual([]);
});

test('the 31st is the last day of shorter months and the 31st again; a leap day is kept', async () => {
  const one = await business();
  const { body } = await setUp(one, { starts_on: '2028-01-31' });
  expect(body.upcoming.map(({ on }) => on)).toEqual([
    '2028-01-31',
    '2028-02-29',
    '2028-03-31',
    '2028-04-30',
    '2028-05-31',
  ]);
  const yearly = await setUp(one, { unit: 'year', starts_on: '2028-02-29' });
  expect(yearly.body.upcoming.map(({ on }) => on).slice(0, 2)).toEqual(['2028-02-29', '2029-02-28']);
});

test('trial, end after a count, end on a date, pause, resume, skip', async () => {
  const one = await business();
  const daily = { unit: 'day', every: 1 };
  const trial = await setUp(one, { ...daily, trial_until: addDays(one.today, 2), count_max: 4 });
  expect(trial.body).toMatchObject({ status: 'trial', next_invoice_on: addDays(one.today, 2) });
  const ending = await setUp(one, { ...daily, ends_on: addDays(one.today, 2) });
  const paused = await setUp(one, daily);
  await step(one, paused.body.id, 'pause', { from: addDays(one.today, 1), to: addDays(one.today, 4) });
  const skipped = await setUp(one, daily);
  expect((await step(one, skipped.body.id, 'skips')).body.upcoming[0]!.on).toBe(addDays(one.today, 1));
  await move(one, 5);
  const dates = async (id: string) => (await read(one, id)).made.map(({ period }) => period!.from).sort();
  expect(await dates(trial.body.id)).toEqual([2, 3].map((days) => addDays(one.today, days)));
  expect(await read(one, trial.body.id)).toMatchObject({ status: 'ended', next_invoice_on: null });
  expect(await dates(ending.body.id)).toEqual([0, 1].map((days) => addDays(one.today, days)));
  expect(await dates(paused.body.id)).toEqual([0, 4, 5].map((days) => addDays(one.today, days)));
  expect(await dates(skipped.body.id)).toEqual([1, 2, 3, 4, 5].map((days) => addDays(one.today, days)));

  const held = await step(one, paused.body.id, 'pause');
  expect(held.body).toMatchObject({ status: 'paused', next_invoice_on: null });
  expect((await step(one, paused.body.id, 'pause')).body.code).toBe('invoice_state_conflict');
  await move(one, 10);
  const resumed = await step(one, paused.body.id, 'resumption');
  expect(resumed.body).toMatchObject({ status: 'active', next_invoice_on: addDays(one.today, 15) });
  expect((await step(one, paused.body.id, 'ending')).body).toMatchObject({ status: 'ended', upcoming: [] });
  expect((await step(one, paused.body.id, 'resumption')).status).toBe(409);
});

test('another price holds from its date on; what was billed stays', async () => {
  const one = await business();
  const { body } = await setUp(one, { unit: 'day', every: 10 });
  await run(one);
  const change = { lines: [{ name: 'Seats', quantity: '5', unit_price: '20' }], from: addDays(one.today, 15) };
  const edited = await server.call<RecurringInvoice>('PATCH', `/v1/recurring-invoices/${body.id}`, {
    as: one.as,
    body: change,
  });
  expect(edited.status).toBe(200);
  expect(edited.body.upcoming.map(({ total_minor }) => total_minor)).toEqual([6_000, 10_000, 10_000, 10_000, 10_000]);
  await move(one, 20);
  expect((await read(one, body.id)).made.map(({ total_minor }) => total_minor)).toEqual([10_000, 6_000, 6_000]);
});

test('a price that changes within a period is divided by the day: credited as billed, billed anew, exactly once', async () => {
  const one = await business();
  const { body } = await setUp(one, { unit: 'day', every: 10 });
  await run(one);
  await move(one, 4);
  const change = { lines: [{ name: 'Seats', quantity: '5', unit_price: '20' }], prorate: true };
  const send = <T = RecurringInvoice>(method: 'PATCH' | 'POST', path: string, asked: object) =>
    server.call<T & { code?: string; fields?: { path: string }[] }>(
      method,
      `/v1/recurring-invoices/${body.id}${path}`,
      { as: one.as, body: asked },
    );
  const preview = await send<ChangePreview>('POST', '/change-previews', change);
  // 6 of 10 days: 36.00 of 60.00 back, 60.00 of 100.00 for them.
  expect(preview.body).toMatchObject({
    credit: { total_minor: 3_600 },
    charge: { total_minor: 6_000 },
    difference_minor: 2_400,
  });
  expect(preview.body.upcoming[0]).toMatchObject({ on: addDays(one.today, 10), total_minor: 10_000 });
  expect(await invoices(one)).toHaveLength(1);
  const changed = await send('PATCH', '', change);
  expect(changed.body.made.map(({ total_minor, period }) => [total_minor, period?.from])).toEqual([
    [6_000, addDays(one.today, 4)],
    [6_000, one.today],
  ]);
  // The same again changes nothing: these days are billed at this price.
  expect((await send('PATCH', '', change)).body.made).toHaveLength(2);
  const first = changed.body.made[1]!;
  expect((await server.call<Invoice>('GET', `/v1/invoices/${first.id}`, { as: one.as })).body).toMatchObject({
    credited_minor: 3_600,
    open_minor: 2_400,
  });
  // A second change in the same period is about what the first one billed; down to nothing is a credit alone.
  await move(one, 3);
  await send('PATCH', '', { lines: [{ name: 'Seats', quantity: '5', unit_price: '0' }], prorate: true });
  expect((await read(one, body.id)).made.map(({ open_minor }) => open_minor)).toEqual([3_000, 2_400]);
  await move(one, 3);
  expect((await read(one, body.id)).upcoming[0]).toMatchObject({ total_minor: 0 });
  const wrong = await send('PATCH', '', { ...change, from: addDays(one.today, 30) });
  expect([wrong.status, wrong.body.fields?.[0]?.path]).toEqual([422, 'from']);
  const differences = await server.database.inWorkspace(one.workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
  ]);
  expect(differences).toEqual([]);
});

test('what cannot be divided is refused whole: a draft, and days that were credited by hand', async () => {
  const one = await business();
  const change = { lines: [{ name: 'Seats', quantity: '5', unit_price: '20' }], prorate: true };
  const edit = (id: string) =>
    server.call<RecurringInvoice & { code?: string }>('PATCH', `/v1/recurring-invoices/${id}`, {
      as: one.as,
      body: change,
    });
  const drafts = await setUp(one, { unit: 'day', every: 10 }, { auto_issue: false });
  const credited = await setUp(one, { unit: 'day', every: 10 });
  const trial = await setUp(one, { unit: 'day', every: 10, trial_until: addDays(one.today, 8) });
  await run(one);
  await move(one, 2);
  expect((await edit(drafts.body.id)).body.code).toBe('invoice_state_conflict');
  const [made] = (await read(one, credited.body.id)).made;
  await server.call('POST', `/v1/invoices/${made!.id}/credit-notes`, { as: one.as, body: { reason: 'Sorry.' } });
  expect((await edit(credited.body.id)).body.code).toBe('credit_above_billed');
  expect((await read(one, credited.body.id)).revisions).toHaveLength(1);
  // Nothing is billed in a trial: the new price simply holds.
  expect((await edit(trial.body.id)).body).toMatchObject({ made: [] });
  expect(await invoices(one)).toHaveLength(2);
});

test('usage told before its period closes is billed once with the next invoice; the same key is the same usage', async () => {
  const one = await business();
  const meters = [{ code: 'calls', name: 'API calls', unit_price: '0.01' }];
  const { body } = await setUp(one, { unit: 'day', every: 10 }, { lines: [], meters });
  expect(await run(one)).toBe(0);
  const tell = (usage: object) =>
    server.call<Usage & { code?: string }>('POST', `/v1/recurring-invoices/${body.id}/usage`, {
      as: one.as,
      body: usage,
    });
  const first = await tell({ external_id: 'a', quantity: '1000.5' });
  expect(first.status).toBe(201);
  expect((await tell({ external_id: 'a', quantity: '1000.5' })).body.id).toBe(first.body.id);
  expect((await tell({ external_id: 'a', quantity: '7' })).body.code).toBe('idempotency_key_reused');
  expect((await tell({ external_id: 'b', quantity: '-1' })).status).toBe(422);
  expect((await tell({ external_id: 'b', quantity: '1', meter: 'seats' })).status).toBe(422);
  expect((await tell({ external_id: 'b', quantity: '1', on: addDays(one.today, 1) })).status).toBe(422);
  await tell({ external_id: 'b', quantity: '499.5' });
  expect((await read(one, body.id)).upcoming[0]).toMatchObject({ usage_count: 2, total_minor: 1_500 });
  await move(one, 10);
  await tell({ external_id: 'late', quantity: '100', on: one.today });
  await move(one, 10);
  expect((await read(one, body.id)).made.map(({ total_minor }) => total_minor)).toEqual([100, 1_500]);
  const [latest] = (await read(one, body.id)).made;
  const invoice = (await server.call<Invoice>('GET', `/v1/invoices/${latest!.id}`, { as: one.as })).body;
  expect(invoice.lines[0]).toMatchObject({ name: 'API calls', quantity: '100' });
});

test('usage of the last period is billed when it has passed, and what waits when a schedule is ended; once', async () => {
  const one = await business();
  const meters = [{ code: 'calls', name: 'API calls', unit_price: '1' }];
  const tell = (id: string, external_id: string) =>
    server.call<Usage>('POST', `/v1/recurring-invoices/${id}/usage`, {
      as: one.as,
      body: { external_id, quantity: '7' },
    });
  const counted = await setUp(one, { unit: 'day', every: 10, count_max: 1 }, { meters });
  const open = await setUp(one, { unit: 'day', every: 10 }, { meters });
  await run(one);
  expect(await read(one, counted.body.id)).toMatchObject({ ended_at: null, next_invoice_on: addDays(one.today, 10) });
  await move(one, 4);
  expect((await tell(counted.body.id, 'a')).status).toBe(201);
  expect((await tell(open.body.id, 'b')).status).toBe(201);
  await step(one, open.body.id, 'ending');
  await run(one);
  expect(await read(one, open.body.id)).toMatchObject({
    status: 'ended',
    usage_waiting: 0,
    made: [{ total_minor: 700, period: { from: one.today, until: addDays(one.today, 4) } }, { total_minor: 6_000 }],
  });
  expect((await read(one, counted.body.id)).made).toHaveLength(1);
  await move(one, 6);
  await Promise.all([run(one), run(one)]);
  expect(await read(one, counted.body.id)).toMatchObject({
    status: 'ended',
    usage_waiting: 0,
    made: [{ total_minor: 700 }, { total_minor: 6_000 }],
  });
  expect((await tell(counted.body.id, 'c')).status).toBe(409);
});

test('usage of a meter that was removed since is billed by the next invoice, at the price it was told at', async () => {
  const one = await business();
  const meters = [
    { code: 'calls', name: 'API calls', unit_price: '1' },
    { code: 'seats', name: 'Seats', unit_price: '3' },
  ];
  const { body } = await setUp(one, { unit: 'day', every: 10 }, { meters });
  await run(one);
  const tell = (usage: object) =>
    server.call<Usage & { fields?: { path: string; message: string }[] }>(
      'POST',
      `/v1/recurring-invoices/${body.id}/usage`,
      { as: one.as, body: usage },
    );
  const edit = (changes: object) =>
    server.call<RecurringInvoice & { fields?: { path: string; message: string }[] }>(
      'PATCH',
      `/v1/recurring-invoices/${body.id}`,
      { as: one.as, body: changes },
    );
  await move(one, 3);
  expect((await tell({ external_id: 'a', quantity: '7', meter: 'calls' })).status).toBe(201);
  await tell({ external_id: 'b', quantity: '2', meter: 'seats' });
  expect((await edit({ meters: [{ ...meters[1], unit_price: '4' }] })).status).toBe(200);
  await move(one, 7);
  await run(one);
  const [latest] = (await read(one, body.id)).made;
  const bill = (await server.call<Invoice>('GET', `/v1/invoices/${latest!.id}`, { as: one.as })).body;
  expect(bill.lines.map(({ name, quantity, unit_price }) => [name, quantity, unit_price])).toEqual([
    ['Seats', '3', '20'],
    ['Seats', '2', '4'],
    ['API calls', '7', '1'],
  ]);
  expect(await read(one, body.id)).toMatchObject({ usage_waiting: 0 });

  // Also what waits when the schedule is ended, at the latest price that the meter had.
  await edit({ meters: [{ ...meters[0] }], from: addDays(one.today, 10) });
  expect((await tell({ external_id: 'c', quantity: '5', meter: 'calls', on: addDays(one.today, 10) })).status).toBe(
    201,
  );
  const refused = await edit({ meters: [], from: addDays(one.today, 10) });
  expect([refused.status, refused.body.fields?.[0]?.path]).toEqual([200, undefined]);
  await step(one, body.id, 'ending');
  await run(one);
  expect(await read(one, body.id)).toMatchObject({
    status: 'ended',
    usage_waiting: 0,
    made: [{ total_minor: 500 }, {}, {}],
  });
});

test('a meter that waits to be billed and is in no version of the schedule any more cannot be taken out', async () => {
  const one = await business();
  const meters = [{ code: 'calls', name: 'API calls', unit_price: '1' }];
  const { body } = await setUp(one, { unit: 'day', every: 10 }, { meters });
  const url = `/v1/recurring-invoices/${body.id}`;
  await server.call('POST', `${url}/usage`, { as: one.as, body: { external_id: 'a', quantity: '7' } });
  const taken = await server.call<{ fields: { path: string; message: string }[] }>('PATCH', url, {
    as: one.as,
    body: { meters: [], from: one.today },
  });
  expect(taken.status).toBe(422);
  expect(taken.body.fields[0]).toMatchObject({ path: 'meters', message: expect.stringContaining('calls') });
  expect(await run(one)).toBe(1);
  await move(one, 10);
  await run(one);
  expect((await read(one, body.id)).made.map(({ total_minor }) => total_minor)).toEqual([6_700, 6_000]);
});

test('a draft that is thrown away is left out, and the usage it billed waits for the next one', async () => {
  const one = await business();
  const meters = [{ code: 'calls', name: 'API calls', unit_price: '1' }];
  const { body } = await setUp(one, { unit: 'day', every: 10 }, { meters, auto_issue: false });
  await run(one);
  await server.call('POST', `/v1/recurring-invoices/${body.id}/usage`, {
    as: one.as,
    body: { external_id: 'a', quantity: '7' },
  });
  await move(one, 10);
  await run(one);
  const [draft] = (await read(one, body.id)).made;
  expect(draft).toMatchObject({ number: null, total_minor: 6_700 });
  expect((await server.call('DELETE', `/v1/invoices/${draft!.id}`, { as: one.as })).status).toBe(204);
  expect(await read(one, body.id)).toMatchObject({ usage_waiting: 1, skips: [2], made: [{ total_minor: 6_000 }] });
  expect(await run(one)).toBe(0);
  expect(await verify(one)).toEqual([]);
  await move(one, 10);
  await run(one);
  expect((await read(one, body.id)).made.map(({ total_minor }) => total_minor)).toEqual([6_700, 6_000]);
});

test('verify finds an occurrence that has come and has no invoice, and asks for none that was left out', async () => {
  const one = await business();
  const setUpOn = addDays(one.today, -45);
  const { body } = await setUp(one, { starts_on: setUpOn, trial_until: addDays(one.today, 40) });
  await run(one);
  await move(one, 80);
  await step(one, body.id, 'pause');
  await move(one, 70);
  await step(one, body.id, 'resumption');
  await step(one, body.id, 'skips');
  await move(one, 70);
  await run(one);
  expect((await read(one, body.id)).made.length).toBeGreaterThan(2);
  expect(await verify(one)).toEqual([]);
  // The free time stays free, or its periods would seem to have been forgotten.
  for (const trial_until of [null, addDays(one.today, 1)]) {
    const changed = await server.call('PATCH', `/v1/recurring-invoices/${body.id}`, {
      as: one.as,
      body: { schedule: { trial_until } },
    });
    expect(changed).toMatchObject({ status: 422, body: { fields: [{ path: 'schedule.trial_until' }] } });
  }
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.run({
      text: 'UPDATE recurring_invoices SET last_number = last_number + 1 WHERE workspace_id = $1',
      values: [tx.workspaceId],
    }),
  );
  expect(await verify(one)).toMatchObject([
    { what: expect.stringMatching(/^invoice \d+ of “Studio”/), readded: 'no invoice' },
  ]);
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.run({
      text: 'UPDATE recurring_invoices SET last_number = last_number - 3 WHERE workspace_id = $1',
      values: [tx.workspaceId],
    }),
  );
  expect(await verify(one)).toMatchObject([{ readded: 'an invoice' }]);
});

test('a schedule that has forgotten an invoice finds it there, beside others that are new, and no number is lost', async () => {
  const one = await business();
  const forgetful = await setUp(one, { unit: 'day', every: 5 });
  expect(await run(one)).toBe(1);
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.run({
      text: 'UPDATE recurring_invoices SET last_number = 0, next_on = $2 WHERE workspace_id = $1',
      values: [tx.workspaceId, one.today],
    }),
  );
  const others = [await setUp(one, { unit: 'day', every: 5 }), await setUp(one, { unit: 'day', every: 5 })];
  await run(one);
  for (const { body } of [forgetful, ...others]) {
    const { made, next_invoice_on } = await read(one, body.id);
    expect([made.length, next_invoice_on]).toEqual([1, addDays(one.today, 5)]);
  }
  const numbers = (await invoices(one)).map(({ number }) => Number(number!.slice(-4))).sort((a, b) => a - b);
  expect(numbers).toEqual([1, 2, 3]);
  expect(await server.database.inWorkspace(one.workspace.id, verifyBooksIn)).toEqual([]);
});

test('what cannot be billed waits with its reason and holds nobody else up', async () => {
  const one = await business();
  const other = await makeContact(server, one.workspace);
  const gone = await setUp(one, { unit: 'day', every: 1 }, { contact_id: other });
  const fine = await setUp(one, { unit: 'day', every: 1 });
  await server.call('POST', `/v1/contacts/${other}/archival`, { as: one.as });
  expect(await run(one)).toBe(1);
  expect((await read(one, fine.body.id)).made).toHaveLength(1);
  expect(await read(one, gone.body.id)).toMatchObject({ status: 'waiting', made: [] });
  await server.call('DELETE', `/v1/contacts/${other}/archival`, { as: one.as });
  await move(one, 1);
  expect((await read(one, gone.body.id)).made).toHaveLength(2);
});

test('a schedule whose data is broken waits, is told of, and holds nobody else up', async () => {
  const one = await business();
  const meters = [{ code: 'calls', name: 'API calls', unit_price: '0.01' }];
  const broken = await setUp(one, { unit: 'day', every: 1 }, { lines: [], meters });
  await server.call('POST', `/v1/recurring-invoices/${broken.body.id}/usage`, {
    as: one.as,
    body: { external_id: 'a', quantity: '1' },
  });
  await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.run({
      text: `UPDATE usage_lines SET line = '{"meter":"calls","quantity":"x"}' WHERE workspace_id = $1`,
      values: [one.workspace.id],
    }),
  );
  const fine = await setUp(one, { unit: 'day', every: 1 });
  server.clock.advanceMs(DAY * 1_000);
  await expect(run(one)).rejects.toThrow('a quantity that was accepted can be read');
  expect((await read(one, fine.body.id)).made.length).toBeGreaterThan(0);
  expect(await heldReasons(one)).toEqual(['It could not be written. The log of the server says why.']);
});

test('it is sent by itself, once', async () => {
  const one = await business();
  await server.call('PATCH', `/v1/contacts/${one.contact}`, { as: one.as, body: { email: 'pay@example.com' } });
  await setUp(one, { unit: 'day', every: 30 }, { auto_send: true });
  await run(one);
  const relay = () =>
    relayOutbox({
      database: server.database,
      clock: server.clock,
      reactions: makeReactions({ messages: server.rooms.messages, renderPdf: renderIssued }),
      onError: (error) => expect.fail(String(error)),
    });
  await relay();
  await run(one);
  await relay();
  const { data } = (await server.call<{ data: Message[] }>('GET', '/v1/messages', { as: one.as })).body;
  expect(data.map(({ to, kind }) => [to, kind])).toEqual([['pay@example.com', 'invoice']]);
  expect((await invoices(one))[0]!.sent_at).not.toBeNull();
});

test('what is wrong is refused with its field, and nothing is kept', async () => {
  const one = await business();
  const refusals: [object, object, string][] = [
    [{ unit: 'fortnight' }, {}, 'schedule.unit'],
    [{ every: 0 }, {}, 'schedule.every'],
    [{ starts_on: '2026-02-30' }, {}, 'schedule.starts_on'],
    [{ ends_on: '2020-01-01', starts_on: '2019-01-01' }, {}, 'schedule.ends_on'],
    [{}, { lines: [], meters: [] }, 'lines'],
    [{}, { lines: [{ name: 'x', unit_price: '1', taxes: ['NONE'] }] }, 'lines[0].taxes[0]'],
    [{}, { contact_id: 'con_00000000000000000000000000' }, 'contact_id'],
    [{}, { colour: 'red' }, ''],
  ];
  for (const [schedule, more, path] of refusals) {
    const answer = await setUp(one, schedule, more);
    expect([path, answer.status]).toEqual([path, 422]);
    expect(answer.body.fields?.map((field) => field.path).join()).toContain(path);
  }
  const list = await server.call<{ data: unknown[] }>('GET', '/v1/recurring-invoices', { as: one.as });
  expect(list.body.data).toEqual([]);
  const key = newId();
  const ids = [await setUp(one, {}, {}, key), await setUp(one, {}, {}, key)].map(({ body }) => body.id);
  expect(ids[0]).toBe(ids[1]);
});

const verify = ({ workspace }: Business) => server.database.inWorkspace(workspace.id, verifyBooksIn);
async function verifyBooksIn(tx: Parameters<typeof verifyBooks>[0]) {
  return [...(await verifyBooks(tx)), ...(await verifyInvoices(tx))];
}

function heldReasons({ workspace }: Business): Promise<string[]> {
  return server.database.inWorkspace(workspace.id, async (tx) =>
    (
      await tx.many<{ held_reason: string }>({
        text: 'SELECT held_reason FROM recurring_invoices WHERE workspace_id = $1 AND held_reason IS NOT NULL',
        values: [workspace.id],
      })
    ).map((row) => row.held_reason),
  );
}
