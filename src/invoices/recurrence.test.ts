import { expect, test } from 'vitest';
import { dateOfOccurrence, dueOccurrences, nextOccurrence, prorate, type Recurrence } from './recurrence.ts';

const monthly = (more: Partial<Recurrence> = {}): Recurrence => ({
  unit: 'month',
  every: 1,
  startsOn: '2026-01-31',
  trialUntil: null,
  countMax: null,
  endsOn: null,
  pauses: [],
  ...more,
});
const dates = (recurrence: Recurrence, count: number) =>
  Array.from({ length: count }, (_, index) => dateOfOccurrence(recurrence, index + 1));

const SERIES: [string, Partial<Recurrence>, string[]][] = [
  ['the 31st of every month', {}, ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
  [
    '29 February every year',
    { unit: 'year', startsOn: '2028-02-29' },
    ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'],
  ],
  [
    'every quarter from 30 November',
    { unit: 'quarter', startsOn: '2026-11-30' },
    ['2026-11-30', '2027-02-28', '2027-05-30'],
  ],
  [
    'every second week over the clock change',
    { unit: 'week', every: 2, startsOn: '2026-03-20' },
    ['2026-03-20', '2026-04-03', '2026-04-17'],
  ],
  [
    'every third day over New Year',
    { unit: 'day', every: 3, startsOn: '2026-12-29' },
    ['2026-12-29', '2027-01-01', '2027-01-04'],
  ],
  ['every other month', { every: 2, startsOn: '2026-12-31' }, ['2026-12-31', '2027-02-28', '2027-04-30']],
];
test.each(SERIES)('%s', (_name, more, expected) => {
  expect(dates(monthly(more), expected.length)).toEqual(expected);
});

const numbers = (recurrence: Recurrence, after: number, today: string) =>
  dueOccurrences(recurrence, after, today).map(({ number }) => number);

test('what was missed while the program was off is due once each, and nothing that is not there yet', () => {
  expect(numbers(monthly(), 2, '2026-05-30')).toEqual([3, 4]);
  expect(numbers(monthly(), 4, '2026-05-30')).toEqual([]);
  expect(numbers(monthly({ unit: 'day', startsOn: '2026-05-01' }), 0, '2026-05-03')).toEqual([1, 2, 3]);
});

test('trial, pause, count and end leave out what they say and keep the numbers of the rest', () => {
  expect(numbers(monthly({ trialUntil: '2026-03-01' }), 0, '2026-05-01')).toEqual([3, 4]);
  expect(numbers(monthly({ pauses: [{ from: '2026-02-01', to: '2026-04-01' }] }), 0, '2026-05-01')).toEqual([1, 4]);
  expect(numbers(monthly({ pauses: [{ from: '2026-02-01', to: null }] }), 0, '2026-12-31')).toEqual([1]);
  expect(numbers(monthly({ countMax: 2 }), 0, '2026-12-31')).toEqual([1, 2]);
  expect(numbers(monthly({ endsOn: '2026-03-31' }), 0, '2026-12-31')).toEqual([1, 2]);
});

test('the next one is named even when it is far away, and null when there is none', () => {
  expect(nextOccurrence(monthly(), 1)).toEqual({ number: 2, on: '2026-02-28', until: '2026-03-31' });
  expect(nextOccurrence(monthly({ pauses: [{ from: '2026-02-01', to: '2027-01-01' }] }), 1)?.on).toBe('2027-01-31');
  expect(nextOccurrence(monthly({ pauses: [{ from: '2026-02-01', to: null }] }), 1)).toBeNull();
  expect(nextOccurrence(monthly({ countMax: 1 }), 1)).toBeNull();
});

test('a change in the middle counts days: old credit and new charge of one price are the same', () => {
  const march = { on: '2026-03-01', until: '2026-04-01' };
  expect(prorate(3_100n, march, '2026-03-01')).toBe(3_100n);
  expect(prorate(3_100n, march, '2026-03-11')).toBe(2_100n);
  expect(prorate(1_000n, march, '2026-03-31')).toBe(32n);
  expect(prorate(1_000n, march, '2026-04-01')).toBe(0n);
  expect(prorate(1_000n, march, '2026-02-01')).toBe(1_000n);
});
