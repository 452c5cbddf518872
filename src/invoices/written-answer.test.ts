import { describe, expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from './api.ts';

/** What writing a document answers with is not read back; it must be what reading gives. */

const server = await testServer();
const workspace = await server.workspace();
const as = workspace.apiKey;
const contact = await makeContact(server, workspace);
await server.call('POST', '/v1/taxes', { as, body: { code: 'VAT20', label: 'VAT 20 %', rate: '20' } });
await server.call('POST', '/v1/taxes', { as, body: { code: 'INCL', label: 'VAT 7 %', rate: '7', inclusive: true } });

const LINE = { name: 'Lesson', quantity: '1.5', unit_price: '80.333', taxes: ['VAT20', 'INCL'] };
const EVERYTHING = {
  lines: [LINE, { name: 'Off', unit_price: '10', discount: { percent: '10' } }],
  discount: { amount_minor: 700 },
  deposit: { percent: '30' },
  notes: 'For <b>you</b>',
  reference: 'PO 1',
  terms: { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 } },
};
const due = (kind: object, percent: string) => ({ percent, due: kind });
const INSTALMENTS = {
  lines: [LINE],
  terms: {
    due: { kind: 'instalments', parts: [due({ kind: 'immediate' }, '40'), due({ kind: 'net', days: 30 }, '60')] },
  },
};

describe('the answer of writing a document is what reading it gives', () => {
  test.each<[string, object]>([
    ['a draft', { lines: [LINE] }],
    ['a draft with everything', EVERYTHING],
    ['an issued invoice', { lines: [LINE], issue: true }],
    ['an issued invoice with everything', { ...EVERYTHING, issue: true, external_ref: 'ours-1' }],
    ['one in instalments', { ...INSTALMENTS, issue: true }],
    ['one over nothing', { lines: [{ name: 'Gift', unit_price: '0' }], issue: true }],
    ['one of last week', { lines: [LINE], issued_on: '2026-02-27', issue: false }],
    ['a quote', { kind: 'quote', lines: [LINE], valid_until: '2026-12-31' }],
    ['an issued quote', { kind: 'quote', lines: [LINE], valid_until: '2026-12-31', issue: true }],
    ['one that charges itself', { lines: [LINE], issue: true, auto_charge: true }],
  ])('%s', async (_what, more) => {
    const key = newId();
    const body = { contact_id: contact, ...more };
    const written = await server.call<Invoice>('POST', '/v1/invoices', { as, body, key });
    expect([written.status, written.body]).toMatchObject([201, { contact: { id: contact } }]);
    const read = await server.call<Invoice>('GET', `/v1/invoices/${written.body.id}`, { as });
    expect(written.body).toEqual(read.body);
    expect(written.headers.etag).toBe(read.headers.etag);
    // Asked for again, it is read.
    const again = await server.call<Invoice>('POST', '/v1/invoices', { as, body, key });
    expect(again.body).toEqual(read.body);
  });

  test('also of many that are written together, some of them refused', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        server.call<Invoice>('POST', '/v1/invoices', {
          as,
          body: {
            contact_id: contact,
            lines: [{ ...LINE, name: `Lesson ${index}`, taxes: index % 5 === 4 ? ['NONE'] : ['VAT20'] }],
            issue: index % 3 !== 0,
          },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 24 }, (_, index) => (index % 5 === 4 ? 422 : 201)),
    );
    const written = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    for (const one of written) {
      expect(one).toEqual((await server.call<Invoice>('GET', `/v1/invoices/${one.id}`, { as })).body);
    }
    const numbers = written.flatMap(({ number }) => number ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
