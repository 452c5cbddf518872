import { Temporal } from 'temporal-polyfill';

/** A calendar date as text, "2026-11-22"; compared as text. */
export type LocalDate = string;

/** The calendar date that `at` falls on in `timeZone` (an IANA name). Throws a RangeError on an unknown zone. */
export function localDateOf(at: Date, timeZone: string): LocalDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The moment a calendar date begins in `timeZone`; days that skip midnight begin at their first moment. */
export function startOfLocalDate(date: LocalDate, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** `date` moved by whole days (negative goes back). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}

/** Local wall-clock text such as "2010-12-01 08:26:00" in `timeZone` → the moment. Null when it is not a date. */
export function momentFromLocal(text: string, timeZone: string): Date | null {
  try {
    return new Date(
      Temporal.PlainDateTime.from(text.trim().replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds,
    );
  } catch {
    return null;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
