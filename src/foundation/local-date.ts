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

/** `date` moved by whole months; a day the month lacks becomes its last one (31 January + 1 is 28 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

export function endOfMonth(date: LocalDate): LocalDate {
  const day = Temporal.PlainDate.from(date);
  return day.with({ day: day.daysInMonth }).toString();
}

/** The `day` (1 to 31) of the month of `date`; its last one where the month is shorter. */
export function onDayOfMonth(date: LocalDate, day: number): LocalDate {
  return Temporal.PlainDate.from(date).with({ day }).toString();
}

/** ISO day of the week: 1 Monday to 7 Sunday. */
export function dayOfWeek(date: LocalDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}
