import { expect, test } from 'vitest';
import { stretchesOf } from './day-stretches.ts';

const days = (...all: [string, number][]) => all.map(([day, count]) => ({ day, count: BigInt(count) }));

test.each([
  ['no day', days(), 5, []],
  ['one day, with its neighbours', days(['2026-03-10', 1]), 5, ['2026-03-07T10 2026-03-11T12']],
  ['the first day is enough', days(['2026-03-10', 5], ['2026-01-01', 9]), 5, ['2026-03-07T10 2026-03-11T12']],
  ['days side by side are one stretch', days(['2026-03-10', 2], ['2026-03-09', 2]), 5, ['2026-03-06T10 2026-03-11T12']],
  ['a small gap is read through', days(['2026-03-10', 2], ['2026-03-07', 2]), 5, ['2026-03-04T10 2026-03-11T12']],
  [
    'a large gap is not',
    days(['2026-03-10', 2], ['2026-02-01', 1], ['2025-12-31', 1]),
    5,
    ['2026-03-09T10 2026-03-11T12', '2026-01-31T10 2026-02-02T12', '2025-12-28T10 2026-01-01T12'],
  ],
])('%s', (_, given, countMax, expected) => {
  const written = stretchesOf(given, countMax).map(({ from, to }) =>
    [from, to].map((at) => at.toISOString().slice(0, 13)).join(' '),
  );
  expect(written).toEqual(expected);
});
