import { useReader } from './reader.tsx';
import { calendarDate, exactDate, relativeDate, shortMoment } from './relative-date.ts';

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

/** A moment to the minute, short enough for a narrow column: "Nov 26, 2026, 7:51 PM"; exact on hover. */
export function MomentText(props: { at: string }) {
  const { locale, timeZone } = useReader();
  const at = new Date(props.at);
  return (
    <time dateTime={props.at} title={exactDate(at, locale, timeZone)} style={{ whiteSpace: 'nowrap' }}>
      {shortMoment(at, locale, timeZone)}
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
