import { describe, expect, it } from 'vitest';
import { expectedOf } from './payment-behaviour.ts';

const part = (dueOn: string, amountMinor: bigint) => ({ dueOn, amountMinor });
const thirds = [part('2026-01-31', 100n), part('2026-02-28', 100n), part('2026-03-31', 101n)];

describe('what is expected of open invoices', () => {
  it.each([
    ['nothing open', [], '2026-02-01', null, 0],
    [
      'due today is not missed',
      [{ instalments: [part('2026-02-01', 50n)], openMinor: 50n }],
      '2026-02-01',
      ['2026-02-01', 50n],
      0,
    ],
    ['missed yesterday', [{ instalments: [part('2026-01-31', 50n)], openMinor: 50n }], '2026-02-01', null, 1],
    ['the first of three missed', [{ instalments: thirds, openMinor: 301n }], '2026-02-01', ['2026-02-28', 100n], 1],
    [
      'half of the first paid is still missed',
      [{ instalments: thirds, openMinor: 251n }],
      '2026-02-01',
      ['2026-02-28', 100n],
      1,
    ],
    [
      'the first and half of the second paid',
      [{ instalments: thirds, openMinor: 151n }],
      '2026-02-01',
      ['2026-02-28', 50n],
      0,
    ],
    [
      'a late fee belongs to the last date',
      [{ instalments: thirds, openMinor: 306n }],
      '2026-03-01',
      ['2026-03-31', 106n],
      2,
    ],
    [
      'two invoices due on the same day are one sum',
      [
        { instalments: [part('2026-03-01', 5n)], openMinor: 5n },
        { instalments: [part('2026-03-01', 7n), part('2026-04-01', 9n)], openMinor: 16n },
      ],
      '2026-02-01',
      ['2026-03-01', 12n],
      0,
    ],
  ] as const)('%s', (_name, invoices, today, next, missedCount) => {
    const [on, amountMinor] = next ?? [];
    expect(expectedOf(invoices, today)).toEqual({ next: next ? { on, amountMinor } : null, missedCount });
  });
});
