import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Invoice, InvoiceRowAnswer } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { ContactAccount } from '../payments/api-account.ts';
import { verifyPayments } from '../payments/verify-payments.ts';
import type { SalesAs } from './import.ts';
import type { ImportsContext } from './open-import.ts';
import { readImportRecord, streamReports } from './read-import.ts';
import { makeImportRunner } from './run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

const server = await testServer();
const { database, clock, call } = server;
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-sales-invoices-'));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
const context: ImportsContext = { database, clock, dataFolder };
const runner = makeImportRunner(context, (error) => console.error(error));
const setUp = async () => {
  const workspace = await server.workspace({ currency: 'GBP', timeZone: 'Europe/London' });
  const caller = await workspace.caller();
  const step = async (id: string, start: typeof startCheck) => {
    await start(context, caller, id);
    runner.wake(workspace.id, id);
    await runner.idle();
    return readImportRecord(context, workspace.id, id);
  };
  const check = async (text: string, salesAs: SalesAs) => {
    const { id } = await uploadImport(context, caller, 'sales_lines', { name: 's.csv', stream: Readable.from([text]) });
    await mapImport(context, caller, id, { salesAs, paidBy: 'cash' });
    return { id, record: await step(id, startCheck) };
  };
  const bring = async (text: string, salesAs: SalesAs) => {
    const { id } = await check(text, salesAs);
    return { id, record: await step(id, startCommit) };
  };
  const get = async <Answer>(path: string) => (await call<Answer>('GET', path, { as: workspace.apiKey })).body;
  const post = (path: string, body: object) => call('POST', path, { as: workspace.apiKey, body, key: newId() });
  const list = async (kind: string) => (await get<{ data: InvoiceRowAnswer[] }>(`/v1/invoices?kind=${kind}`)).data;
  const document = async (kind: string, number: string) => {
    const row = (await list(kind)).find((one) => one.number === number);
    return row && get<Invoice>(`/v1/invoices/${row.id}`);
  };
  const account = async (ref: string) => {
    const [row] = await database.asOwner<{ id: string }>(
      'SELECT id FROM contacts WHERE workspace_id = $1 AND external_ref = $2 AND deleted_at IS NULL',
      [workspace.id, ref],
    );
    const contact = toPublicId('contact', row!.id);
    return { contact, ...(await get<ContactAccount>(`/v1/contacts/${contact}/account`)).data[0] };
  };
  const wrongs = async () => [
    ...(await database.inWorkspace(workspace.id, verifyBooks, { snapshot: true })),
    ...(await database.inWorkspace(workspace.id, verifyInvoices, { snapshot: true })),
    ...(await database.inWorkspace(workspace.id, verifyPayments, { snapshot: true })),
  ];
  return { workspace, step, check, bring, post, list, document, account, wrongs };
};

const HEADER = 'Invoice,Date,Due date,SKU,Product,Qty,Price,Customer no';
const SALES = `${HEADER}
1001,2026-01-05 23:30,2026-02-20,CUP,Cup,3,5.00,c1
1001,2026-01-05 23:30,2026-02-20,TEA,Tea,1,2.005,c1
C1,2026-01-10,,CUP,Cup,-1,5.00,c1
C2,2026-01-11,,HAT,Hat,-1,30.00,c1
1002,2026-01-12,,PEN,Pen,1,1.004,c1
1002,2026-01-12,,INK,Ink,1,1.004,c1
1003,2026-01-13,,CUP,Cup,4,5.00,c2
1003,2026-01-13,,,Cup given back,-1,5.00,c2
1004,2026-01-14,,CUP,Cup,1,0,c2
1005,2026-01-14,,CUP,Cup,many,5.00,c2
1006,2027-01-14,,CUP,Cup,1,5.00,c2
1007,2026-01-14,,CUP,Cup,1,5.00,
`;

