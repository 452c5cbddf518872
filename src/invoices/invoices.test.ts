import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Invoice, InvoiceTotals, NewInvoiceBody } from './api.ts';
import { verifyInvoices } from './verify-invoices.ts';

const server = await testServer();

async function business(settings: Parameters<typeof server.workspace>[0] = {}) {
  const workspace = await server.workspace(settings);
  const contact = await makeContact(server, workspace);
  await server.database.inWorkspace(workspace.id, async (tx) => {
    await tx.run({
      text: `INSERT INTO taxes (workspace_id, id, code, label, rate, category, created_at)
             VALUES ($1, gen_random_uuid(), 'VAT20', 'VAT 20 %', 200000, 'S', now()), ($1, gen_random_uuid(), 'VAT5', 'VAT 5 %', 50000, 'S', now())`,
      values: [workspace.id],
    });
  });
  return { workspace, contact };
}

const LINES = [
  { name: 'Consultation', quantity: '1.5', unit_price: '80.00', taxes: ['VAT20'] },
  { name: 'Materials', quantity: '3', unit_price: '12.35', taxes: ['VAT5'] },
  { name: 'Travel', unit_price: '20' },
];

const write = (workspace: TestWorkspace, body: NewInvoiceBody, more: { key?: string } = {}) =>
  server.call<Invoice>('POST', '/v1/invoices', { as: workspace.apiKey, body, ...more });
const step = <T = Invoice>(workspace: TestWorkspace, id: string, noun: string, body: unknown = {}) =>
  server.call<T>('POST', `/v1/invoices/${id}/${noun}`, { as: workspace.apiKey, body });
const read = async (workspace: TestWorkspace, id: string) =>
  (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as: workspace.apiKey })).body;

async function differences(workspace: TestWorkspace) {
  return server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
  ]);
}

test('a draft comes to what its lines say, has no number, and is changed until it is issued', async () => {
  const { workspace, contact } = await business();
  const { status, body: draft } = await write(workspace, { contact_id: contact, lines: LINES });
  expect([status, draft.status, draft.number]).toEqual([201, 'draft', null]);
  // 120.00 + 37.05 + 20.00; tax 24.00 + 1.85
  expect([draft.net_minor, draft.tax_minor, draft.total_minor]).toEqual([17_705, 2_585, 20_290]);
  const edited = await server.call<Invoice>('PATCH', `/v1/invoices/${draft.id}`, {
    as: workspace.apiKey,
    body: { discount: { percent: '10' }, notes: 'Thank you.' },
    ifMatch: `"v${draft.version}"`,
  });
  expect([edited.status, edited.body.total_minor, edited.body.notes]).toEqual([200, 18_261, 'Thank you.']);
  const stale = await server.call('PATCH', `/v1/invoices/${draft.id}`, {
    as: workspace.apiKey,
    body: { notes: 'Late.' },
    ifMatch: `"v${draft.version}"`,
  });
  expect(stale.status).toBe(412);
  expect((await server.call('DELETE', `/v1/invoices/${draft.id}`, { as: workspace.apiKey })).status).toBe(204);
  expect((await server.call('GET', `/v1/invoices/${draft.id}`, { as: workspace.apiKey })).status).toBe(404);
});

test('an issued invoice has a number, due dates and an entry, and never changes again', async () => {
  const { workspace, contact } = await business();
  const { body: invoice } = await write(workspace, { contact_id: contact, lines: LINES, issue: true });
  expect(invoice).toMatchObject({
    number: 'INV-2026-0001',
    status: 'open',
    issued_on: '2026-03-02',
    due_on: '2026-03-16',
    open_minor: 20_290,
  });
  const again = await step(workspace, invoice.id, 'issuance');
  expect([again.status, again.body.number, again.headers['idempotent-replayed']]).toEqual([
    201,
    'INV-2026-0001',
    'true',
  ]);
  const edit = await server.call('PATCH', `/v1/invoices/${invoice.id}`, { as: workspace.apiKey, body: { notes: 'x' } });
  expect([edit.status, edit.body.code]).toEqual([409, 'invoice_state_conflict']);
  for (const change of ['total_minor = 1', "due_on = '2030-01-01'"]) {
    await expect(
      server.database.inWorkspace(workspace.id, (tx) =>
        tx.run({ text: `UPDATE invoices SET ${change} WHERE workspace_id = $1`, values: [workspace.id] }),
      ),
    ).rejects.toThrow(/never changes/);
  }
  expect(await differences(workspace)).toEqual([]);
});

test('fifty at once take fifty numbers in a row, and a refused one takes none', async () => {
  const { workspace, contact } = await business();
  const drafts = await Promise.all(
    Array.from({ length: 50 }, () => write(workspace, { contact_id: contact, lines: LINES })),
  );
  const issued = await Promise.all(
    drafts.flatMap(({ body }, index) => [
      step(workspace, body.id, 'issuance'),
      ...(index % 10 === 0 ? [step(workspace, body.id, 'issuance', { issued_on: '2030-01-01' })] : []),
    ]),
  );
  const numbers = new Set(issued.filter(({ status }) => status === 201).map(({ body }) => body.number));
  expect(numbers.size).toBe(50);
  expect([...numbers].sort().at(-1)).toBe('INV-2026-0050');
  expect(await differences(workspace)).toEqual([]);
});

