import { describe, expect, test } from 'vitest';
import { amountsOf } from '../invoices/invoice-content.ts';
import { matchCredits, type Return, type Sale } from './matched-sale.ts';
import { type SalesDocument, type SoldLine, salesDocument, writtenLines } from './sales-document.ts';

/** Quantity and price with four decimals, as a file has them. */
const line = (quantity: number, price: string): SoldLine => {
  const [whole = '', fraction = ''] = price.replace('-', '').split('.');
  const scaled = BigInt(whole + fraction.padEnd(4, '0'));
  return {
    name: `thing at ${price}`,
    code: '',
    quantity: BigInt(Math.round(quantity * 10_000)),
    price: price.startsWith('-') ? -scaled : scaled,
  };
};

const made = (lines: SoldLine[], currency = 'GBP', isCancelled = false): SalesDocument => {
  const document = salesDocument(lines, isCancelled, currency);
  if ('refused' in document) throw new Error(document.refused);
  return document;
};

describe('lines of a sale as a document', () => {
  test.each<[string, SoldLine[], string, [SalesDocument['kind'], bigint, number, bigint, boolean]]>([
    ['whole pennies', [line(6, '2.55'), line(1, '3.39')], 'GBP', ['invoice', 1_869n, 2, 0n, false]],
    ['a cancellation', [line(-2, '4.25')], 'GBP', ['credit_note', 850n, 1, 0n, false]],
    ['a negative price', [line(1, '-11.50')], 'GBP', ['credit_note', 1_150n, 1, 0n, false]],
    [
      'tenths of a penny that come to nothing',
      [line(1, '0.001'), line(3, '1')],
      'GBP',
      ['invoice', 300n, 2, 0n, false],
    ],
    [
      'each line rounds down, the whole up',
      [line(1, '1.004'), line(1, '1.004')],
      'GBP',
      ['invoice', 201n, 3, 0n, true],
    ],
    [
      'each line rounds up, the whole down',
      [line(1, '1.005'), line(1, '1.005')],
      'GBP',
      ['invoice', 201n, 2, 1n, true],
    ],
    ['half a penny away from zero', [line(-1, '1.005')], 'GBP', ['credit_note', 101n, 1, 0n, false]],
    ['a return within a sale', [line(3, '5'), line(-1, '5')], 'GBP', ['invoice', 1_000n, 1, 500n, false]],
    ['a sale within a return', [line(-3, '5'), line(1, '5')], 'GBP', ['credit_note', 1_000n, 1, 500n, false]],
    ['nothing', [line(16, '0')], 'GBP', ['invoice', 0n, 1, 0n, false]],
    ['as much back as sold', [line(2, '3'), line(-2, '3')], 'GBP', ['invoice', 0n, 1, 600n, false]],
    ['none of it', [line(0, '3')], 'GBP', ['invoice', 0n, 0, 0n, false]],
    ['parts of things', [line(1.5, '0.3333')], 'GBP', ['invoice', 50n, 1, 0n, false]],
    ['yen', [line(3, '0.5'), line(1, '100')], 'JPY', ['invoice', 102n, 2, 0n, false]],
    ['dinars', [line(1, '1.0005'), line(1, '1.0005')], 'KWD', ['invoice', 2_001n, 2, 1n, true]],
  ])('%s', (_name, lines, currency, [kind, totalMinor, count, discountMinor, rounded]) => {
    const document = made(lines, currency);
    expect([
      document.kind,
      document.totalMinor,
      document.lines.length,
      document.discountMinor,
      document.rounded,
    ]).toEqual([kind, totalMinor, count, discountMinor, rounded]);
    const discount = document.discountMinor > 0n ? { amount_minor: Number(document.discountMinor) } : null;
    const content = {
      lines: writtenLines(document.lines),
      discount,
      tax_rounding: 'line' as const,
      notes: '',
      period: null,
    };
    expect(amountsOf(content, currency).totalMinor).toBe(totalMinor);
    expect(document.notes !== '').toBe(rounded || discountMinor > 0n || lines.some((one) => one.quantity === 0n));
  });

  test('a cancellation worth nothing is a credit note', () => {
    expect(made([line(-1, '0')], 'GBP', true).kind).toBe('credit_note');
  });

  test.each<[string, SoldLine[]]>([
    ['more pieces than anybody sells', [line(2_000_000_000, '0.0001')]],
    [
      'lines worth more than is accepted, though together they are not',
      [line(1_000_000, '90000000'), line(-1_000_000, '90000000')],
    ],
  ])('%s: refused in words', (_name, lines) => {
    expect(salesDocument(lines, false, 'GBP')).toEqual({ refused: expect.stringMatching(/\w/) });
  });
});

describe('the sale that a cancellation is about', () => {
  const sale = (ref: string, atMs: number, ...items: [string, bigint][]): Sale => ({
    ref,
    atMs,
    items,
    totalMinor: items.reduce((sum, [, quantity]) => sum + 10n * quantity, 0n),
  });
  const back = (ref: string, atMs: number, ...items: [string, bigint][]): Return => ({
    ...sale(ref, atMs, ...items),
    isMixed: false,
  });
  const SALES = [sale('i2', 20, ['cup', 3n], ['tea', 1n]), sale('i1', 10, ['cup', 5n]), sale('i3', 30, ['tea', 2n])];
  test.each<[string, Return[], Record<string, string>]>([
    ['the latest before it', [back('c', 25, ['cup', 2n])], { c: 'i2' }],
    ['not one that comes later', [back('c', 15, ['tea', 1n])], {}],
    ['one that had as many', [back('c', 25, ['cup', 4n])], { c: 'i1' }],
    ['one that had everything of it', [back('c', 40, ['cup', 1n], ['tea', 1n])], { c: 'i2' }],
    ['what was given back is gone', [back('d', 28, ['cup', 2n]), back('c', 25, ['cup', 2n])], { c: 'i2', d: 'i1' }],
    ['a return of more than was ever bought', [back('c', 40, ['cup', 9n])], {}],
    ['lines of one product are added up', [back('c', 40, ['cup', 2n], ['cup', 2n])], { c: 'i1' }],
    ['worth more than the sale', [{ ...back('c', 40, ['cup', 1n]), totalMinor: 1_000n }], {}],
    ['a return in which something was also bought', [{ ...back('c', 40, ['cup', 1n]), isMixed: true }], {}],
  ])('%s', (_name, returns, found) => {
    expect(Object.fromEntries(matchCredits(SALES, returns))).toEqual(found);
  });
});
