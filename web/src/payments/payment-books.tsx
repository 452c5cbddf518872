import type { PaymentDetail } from '../../../src/payments/api.ts';
import { CopyText } from '../ui/copy-text.tsx';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './transaction.module.css';

/** What the books say about the payment and what the gateway reported: folded, for whoever has to look closer. */
export function PaymentBooks({ detail }: { detail: PaymentDetail }) {
  return (
    <div>
      <details className={classes.fold}>
        <summary>Ledger lines ({detail.ledger_lines.length})</summary>
        {detail.ledger_lines.length === 0 ? (
          <p className={classes.quiet}>Nothing is booked: no money has moved.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
          <section className={classes.scroll} aria-label="Ledger lines" tabIndex={0}>
            <table className={classes.lines}>
              <thead>
                <tr>
                  <th scope="col">Date</th>
                  <th scope="col">Booking</th>
                  <th scope="col">Debit</th>
                  <th scope="col">Credit</th>
                  <th scope="col" data-align="right">
                    Amount
                  </th>
                </tr>
              </thead>
              <tbody>
                {detail.ledger_lines.map((line) => (
                  <tr key={`${line.entry_id} ${line.debit} ${line.credit} ${line.amount_minor}`}>
                    <td>
                      <CalendarDateText date={line.effective_on} />
                    </td>
                    <td>{line.booking.replaceAll('_', ' ')}</td>
                    <td>{line.debit.replaceAll('_', ' ')}</td>
                    <td>{line.credit.replaceAll('_', ' ')}</td>
                    <td data-align="right">
                      <MoneyText amountMinor={line.amount_minor} currency={line.currency} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </details>
      <details className={classes.fold}>
        <summary>Gateway events ({detail.events.length})</summary>
        {detail.events.length === 0 ? (
          <p className={classes.quiet}>The gateway has reported nothing of its own accord.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
          <section className={classes.scroll} aria-label="Gateway events" tabIndex={0}>
            <table className={classes.lines}>
              <thead>
                <tr>
                  <th scope="col">Received</th>
                  <th scope="col">Event</th>
                  <th scope="col">What it did</th>
                  <th scope="col">Id</th>
                </tr>
              </thead>
              <tbody>
                {detail.events.map((event) => (
                  <tr key={event.id}>
                    <td>
                      <DateText at={event.received_at} />
                    </td>
                    <td>{event.type}</td>
                    <td>{event.result ?? 'waits'}</td>
                    <td>
                      <CopyText text={event.id} shown={`…${event.id.slice(-8)}`} label="event id" />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </details>
    </div>
  );
}
