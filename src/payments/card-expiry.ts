import { addDays, daysBetween, type LocalDate } from '../foundation/local-date.ts';

/** Days ahead at which an expiry is warned of: time for a first message, and for a second one. */
export const WARNED_DAYS_AHEAD = [30, 7] as const;
/** A card that has expired and is still needed stays in the list this long. */
export const SHOWN_DAYS_AFTER = 30;
/** A card is needed when its contact was charged within this time. */
export const CHARGED_WITHIN_DAYS = 90;

export interface YearMonth {
  readonly year: number;
  readonly month: number;
}

/** The last day a card is good: the last one of its month. */
export function lastDayOf({ year, month }: YearMonth): LocalDate {
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return addDays(next, -1);
}

/** First and last expiry month whose last day lies between these days, both included. */
export function monthsEndingBetween(from: LocalDate, to: LocalDate): { first: YearMonth; last: YearMonth } {
  const month = (day: LocalDate) => ({ year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) });
  const last = addDays(to, 1).endsWith('-01') ? to : addDays(`${to.slice(0, 7)}-01`, -1);
  return { first: month(from), last: month(last) };
}

/** Whole days until a card's last day; negative when it has expired. */
export function daysLeft(expiry: YearMonth, today: LocalDate): number {
  return daysBetween(today, lastDayOf(expiry));
}

/** Which warning is due with so many days left; null when none is, or when it is too late for one. */
export function warningDue(left: number): number | null {
  if (left < 0) return null;
  return [...WARNED_DAYS_AHEAD].sort((a, b) => a - b).find((days) => left <= days) ?? null;
}
