import { expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { isIban } from './edit-invoicing.ts';

const server = await testServer();
const workspace = await server.workspace();
const as = workspace.apiKey;
type Any = Record<string, unknown> & { id: string; fields?: { path: string }[]; code?: string };
const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown) =>
  server.call<Any>(method, url, { as, body });

test('a tax is added once, and its rate never changes', async () => {
  const made = await call('POST', '/v1/taxes', { code: 'VAT19', label: 'VAT 19 %', rate: '19' });
  expect([made.status, made.body.rate]).toEqual([201, '19']);
  expect((await call('POST', '/v1/taxes', { code: 'VAT19', label: 'x', rate: '7' })).body.code).toBe('duplicate_name');
  expect((await call('POST', '/v1/taxes', { code: 'BIG', label: 'x', rate: '101' })).body.fields?.[0]?.path).toBe(
    'rate',
  );
  expect((await call('POST', '/v1/taxes', { code: 'REV', label: 'x', rate: '19', category: 'AE' })).status).toBe(422);
  expect((await call('PATCH', `/v1/taxes/${made.body.id}`, { rate: '20' })).status).toBe(422);
  expect((await call('PATCH', `/v1/taxes/${made.body.id}`, { label: 'USt 19 %' })).body.label).toBe('USt 19 %');
});

test('terms say what they mean, one of them is the default, and their dates can be seen before', async () => {
  const terms = { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 } };
  const made = await call('POST', '/v1/payment-terms', { name: '2/10 net 30', terms, is_default: true });
  expect(made.body.words).toBe('Due within 30 days; 2 % off if paid within 10 days');
  const other = await call('POST', '/v1/payment-terms', {
    name: 'At once',
    terms: { due: { kind: 'immediate' } },
    is_default: true,
  });
  expect(other.status).toBe(201);
  const list = (await call('GET', '/v1/payment-terms')).body.data as { name: string; is_default: boolean }[];
  expect(list.map(({ name, is_default }) => [name, is_default])).toEqual([
    ['2/10 net 30', false],
    ['At once', true],
  ]);
  const preview = await call('POST', '/v1/payment-terms/previews', {
    terms,
    issued_on: '2026-03-02',
    total_minor: 10_000,
  });
  expect(preview.body).toMatchObject({
    instalments: [{ due_on: '2026-04-01', amount_minor: 10_000 }],
    early_discount: { until_on: '2026-03-12', amount_minor: 200 },
  });
  const wrong = { due: { kind: 'instalments', parts: [{ percent: '120', due: { kind: 'immediate' } }] } };
  expect((await call('POST', '/v1/payment-terms', { name: 'Wrong', terms: wrong })).body.fields?.[0]?.path).toBe(
    'terms.due.parts[0].percent',
  );
});

test('a product is found by the beginning of its name and keeps its price exactly', async () => {
  const body = {
    name: 'Consultation',
    unit_price: '80.125',
    currency: 'USD',
    taxes: ['VAT19'],
    unit: 'hour',
    unit_code: 'HUR',
  };
  const made = await call('POST', '/v1/products', body);
  expect([made.status, made.body.unit_price, made.body.taxes]).toEqual([201, '80.125', ['VAT19']]);
  const found = (await call('GET', '/v1/products?q=cons')).body.data as Any[];
  expect(found.map(({ id }) => id)).toEqual([made.body.id]);
  expect((await call('GET', '/v1/products?q=x')).body.data).toEqual([]);
  const wrong = await call('POST', '/v1/products', { ...body, unit_price: '1.2345678' });
  expect(wrong.body.fields?.[0]?.path).toBe('unit_price');
  const price = await call('PATCH', `/v1/products/${made.body.id}`, { unit_price: '90' });
  expect([price.body.unit_price, price.body.version]).toEqual(['90', 2]);
  expect((await call('DELETE', `/v1/products/${made.body.id}`)).status).toBe(204);
  expect((await call('GET', '/v1/products')).body.data).toEqual([]);
});

test('a series that is closed gives no numbers, and the default cannot be closed', async () => {
  const first = await call('POST', '/v1/number-series', { kind: 'invoice', name: 'Shop', pattern: 'S-{YYYY}-{000}' });
  expect([first.body.is_default, first.body.next]).toEqual([true, 'S-2026-001']);
  expect((await call('PATCH', `/v1/number-series/${first.body.id}`, { closed: true })).status).toBe(409);
  const second = await call('POST', '/v1/number-series', {
    kind: 'invoice',
    name: 'Web',
    pattern: 'W-{YY}{0000}',
    is_default: true,
  });
  expect(second.status).toBe(201);
  expect((await call('PATCH', `/v1/number-series/${first.body.id}`, { closed: true })).body.closed).toBe(true);
  expect((await call('POST', '/v1/number-series', { kind: 'invoice', name: 'x', pattern: 'nothing' })).status).toBe(
    422,
  );
  expect((await call('POST', '/v1/number-series', { kind: 'invoice', name: 'x', pattern: 'N{0000}' })).status).toBe(
    422,
  );
});

test('settings keep what is not given, and a wrong IBAN is refused', async () => {
  expect((await call('GET', '/v1/invoicing')).body).toMatchObject({
    tax_rounding: 'document',
    version: 0,
    has_logo: false,
  });
  const set = await call('PATCH', '/v1/invoicing', {
    footer: 'Registered in London',
    seller: { country: 'DE', tax_id: 'DE123456789' },
    payment_details: { iban: 'DE89370400440532013000', account_holder: 'Harbour Studio' },
  });
  expect(set.body).toMatchObject({ footer: 'Registered in London', seller: { country: 'DE' }, version: 1 });
  expect((await call('PATCH', '/v1/invoicing', { seller: { city: 'Berlin' } })).body.seller).toEqual({
    country: 'DE',
    tax_id: 'DE123456789',
    city: 'Berlin',
  });
  const wrong = await call('PATCH', '/v1/invoicing', { payment_details: { iban: 'DE88370400440532013000' } });
  expect(wrong.body.fields?.[0]?.path).toBe('payment_details.iban');
  expect(isIban('GB82WEST12345698765432')).toBe(true);
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  expect((await call('PUT', '/v1/invoicing/logo', { logo: png })).status).toBe(204);
  expect((await call('PUT', '/v1/invoicing/logo', { logo: Buffer.from('<svg/>').toString('base64') })).status).toBe(
    422,
  );
  expect((await call('GET', '/v1/invoicing')).body.has_logo).toBe(true);
});
