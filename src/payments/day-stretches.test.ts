import { expect, test } from 'vitest';
import { stretchesOf } from './day-stretches.ts';

const days = (...all: [string, number][]) => all.map(([day, count]) => ({ day, count: BigInt(count) }));

test.each([
  ['no day', days(), 5, []],
  ['one day, with its neighbours', days(['2026-03-10', 1]), 5, ['2026-03-07 2026-03-12']],
  ['the first day is enough', days(['2026-03-10', 5], ['2026-01-01', 9]), 5, ['2026-03-07 2026-03-12']],
  ['days side by side are one stretch', days(['2026-03-10', 2], ['2026-03-09', 2]), 5, ['2026-03-06 2026-03-12']],
  ['a small gap is read through', days(['2026-03-10', 2], ['2026-03-06', 2]), 5, ['2026-03-03 2026-03-12']],
  [
    'a large gap is not',
    days(['2026-03-10', 2], ['2026-02-01', 1], ['2025-12-31', 1]),
    5,
    ['2026-03-09 2026-03-12', '2026-01-31 2026-02-03', '2025-12-28 2026-01-02'],
  ],
])('%s', (_, given, countMax, expected) => {
  const written = stretchesOf(given, countMax).map(({ from, to }) =>
    [from, to].map((at) => at.toISOString().slice(0, 10)).join(' '),
  );
  expect(written).toEqual(expected);
});
