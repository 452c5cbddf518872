import type { Home } from '../../../src/insights/api.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { DayBars } from './day-bars.tsx';
import classes from './home.module.css';

type Taking = Home['takings'][number];

/** What came in today and lately, currency by currency: net of refunds and of money withdrawn in disputes. */
export function Takings({ takings }: { takings: readonly Taking[] }) {
  return (
    <div className={classes.takings}>
      {takings.map((taking) => (
        <TakingsOf key={taking.currency} taking={taking} />
      ))}
    </div>
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
          <dd className={classes.quiet}>
            {taking.today_count === 1 ? '1 payment' : `${count} payments`} in {taking.currency}
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
          <dd className={classes.quiet}>
            {money(taking.previous_30_days_minor)} before{changeWords(taking, locale)}
          </dd>
        </div>
      </dl>
      <DayBars days={taking.days} currency={taking.currency} />
    </div>
  );
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
