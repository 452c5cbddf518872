import { proportionHalfUp } from '../foundation/allocate.ts';
import { check } from '../foundation/assert.ts';
import { addDays, addMonths, daysBetween, type LocalDate } from '../foundation/local-date.ts';

/**
 * When a recurring invoice is made. Every date is counted from the first one, never from the one before, so that a
 * schedule on the 31st is on 28 February and on 31 March again. Occurrences are numbered from 1; the number is what makes
 * one once: (schedule, number) is unique in the database, however often and however late somebody asks.
 */
export type RecurrenceUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Recurrence {
  readonly unit: RecurrenceUnit;
  /** Every so many units; 1 or more. */
  readonly every: number;
  /** Date of the first occurrence, and what every other is counted from. */
  readonly startsOn: LocalDate;
  /** Nothing is billed for periods that begin before this date. */
  readonly trialUntil: LocalDate | null;
  /** The last number there is; null: without end. */
  readonly countMax: number | null;
  /** No occurrence on or after this date. */
  readonly endsOn: LocalDate | null;
  /** Occurrences within are left out (from included, to excluded; `to` null: until further notice). */
  readonly pauses: readonly { readonly from: LocalDate; readonly to: LocalDate | null }[];
  /** Numbers of single occurrences that are left out. */
  readonly skips?: readonly number[];
}

export interface Occurrence {
  readonly number: number;
  /** The date of the invoice and the first day of the period it is for. */
  readonly on: LocalDate;
  /** The first day after the period. */
  readonly until: LocalDate;
}

const MONTHS: Record<'month' | 'quarter' | 'year', number> = { month: 1, quarter: 3, year: 12 };

/** Most occurrences looked at in one go: three years of days missed at once is somebody's mistake, and goes on next time. */
export const OCCURRENCES_AT_ONCE_MAX = 1_100;

/** The date of an occurrence by its number (1 and up), pauses and ends aside. */
export function dateOfOccurrence({ unit, every, startsOn }: Recurrence, number: number): LocalDate {
  check(number >= 1 && every >= 1, 'occurrences are numbered from 1');
  const units = (number - 1) * every;
  if (unit === 'day') return addDays(startsOn, units);
  if (unit === 'week') return addDays(startsOn, units * 7);
  return addMonths(startsOn, units * MONTHS[unit]);
}

/** The occurrences after number `after` (0: from the first) whose date has come by `today`, in order. */
export function dueOccurrences(recurrence: Recurrence, after: number, today: LocalDate): Occurrence[] {
  const due: Occurrence[] = [];
  for (let number = after + 1; due.length < OCCURRENCES_AT_ONCE_MAX; number += 1) {
    if (recurrence.countMax !== null && number > recurrence.countMax) break;
    const on = dateOfOccurrence(recurrence, number);
    if (on > today || (recurrence.endsOn !== null && on >= recurrence.endsOn)) break;
    if (isBilled(recurrence, number, on)) due.push({ number, on, until: dateOfOccurrence(recurrence, number + 1) });
  }
  return due;
}

/** The next occurrence after number `after`, whenever it is; null when there is none any more. */
export function nextOccurrence(recurrence: Recurrence, after: number): Occurrence | null {
  for (let number = after + 1; number <= after + OCCURRENCES_AT_ONCE_MAX; number += 1) {
    if (recurrence.countMax !== null && number > recurrence.countMax) return null;
    const on = dateOfOccurrence(recurrence, number);
    if (recurrence.endsOn !== null && on >= recurrence.endsOn) return null;
    if (isBilled(recurrence, number, on)) return { number, on, until: dateOfOccurrence(recurrence, number + 1) };
    if (recurrence.pauses.some(({ from, to }) => to === null && on >= from)) return null;
  }
  return null;
}

/** Numbers up to `last` that are billed by what is known of the schedule now. */
export function billedNumbers(recurrence: Recurrence, last: number): number[] {
  const numbers: number[] = [];
  for (let number = 1; number <= last; number += 1) {
    const on = dateOfOccurrence(recurrence, number);
    if (recurrence.endsOn !== null && on >= recurrence.endsOn) break;
    if (isBilled(recurrence, number, on)) numbers.push(number);
  }
  return numbers;
}

function isBilled({ trialUntil, pauses, skips }: Recurrence, number: number, on: LocalDate): boolean {
  if (skips?.includes(number)) return false;
  if (trialUntil !== null && on < trialUntil) return false;
  return !pauses.some(({ from, to }) => on >= from && (to === null || on < to));
}

/**
 * The part of a period's price (minor units) for the days from `from` on, the day itself included: a change in the middle
 * credits the old price and charges the new one by the day. Rounded once, half away from zero.
 */
export function prorate(amountMinor: bigint, period: Pick<Occurrence, 'on' | 'until'>, from: LocalDate): bigint {
  const whole = daysBetween(period.on, period.until);
  const left = Math.max(0, Math.min(whole, daysBetween(from, period.until)));
  return proportionHalfUp(amountMinor, BigInt(left), BigInt(whole));
}
