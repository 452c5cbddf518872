const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Beyond this a count of days says less than the date. */
const RELATIVE_MS = 7 * DAY_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = locale + JSON.stringify(options);
  let formatter = formats.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, options);
    formats.set(key, formatter);
  }
  return formatter.format(at);
}

/** "2 days ago" within a week of `now` (either side), else the date, with the year only when it is another one. */
export function relativeDate(at: Date, now: Date, locale: string, timeZone: string): string {
  const awayMs = at.getTime() - now.getTime();
  const distanceMs = Math.abs(awayMs);
  if (distanceMs < RELATIVE_MS) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    if (distanceMs < MINUTE_MS) return words.format(0, 'second');
    if (distanceMs < HOUR_MS) return words.format(Math.trunc(awayMs / MINUTE_MS), 'minute');
    const days = calendarDay(at, timeZone) - calendarDay(now, timeZone);
    if (days === 0) return words.format(Math.trunc(awayMs / HOUR_MS), 'hour');
    return words.format(days, 'day');
  }
  const isSameYear = yearOf(at, timeZone) === yearOf(now, timeZone);
  return format(at, locale, { day: 'numeric', month: 'short', ...(isSameYear ? {} : { year: 'numeric' }), timeZone });
}

/** The moment to the minute, without the day of the week. */
export function shortMoment(at: Date, locale: string, timeZone: string): string {
  return format(at, locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

/** The moment in full, with its zone: for hovering, and wherever a week-old "Tuesday" would not do. */
export function exactDate(at: Date, locale: string, timeZone: string): string {
  return format(at, locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
}

/** A calendar date ("2026-11-22") as the locale writes it. It has no zone: it is the same day everywhere. */
export function calendarDate(date: string, locale: string): string {
  return format(new Date(`${date}T00:00:00Z`), locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** Days since 1970 of the calendar day that `at` falls on in `timeZone`. */
function calendarDay(at: Date, timeZone: string): number {
  return Math.round(Date.parse(`${format(at, 'sv-SE', { dateStyle: 'short', timeZone })}T00:00:00Z`) / DAY_MS);
}

function yearOf(at: Date, timeZone: string): string {
  return format(at, 'sv-SE', { year: 'numeric', timeZone });
}
