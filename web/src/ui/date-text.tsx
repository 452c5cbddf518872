import { useReader } from './reader.tsx';
import { calendarDate, exactDate, relativeDate } from './relative-date.ts';

/** A moment (UTC ISO 8601): "2 days ago" within a week, else its date; exact on hover. `exact` writes it out at once. */
export function DateText(props: { at: string | Date; exact?: boolean }) {
  const { locale, timeZone, now } = useReader();
  const at = typeof props.at === 'string' ? new Date(props.at) : props.at;
  const exact = exactDate(at, locale, timeZone);
  return (
    <time dateTime={at.toISOString()} title={props.exact ? undefined : exact} style={{ whiteSpace: 'nowrap' }}>
      {props.exact ? exact : relativeDate(at, now, locale, timeZone)}
    </time>
  );
}

/** A calendar date ("2026-11-22"): a received date, a due date. No zone, no time of day. */
export function CalendarDateText(props: { date: string }) {
  const { locale } = useReader();
  return (
    <time dateTime={props.date} style={{ whiteSpace: 'nowrap' }}>
      {calendarDate(props.date, locale)}
    </time>
  );
}
