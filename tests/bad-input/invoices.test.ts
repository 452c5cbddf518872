import { beforeAll, describe, expect, it } from 'vitest';
import type { Invoice, NewInvoiceBody } from '../../src/invoices/api.ts';
import { testServer } from '../setup/server.ts';
import { makeScene, type Refusal, refusalFaults, type Scene, type WrongRequest } from './bad-input.ts';

const LINE = { name: 'Consultation', quantity: '2', unit_price: '80.00' };

let scene: Scene;
/** One document in each state that a request can be wrong about, and an open one of somebody else. */
let made: Record<'draft' | 'open' | 'paid' | 'void' | 'credited' | 'euro' | 'quote' | 'foreign' | 'others', Invoice>;
let closedSeries: string;

beforeAll(async () => {
  scene = await makeScene(await testServer());
  const { server, workspace, contact, other, foreign } = scene;
  const call = async <T>(as: string, url: string, body: unknown, key?: string) => {
    const answer = await server.call<T>('POST', url, { as, body, ...(key ? { key } : {}) });
    expect([url, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([url, answer.status, '']);
    return answer.body;
  };
  const write = (body: Partial<NewInvoiceBody> = {}, as = workspace.apiKey) =>
    call<Invoice>(as, '/v1/invoices', { contact_id: contact, lines: [LINE], issue: true, ...body });
  made = {
    draft: await write({ issue: false }),
    open: await write(),
    paid: await write(),
    void: await write(),
    credited: await write(),
    euro: await write({ currency: 'EUR' }),
    quote: await write({ kind: 'quote' }),
    foreign: await write({ contact_id: foreign.contact }, foreign.workspace.apiKey),
    others: await write({ contact_id: other.contact }),
  };
  const { headers } = await server.call('GET', `/v1/contacts/${other.contact}`, { as: workspace.apiKey });
  const billed = await server.call('PATCH', `/v1/contacts/${other.contact}`, {
    as: workspace.apiKey,
    body: { currency: 'USD' },
    ifMatch: String(headers.etag),
  });
  expect(billed.status).toBe(200);
  await call(workspace.apiKey, `/v1/invoices/${made.void.id}/voiding`, { reason: 'Wrong customer' });
  await call(workspace.apiKey, `/v1/invoices/${made.credited.id}/credit-notes`, { reason: 'Nothing was done' });
  await call(
    workspace.apiKey,
    `/v1/contacts/${contact}/offline-payments`,
    transfer(16_000, [[made.paid, 16_000]]),
    'pays-one',
  );
  const series = { kind: 'invoice', name: 'Old shop', pattern: 'OLD-{0000}', restarts_yearly: false };
  closedSeries = (await call<{ id: string }>(workspace.apiKey, '/v1/number-series', series)).id;
  const closing = await server.call('PATCH', `/v1/number-series/${closedSeries}`, {
    as: workspace.apiKey,
    body: { closed: true },
  });
  expect(closing.status).toBe(200);
});

function transfer(amount: number, meant: (readonly [Invoice, number])[], more: object = {}) {
  return {
    amount_minor: amount,
    currency: 'USD',
    method_kind: 'bank_transfer',
    received_on: '2026-03-02',
    allocations: meant.map(([{ id }, amount_minor]) => ({ invoice_id: id, amount_minor })),
    ...more,
  };
}

type Made = typeof made;
type Case = readonly [name: string, request: (scene: Scene, made: Made) => WrongRequest, expected: Refusal];

const invalid = (path: string): Refusal => ({ status: 422, code: 'invalid_request', path });
const conflict: Refusal = { status: 409, code: 'invoice_state_conflict' };
const notFound: Refusal = { status: 404, code: 'not_found' };

/** An invoice that would be written and issued, with something wrong in its body. */
const write =
  (wrong: Record<string, unknown>) =>
  ({ contact }: Scene): WrongRequest => ({
    url: '/v1/invoices',
    body: { contact_id: contact, lines: [LINE], issue: true, ...wrong },
  });
const line = (wrong: Record<string, unknown>) => write({ lines: [LINE, { ...LINE, ...wrong }] });
const step =
  (which: keyof Made, noun: string, body: unknown = {}) =>
  (_scene: Scene, { [which]: document }: Made): WrongRequest => ({ url: `/v1/invoices/${document.id}/${noun}`, body });
const pay =
  (which: keyof Made, amount: number, more: object = {}) =>
  ({ contact }: Scene, { [which]: document }: Made): WrongRequest => ({
    url: `/v1/contacts/${contact}/offline-payments`,
    body: transfer(amount, [[document, amount]], more),
  });
const charge =
  (which: keyof Made, amount: number, more: object = {}) =>
  ({ contact, method }: Scene, { [which]: { id } }: Made): WrongRequest => ({
    url: `/v1/contacts/${contact}/charges`,
    body: {
      amount_minor: amount,
      currency: 'USD',
      payment_method_id: method,
      confirm_same_again: true,
      allocations: [{ invoice_id: id, amount_minor: amount }],
      ...more,
    },
  });

const WRITING: Case[] = [
  ['a quantity of nothing', line({ quantity: '0' }), invalid('lines[1].quantity')],
  ['a negative quantity', line({ quantity: '-1' }), invalid('lines.1.quantity')],
  ['a quantity in words', line({ quantity: 'two' }), invalid('lines.1.quantity')],
  ['a quantity as number', line({ quantity: 2 }), invalid('lines.1.quantity')],
  ['a quantity with a comma', line({ quantity: '1,5' }), invalid('lines.1.quantity')],
  ['a quantity with an exponent', line({ quantity: '1e3' }), invalid('lines.1.quantity')],
  ['a negative price', line({ unit_price: '-80' }), invalid('lines.1.unit_price')],
  ['a price finer than prices are kept', line({ unit_price: '1.2345678' }), invalid('lines[1].unit_price')],
  ['a tax that is not there', line({ taxes: ['GST'] }), invalid('lines[1].taxes[0]')],
  ['a discount of more than the line', line({ discount: { percent: '101' } }), invalid('lines[1].discount.percent')],
  ['a line without a name', line({ name: '' }), invalid('lines.1.name')],
  ['a product of nobody', line({ product_id: `prd_${'0'.repeat(26)}` }), invalid('lines[1].product_id')],
  ['an unknown field in a line', line({ price: '5' }), { status: 422, code: 'invalid_request' }],
  ['ten thousand lines', write({ lines: Array.from({ length: 10_000 }, () => LINE) }), invalid('lines')],
  ['no lines', write({ lines: [] }), invalid('lines')],
  ['a note of a megabyte', write({ notes: 'x'.repeat(1_000_000) }), invalid('notes')],
  ['a note of two megabytes', write({ notes: 'x'.repeat(2_000_000) }), { status: 413, code: 'payload_too_large' }],
  [
    'a currency that is not the customer’s',
    ({ other }) => write({ currency: 'EUR' })({ ...scene, contact: other.contact }),
    invalid('currency'),
  ],
  ['an unknown currency', write({ currency: 'XXX' }), invalid('currency')],
  ['a date that is none', write({ issued_on: '2026-02-30' }), invalid('issued_on')],
  [
    'a contact of another business',
    ({ foreign }) => write({})({ ...scene, contact: foreign.contact }),
    invalid('contact_id'),
  ],
  [
    'an archived contact',
    ({ archived }) => write({})({ ...scene, contact: archived.contact }),
    { status: 409, code: 'contact_archived' },
  ],
  [
    'a series of nobody',
    write({ series_id: `ser_${'0'.repeat(26)}` }),
    { status: 422, code: 'invalid_request', path: 'series_id' },
  ],
  ['a tax of more than everything', () => ({ url: '/v1/taxes', body: tax('101') }), invalid('rate')],
  ['a negative tax', () => ({ url: '/v1/taxes', body: tax('-1') }), invalid('rate')],
];
const tax = (rate: string) => ({ code: 'ODD', label: 'Odd', rate, category: 'S' });

const STATES: Case[] = [
  ['changing what is issued', change('open'), conflict],
  ['changing what is void', change('void'), conflict],
  ['deleting what is issued', (_scene, { open }) => ({ method: 'DELETE', url: `/v1/invoices/${open.id}` }), conflict],
  ['issuing what is void', step('void', 'issuance'), conflict],
  [
    'issuing from a closed series',
    (_scene, { draft }) => ({ url: `/v1/invoices/${draft.id}/issuance`, body: { series_id: closedSeries } }),
    { status: 409, code: 'series_closed' },
  ],
  ['issuing ahead of time', step('draft', 'issuance', { issued_on: '2031-01-01' }), invalid('issued_on')],
  ['voiding a draft', step('draft', 'voiding', { reason: 'x' }), conflict],
  ['voiding what is paid', step('paid', 'voiding', { reason: 'x' }), conflict],
  ['voiding without a reason', step('open', 'voiding', { reason: '' }), invalid('reason')],
  [
    'writing off more than is open',
    step('open', 'write-offs', { amount_minor: 16_001, reason: 'x' }),
    invalid('amount_minor'),
  ],
  ['writing off what is paid', step('paid', 'write-offs', { reason: 'x' }), conflict],
  [
    'crediting more than was billed',
    step('open', 'credit-notes', { lines: [{ ...LINE, quantity: '3' }], reason: 'x' }),
    { status: 409, code: 'credit_above_billed' },
  ],
  [
    'crediting again what is credited',
    step('credited', 'credit-notes', { reason: 'x' }),
    { status: 409, code: 'credit_above_billed' },
  ],
  ['crediting a draft', step('draft', 'credit-notes', { reason: 'x' }), conflict],
  ['crediting what is void', step('void', 'credit-notes', { reason: 'x' }), conflict],
  ['an invoice of an invoice', step('open', 'invoicing'), conflict],
  ['accepting an invoice', step('open', 'acceptance', { answer: 'accepted', by: 'Ada' }), conflict],
  ['a document of another business', step('foreign', 'voiding', { reason: 'x' }), notFound],
];

function change(which: keyof Made) {
  return (_scene: Scene, { [which]: { id, version } }: Made): WrongRequest => ({
    method: 'PATCH',
    url: `/v1/invoices/${id}`,
    headers: { 'if-match': `"v${version}"` },
    body: { notes: 'Another' },
  });
}

const PAYING: Case[] = [
  ['a transfer for a paid invoice', pay('paid', 100), { status: 409, code: 'allocation_refused' }],
  ['a transfer for a void invoice', pay('void', 100), { status: 409, code: 'allocation_refused' }],
  ['a transfer for a draft', pay('draft', 100), { status: 409, code: 'allocation_refused' }],
  ['a transfer for a quote', pay('quote', 100), invalid('allocations[0].invoice_id')],
  ['more of it than is open', pay('open', 16_001), { status: 409, code: 'allocation_refused' }],
  ['a transfer in another currency', pay('euro', 100), invalid('allocations[0].invoice_id')],
  ['a transfer for somebody else’s invoice', pay('others', 100), invalid('allocations[0].invoice_id')],
  ['a transfer for another business’s invoice', pay('foreign', 100), invalid('allocations[0].invoice_id')],
  ['more than came in', pay('open', 5_000, { amount_minor: 4_999 }), invalid('allocations')],
  ['a charge for a paid invoice', charge('paid', 100), { status: 409, code: 'allocation_refused' }],
  ['a charge for a void invoice', charge('void', 100), { status: 409, code: 'allocation_refused' }],
  ['a charge in another currency', charge('euro', 100), invalid('allocations[0].invoice_id')],
  ['a charge for somebody else’s invoice', charge('others', 100), invalid('allocations[0].invoice_id')],
];

it('a line names a product that exists, and the draft is edited without naming it again', async () => {
  const { server, workspace, contact, foreign } = scene;
  const newProduct = { name: 'Consultation', unit_price: '80.00', currency: 'USD' };
  const product = async (as: string) =>
    (await server.call<{ id: string }>('POST', '/v1/products', { as, body: newProduct })).body.id;
  const write = (id: string) =>
    server.call<Invoice>('POST', '/v1/invoices', {
      as: workspace.apiKey,
      body: { contact_id: contact, lines: [{ ...LINE, product_id: id }] },
    });
  const { status, body: draft } = await write(await product(workspace.apiKey));
  expect(status).toBe(201);
  const edited = await server.call<Invoice>('PATCH', `/v1/invoices/${draft.id}`, {
    as: workspace.apiKey,
    ifMatch: `"v${draft.version}"`,
    body: { notes: 'Thank you.' },
  });
  expect([edited.status, edited.body.lines[0]!.product_id]).toEqual([200, draft.lines[0]!.product_id]);
  expect((await write(await product(foreign.workspace.apiKey))).status).toBe(422);
});

describe.each([
  ['writing', WRITING],
  ['in that state', STATES],
  ['paying', PAYING],
] as const)('refused, with nothing half done: %s', (_name, cases) => {
  it.each(cases)('%s', async (_case, request, expected) => {
    expect(await refusalFaults(scene, request(scene, made), expected)).toEqual([]);
  });
});
