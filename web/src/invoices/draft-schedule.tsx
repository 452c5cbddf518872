import { dueDatesOf } from '../../../src/invoices/due-dates.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import type { DueAsked } from './draft-amounts.ts';
import classes from './editor.module.css';

/** When what is being written would be due, by the server's own functions. */
export function DraftSchedule({ due, currency }: { due: DueAsked; currency: string }) {
  const schedule = dueDatesOf(due, due.issuedOn, due.totalMinor, due.calendar);
  const sum = (amountMinor: bigint) => <MoneyText amountMinor={amountMinor} currency={currency} />;
  return (
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
  );
}
