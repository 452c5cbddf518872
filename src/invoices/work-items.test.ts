import { describe, expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { type Method, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from './api.ts';
import type { NewWorkItemBody, ToInvoiceList, WorkItem, WorkList } from './api-work.ts';

const server = await testServer();

type Refusal = { code?: string; detail?: string; invoice_id?: string; fields?: { path: string; message: string }[] };

async function business() {
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  const contact = await makeContact(server, workspace);
  await server.database.inWorkspace(workspace.id, (tx) =>
    tx.run({
      text: `INSERT INTO taxes (workspace_id, id, code, label, rate, category, created_at)
             VALUES ($1, gen_random_uuid(), 'VAT20', 'VAT 20 %', 200000, 'S', now())`,
      values: [workspace.id],
    }),
  );
  const call = <T = WorkItem>(
    method: Method,
    path: string,
    body?: object,
    more: { key?: string; ifMatch?: string } = {},
  ) => server.call<T & Refusal>(method, `/v1/${path}`, { as, ...(body && { body }), ...more });
  const add = async (more: Partial<NewWorkItemBody> = {}) => {
    const lines = [{ name: 'Session', quantity: '1.5', unit_price: '80', taxes: ['VAT20'] }];
    const made = await call('POST', 'work-items', { contact_id: contact, title: 'Portrait', lines, ...more });
    expect([made.status, made.text]).toEqual([201, made.text]);
    return made.body;
  };
  const invoice = (...ids: string[]) => call<Invoice>('POST', 'work-items/invoicing', { work_item_ids: ids });
  return {
    ...{ workspace, contact, call, add, invoice },
    done: (more: Partial<NewWorkItemBody> = {}) => add({ done_on: '2026-02-20', ...more }),
    read: async (id: string) => (await call('GET', `work-items/${id}`)).body,
    waiting: async () => (await call<ToInvoiceList>('GET', 'work-items/to-invoice')).body.data,
    list: async (query: string) => (await call<WorkList>('GET', `work-items?${query}`)).body.data.map(({ id }) => id),
  };
}

test('work is planned, edited by version, done, taken back and cancelled; each step twice is once', async () => {
  const one = await business();
  const made = await one.add({ planned_on: '2026-03-29', planned_time: '02:30', note: 'In the garden.' });
  expect(made).toMatchObject({
    ...{ kind: 'appointment', status: 'planned', planned_on: '2026-03-29', planned_time: '02:30', to_invoice: false },
    ...{ currency: 'USD', net_minor: 12_000, tax_minor: 2_400, total_minor: 14_400, invoice: null, done_on: null },
  });
  expect(made.lines[0]).toMatchObject({ name: 'Session', quantity: '1.5', unit_price: '80', taxes: ['VAT20'] });
  const path = `work-items/${made.id}`;
  const edited = await one.call('PATCH', path, { title: 'Portraits' }, { ifMatch: `"v${made.version}"` });
  expect(edited.body).toMatchObject({ title: 'Portraits', note: 'In the garden.', total_minor: 14_400 });
  expect((await one.call('PATCH', path, { title: 'Late' }, { ifMatch: `"v${made.version}"` })).status).toBe(412);
  const done = await one.call('POST', `${path}/completion`, {});
  expect(done.body).toMatchObject({ status: 'done', done_on: '2026-03-02', to_invoice: true });
  expect((await one.call('POST', `${path}/completion`, {})).body.version).toBe(done.body.version);
  expect((await one.call('POST', `${path}/cancellation`)).body.code).toBe('work_state_conflict');
  expect((await one.call('POST', `${path}/completion`, { done_on: '2026-03-01' })).body.done_on).toBe('2026-03-01');
  expect((await one.call('DELETE', `${path}/completion`)).body).toMatchObject({ status: 'planned', done_by: null });
  const cancelled = await one.call('POST', `${path}/cancellation`);
  expect(cancelled.body.status).toBe('cancelled');
  expect((await one.call('POST', `${path}/cancellation`)).body.version).toBe(cancelled.body.version);
  expect((await one.call('POST', `${path}/completion`, {})).body.code).toBe('work_state_conflict');
  expect((await one.call('DELETE', `${path}/cancellation`)).body.status).toBe('planned');
  const audit = await server.database.inWorkspace(one.workspace.id, (tx) =>
    tx.many<{ action: string }>({
      text: `SELECT action FROM audit_log WHERE workspace_id = $1 AND action LIKE 'work_item.%' ORDER BY at, id`,
      values: [one.workspace.id],
    }),
  );
  expect(audit.map(({ action }) => action.slice(10)).sort()).toEqual(
    ['cancelled', 'created', 'done', 'done', 'edited', 'planned_again', 'reopened'].sort(),
  );
});

test('a repeated key is the same work, and a reference of one’s own is unique', async () => {
  const one = await business();
  const body = { contact_id: one.contact, title: 'Portrait', external_ref: 'cal-1' };
  const key = newId();
  const [first, again] = await Promise.all([1, 2].map(() => one.call('POST', 'work-items', body, { key })));
  expect([first!.status, again!.status, again!.body.id]).toEqual([201, 201, first!.body.id]);
  const taken = await one.call('POST', 'work-items', body);
  expect([taken.status, taken.body.fields?.[0]?.path]).toEqual([422, 'external_ref']);
  const other = await one.add({ external_ref: 'cal-2' });
  const moved = await one.call('PATCH', `work-items/${other.id}`, { external_ref: 'cal-1' });
  expect([moved.status, moved.body.fields?.[0]?.path]).toEqual([422, 'external_ref']);
});

test('done work of a contact becomes one draft with its lines in the order asked for', async () => {
  const one = await business();
  const first = await one.done({ title: 'First' });
  const second = await one.done({
    ...{ title: 'Second', kind: 'deal', done_on: '2026-02-25' },
    lines: [
      { name: 'Frames', quantity: '3', unit_price: '9.99' },
      { name: 'Delivery', unit_price: '5' },
    ],
  });
  expect(await one.waiting()).toMatchObject([
    { count: 2, oldest_done_on: '2026-02-20', values: [{ currency: 'USD', count: 2, total_minor: 14_400 + 3_497 }] },
  ]);
  const draft = await one.invoice(second.id, first.id);
  expect([draft.status, draft.body.status, draft.body.total_minor]).toEqual([201, 'draft', 17_897]);
  expect(draft.body.lines.map(({ name, quantity }) => [name, quantity])).toEqual([
    ['Frames', '3'],
    ['Delivery', '1'],
    ['Session', '1.5'],
  ]);
  expect(await one.waiting()).toEqual([]);
  const on = { id: draft.body.id, number: null, status: 'draft' };
  expect(await one.read(first.id)).toMatchObject({ status: 'done', to_invoice: false, invoice: on });
  expect(await one.list(`invoice=${draft.body.id}`)).toEqual([second.id, first.id]);
  expect(await one.list('status=invoiced')).toHaveLength(2);
  // While a draft bills it: what the invoice says of it stays; its note may change; it cannot be undone or billed again.
  const refusals = await Promise.all([
    one.invoice(first.id),
    one.call('DELETE', `work-items/${first.id}/completion`),
    one.call('PATCH', `work-items/${first.id}`, { lines: [] }),
    one.call('PATCH', `work-items/${first.id}`, { billable: false }),
  ]);
  expect(refusals.map(({ body }) => [body.code, body.invoice_id])).toEqual(
    refusals.map(() => ['work_state_conflict', draft.body.id]),
  );
  const noted = await one.call('PATCH', `work-items/${first.id}`, { note: 'Paid half.', lines: first.lines });
  expect([noted.status, noted.body.note]).toEqual([200, 'Paid half.']);
  const other = await makeContact(server, one.workspace, 'Ben');
  const given = await one.call<Invoice>('PATCH', `invoices/${draft.body.id}`, { contact_id: other });
  expect([given.status, given.body.fields?.[0]?.path]).toEqual([422, 'contact_id']);
});

test('work waits again when its draft is thrown away or its invoice is voided; what is written instead bills it', async () => {
  const one = await business();
  const work = await one.done();
  const draft = (await one.invoice(work.id)).body;
  expect((await one.call('DELETE', `invoices/${draft.id}`)).status).toBe(204);
  expect(await one.read(work.id)).toMatchObject({ to_invoice: true, invoice: null });
  const second = (await one.invoice(work.id)).body;
  const issued = (await one.call<Invoice>('POST', `invoices/${second.id}/issuance`, {})).body;
  expect(await one.read(work.id)).toMatchObject({ to_invoice: false, invoice: { status: 'issued' } });
  expect((await one.invoice(work.id)).body.detail).toContain(issued.number);
  await one.call('POST', `invoices/${second.id}/voiding`, { reason: 'Wrong day.' });
  expect(await one.read(work.id)).toMatchObject({
    to_invoice: true,
    invoice: { number: issued.number, status: 'void' },
  });
  expect(await one.list('status=to_invoice')).toEqual([work.id]);
  expect(await one.waiting()).toMatchObject([{ count: 1 }]);
  const copy = (await one.call<Invoice>('POST', `invoices/${second.id}/copies`, { replaces: true })).body;
  expect(await one.read(work.id)).toMatchObject({ to_invoice: false, invoice: { id: copy.id, status: 'draft' } });
  expect(await one.waiting()).toEqual([]);
  await one.call('DELETE', `invoices/${copy.id}`);
  expect((await one.call('DELETE', `work-items/${work.id}/completion`)).body).toMatchObject({ status: 'planned' });
});

test('pressed by several at once, overlapping choices make one draft of each work', async () => {
  const one = await business();
  const same = (await one.done()).id;
  const presses = await Promise.all([1, 2, 3, 4, 5, 6].map(() => one.invoice(same)));
  expect(presses.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  const [only] = presses.filter(({ status }) => status === 201);
  expect(new Set(presses.map(({ body }) => body.invoice_id ?? body.id))).toEqual(new Set([only!.body.id]));
  await one.call('DELETE', `invoices/${only!.body.id}`);
  await one.call('PATCH', `work-items/${same}`, { billable: false });
  const works = await Promise.all([1, 2, 3, 4].map((day) => one.done({ done_on: `2026-02-0${day}` })));
  const ids = works.map(({ id }) => id);
  const answers = await Promise.all([
    one.invoice(...ids),
    one.invoice(...[...ids].reverse()),
    one.invoice(ids[1]!, ids[2]!),
    one.invoice(ids[3]!, ids[0]!),
    one.invoice(ids[0]!, ids[1]!, ids[2]!),
  ]);
  const made = answers.filter(({ status }) => status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(answers.every(({ status, body }) => status === 201 || body.code === 'work_state_conflict')).toBe(true);
  const invoices = (await one.call<{ data: Invoice[] }>('GET', 'invoices')).body.data;
  expect(invoices.map(({ id }) => id).sort()).toEqual(made.map(({ body }) => body.id).sort());
  const billed = made.reduce((count, { body }) => count + body.lines.length, 0);
  expect(billed + (await one.list('status=to_invoice')).length).toBe(4);
  expect(new Set(await one.list('status=invoiced')).size).toBe(billed);
});

test('the same key pressed at once is one draft, and another choice under it is refused', async () => {
  const one = await business();
  const [work, other] = [await one.done(), await one.done()];
  const key = newId();
  const press = (...ids: string[]) =>
    one.call<Invoice>('POST', 'work-items/invoicing', { work_item_ids: ids }, { key });
  const answers = await Promise.all([press(work.id), press(work.id), press(work.id)]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await press(other.id)).body.code).toBe('idempotency_key_reused');
});

describe('what is refused, with where it is wrong', () => {
  const long = Array.from({ length: 51 }, () => ({ name: 'x', unit_price: '1' }));
  const line = { name: 'x', unit_price: '1' };
  test.each<[string, object, string]>([
    ['a negative quantity', { lines: [{ ...line, quantity: '-1' }] }, 'lines.0.quantity'],
    ['a quantity of nothing', { lines: [{ ...line, quantity: '0' }] }, 'lines[0].quantity'],
    ['a quantity finer than a millionth', { lines: [{ ...line, quantity: '0.0000001' }] }, 'lines[0].quantity'],
    ['a negative price', { lines: [{ ...line, unit_price: '-5' }] }, 'lines.0.unit_price'],
    ['an unknown tax', { lines: [{ ...line, taxes: ['NONE'] }] }, 'lines[0].taxes[0]'],
    ['too many lines', { lines: long }, 'lines'],
    ['no title', { title: ' ' }, 'title'],
    ['a contact of nobody', { contact_id: `con_${'0'.repeat(26)}` }, 'contact_id'],
    ['an unknown currency', { currency: 'XXY' }, 'currency'],
    ['a time without its day', { planned_time: '10:00' }, 'planned_time'],
    ['a time that no clock shows', { planned_on: '2026-03-03', planned_time: '24:00' }, 'planned_time'],
    ['a day that does not exist', { planned_on: '2026-02-30' }, 'planned_on'],
    ['work done in the future', { done_on: '2026-03-03' }, 'done_on'],
    ['a card number', { title: 'Card 4242 4242 4242 4242' }, 'title'],
  ])('%s', async (_, wrong, path) => {
    const { call, contact } = refusing;
    const answer = await call('POST', 'work-items', { contact_id: contact, title: 'Portrait', ...wrong });
    expect([answer.status, answer.body.fields?.[0]?.path]).toEqual([422, path]);
  });

  test('invoicing what is not done, not billable, without a price, another’s, in another currency, twice, unknown, archived', async () => {
    const one = await business();
    const done = await one.done();
    const ben = await makeContact(server, one.workspace, 'Ben');
    const cases: [string[], number, string | undefined][] = [
      [[(await one.add()).id], 409, undefined],
      [[(await one.done({ billable: false })).id], 409, undefined],
      [[done.id, (await one.done({ lines: [] })).id], 422, 'work_item_ids[1]'],
      [[done.id, (await one.done({ contact_id: ben })).id], 422, 'work_item_ids[1]'],
      [[done.id, (await one.done({ currency: 'EUR' })).id], 422, 'work_item_ids[1]'],
      [[done.id, done.id], 422, 'work_item_ids'],
      [[], 422, 'work_item_ids'],
      [[done.id, `wrk_${'0'.repeat(26)}`], 422, 'work_item_ids[1]'],
    ];
    for (const [ids, status, path] of cases) {
      const answer = await one.invoice(...ids);
      expect([ids, answer.status, answer.body.fields?.[0]?.path]).toEqual([ids, status, path]);
    }
    await server.database.inWorkspace(one.workspace.id, (tx) =>
      tx.run({ text: 'UPDATE taxes SET archived_at = now() WHERE workspace_id = $1', values: [one.workspace.id] }),
    );
    const untaxed = await one.done({ lines: [line] });
    expect((await one.invoice(untaxed.id, done.id)).body.fields?.[0]).toMatchObject({
      path: 'work_item_ids[1]',
      message: expect.stringContaining('“Portrait”'),
    });
    expect((await one.call<{ data: unknown[] }>('GET', 'invoices')).body.data).toEqual([]);
    await one.call('POST', `contacts/${one.contact}/archival`);
    expect((await one.invoice(untaxed.id)).body.code).toBe('contact_archived');
    const added = await one.call('POST', 'work-items', { contact_id: one.contact, title: 'Portrait' });
    expect(added.body.code).toBe('contact_archived');
    expect((await one.waiting())[0]).toMatchObject({ contact: { archived: true } });
  });
});
const refusing = await business();

test('after a merge work stands with the contact that stayed, and is billed to it', async () => {
  const one = await business();
  const twin = await makeContact(server, one.workspace, 'Ada L.');
  const [own, others] = [await one.done(), await one.done({ contact_id: twin, done_on: '2026-02-10' })];
  expect(await one.waiting()).toHaveLength(2);
  const merge = await one.call<{ id: string }>('POST', `contacts/${one.contact}/merges`, { merged_contact_id: twin });
  expect(merge.status).toBe(201);
  expect(await one.waiting()).toMatchObject([
    { contact: { id: one.contact }, count: 2, oldest_done_on: '2026-02-10', values: [{ count: 2 }] },
  ]);
  expect((await one.list(`contact=${one.contact}`)).sort()).toEqual([own.id, others.id].sort());
  expect((await one.call('PATCH', `work-items/${others.id}`, { note: 'Merged.' })).status).toBe(200);
  const draft = await one.invoice(others.id, own.id);
  expect([draft.status, draft.body.contact.id]).toEqual([201, one.contact]);
});

test('lists are narrowed and turned page by page', async () => {
  const one = await business();
  const ben = await makeContact(server, one.workspace, 'Ben');
  const days = ['2026-02-01', '2026-02-02', '2026-02-02', '2026-02-05'];
  const done: string[] = [];
  for (const day of days) done.push((await one.done({ done_on: day })).id);
  const deal = (await one.add({ kind: 'deal', contact_id: ben, planned_on: '2026-04-01' })).id;
  const cases: [string, number][] = [
    ['', 5],
    ['status=planned', 1],
    ['status=done', 4],
    ['status=to_invoice', 4],
    ['status=invoiced', 0],
    ['status=cancelled', 0],
    ['done_from=2026-02-02', 3],
    [`contact=${ben}`, 1],
    ['kind=deal&status=done', 0],
  ];
  for (const [query, count] of cases) expect([query, (await one.list(query)).length]).toEqual([query, count]);
  expect((await one.list(''))[0]).toBe(deal);
  const pages: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await one.call<WorkList>('GET', `work-items?status=to_invoice&limit=1${cursor}`);
    pages.push(...body.data.map(({ id }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect([pages[0], pages.at(-1), new Set(pages).size]).toEqual([done[0], done[3], 4]);
  await one.done({ contact_id: ben, done_on: '2026-01-15' });
  const first = await one.call<ToInvoiceList>('GET', 'work-items/to-invoice?limit=1');
  const second = await one.call<ToInvoiceList>('GET', `work-items/to-invoice?limit=1&cursor=${first.body.next_cursor}`);
  expect([...first.body.data, ...second.body.data].map(({ contact }) => contact.id)).toEqual([ben, one.contact]);
  expect(second.body.next_cursor).toBeNull();
  expect((await one.call('GET', 'work-items?cursor=nonsense')).status).toBe(422);
});
