import { lazy, Suspense } from 'react';
import type { InvoiceAmounts } from '../../../src/invoices/invoice-amounts.ts';
import { MoneyText } from '../ui/money-text.tsx';
import type { DueAsked } from './draft-amounts.ts';
import classes from './editor.module.css';

// Counting with dates needs a library of its own; the sums need not wait for it.
const DraftSchedule = lazy(async () => ({ default: (await import('./draft-schedule.tsx')).DraftSchedule }));

/** What the document comes to while it is written, and when that is due. */
export function DraftSums(props: { amounts: InvoiceAmounts | null; due: DueAsked | null; currency: string }) {
  const { amounts, due, currency } = props;
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
      {due && (
        <Suspense fallback={null}>
          <DraftSchedule due={due} currency={currency} />
        </Suspense>
      )}
    </div>
  );
}
