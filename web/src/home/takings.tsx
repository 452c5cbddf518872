import type { Home } from '../../../src/insights/api.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { DayBars } from './day-bars.tsx';
import classes from './home.module.css';

type Taking = Home['takings'][number];

/** What came in today and lately, currency by currency: net of refunds and of money withdrawn in disputes. */
export function Takings({ takings, own }: { takings: readonly Taking[]; own: string | undefined }) {
  const main = takings.find((taking) => taking.currency === own) ?? takings[0];
  if (!main) return null;
  const others = takings.filter((taking) => taking !== main);
  return (
    <div className={classes.takings}>
      <TakingsOf taking={main} />
      {others.length > 0 && <OtherCurrencies takings={others} />}
    </div>
  );
}

/** Currencies beside the usual one, a line each: seldom many, and never added to it. */
function OtherCurrencies({ takings }: { takings: readonly Taking[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
    <section className={classes.scroll} aria-label="Other currencies" tabIndex={0}>
      <table className={classes.others}>
        <thead>
          <tr>
            <th scope="col">Also taken in</th>
            <th scope="col">Today</th>
            <th scope="col">Yesterday</th>
            <th scope="col">7 days</th>
            <th scope="col">30 days</th>
            <th scope="col">30 days before</th>
          </tr>
        </thead>
        <tbody>
          {takings.map((taking) => (
            <tr key={taking.currency}>
              <th scope="row">{taking.currency}</th>
              {[
                taking.today_minor,
                taking.yesterday_minor,
                taking.last_7_days_minor,
                taking.last_30_days_minor,
                taking.previous_30_days_minor,
              ].map((amountMinor, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: each place is a column
                <td key={place}>
                  <MoneyText amountMinor={amountMinor} currency={taking.currency} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TakingsOf({ taking }: { taking: Taking }) {
  const { locale } = useReader();
  const money = (amountMinor: number, size: 'normal' | 'large' = 'normal') => (
    <MoneyText amountMinor={amountMinor} currency={taking.currency} size={size} />
  );
  const count = new Intl.NumberFormat(locale).format(taking.today_count);
  return (
    <div className={classes.currency}>
      <dl className={classes.figures}>
        <div className={`${classes.figure} ${classes.today}`}>
          <dt>Taken today</dt>
          <dd>{money(taking.today_minor, 'large')}</dd>
          <dd className={classes.note}>
            {paymentsWords(taking.today_count, count)} in {taking.currency}
          </dd>
        </div>
        <div className={classes.figure}>
          <dt>Yesterday</dt>
          <dd>{money(taking.yesterday_minor)}</dd>
        </div>
        <div className={classes.figure}>
          <dt>7 days</dt>
          <dd>{money(taking.last_7_days_minor)}</dd>
        </div>
        <div className={classes.figure}>
          <dt>30 days</dt>
          <dd>{money(taking.last_30_days_minor)}</dd>
          <dd className={classes.note}>
            {money(taking.previous_30_days_minor)} before{changeWords(taking, locale)}
          </dd>
        </div>
      </dl>
      <DayBars days={taking.days} currency={taking.currency} />
    </div>
  );
}

function paymentsWords(paymentCount: number, written: string): string {
  if (paymentCount === 0) return 'No payment yet';
  return paymentCount === 1 ? '1 payment' : `${written} payments`;
}

/** ", up 12 %": only where there is something to compare with. */
function changeWords(taking: Taking, locale: string): string {
  const { last_30_days_minor: now, previous_30_days_minor: before } = taking;
  if (before <= 0 || now < 0) return '';
  const part = (now - before) / before;
  if (Math.abs(part) < 0.005) return ', the same';
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(Math.abs(part));
  return part > 0 ? `, up ${percent}` : `, down ${percent}`;
}
