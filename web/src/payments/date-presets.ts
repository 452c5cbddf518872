const DAY_MS = 86_400_000;

/** The ranges people ask for, ending on `today` (a calendar date in the workspace's zone); both ends included. */
export function datePresets(today: string): { label: string; from: string; to: string }[] {
  const month = today.slice(0, 7);
  const lastOfPrevious = daysFrom(`${month}-01`, -1);
  return [
    { label: 'Today', from: today, to: today },
    { label: 'Yesterday', from: daysFrom(today, -1), to: daysFrom(today, -1) },
    { label: 'Last 7 days', from: daysFrom(today, -6), to: today },
    { label: 'Last 30 days', from: daysFrom(today, -29), to: today },
    { label: 'This month', from: `${month}-01`, to: today },
    { label: 'Last month', from: `${lastOfPrevious.slice(0, 7)}-01`, to: lastOfPrevious },
    { label: 'This year', from: `${today.slice(0, 4)}-01-01`, to: today },
    { label: 'Last 12 months', from: daysFrom(today, -364), to: today },
  ];
}

/** A calendar date moved by whole days. Dates have no zone: counted in UTC, no day is longer than another. */
export function daysFrom(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The calendar date that `at` falls on in `timeZone`. */
export function calendarDayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(at);
}
