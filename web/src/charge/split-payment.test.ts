import { describe, expect, it } from 'vitest';
import { type Payable, payableOf, suggestedSplit } from './split-payment.ts';

const row = (id: string, open_minor: number, due_on: string, more: Partial<Payable> = {}): Payable => ({
  ...{ id, number: id, open_minor, due_on, issued_on: '2026-01-01', currency: 'EUR', status: 'open' as const },
  ...more,
});
const split = (amount: bigint, rows: Payable[], first: string | null = null) => [
  ...suggestedSplit(amount, rows, first),
];

describe('one payment over several invoices', () => {
  const a = row('a', 5_000, '2026-03-01');
  const b = row('b', 3_000, '2026-02-01');

  it('leaves out what is paid, in another currency, or about to be paid, and puts what is due first in front', () => {
    const rows = [a, b, row('c', 0, '2026-01-01'), row('d', 1, '2026-01-01', { currency: 'USD' })];
    expect(payableOf([...rows, row('e', 1, '2026-01-01', { status: 'processing' })], 'EUR')).toEqual([b, a]);
  });
  it.each([
    ['less than the first', 1_000n, null, [['b', 1_000n]]],
    ['exactly the first', 3_000n, null, [['b', 3_000n]]],
    [
      'into the second',
      4_000n,
      null,
      [
        ['b', 3_000n],
        ['a', 1_000n],
      ],
    ],
    [
      'more than all: the rest is in none',
      9_000n,
      null,
      [
        ['b', 3_000n],
        ['a', 5_000n],
      ],
    ],
    [
      'the one it was written for first',
      6_000n,
      'a',
      [
        ['a', 5_000n],
        ['b', 1_000n],
      ],
    ],
    ['nothing', 0n, null, []],
  ] as const)('%s', (_name, amount, first, expected) => {
    expect(split(amount, [b, a], first)).toEqual(expected);
  });
  it('goes to no more invoices than one payment may have', () => {
    const rows = Array.from({ length: 130 }, (_, at) => row(`${at}`.padStart(3, '0'), 1, '2026-03-01'));
    const parts = split(130n, rows, '129');
    expect([parts.length, parts[0], parts[99]]).toEqual([100, ['129', 1n], ['098', 1n]]);
  });
});
