import fc from 'fast-check';
import { exponentOf } from '../../src/foundation/currency.ts';
import { exactDecimalText } from '../../src/foundation/money.ts';
import type { WrittenDiscount, WrittenLine, WrittenTax } from '../../src/invoices/invoice-content.ts';
import { type SnapshotParts, writtenLine } from './snapshot.ts';

/** Random documents of the kind that people write: any currency, discount, tax and rounding. */

const taxOf = (category: WrittenTax['category'], rate: string, inclusive: boolean): WrittenTax => ({
  code: `${category}${rate}${inclusive ? 'I' : ''}`,
  label: `Tax ${rate} %`,
  rate,
  inclusive,
  category,
  exemption_reason: category === 'E' ? 'Exempt by law' : null,
});

const anyTax = fc.oneof(
  fc
    .tuple(fc.constantFrom('20', '7', '5.5', '19', '8.875', '25'), fc.boolean())
    .map(([rate, inclusive]) => taxOf('S', rate, inclusive)),
  fc.constantFrom<WrittenTax['category']>('Z', 'E', 'AE', 'K', 'G').map((category) => taxOf(category, '0', false)),
);

const decimal = (max: number, decimals: number) =>
  fc.integer({ min: 1, max }).map((scaled) => exactDecimalText(BigInt(scaled), decimals));

const anyDiscount = (amountMax: number): fc.Arbitrary<WrittenDiscount | null> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: decimal(1_000_000, 4).map((percent) => ({ percent })) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: amountMax }).map((amount_minor) => ({ amount_minor })) },
  );

const anyLine = (currency: string, hasTax: boolean): fc.Arbitrary<WrittenLine> =>
  fc
    .record({
      quantity: fc.oneof(fc.integer({ min: 1, max: 500 }).map(String), decimal(100_000, 3), decimal(5_000_000, 6)),
      unit_price: fc.oneof(
        decimal(1_000_000, exponentOf(currency)),
        decimal(100_000, exponentOf(currency) + 4),
        fc.constant('0'),
      ),
      discount: anyDiscount(10_000),
      taxes: hasTax ? anyTax.map((tax) => [tax]) : fc.constant([]),
      name: fc.constantFrom('Consultation', 'Tea & <biscuits> "fine"', '茶 ٣', 'a\u0000b'),
      description: fc.constantFrom('', 'Two\nlines', ' padded '),
    })
    .map(writtenLine);

/** Parts of a snapshot. Either every line has a tax or none has. */
export function anyDocument(currency: string, rounding: 'document' | 'line'): fc.Arbitrary<SnapshotParts> {
  return fc
    .tuple(fc.boolean(), fc.boolean(), fc.constantFrom('invoice', 'credit_note'), fc.boolean())
    .chain(([isTaxed, isSingle, kind, isSplit]) =>
      fc.record({
        kind: fc.constant(kind as 'invoice'),
        currency: fc.constant(currency),
        rounding: fc.constant(rounding),
        lines: fc.array(anyLine(currency, isTaxed || !isSingle), { minLength: 1, maxLength: 8 }),
        discount: anyDiscount(50_000),
        deposit: fc.constant(isSplit ? { percent: '33.3' } : null),
      }),
    );
}
