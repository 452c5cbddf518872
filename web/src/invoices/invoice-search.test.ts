import { expect, test } from 'vitest';
import { chipsOf, readInvoiceSearch, searchOf } from './invoice-search.ts';

test('an address of Invoices survives being shown as chips and read again', () => {
  const search = readInvoiceSearch({
    kind: 'quote',
    status: 'draft',
    contact: `con_${'0'.repeat(26)}`,
    currency: 'EUR',
    amount_min: '100',
    amount_max: 5000,
    from: '2026-01-01',
    to: '2026-01-31',
    number: 2026,
  });
  expect(search).toMatchObject({ kind: 'quote', amount_min: 100, number: '2026' });
  expect(searchOf(chipsOf(search, 'Ada'), 'quote')).toEqual(search);
});

test('what an address says that nobody knows is left out', () => {
  expect(readInvoiceSearch({ kind: 'invoice', status: 'lost', contact: 'x', from: 'soon', amount_min: -1 })).toEqual(
    {},
  );
});
