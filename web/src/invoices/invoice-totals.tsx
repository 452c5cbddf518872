import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { invoiceTotals } from '../../../src/invoices/api.ts';
import type { Query } from '../app/api-client.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import classes from '../payments/payments.module.css';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';

/** Sums per currency over everything that the filter lets through, not only over the rows on the screen. */
export function useInvoiceTotals(query: Query) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'invoice-totals', query],
    queryFn: ({ signal }) => api.get('/v1/invoices/totals', invoiceTotals, { query, signal }),
    placeholderData: (before) => before,
  });
}

/** What was billed, what of it is open, and what of that is late: a line per currency, never added. */
export function InvoiceTotals({ query, isOwed }: { query: Query; isOwed: boolean }) {
  const { locale } = useReader();
  const totals = useInvoiceTotals(query);
  const own = useWorkspaceFacts()?.currency;
  if (totals.data?.data.length === 0) return null;
  // The list below says what failed; sums without it would only say it twice.
  if (totals.isError && !totals.data) return null;
  const number = new Intl.NumberFormat(locale);
  return (
    <section className={classes.totals} aria-label="Totals" aria-busy={totals.isPlaceholderData || totals.isPending}>
      {totals.data ? (
        totals.data.data
          .toSorted((a, b) => Number(b.currency === own) - Number(a.currency === own))
          .map((sum) => (
            <div key={sum.currency} className={classes.totalsRow}>
              <div className={classes.totalsCurrency}>
                <span>{sum.currency}</span>
                <span className={classes.quiet}>{sum.count === 1 ? '1 row' : `${number.format(sum.count)} rows`}</span>
              </div>
              <dl className={classes.figures}>
                <Figure name="Total" amountMinor={sum.total_minor} currency={sum.currency} isMain={!isOwed} />
                {isOwed && (
                  <>
                    <Figure name="Outstanding" amountMinor={sum.open_minor} currency={sum.currency} isMain />
                    <Figure name="Overdue" amountMinor={sum.overdue_minor} currency={sum.currency} />
                  </>
                )}
              </dl>
            </div>
          ))
      ) : (
        <div className={classes.totalsRow} aria-hidden>
          {['currency', 'total', 'outstanding', 'overdue'].map((name) => (
            <div key={name} className={classes.figure} style={{ gap: 6, minHeight: 36 }}>
              <Skeleton height={10} width={56} />
              <Skeleton height={14} width={88} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function Figure(props: { name: string; amountMinor: number; currency: string; isMain?: boolean }) {
  return (
    <div className={classes.figure} data-main={props.isMain || undefined}>
      <dt>{props.name}</dt>
      <dd>
        <MoneyText amountMinor={props.amountMinor} currency={props.currency} />
      </dd>
    </div>
  );
}
