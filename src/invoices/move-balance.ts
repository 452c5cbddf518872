import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { type InvoiceRow, nextDueOf } from './invoice.ts';
import { type BalanceChange, updateBalances } from './store.ts';

/** By how much the parts of an invoice's balance move, minor units; what is absent stays. */
export interface BalanceMove {
  readonly creditedMinor?: bigint;
  readonly paidMinor?: bigint;
  readonly discountedMinor?: bigint;
  readonly writtenOffMinor?: bigint;
  readonly lateFeeMinor?: bigint;
}

/** The row after a move: pure, with the next due date and the day it was settled that follow from it. */
export function moved(row: InvoiceRow, move: BalanceMove, today: LocalDate): InvoiceRow {
  const next = {
    ...row,
    credited_minor: row.credited_minor + (move.creditedMinor ?? 0n),
    paid_minor: row.paid_minor + (move.paidMinor ?? 0n),
    discounted_minor: row.discounted_minor + (move.discountedMinor ?? 0n),
    written_off_minor: row.written_off_minor + (move.writtenOffMinor ?? 0n),
    late_fee_minor: row.late_fee_minor + (move.lateFeeMinor ?? 0n),
  };
  const open_minor =
    next.total_minor +
    next.late_fee_minor -
    next.credited_minor -
    next.paid_minor -
    next.discounted_minor -
    next.written_off_minor;
  check(
    open_minor >= 0n && next.paid_minor >= 0n,
    'an invoice is never paid, credited or written off beyond its amount',
  );
  const isOpen = open_minor > 0n;
  return {
    ...next,
    open_minor,
    next_due_on: isOpen ? nextDueOf(next) : null,
    settled_on: isOpen ? null : (row.settled_on ?? today),
  };
}

/** Writes rows that came out of moved(); the caller holds their locks and posts the entries that say the same. */
export async function writeBalances(tx: WorkspaceTx, rows: readonly InvoiceRow[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  const changes: BalanceChange[] = [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  await updateBalances(tx, changes, at);
}
