import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentOf } from '../foundation/currency.ts';
import { addDays, daysBetween } from '../foundation/local-date.ts';
import { parseExactDecimal } from '../foundation/money.ts';
import type { NewInvoice } from './api.ts';
import { invoiceAmounts } from './invoice-amounts.ts';
import { readLines } from './invoice-content.ts';
import { proratedLines } from './proration.ts';
import { dateOfOccurrence, type Recurrence, type RecurrenceUnit } from './recurrence.ts';

const line = (unit_price: string, quantity = '1', more: Partial<NewInvoice['lines'][number]> = {}) => ({
  ...{ name: 'Seats', description: '', unit: '', unit_code: 'C62', discount: null, taxes: [] },
  ...{ quantity, unit_price },
  ...more,
});
const APRIL = { on: '2026-04-01', until: '2026-05-01' };
const minor = (lines: NewInvoice['lines'], currency: string) =>
  lines.map(({ unit_price }) => {
    const read = parseExactDecimal(unit_price, exponentOf(currency));
    return read.ok ? read.scaled : null;
  });

test.each([
  ['half of a month', [line('30')], null, APRIL, '2026-04-16', 'USD', [1_500n]],
  ['the last day', [line('30')], null, APRIL, '2026-04-30', 'USD', [100n]],
  ['the whole period', [line('30', '3')], null, APRIL, '2026-04-01', 'USD', [9_000n]],
  ['half a cent is a cent', [line('0.01')], null, APRIL, '2026-04-16', 'USD', [1n]],
  ['less than half is nothing, and no line', [line('0.01')], null, APRIL, '2026-04-17', 'USD', []],
  [
    'a leap year counts 366 days',
    [line('366')],
    null,
    { on: '2028-01-01', until: '2029-01-01' },
    '2028-12-31',
    'USD',
    [100n],
  ],
  ['February counts 28', [line('28')], null, { on: '2026-02-01', until: '2026-03-01' }, '2026-02-28', 'USD', [100n]],
  ['yen have no cents', [line('1000')], null, APRIL, '2026-04-21', 'JPY', [333n]],
  ['dinars have three places', [line('1')], null, APRIL, '2026-04-21', 'KWD', [333n]],
  [
    'a discount of the line first',
    [line('30', '2', { discount: { percent: '50' } })],
    null,
    APRIL,
    '2026-04-16',
    'USD',
    [1_500n],
  ],
  [
    'a discount of the document over its lines',
    [line('20'), line('10')],
    { amount_minor: 300 },
    APRIL,
    '2026-04-16',
    'USD',
    [900n, 450n],
  ],
  [
    'an hour that the clock skips or repeats is no day',
    [line('31')],
    null,
    { on: '2026-03-01', until: '2026-04-01' },
    '2026-03-29',
    'USD',
    [300n],
  ],
] as const)('%s', (_name, lines, discount, period, from, currency, expected) => {
  expect(minor(proratedLines({ lines: [...lines], discount }, currency, period, from), currency)).toEqual(expected);
});

const units = fc.constantFrom<RecurrenceUnit[]>('day', 'week', 'month', 'quarter', 'year');
const schedules = fc.record({
  unit: units,
  every: fc.integer({ min: 1, max: 5 }),
  startsOn: fc.integer({ min: 0, max: 3_000 }).map((days) => addDays('2024-01-01', days)),
  number: fc.integer({ min: 1, max: 40 }),
});
const contents = fc.record({
  currency: fc.constantFrom('JPY', 'USD', 'KWD'),
  lines: fc.array(
    fc.record({
      price: fc.integer({ min: 0, max: 500_000 }),
      quantity: fc.integer({ min: 1, max: 20 }),
      off: fc.option(fc.integer({ min: 0, max: 100 })),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  off: fc.option(fc.integer({ min: 0, max: 100 })),
});

test('over random schedules and prices: nothing is more than was billed, less with every day, and exact over a whole period', () => {
  fc.assert(
    fc.property(schedules, contents, fc.double({ min: 0, max: 1, noNaN: true }), (when, what, place) => {
      const recurrence: Recurrence = { ...when, trialUntil: null, countMax: null, endsOn: null, pauses: [] };
      const period = {
        on: dateOfOccurrence(recurrence, when.number),
        until: dateOfOccurrence(recurrence, when.number + 1),
      };
      const days = daysBetween(period.on, period.until);
      const lines = what.lines.map(({ price, quantity, off }) =>
        line(String(price), String(quantity), { discount: off === null ? null : { percent: String(off) } }),
      );
      const discount = what.off === null ? null : { percent: String(what.off) };
      const total = (from: string) =>
        minor(proratedLines({ lines, discount }, what.currency, period, from), what.currency).reduce<bigint>(
          (sum, one) => sum + one!,
          0n,
        );
      const read = readLines(
        { lines: lines.map((one) => ({ ...one, product_id: null, taxes: [] })), discount },
        what.currency,
      );
      const whole = invoiceAmounts(read.lines, read.discount, 'document').taxableMinor;
      expect(total(period.on)).toBe(whole);
      const from = addDays(period.on, Math.floor(place * days));
      expect(total(from)).toBeLessThanOrEqual(whole);
      expect(total(addDays(from, 1))).toBeLessThanOrEqual(total(from));
      expect(total(period.until)).toBe(0n);
    }),
    { numRuns: 300 },
  );
});
