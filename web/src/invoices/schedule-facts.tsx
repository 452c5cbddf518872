import type { RecurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';

/** Trial, end, pauses and prices to come of a schedule, as far as it has any. */
export function ScheduleFacts({ schedule, today }: { schedule: RecurringInvoice; today: string }) {
  const { trial_until: trial, count_max: count, ends_on: end } = schedule.schedule;
  const pauses = schedule.pauses.filter(({ to }) => to === null || to > today);
  const later = schedule.revisions.filter(({ from }) => from > today);
  return (
    <>
      {trial !== null && (
        <>
          <dt>Trial until</dt>
          <dd>
            <CalendarDateText date={trial} />
          </dd>
        </>
      )}
      {(count !== null || end !== null) && (
        <>
          <dt>Ends</dt>
          <dd>
            {count !== null && `after ${count === 1 ? '1 invoice' : `${count} invoices`}`}
            {count !== null && end !== null && ', or '}
            {end !== null && (
              <>
                before <CalendarDateText date={end} />
              </>
            )}
          </dd>
        </>
      )}
      {pauses.map(({ from, to }) => (
        <div key={from} style={{ display: 'contents' }}>
          <dt>Paused</dt>
          <dd>
            from <CalendarDateText date={from} />{' '}
            {to === null ? (
              'until it is resumed'
            ) : (
              <>
                until <CalendarDateText date={to} />
              </>
            )}
          </dd>
        </div>
      ))}
      {later.map(({ from }) => (
        <div key={from} style={{ display: 'contents' }}>
          <dt>Other prices from</dt>
          <dd>
            <CalendarDateText date={from} />
            <LaterAmount schedule={schedule} from={from} />
          </dd>
        </div>
      ))}
    </>
  );
}

/** What an invoice comes to then, where it is among those that are shown as coming next. */
function LaterAmount({ schedule, from }: { schedule: RecurringInvoice; from: string }) {
  const first = schedule.upcoming.find(({ on }) => on >= from);
  if (!first) return null;
  return (
    <>
      : <MoneyText amountMinor={first.total_minor} currency={schedule.currency} />
    </>
  );
}
