import { expect, test } from 'vitest';
import type { Invoice } from '../../../src/invoices/api.ts';
import { creditLinesOf } from './credit-lines.ts';

const line = (
  name: string,
  quantity: string,
  unit_price: string,
  gross: number,
  discount: number,
  taxes: string[],
) => ({
  product_id: null,
  name,
  description: '',
  quantity,
  unit: '',
  unit_code: 'C62',
  unit_price,
  discount: null,
  taxes,
  gross_minor: gross,
  discount_minor: discount,
  net_minor: gross - discount,
});

/** 3 × 40 less 10 % and 1 × 33.33, 5 % off the whole, 20 % on top of the first: 134.62 + 20.52. */
const invoice = {
  currency: 'EUR',
  discount: { percent: '5' },
  lines: [line('Visit', '3', '40', 12_000, 1_200, ['VAT20']), line('Part', '1', '33.33', 3_333, 0, [])],
  taxes: [
    { code: 'VAT20', label: 'VAT', rate: '20', inclusive: false, category: 'S', base_minor: 10_260, tax_minor: 2_052 },
  ],
} as unknown as Invoice;

test('all lines taken back come to what was billed, discounts on line and whole included', () => {
  const all = creditLinesOf(
    invoice,
    new Map([
      [0, '3'],
      [1, '1'],
    ]),
  );
  // 12000 − 1200 + 3333 = 14133, of which 5 % is 707 (706.65): 540 and 167.
  expect(all?.lines.map((one) => one.discount)).toEqual([{ amount_minor: 1_740 }, { amount_minor: 167 }]);
  expect(all?.amounts.totalMinor).toBe(14_133n - 707n + 2_052n);
});

test('a part of a line takes its part of the discounts with it', () => {
  const one = creditLinesOf(invoice, new Map([[0, '1']]));
  expect(one?.lines[0]?.discount).toEqual({ amount_minor: 580 });
  expect(one?.amounts.totalMinor).toBe(3_420n + 684n);
});

test('more than was billed, nothing, and what is no number come to nothing', () => {
  for (const quantity of ['4', '0', 'two', '']) expect(creditLinesOf(invoice, new Map([[0, quantity]]))).toBeNull();
});