test('sales become open invoices: lines, dates, rounding, and credit notes that find their sale or stand alone', async () => {
  const { workspace, check, bring, list, document, account, wrongs } = await setUp();
  const dry = await check(SALES, 'invoices_open');
  expect(dry.record).toMatchObject({
    status: 'checked',
    settings: { sales_as: 'invoices_open', paid_by: 'cash' },
    summary: {
      ties: true,
      lines: { read: 12, used: 9, left_out: 1, refused: 2 },
      documents: { invoices: 4, credit_notes: 2, lines: 9, about_sales: 1, already_there: 0 },
      payments: { in_file: 0, zero_value: 1 },
      money: [{ charges_minor: 1_701 + 201 + 1_500, credits_minor: 3_500 }],
    },
  });
  let reports = '';
  for await (const part of streamReports(context, workspace.id, dry.id)) reports += part;
  expect(reports).toMatch(/stands alone.*C2/);
  expect(reports).toMatch(/difference stands in it.*1002/);
  expect(reports).toMatch(/after today.*1006/);
  expect(await list('invoice')).toEqual([]);

  const { record } = await bring(SALES, 'invoices_open');
  expect(record.summary?.written).toEqual({ contacts: 2, companies: 0, payments: 0, documents: 6, already_there: 0 });
  expect((await list('invoice')).map(({ number, issued_on, due_on }) => [number, issued_on, due_on])).toEqual([
    ['1004', '2026-01-14', '2026-01-28'],
    ['1003', '2026-01-13', '2026-01-27'],
    ['1002', '2026-01-12', '2026-01-26'],
    ['1001', '2026-01-05', '2026-02-20'],
  ]);
  const sale = await document('invoice', '1001');
  expect(sale).toMatchObject({
    status: 'overdue',
    total_minor: 1_701,
    credited_minor: 500,
    open_minor: 1_201,
    discount: null,
    followed_by: [{ kind: 'credit_note', number: 'C1' }],
    lines: [
      { name: 'Cup', description: 'CUP', quantity: '3', unit_price: '5', taxes: [] },
      { name: 'Tea', description: 'TEA', quantity: '1', unit_price: '2.005' },
    ],
  });
  expect(await document('invoice', '1002')).toMatchObject({
    total_minor: 201,
    lines: [{ name: 'Pen' }, { name: 'Ink' }, { name: 'Rounding', unit_price: '0.01' }],
    notes: 'Rounding: 0.01 added.',
  });
  expect(await document('invoice', '1003')).toMatchObject({
    total_minor: 1_500,
    document_discount_minor: 500,
    lines: [{ quantity: '4' }],
    notes: 'Taken off: 1 × Cup given back at 5.',
  });
  expect(await document('invoice', '1004')).toMatchObject({ status: 'paid', total_minor: 0, paid_minor: 0 });
  expect(await document('credit_note', 'C1')).toMatchObject({ total_minor: 500, made_from: { number: '1001' } });
  expect(await document('credit_note', 'C2')).toMatchObject({ total_minor: 3_000, made_from: null });
  expect(await account('c1')).toMatchObject({ open_minor: 1_402, on_account_minor: 0, credit_notes_minor: 3_000 });
  expect(await account('c2')).toMatchObject({ open_minor: 1_500, credit_notes_minor: 0 });
  const pdf = await call('GET', `/v1/invoices/${sale?.id}/document.pdf`, { as: workspace.apiKey });
  expect([pdf.status, pdf.headers['content-type']]).toEqual([200, 'application/pdf']);
  expect(await wrongs()).toEqual([]);
});

