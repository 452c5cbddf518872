import { Button } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type InvoiceRowAnswer, invoiceList } from '../../../src/invoices/api.ts';
import type { CursorPage } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyInput } from '../ui/money-input.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './charge.module.css';
import { type Payable, payableOf } from './split-payment.ts';

/** Rows of the API asked for at a time. */
const READ_AT_ONCE = 200;
/** Those shown before more are asked for; what the payment goes to is always shown. */
const SHOWN_FIRST = 20;

/**
 * Every invoice of a contact that money can be put to, what is due first in front. Read anew each time and to the end: money
 * must not go elsewhere because an invoice was not here yet. Nothing is to be recorded before it has answered.
 */
export function usePayable(contactId: string, currency: string): UseQueryResult<readonly Payable[]> {
  const { api, workspace } = useWorkspace();
  const query = { contact: contactId, kind: 'invoice', status: 'outstanding', currency, limit: READ_AT_ONCE } as const;
  return useQuery({
    queryKey: [workspace.id, 'payable', query],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const rows: InvoiceRowAnswer[] = [];
      let cursor: string | null = null;
      do {
        const page: CursorPage<InvoiceRowAnswer> = await api.get('/v1/invoices', invoiceList, {
          query: { ...query, cursor },
          signal,
        });
        rows.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return payableOf(rows, currency);
    },
  });
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
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? payable : payable.filter(({ id }, place) => place < SHOWN_FIRST || split.has(id));
  return (
    <fieldset className={classes.split}>
      <legend>Pays</legend>
      {shown.map((row) => (
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
      {shown.length < payable.length && (
        <Button size="xs" variant="subtle" onClick={() => setWhole(true)}>
          Show {payable.length - shown.length} more
        </Button>
      )}
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
