import { addDays, type LocalDate } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import type { Home } from './api.ts';

/** Days that one figure of Home compares with as many before them. */
export const PERIOD_DAYS = 30;

/** Net money of one day in one currency, and how many charges settled on it. */
export interface DayTakings {
  readonly day: LocalDate;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly count: bigint;
}

/** First day that takingsOf() needs for `today`. */
export function firstDayNeeded(today: LocalDate): LocalDate {
  return addDays(today, 1 - 2 * PERIOD_DAYS);
}

/**
 * Takings per currency, `ownCurrency` first and always there, the others by code. A period ends with today: the last 7
 * days are today and the six before it. Currencies are never added.
 */
export function takingsOf(days: readonly DayTakings[], ownCurrency: string, today: LocalDate): Home['takings'] {
  const currencies = [...new Set(days.map((row) => row.currency))].filter((code) => code !== ownCurrency).sort();
  return [ownCurrency, ...currencies].map((currency) => {
    const own = new Map(days.filter((row) => row.currency === currency).map((row) => [row.day, row]));
    const net = (day: LocalDate) => own.get(day)?.netMinor ?? 0n;
    const sum = (from: number, count: number) =>
      minorToJson(daysBack(today, from, count).reduce((total, day) => total + net(day), 0n));
    return {
      currency,
      today_minor: minorToJson(net(today)),
      today_count: Number(own.get(today)?.count ?? 0n),
      yesterday_minor: minorToJson(net(addDays(today, -1))),
      last_7_days_minor: sum(0, 7),
      last_30_days_minor: sum(0, PERIOD_DAYS),
      previous_30_days_minor: sum(PERIOD_DAYS, PERIOD_DAYS),
      days: daysBack(today, 0, PERIOD_DAYS)
        .reverse()
        .map((day) => ({ day, net_minor: minorToJson(net(day)) })),
    };
  });
}

/** `count` days that end `skipped` days before today, newest first. */
function daysBack(today: LocalDate, skipped: number, count: number): LocalDate[] {
  return Array.from({ length: count }, (_, index) => addDays(today, -skipped - index));
}
