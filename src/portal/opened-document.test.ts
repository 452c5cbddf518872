import { expect, test } from 'vitest';
import type { Invoice } from '../invoices/api.ts';
import { amountsOffered } from './opened-document.ts';

const THREE = [
  { due_on: '2026-03-10', amount_minor: 5_000 },
  { due_on: '2026-04-10', amount_minor: 3_000 },
  { due_on: '2026-05-10', amount_minor: 2_000 },
];
const ONE = [{ due_on: '2026-03-10', amount_minor: 10_000 }];
const EARLY = { until_on: '2026-03-12', amount_minor: 200 };

test.each<[string, Partial<Invoice>, string, number[]]>([
  ['one date', { instalments: ONE, open_minor: 10_000 }, '2026-03-02', [10_000]],
  ['the first of three parts', { instalments: THREE, open_minor: 10_000 }, '2026-03-02', [10_000, 5_000]],
  ['within the first', { instalments: THREE, open_minor: 9_000, paid_minor: 1_000 }, '2026-03-02', [9_000, 4_000]],
  ['the second', { instalments: THREE, open_minor: 5_000, paid_minor: 5_000 }, '2026-03-02', [5_000, 3_000]],
  ['the last is all', { instalments: THREE, open_minor: 2_000, credited_minor: 8_000 }, '2026-03-02', [2_000]],
  ['with a late fee', { instalments: ONE, open_minor: 10_500, late_fee_minor: 500 }, '2026-03-20', [10_500, 10_000]],
  ['in time for the discount', { instalments: ONE, open_minor: 10_000, early_discount: EARLY }, '2026-03-12', [9_800]],
  ['too late for it', { instalments: ONE, open_minor: 10_000, early_discount: EARLY }, '2026-03-13', [10_000]],
  [
    'discount had already',
    { instalments: ONE, open_minor: 100, paid_minor: 9_700, discounted_minor: 200, early_discount: EARLY },
    '2026-03-03',
    [100],
  ],
])('offers to pay: %s', (_name, part, today, expected) => {
  const none = { paid_minor: 0, credited_minor: 0, discounted_minor: 0, written_off_minor: 0, early_discount: null };
  expect(amountsOffered({ ...none, ...part } as Invoice, today)).toEqual(expected);
});
