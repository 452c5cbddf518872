import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Discount, type InvoiceLine, invoiceAmounts, lineGross, type Tax } from './invoice-amounts.ts';

const vat = (rate: number, more: Partial<Tax> = {}): Tax => ({
  code: `VAT${rate}${more.inclusive ? 'i' : ''}`,
  label: `VAT ${rate} %`,
  rate: BigInt(Math.round(rate * 10_000)),
  inclusive: false,
  category: rate === 0 ? 'Z' : 'S',
  ...more,
});
const line = (
  quantity: number,
  priceMinor: number,
  taxes: Tax[] = [],
  discount: Discount | null = null,
): InvoiceLine => ({
  quantity: BigInt(Math.round(quantity * 1_000_000)),
  unitPrice: BigInt(Math.round(priceMinor * 10_000)),
  discount,
  taxes,
});
const percent = (value: number): Discount => ({ kind: 'percent', percent: BigInt(Math.round(value * 10_000)) });
const amount = (minor: number): Discount => ({ kind: 'amount', amountMinor: BigInt(minor) });

const CASES: [
  string,
  InvoiceLine[],
  Discount | null,
  'document' | 'line',
  { net: number; off: number; tax: number; total: number },
][] = [
  ['one plain line', [line(1, 12_000)], null, 'document', { net: 12_000, off: 0, tax: 0, total: 12_000 }],
  ['a quantity with decimals', [line(1.5, 3_333)], null, 'document', { net: 5_000, off: 0, tax: 0, total: 5_000 }],
  ['a price below the minor unit', [line(1_000, 0.1234)], null, 'document', { net: 123, off: 0, tax: 0, total: 123 }],
  ['tax on top', [line(2, 5_000, [vat(20)])], null, 'document', { net: 10_000, off: 0, tax: 2_000, total: 12_000 }],
  [
    'tax inside',
    [line(1, 12_000, [vat(20, { inclusive: true })])],
    null,
    'document',
    { net: 10_000, off: 0, tax: 2_000, total: 12_000 },
  ],
  [
    'tax inside that does not divide',
    [line(1, 1_000, [vat(19, { inclusive: true })])],
    null,
    'document',
    { net: 840, off: 0, tax: 160, total: 1_000 },
  ],
  [
    'three times a third of a cent of tax: by document',
    [1, 2, 3].map(() => line(1, 333, [vat(10)])),
    null,
    'document',
    { net: 999, off: 0, tax: 100, total: 1_099 },
  ],
  [
    'three times a third of a cent of tax: by line',
    [1, 2, 3].map(() => line(1, 333, [vat(10)])),
    null,
    'line',
    { net: 999, off: 0, tax: 99, total: 1_098 },
  ],
  [
    'two taxes on one line',
    [line(1, 10_000, [vat(5), vat(9.975)])],
    null,
    'document',
    { net: 10_000, off: 0, tax: 1_498, total: 11_498 },
  ],
  [
    'one inside, one on top',
    [line(1, 11_000, [vat(10, { inclusive: true }), vat(5)])],
    null,
    'document',
    { net: 10_000, off: 0, tax: 1_500, total: 11_500 },
  ],
  [
    'a line discount in per cent',
    [line(1, 10_000, [vat(20)], percent(12.5))],
    null,
    'document',
    { net: 8_750, off: 0, tax: 1_750, total: 10_500 },
  ],
  [
    'a line discount larger than the line',
    [line(1, 500, [], amount(900))],
    null,
    'document',
    { net: 0, off: 0, tax: 0, total: 0 },
  ],
  [
    'a discount on the whole',
    [line(1, 10_000, [vat(20)]), line(1, 5_000, [vat(0)])],
    percent(10),
    'document',
    { net: 15_000, off: 1_500, tax: 1_800, total: 15_300 },
  ],
  [
    'an amount off the whole, split to the cent',
    [line(1, 100, [vat(20)]), line(1, 100, [vat(10)]), line(1, 100)],
    amount(100),
    'document',
    { net: 300, off: 100, tax: 20, total: 220 },
  ],
  ['nothing at all', [line(1, 0, [vat(20)])], percent(50), 'document', { net: 0, off: 0, tax: 0, total: 0 }],
];