test('what cannot be written is refused with the field and what would be accepted', async () => {
  const { workspace, contact } = await business();
  const line = LINES[0]!;
  const cases: [string, Partial<NewInvoiceBody>, number, string][] = [
    ['no quantity', { lines: [{ ...line, quantity: '0' }] }, 422, 'lines[0].quantity'],
    ['a negative quantity', { lines: [{ ...line, quantity: '-1' }] }, 422, 'lines.0.quantity'],
    ['too many decimals', { lines: [{ ...line, unit_price: '1.2345678' }] }, 422, 'lines[0].unit_price'],
    ['a tax that is not there', { lines: [{ ...line, taxes: ['GST'] }] }, 422, 'lines[0].taxes[0]'],
    ['a discount over 100 %', { discount: { percent: '101' } }, 422, 'discount.percent'],
    ['no lines', { lines: [] }, 422, 'lines'],
    ['ten thousand lines', { lines: Array.from({ length: 10_000 }, () => line) }, 422, 'lines'],
    ['a card number in the notes', { notes: 'card 4242 4242 4242 4242' }, 422, 'notes'],
    ['terms of another business', { terms_id: `trm_${'0'.repeat(26)}` }, 422, 'terms_id'],
    ['a total beyond any amount', { lines: [{ ...line, quantity: '1000000', unit_price: '99999999' }] }, 422, 'lines'],
    ['a note of a megabyte', { notes: 'x'.repeat(1_000_000) }, 422, 'notes'],
  ];
  for (const [name, part, status, path] of cases) {
    const answer = await server.call<{ fields?: { path: string }[] }>('POST', '/v1/invoices', {
      as: workspace.apiKey,
      body: { contact_id: contact, lines: LINES, ...part },
    });
    expect([name, answer.status]).toEqual([name, status]);
    expect([name, answer.body.fields?.[0]?.path]).toEqual([name, path]);
  }
  const list = await server.call<{ data: Invoice[] }>('GET', '/v1/invoices', { as: workspace.apiKey });
  expect(list.body.data).toEqual([]);
});

test('void reverses the entry and keeps the number; a credit note refers to its invoice', async () => {
  const { workspace, contact } = await business();
  const first = (await write(workspace, { contact_id: contact, lines: LINES, issue: true })).body;
  const second = (await write(workspace, { contact_id: contact, lines: LINES, issue: true })).body;
  expect((await step(workspace, first.id, 'voiding', { reason: 'Wrong customer' })).body.status).toBe('void');
  expect((await step(workspace, first.id, 'voiding', { reason: 'Again' })).status).toBe(409);
  const part = await step(workspace, second.id, 'credit-notes', {
    lines: [{ name: 'Travel', unit_price: '20' }],
    reason: 'No travel',
  });
  expect([part.status, part.body.number, part.body.kind, part.body.made_from?.number]).toEqual([
    201,
    'CN-2026-0001',
    'credit_note',
    second.number,
  ]);
  expect(await read(workspace, second.id)).toMatchObject({ open_minor: 18_290, credited_minor: 2_000, status: 'open' });
  const tooMuch = await step(workspace, second.id, 'credit-notes', {
    lines: [{ name: 'All', unit_price: '500' }],
    reason: 'x',
  });
  expect([tooMuch.status, (tooMuch.body as unknown as { code: string }).code]).toEqual([409, 'credit_above_billed']);
  expect((await step(workspace, second.id, 'write-offs', { reason: 'Insolvent' })).body.status).toBe('written_off');
  expect(await differences(workspace)).toEqual([]);
});

test('a quote is accepted, becomes one invoice however often it is asked for, and expires by its day', async () => {
  const { workspace, contact } = await business();
  const quote = (
    await write(workspace, { kind: 'quote', contact_id: contact, lines: LINES, valid_until: '2026-03-10', issue: true })
  ).body;
  expect([quote.number, quote.status]).toEqual(['Q-2026-0001', 'sent']);
  expect((await step(workspace, quote.id, 'acceptance', { answer: 'accepted', by: 'Ada' })).body.status).toBe(
    'accepted',
  );
  const made = await Promise.all([1, 2, 3].map(() => step(workspace, quote.id, 'invoicing')));
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
  expect((await read(workspace, quote.id)).status).toBe('invoiced');
  expect(made[0]!.body).toMatchObject({ kind: 'invoice', status: 'draft', total_minor: 20_290 });
});

test('the list finds by status, and totals say what is open', async () => {
  const { workspace, contact } = await business();
  const open = (await write(workspace, { contact_id: contact, lines: LINES, issue: true })).body;
  const terms = { due: { kind: 'immediate' as const }, early_discount: null, shift: 'none' as const };
  const due = (await write(workspace, { contact_id: contact, lines: LINES, terms, issue: true })).body;
  await write(workspace, { contact_id: contact, lines: LINES });
  const idsOf = async (query: string) =>
    (await server.call<{ data: Invoice[] }>('GET', `/v1/invoices?${query}`, { as: workspace.apiKey })).body.data.map(
      ({ id }) => id,
    );
  expect(await idsOf('status=open')).toEqual([due.id, open.id]);
  server.clock.moveTo(new Date('2026-03-03T09:00:00Z'));
  expect(await idsOf('status=overdue')).toEqual([due.id]);
  expect(await idsOf('status=open')).toEqual([open.id]);
  expect((await idsOf('status=draft')).length).toBe(1);
  expect((await idsOf('limit=2')).length).toBe(2);
  const totals = await server.call<InvoiceTotals>('GET', '/v1/invoices/totals?status=overdue', {
    as: workspace.apiKey,
  });
  expect(totals.body.data).toEqual([
    { currency: 'USD', count: 1, total_minor: 20_290, open_minor: 20_290, overdue_minor: 20_290 },
  ]);
  expect((await read(workspace, due.id)).status).toBe('overdue');
});

test('the same key writes one document', async () => {
  const { workspace, contact } = await business();
  const answers = await Promise.all(
    [1, 2, 3].map(() => write(workspace, { contact_id: contact, lines: LINES, issue: true }, { key: 'once' })),
  );
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await differences(workspace)).toEqual([]);
});
