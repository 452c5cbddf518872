import { useQuery } from '@tanstack/react-query';
import { invoiceList } from '../../../src/invoices/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyInput } from '../ui/money-input.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './charge.module.css';
import { type Payable, payableOf } from './split-payment.ts';

/** As many open invoices as one payment is ever split over by hand. */
const SHOWN_MAX = 50;

/** Invoices of a contact that money can be put to, what is due first in front; empty while they are read. */
export function usePayable(contactId: string, currency: string, isEnabled = true): readonly Payable[] {
  const { api, workspace } = useWorkspace();
  const query = { contact: contactId, kind: 'invoice', status: 'outstanding', currency, limit: SHOWN_MAX } as const;
  const list = useQuery({
    queryKey: [workspace.id, 'payable', query],
    queryFn: ({ signal }) => api.get('/v1/invoices', invoiceList, { query, signal }),
    enabled: isEnabled,
  });
  return list.data ? payableOf(list.data.data, currency) : [];
}

/** What of a payment goes to which invoice; what is left over is said. */
export function SplitFields(props: {
  payable: readonly Payable[];
  amountMinor: bigint;
  currency: string;
  split: ReadonlyMap<string, bigint>;
  onSplit: (split: ReadonlyMap<string, bigint>) => void;
}) {
  const { payable, split, currency } = props;
  const put = payable.reduce((sum, { id }) => sum + (split.get(id) ?? 0n), 0n);
  const left = props.amountMinor - put;
  return (
    <fieldset className={classes.split}>
      <legend>Pays</legend>
      {payable.map((row) => (
        <div key={row.id} className={classes.splitRow}>
          <span>
            <span className={classes.methodName}>{row.number}</span>
            <span className={classes.methodDetail}>
              <MoneyText amountMinor={row.open_minor} currency={currency} /> open
              {row.due_on && (
                <>
                  , due <CalendarDateText date={row.due_on} />
                </>
              )}
            </span>
          </span>
          <MoneyInput
            aria-label={`To ${row.number}`}
            placeholder="Nothing"
            currency={currency}
            minMinor={0n}
            maxMinor={BigInt(row.open_minor)}
            amountMinor={split.get(row.id) ?? null}
            onAmount={(amountMinor) => props.onSplit(new Map([...split, [row.id, amountMinor ?? 0n]]))}
          />
        </div>
      ))}
      {left > 0n && (
        <p className={classes.methodDetail}>
          <MoneyText amountMinor={left} currency={currency} /> stays on the customer’s account, for what comes next.
        </p>
      )}
      {left < 0n && (
        <p className={classes.splitTooMuch} role="alert">
          <MoneyText amountMinor={-left} currency={currency} /> more than was received.
        </p>
      )}
    </fieldset>
  );
}
