import type { WorkspaceTx } from '../foundation/database.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { instalmentsOf } from './invoice.ts';
import { type Expected, expectedOf, PAID_COUNT_MIN } from './payment-behaviour.ts';
import { readOpenRows, sumPaid } from './store-behaviour.ts';

/** What is to come from a customer in one currency, and how they have paid so far. */
export interface Receivables extends Expected {
  readonly paidCount: number;
  /** Null below PAID_COUNT_MIN paid invoices. */
  readonly behaviour: { readonly onTimeCount: number; readonly averageDays: number } | null;
}

/** By currency, for a contact and everybody merged into it; a currency without open or paid invoices is absent. */
export async function readReceivables(
  tx: WorkspaceTx,
  caller: Caller,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, Receivables>> {
  const today: LocalDate = localDateOf(caller.now, caller.workspace.timeZone);
  const [open, paid] = await Promise.all([readOpenRows(tx, contactIds), sumPaid(tx, contactIds)]);
  const currencies = new Set([...open, ...paid].map(({ currency }) => currency));
  return new Map(
    [...currencies].map((currency) => {
      const rows = open.filter((row) => row.currency === currency);
      const past = paid.find((row) => row.currency === currency);
      const paidCount = past?.paid_count ?? 0;
      const expected = expectedOf(
        rows.map((row) => ({ instalments: instalmentsOf(row), openMinor: row.open_minor })),
        today,
      );
      const behaviour =
        past === undefined || paidCount < PAID_COUNT_MIN
          ? null
          : { onTimeCount: past.on_time_count, averageDays: Math.round(past.days / paidCount) };
      return [currency, { ...expected, paidCount, behaviour }];
    }),
  );
}
