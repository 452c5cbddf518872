import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../foundation/local-date.ts';
import {
  type BusinessCalendar,
  COMMON_TERMS,
  type DueRule,
  dueState,
  NO_CLOSED_DAYS,
  scheduleOf,
  type Terms,
} from './terms.ts';

const of = (due: Terms['due'], more: Partial<Terms> = {}): Terms => ({
  due,
  earlyDiscount: null,
  shift: 'none',
  ...more,
});
const weekdays: BusinessCalendar = { weekend: [6, 7], holidays: new Set(['2026-12-25', '2026-12-28']) };

const DATES: [string, DueRule, string, string][] = [
  ['immediate', { kind: 'immediate' }, '2026-11-25', '2026-11-25'],
  ['net 30 over a month of 30 days', { kind: 'net', days: 30 }, '2026-11-25', '2026-12-25'],
  ['net 30 over 29 February', { kind: 'net', days: 30 }, '2028-02-10', '2028-03-11'],
  ['net 30 over New Year', { kind: 'net', days: 30 }, '2026-12-15', '2027-01-14'],
  ['end of month', { kind: 'end_of_month', plusDays: 0 }, '2026-02-03', '2026-02-28'],
  ['end of a leap February', { kind: 'end_of_month', plusDays: 0 }, '2028-02-29', '2028-02-29'],
  ['end of month + 10', { kind: 'end_of_month', plusDays: 10 }, '2026-12-03', '2027-01-10'],
  ['the 15th of next month', { kind: 'day_of_month', day: 15, monthsAhead: 1 }, '2026-11-25', '2026-12-15'],
  ['the 31st of a month with 30 days', { kind: 'day_of_month', day: 31, monthsAhead: 1 }, '2026-10-31', '2026-11-30'],
  [
    'the 15th of this month, already past',
    { kind: 'day_of_month', day: 15, monthsAhead: 0 },
    '2026-11-25',
    '2026-12-15',
  ],
];

test.each(DATES)('%s', (_name, due, issuedOn, dueOn) => {
  expect(scheduleOf(of(due), issuedOn, 100n).instalments).toEqual([{ dueOn, amountMinor: 100n }]);
});

test('a due date on a closed day moves to the next or the previous open one', () => {
  const christmas = of({ kind: 'net', days: 30 });
  expect(scheduleOf({ ...christmas, shift: 'next' }, '2026-11-25', 1n, weekdays).instalments[0]!.dueOn).toBe(
    '2026-12-29',
  );
  expect(scheduleOf({ ...christmas, shift: 'previous' }, '2026-11-25', 1n, weekdays).instalments[0]!.dueOn).toBe(
    '2026-12-24',
  );
  expect(scheduleOf(christmas, '2026-11-25', 1n, weekdays).instalments[0]!.dueOn).toBe('2026-12-25');
});

const part = (percent: number | null, amount: number | null, days: number) => ({
  percent: percent === null ? null : BigInt(percent * 10_000),
  amountMinor: amount === null ? null : BigInt(amount),
  due: { kind: 'net', days } as const,
});
const PARTS: [string, ReturnType<typeof part>[], bigint, bigint[]][] = [
  ['three thirds', [part(1, null, 0), part(1, null, 30), part(1, null, 60)], 100n, [34n, 33n, 33n]],
  ['a deposit and the rest', [part(null, 5_000, 0), part(100, null, 30)], 12_345n, [5_000n, 7_345n]],
  ['amounts below the total: the last takes what is left', [part(null, 40, 0), part(null, 40, 30)], 100n, [40n, 60n]],
  ['amounts above the total', [part(null, 80, 0), part(null, 80, 30)], 100n, [80n, 20n]],
  ['a deposit that is more than everything', [part(null, 500, 0), part(100, null, 30)], 100n, [100n]],
];
test.each(PARTS)('instalments: %s', (_name, parts, total, amounts) => {
  const schedule = scheduleOf(of({ kind: 'instalments', parts }), '2026-01-31', total);
  expect(schedule.instalments.map(({ amountMinor }) => amountMinor)).toEqual(amounts);
});

test('2/10 net 30 takes two per cent off when paid within ten days', () => {
  const { terms } = COMMON_TERMS.find(({ code }) => code === '2_10_net_30')!;
  expect(scheduleOf(terms, '2026-11-25', 12_345n)).toEqual({
    instalments: [{ dueOn: '2026-12-25', amountMinor: 12_345n }],
    earlyDiscount: { untilOn: '2026-12-05', amountMinor: 247n },
  });
});

test('instalments always add up to the total and come in order', () => {
  const anyPart = fc
    .record({
      percent: fc.option(fc.bigInt({ min: 0n, max: 1_000_000n })),
      amountMinor: fc.option(fc.bigInt({ min: 0n, max: 100_000n })),
      days: fc.integer({ min: 0, max: 400 }),
    })
    .map(({ percent, amountMinor, days }) => ({
      percent: amountMinor === null ? percent : null,
      amountMinor,
      due: { kind: 'net', days } as const,
    }));
  fc.assert(
    fc.property(
      fc.array(anyPart, { minLength: 1, maxLength: 12 }),
      fc.bigInt({ min: 0n, max: 10_000_000n }),
      (parts, total) => {
        const { instalments } = scheduleOf(of({ kind: 'instalments', parts }), '2026-02-28', total, NO_CLOSED_DAYS);
        expect(instalments.reduce((sum, one) => sum + one.amountMinor, 0n)).toBe(total);
        expect([...instalments].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1)).map((one) => one.dueOn)).toEqual(
          instalments.map((one) => one.dueOn),
        );
      },
    ),
  );
});

test('an invoice is overdue from the day after its due date, instalment by instalment', () => {
  const instalments = [
    { dueOn: '2026-03-01', amountMinor: 40n },
    { dueOn: '2026-04-01', amountMinor: 60n },
  ];
  const at = (paid: bigint, today: string) => dueState(instalments, paid, today);
  expect(at(0n, '2026-03-01')).toEqual({ nextDueOn: '2026-03-01', overdueMinor: 0n, overdueSince: null });
  expect(at(0n, '2026-03-02')).toEqual({ nextDueOn: '2026-03-01', overdueMinor: 40n, overdueSince: '2026-03-01' });
  expect(at(40n, '2026-03-02')).toEqual({ nextDueOn: '2026-04-01', overdueMinor: 0n, overdueSince: null });
  expect(at(50n, '2026-04-02')).toEqual({ nextDueOn: '2026-04-01', overdueMinor: 50n, overdueSince: '2026-04-01' });
  expect(at(100n, addDays('2026-04-01', 90))).toEqual({ nextDueOn: null, overdueMinor: 0n, overdueSince: null });
});
