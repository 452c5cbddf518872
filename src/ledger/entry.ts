import { check } from '../foundation/assert.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { type Account, type ContactSums, effectOf, NO_SUMS } from './accounts.ts';

/** One line: an amount moves from the credit account to the debit account. It cannot be out of balance. */
export interface Transfer {
  readonly debit: Account;
  readonly credit: Account;
  /** Minor units, always positive; the opposite is the transfer with the accounts exchanged. */
  readonly amountMinor: bigint;
  /** The invoice whose receivable it moves. */
  readonly documentId?: string | null;
  /** Which of several: the code of a tax. */
  readonly detail?: string | null;
}

/** What happened once to one source, as the transfers it caused. */
export interface Entry {
  readonly id: string;
  readonly booking: string;
  /** The payment (later: invoice, payout) that it records. */
  readonly sourceId: string;
  /** What happened to the source; at most one entry per source and event. */
  readonly event: string;
  /** Whose money it is; null where it is nobody's in particular (payouts), and no kept sum moves. */
  readonly contactId: string | null;
  readonly currency: string;
  readonly effectiveOn: LocalDate;
  readonly effectiveAt: Date;
  readonly recordedAt: Date;
  readonly reversesId: string | null;
  readonly transfers: readonly Transfer[];
}

/** Rows of entries under the names of their columns, for whoever writes them with other rows through ledger_post(). */
export interface PostedRows {
  readonly entries: readonly object[];
  readonly transfers: readonly object[];
  readonly sums: readonly object[];
}

/** Throws BrokenAssumption unless every transfer is positive and declared. */
export function checkEntry(entry: Entry): void {
  check(entry.transfers.length > 0, `entry ${entry.booking} moves something`);
  for (const { debit, credit, amountMinor } of entry.transfers) {
    check(amountMinor > 0n, `a transfer of ${entry.booking} is positive`);
    const effect = effectOf(debit, credit);
    check(effect, `a transfer from ${credit} to ${debit} is declared in accounts.ts`);
    check(
      entry.contactId !== null || effect.sum === null,
      `a transfer of ${entry.booking} that moves sums has a contact`,
    );
  }
}

/** The opposite of an entry, to correct it: same transfers with the accounts exchanged. */
export function reversalOf(
  entry: Entry,
  event: string,
  at: { id: string; effectiveOn: LocalDate; effectiveAt: Date; recordedAt: Date },
): Entry {
  return {
    ...entry,
    ...at,
    booking: `${entry.booking}_reversed`,
    event,
    reversesId: entry.id,
    transfers: entry.transfers.map(({ debit, credit, ...rest }) => ({ ...rest, debit: credit, credit: debit })),
  };
}

/** How the kept sums move by these transfers. */
export function sumsMovedBy(transfers: readonly Transfer[]): ContactSums {
  const moved = { ...NO_SUMS } as { -readonly [Name in keyof ContactSums]: bigint };
  for (const { debit, credit, amountMinor } of transfers) {
    const effect = effectOf(debit, credit);
    check(effect, `a transfer from ${credit} to ${debit} is declared in accounts.ts`);
    if (effect.sum !== null) moved[effect.sum] += effect.sign * amountMinor;
    moved.paymentCount += effect.count;
  }
  return moved;
}
