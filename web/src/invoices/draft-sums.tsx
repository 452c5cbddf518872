import type { InvoiceAmounts } from '../../../src/invoices/invoice-amounts.ts';
import type { Schedule } from '../../../src/invoices/terms.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './editor.module.css';

/** What the document comes to while it is written, and when that is due. */
export function DraftSums(props: { amounts: InvoiceAmounts | null; schedule: Schedule | null; currency: string }) {
  const { amounts, schedule, currency } = props;
  if (amounts === null) return <p className={classes.quiet}>The sums come back when every number can be read.</p>;
  const sum = (amountMinor: bigint) => <MoneyText amountMinor={amountMinor} currency={currency} />;
  return (
    <div aria-live="polite" style={{ display: 'contents' }}>
      <dl className={classes.sums}>
        <dt>Subtotal</dt>
        <dd>{sum(amounts.netMinor)}</dd>
        {amounts.documentDiscountMinor > 0n && (
          <>
            <dt>Discount</dt>
            <dd>{sum(-amounts.documentDiscountMinor)}</dd>
          </>
        )}
        {amounts.taxes.map((tax) => (
          <div key={tax.code} style={{ display: 'contents' }}>
            <dt>
              {tax.label}
              {tax.inclusive && <span className={classes.quiet}> in the prices</span>}
            </dt>
            <dd>{sum(tax.taxMinor)}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.total}>
        <span>Total</span>
        <MoneyText size="large" amountMinor={amounts.totalMinor} currency={currency} />
      </div>
      {schedule && (
        <div className={classes.due}>
          {schedule.instalments.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two parts may be alike
            <div key={place}>
              <span>
                Due <CalendarDateText date={part.dueOn} />
              </span>
              {sum(part.amountMinor)}
            </div>
          ))}
          {schedule.earlyDiscount && (
            <div>
              <span className={classes.quiet}>
                Off if paid until <CalendarDateText date={schedule.earlyDiscount.untilOn} />
              </span>
              {sum(-schedule.earlyDiscount.amountMinor)}
            </div>
          )}
        </div>
      )}
    </div>
  );
}
