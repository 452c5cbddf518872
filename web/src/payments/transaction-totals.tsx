import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { paymentTotals } from '../../../src/payments/api.ts';
import type { Query } from '../app/api-client.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import classes from './payments.module.css';

/** Sums per currency over everything that the filter lets through, not only over the rows on the screen. */
export function useTotals(query: Query) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'payment-totals', query],
    queryFn: ({ signal }) => api.get('/v1/payment-totals', paymentTotals, { query, signal }),
    placeholderData: (before) => before,
  });
}

/** Charged, refunded, disputed and what is left, a line per currency: currencies are never added. */
export function TransactionTotals({ query }: { query: Query }) {
  const { locale } = useReader();
  const totals = useTotals(query);
  const own = useWorkspaceFacts()?.currency;
  if (totals.data?.data.length === 0) return null;
  // The list above says what failed; sums without it would only say it twice.
  if (totals.isError && !totals.data) return null;
  const number = new Intl.NumberFormat(locale);
  return (
    <section className={classes.totals} aria-label="Totals" aria-busy={totals.isPlaceholderData || totals.isPending}>
      {totals.data ? (
        ownFirst(totals.data.data, own).map((sum) => (
          <div key={sum.currency} className={classes.totalsRow}>
            <div className={classes.totalsCurrency}>
              <span>{sum.currency}</span>
              <span className={classes.quiet}>{sum.count === 1 ? '1 row' : `${number.format(sum.count)} rows`}</span>
            </div>
            <dl className={classes.figures}>
              <Figure name="Charged" amountMinor={sum.charged_minor} currency={sum.currency} />
              <Figure name="Refunded" amountMinor={-sum.refunded_minor || 0} currency={sum.currency} />
              <Figure name="Disputed" amountMinor={-sum.disputed_minor || 0} currency={sum.currency} />
              <Figure name="Net" amountMinor={sum.net_minor} currency={sum.currency} isMain />
            </dl>
          </div>
        ))
      ) : (
        <div className={classes.totalsRow} aria-hidden>
          {['currency', 'charged', 'refunded', 'disputed', 'net'].map((name) => (
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

/** The workspace's own currency stands above the others. */
function ownFirst<Sum extends { currency: string }>(sums: readonly Sum[], own: string | undefined): readonly Sum[] {
  return sums.toSorted((a, b) => Number(b.currency === own) - Number(a.currency === own));
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
