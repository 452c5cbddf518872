import type { WorkspaceTx } from '../foundation/database.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { instalmentsOf } from './invoice.ts';
import { type Expected, expectedOf, PAID_COUNT_MIN } from './payment-behaviour.ts';
import { readOpenRows, sumCreditLeft, sumPaid } from './store-behaviour.ts';

/** What is to come from a customer in one currency, and how they have paid so far. */
export interface Receivables extends Expected {
  readonly paidCount: number;
  /** In credit notes that stand alone: the customer's, minor units. */
  readonly creditLeftMinor: bigint;
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
  const [open, paid, credit] = await Promise.all([
    readOpenRows(tx, contactIds),
    sumPaid(tx, contactIds),
    sumCreditLeft(tx, contactIds),
  ]);
  const currencies = new Set([...open, ...paid, ...credit].map(({ currency }) => currency));
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
      const creditLeftMinor = credit.find((row) => row.currency === currency)?.amount_minor ?? 0n;
      return [currency, { ...expected, paidCount, creditLeftMinor, behaviour }];
    }),
  );
}
