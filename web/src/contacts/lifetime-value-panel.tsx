import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { LifetimeValue } from '../../../src/insights/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { Sparkline } from '../ui/sparkline.tsx';
import classes from './contact-page.module.css';

/** The parts that make up the figure, and two that are told beside it; each opens the transactions that it sums. */
const PARTS = [
  { part: 'received', label: 'Received', minor: 'received_minor', sign: 1 },
  { part: 'refunded', label: 'Refunded', minor: 'refunded_minor', sign: -1 },
  { part: 'dispute_lost', label: 'Lost disputes', minor: 'dispute_lost_minor', sign: -1 },
  { part: 'fee', label: 'Gateway fees', minor: 'fee_minor', sign: 1 },
  { part: 'tax', label: 'Tax in it', minor: 'tax_minor', sign: 1 },
] as const;

/** What somebody is worth: one figure per currency, never added up, with what it is made of. */
export function LifetimeValuePanel(props: { contactId: string; values: readonly LifetimeValue[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const value = props.values.find((one) => one.currency === chosen) ?? props.values[0];
  if (!value) return null;
  return (
    <section className={classes.panel} aria-label="Lifetime value">
      <div className={classes.panelHead}>
        <h2 className={classes.panelTitle}>Lifetime value</h2>
        {props.values.length > 1 && (
          <SegmentedControl
            aria-label="Currency"
            data={props.values.map((one) => one.currency)}
            value={value.currency}
            onChange={setChosen}
          />
        )}
      </div>
      <Figure value={value} />
      <Parts contactId={props.contactId} value={value} />
    </section>
  );
}

function Figure({ value }: { value: LifetimeValue }) {
  const { locale, timeZone } = useReader();
  const format = useMoneyFormat();
  const since = value.first_payment_at
    ? new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone }).format(
        new Date(value.first_payment_at),
      )
    : null;
  const total = value.months.reduce((sum, month) => sum + month.net_minor, 0);
  const count = new Intl.NumberFormat(locale).format(value.payment_count);
  return (
    <>
      <div className={classes.figureLine}>
        <div>
          <div className={classes.figure}>
            <MoneyText amountMinor={value.ltv_minor} currency={value.currency} />
          </div>
          <p className={classes.quiet}>
            {value.payment_count === 0
              ? 'No payments yet'
              : `${count} ${value.payment_count === 1 ? 'payment' : 'payments'}, since ${since}`}
          </p>
        </div>
        {value.payment_count > 0 && (
          <Sparkline
            values={value.months.map((month) => month.net_minor)}
            label={`Received per month, the last ${value.months.length} months: ${format(total, value.currency)} in all`}
            width={112}
            height={40}
          />
        )}
      </div>
      {value.average_minor !== null && value.payment_count > 1 && (
        <p className={classes.quiet}>
          {format(value.average_minor, value.currency)} on average{rhythmWords(value.rhythm_days)}
        </p>
      )}
    </>
  );
}

/** ", every 31 days"; nothing below two payments. */
function rhythmWords(days: number | null): string {
  if (days === null) return '';
  const whole = Math.round(days);
  if (whole < 1) return ', several a day';
  return whole === 1 ? ', every day' : `, every ${whole} days`;
}

function Parts({ contactId, value }: { contactId: string; value: LifetimeValue }) {
  const { workspace } = useWorkspace();
  const shown = PARTS.filter(({ part, minor }) => part === 'received' || value[minor] !== 0);
  return (
    <ul className={classes.parts} aria-label="What it is made of">
      {shown.map(({ part, label, minor, sign }) => {
        const words = (
          <>
            <span>{label}</span>
            <MoneyText amountMinor={value[minor] * sign} currency={value.currency} />
          </>
        );
        return (
          <li key={part}>
            {value[minor] === 0 ? (
              <span className={classes.part}>{words}</span>
            ) : (
              <AddressLink
                className={classes.part}
                address={{
                  to: '/w/$workspaceId/payments/transactions',
                  params: { workspaceId: workspace.id },
                  search: { contact: contactId, currency: value.currency, ltv_part: part },
                }}
              >
                {words}
              </AddressLink>
            )}
          </li>
        );
      })}
    </ul>
  );
}