test('undo withdraws what nobody touched; what was paid since stays with its contact, and all comes in once more', async () => {
  const { workspace, step, bring, post, list, document, account, wrongs } = await setUp();
  const { id } = await bring(SALES, 'invoices_open');
  const { contact } = await account('c1');
  const paid = await document('invoice', '1002');
  const money = {
    amount_minor: 201,
    currency: 'GBP',
    method_kind: 'cash',
    received_on: '2026-03-02',
    allocations: [{ invoice_id: paid?.id, amount_minor: 201 }],
  };
  expect((await post(`/v1/contacts/${contact}/offline-payments`, money)).status).toBe(201);
  const withdrawn = await document('invoice', '1001');

  expect(await step(id, startUndo)).toMatchObject({
    status: 'undone',
    summary: { taken_back: { documents: 5, documents_kept: 1, contacts: 1, contacts_kept: 1 } },
  });
  expect((await list('invoice')).map((row) => row.number)).toEqual(['1002']);
  expect(await list('credit_note')).toEqual([]);
  const { body } = await call<Invoice>('GET', `/v1/invoices/${withdrawn?.id}`, { as: workspace.apiKey });
  expect(body).toMatchObject({ status: 'void', void_reason: 'Its import was undone.', open_minor: 0 });
  expect(await account('c1')).toMatchObject({ open_minor: 0, credit_notes_minor: 0 });
  expect(await wrongs()).toEqual([]);

  const again = await bring(SALES, 'invoices_paid');
  expect(again.record.summary?.written).toMatchObject({ contacts: 1, documents: 5, already_there: 2 });
  expect(await document('invoice', '1001')).toMatchObject({ status: 'paid', paid_minor: 1_701 });
  expect(await wrongs()).toEqual([]);
});

test('paid documents: money on their days; crediting by hand counts what was paid out before, and undo keeps what it touched', async () => {
  const { workspace, step, bring, post, document, account, wrongs } = await setUp();
  const { id, record } = await bring(SALES, 'invoices_paid');
  expect(record.summary?.written).toMatchObject({ documents: 6, payments: 5 });
  const rows = await database.asOwner<{
    reference: string;
    kind: string;
    method_kind: string;
    day: string;
    purpose: string;
  }>(
    `SELECT reference, kind, method_kind, day::text, purpose FROM payments WHERE workspace_id = $1 ORDER BY reference`,
    [workspace.id],
  );
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    '1001 charge cash 2026-01-05 account',
    '1002 charge cash 2026-01-12 account',
    '1003 charge cash 2026-01-13 account',
    'C1 refund cash 2026-01-10 account',
    'C2 refund cash 2026-01-11 account',
  ]);
  expect(await account('c1')).toMatchObject({
    open_minor: 0,
    on_account_minor: 0,
    credit_notes_minor: 0,
    paid_count: 2,
  });

  const sale = await document('invoice', '1001');
  const credit = (body: object) => post(`/v1/invoices/${sale?.id}/credit-notes`, { reason: 'Broken', ...body });
  expect((await credit({})).status).toBe(409);
  const lines = (unit_price: string) => ({ lines: [{ name: 'Cup', unit_price }] });
  expect((await credit(lines('12.02'))).body).toMatchObject({ code: 'credit_above_billed' });
  expect((await credit(lines('12.01'))).status).toBe(201);
  expect(await account('c1')).toMatchObject({ open_minor: 0, on_account_minor: 1_201 });
  expect(await wrongs()).toEqual([]);

  expect(await step(id, startUndo)).toMatchObject({
    status: 'undone',
    summary: { taken_back: { payments: 4, payments_kept: 1, documents: 5, documents_kept: 1, contacts_kept: 1 } },
  });
  expect(await wrongs()).toEqual([]);
});

test('a sale is in the book once, as a payment or as a document; only sales lines become documents', async () => {
  const { workspace, check, bring, wrongs } = await setUp();
  await bring(SALES, 'payments');
  const as = await check(SALES, 'invoices_paid');
  expect(as.record.summary).toMatchObject({ documents: { already_there: 5 } });
  expect((await bring(SALES, 'invoices_open')).record.summary?.written).toMatchObject({
    documents: 1,
    already_there: 7,
  });
  expect(await wrongs()).toEqual([]);

  const caller = await workspace.caller();
  const { id } = await uploadImport(context, caller, 'payments', {
    name: 'p.csv',
    stream: Readable.from(['Date,Amount,Customer ID\n2026-01-05,5,c1\n']),
  });
  await expect(mapImport(context, caller, id, { salesAs: 'invoices_open' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});