test.each(CASES)('%s', (_name, lines, discount, rounding, expected) => {
  const { netMinor, documentDiscountMinor, taxMinor, totalMinor } = invoiceAmounts(lines, discount, rounding);
  expect({ net: netMinor, off: documentDiscountMinor, tax: taxMinor, total: totalMinor }).toEqual({
    net: BigInt(expected.net),
    off: BigInt(expected.off),
    tax: BigInt(expected.tax),
    total: BigInt(expected.total),
  });
});

const anyTax = fc
  .record({
    rate: fc.integer({ min: 0, max: 1_000_000 }),
    inclusive: fc.boolean(),
    place: fc.integer({ min: 0, max: 5 }),
  })
  .map(
    ({ rate, inclusive, place }): Tax => ({
      code: `T${place}:${rate}:${inclusive}`,
      label: 'Tax',
      rate: BigInt(rate),
      inclusive,
      category: 'S',
    }),
  );
const anyDiscount = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 1_000_000 }).map((value): Discount => ({ kind: 'percent', percent: BigInt(value) })),
  fc.bigInt({ min: 0n, max: 1_000_000n }).map((value): Discount => ({ kind: 'amount', amountMinor: value })),
);
const anyLine = fc.record({
  quantity: fc.bigInt({ min: 1n, max: 5_000_000_000n }),
  unitPrice: fc.bigInt({ min: 0n, max: 50_000_000_000n }),
  discount: anyDiscount,
  taxes: fc.uniqueArray(anyTax, { maxLength: 3, selector: (tax) => tax.code }),
});

test('whatever is written: lines + tax − discount is the total, nothing is negative, taxes inside keep the price', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 12 }),
      anyDiscount,
      fc.constantFrom('document' as const, 'line' as const),
      (lines, discount, rounding) => {
        const amounts = invoiceAmounts(lines, discount, rounding);
        const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
        expect(sum(amounts.lines.map((one) => one.netMinor))).toBe(amounts.netMinor);
        expect(sum(amounts.lines.map((one) => one.documentDiscountMinor))).toBe(amounts.documentDiscountMinor);
        expect(sum(amounts.lines.map((one) => one.taxableMinor))).toBe(amounts.taxableMinor);
        expect(sum(amounts.taxes.map((tax) => tax.taxMinor))).toBe(amounts.taxMinor);
        expect(amounts.netMinor - amounts.documentDiscountMinor + amounts.taxMinor).toBe(amounts.totalMinor);
        for (const one of amounts.lines) {
          expect(one.netMinor >= 0n && one.taxableMinor >= 0n).toBe(true);
          expect(one.discountMinor <= one.grossMinor).toBe(true);
        }
        if (lines.every((one) => one.taxes.length > 0 && one.taxes.every((tax) => tax.inclusive))) {
          const written = sum(lines.map((one, index) => lineGross(one) - amounts.lines[index]!.discountMinor));
          const off =
            discount === null
              ? 0n
              : discount.kind === 'amount'
                ? discount.amountMinor > written
                  ? written
                  : discount.amountMinor
                : null;
          // Prices that contain every tax: the customer pays what was written, to the cent.
          if (off !== null) expect(amounts.totalMinor).toBe(written - off);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('each tax is within half a minor unit per rounding of the exact one', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), (lines) => {
      for (const tax of invoiceAmounts(lines, null, 'document').taxes.filter((one) => !one.inclusive)) {
        const difference = tax.taxMinor * 1_000_000n - tax.baseMinor * tax.rate;
        expect(difference <= 500_000n && difference >= -500_000n).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
