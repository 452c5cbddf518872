import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/foundation/cursor.ts';
import { newId } from '../../src/foundation/id.ts';
import { parseDecimal } from '../../src/foundation/money.ts';
import { testServer } from '../setup/server.ts';
import { makeScene, refusalFaults, type Scene } from './bad-input.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene(await testServer());
});

const invalid = (path: string) => ({ status: 422, code: 'invalid_request', path });
const LISTS = [
  '/v1/payments',
  '/v1/contacts?sort=name',
  '/v1/contacts?sort=created',
  '/v1/contacts?sort=ltv&currency=USD',
  '/v1/companies',
  '/v1/audit-log',
  '/v1/imports',
  '/v1/contacts/:contact/notes',
  '/v1/contacts/:contact/timeline',
  '/v1/smart-lists/:list/contacts',
];

const CURSORS = [
  'x',
  '""',
  encodeCursor([]),
  encodeCursor(['a']),
  encodeCursor(['a', 'b']),
  encodeCursor(['a', 'b', 'c']),
  encodeCursor([1, 2]),
  encodeCursor([null, null]),
  encodeCursor([null, null, null]),
  encodeCursor(['2026-03-01T00:00:00Z', 'not a uuid']),
  encodeCursor(['created', 'not a moment', newId()]),
  encodeCursor(['2026-03-01T00:00:00Z', 'x', 'not a uuid']),
  encodeCursor(['name', 'a\u0000', newId()]),
  encodeCursor(['ltv', '1e400', newId()]),
  Buffer.from('{"a":1}').toString('base64url'),
];

describe('cursors', () => {
  it.each(LISTS)('%s refuses what no page of it gave out, and never breaks', async (list) => {
    const { server, workspace, contact } = scene;
    const as = workspace.apiKey;
    const made = await server.call<{ id: string }>('POST', '/v1/smart-lists', {
      as,
      body: { name: newId(), filter: {} },
    });
    const url = list.replace(':contact', contact).replace(':list', made.body.id);
    const first = await server.call('GET', url, { as });
    expect([first.status, url]).toEqual([200, url]);
    for (const cursor of CURSORS) {
      const faults = await refusalFaults(
        scene,
        { method: 'GET', url: `${url}${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}` },
        invalid('cursor'),
      );
      expect(faults, Buffer.from(cursor, 'base64url').toString()).toEqual([]);
    }
  });

  it.each(LISTS.filter((list) => !/[:?]/.test(list)))('%s refuses wrong limits', async (url) => {
    for (const limit of ['0', '-1', '201', 'many', '1.5']) {
      expect(
        await refusalFaults(scene, { method: 'GET', url: `${url}?limit=${limit}` }, invalid('limit')),
        limit,
      ).toEqual([]);
    }
  });
});

describe('filters of Transactions', () => {
  it.each([
    ['status=gone', 'status'],
    ['kind=charge,', 'kind'],
    ['from=2026-13-01', 'from'],
    ['to=yesterday', 'to'],
    ['amount_min=12.5', 'amount_min'],
    ['amount_max=-1', 'amount_max'],
    ['amount_min=99999999999999999999', 'amount_min'],
    ['currency=usd', 'currency'],
    ['contact=pay_00000000000000000000000000', 'contact'],
    ['needs_action=perhaps', 'needs_action'],
    ['ltv_part=luck', 'ltv_part'],
    ['status=settled&status=declined', 'status'],
  ])('%s', async (query, path) => {
    for (const list of ['payments', 'payment-totals']) {
      expect(await refusalFaults(scene, { method: 'GET', url: `/v1/${list}?${query}` }, invalid(path)), list).toEqual(
        [],
      );
    }
  });
});

describe('ids of another kind are not found', () => {
  it.each([
    ['GET', '/v1/contacts/:payment'],
    ['PATCH', '/v1/contacts/:payment'],
    ['GET', '/v1/contacts/:method/payment-methods'],
    ['GET', '/v1/payments/:contact'],
    ['GET', '/v1/payments/:contact/receipt'],
    ['GET', '/v1/payments/:contact/receipt.pdf'],
    ['POST', '/v1/payments/:method/lookups'],
    ['POST', '/v1/payments/:contact/dismissal'],
    ['DELETE', '/v1/payment-methods/:contact'],
    ['GET', '/v1/card-forms/:method'],
    ['DELETE', '/v1/merges/:contact'],
    ['GET', '/v1/contacts/con_0'],
    ['GET', '/v1/contacts/con_zzzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['GET', '/v1/contacts/%00'],
    ['GET', '/v1/payments/by-key/never-used'],
    ['GET', '/v1/nothing'],
    ['GET', '/v1/contacts/../../etc/passwd'],
  ] as const)('%s %s', async (method, url) => {
    const real = url
      .replace(':payment', scene.payment)
      .replace(':contact', scene.contact)
      .replace(':method', scene.method);
    const body = method === 'PATCH' ? { body: { name: 'A' } } : {};
    expect(await refusalFaults(scene, { method, url: real, ...body }, { status: 404, code: 'not_found' })).toEqual([]);
  });
});

/** Wrong decimals can only come as text, from cells and typed amounts: the API speaks whole minor units. */
it.each([
  ['12.345', 'USD', 1_234_500n],
  ['12.3456', 'USD', null],
  ['1,23,45', 'USD', null],
  ['1,200.501', 'USD', null],
  ['12,345.67', 'USD', 1_234_567n],
  ['12.5', 'JPY', null],
  ['0.5', 'JPY', null],
  ['12', 'JPY', 12n],
  ['1.2345', 'KWD', null],
  ['1.234', 'KWD', 1_234n],
  ['1,234', 'USD', 123_400n],
  ['12.34', 'USD', 1_234n],
  ['12.3.4', 'USD', null],
  ['1e5', 'USD', null],
  ['0x10', 'USD', null],
  ['NaN', 'USD', null],
  ['', 'USD', null],
  ['99999999999999', 'USD', null],
])('“%s” %s is read as %s', (text, currency, expected) => {
  const read = parseDecimal(text, currency);
  expect(read.ok ? read.amountMinor : null).toBe(expected);
});
