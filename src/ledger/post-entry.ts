import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { ContactSums } from './accounts.ts';
import type { BookedMoment } from './bookings.ts';
import { checkEntry, type Entry, type PostedRows, reversalOf, sumsMovedBy } from './entry.ts';
import {
  addToContactSums,
  entriesOf,
  insertEntries,
  insertTransfers,
  readTransfersOfSources,
  type SumsMove,
} from './store.ts';

/**
 * Posts entries and moves the kept sums, in the caller's transaction. `roots` says under which contact each entry's
 * contact is summed (itself, or the one it was merged into), for entries that move sums; the caller holds a share lock on those contacts, so that a
 * merge cannot slip between. Throws BrokenAssumption on an undeclared transfer; a second entry for the same source and
 * event violates ledger_entries_source, because callers decide under the source's row lock whether it is due.
 *
 * The statements are sent together: three round trips become one.
 */
export async function postEntries(
  tx: WorkspaceTx,
  entries: readonly Entry[],
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  if (entries.length === 0) return;
  for (const entry of entries) checkEntry(entry);
  const moves = sumsMoved(entries, roots);
  await Promise.all([
    insertEntries(tx, entries),
    insertTransfers(tx, entries),
    moves.length > 0 && addToContactSums(tx, moves),
  ]);
}

/**
 * Whether entries can go with the one call of ledger_post(). What reverses another entry, or names the document or tax of
 * a transfer, is posted with postEntries().
 */
export function fitOneCall(entries: readonly Entry[]): boolean {
  return entries.every(
    ({ reversesId, transfers }) =>
      reversesId === null &&
      transfers.every(({ documentId, detail }) => (documentId ?? null) === null && (detail ?? null) === null),
  );
}

/**
 * What postEntries() would write, for the one call that writes everything of an outcome. The same conditions hold: the
 * roots are held, or checked by that call. Throws BrokenAssumption on an undeclared transfer.
 */
export function entriesToPost(entries: readonly Entry[], roots: ReadonlyMap<string, string>): PostedRows | null {
  if (entries.length === 0) return null;
  check(fitOneCall(entries), 'what one call cannot post is posted by itself');
  for (const entry of entries) checkEntry(entry);
  return {
    entries: entries.map((entry) => ({
      id: entry.id,
      booking: entry.booking,
      source_id: entry.sourceId,
      event: entry.event,
      contact_id: entry.contactId,
      currency: entry.currency,
      effective_on: entry.effectiveOn,
      effective_at: entry.effectiveAt,
      recorded_at: entry.recordedAt,
    })),
    transfers: entries.flatMap((entry) =>
      entry.transfers.map(({ debit, credit, amountMinor }, index) => ({
        entry_id: entry.id,
        line: index + 1,
        debit_account: debit,
        credit_account: credit,
        contact_id: entry.contactId,
        currency: entry.currency,
        amount_minor: amountMinor,
      })),
    ),
    sums: sumsMoved(entries, roots).map(({ contactId, currency, sums }) => ({
      contact_id: contactId,
      currency,
      received_minor: sums.receivedMinor,
      refunded_minor: sums.refundedMinor,
      dispute_lost_minor: sums.disputeLostMinor,
      fee_minor: sums.feeMinor,
      tax_minor: sums.taxMinor,
      payment_count: sums.paymentCount,
    })),
  };
}

/** Reverses every not yet reversed entry of these sources with the given event name. Returns what was posted. */
export async function reverseEntriesOf(
  tx: WorkspaceTx,
  sourceIds: readonly string[],
  event: string,
  moment: BookedMoment,
  roots: ReadonlyMap<string, string>,
): Promise<Entry[]> {
  const entries = entriesOf(await readTransfersOfSources(tx, sourceIds));
  const reversed = new Set(entries.map((entry) => entry.reversesId));
  const reversals = entries
    .filter((entry) => entry.reversesId === null && !reversed.has(entry.id))
    .map((entry) => reversalOf(entry, event, { ...moment, id: newId() }));
  await postEntries(tx, reversals, roots);
  return reversals;
}

function sumsMoved(entries: readonly Entry[], roots: ReadonlyMap<string, string>): SumsMove[] {
  const moves = new Map<string, { contactId: string; currency: string; sums: ContactSums }>();
  for (const entry of entries) {
    if (entry.contactId === null) continue;
    const moved = sumsMovedBy(entry.transfers);
    // Billing and allocating move nothing that is kept per contact: no row is locked for it, and nobody has to know the
    // root of a contact whose invoice is paid with money of another one of the same group.
    if (Object.values(moved).every((sum) => sum === 0n)) continue;
    const contactId = roots.get(entry.contactId);
    check(contactId, 'the surviving contact of an entry is known');
    const key = `${contactId} ${entry.currency}`;
    const before = moves.get(key)?.sums;
    moves.set(key, { contactId, currency: entry.currency, sums: before ? addSums(before, moved) : moved });
  }
  return [...moves].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, move]) => move);
}

/** Sums of two sets of kept sums, part by part. */
export function addSums(left: ContactSums, right: ContactSums): ContactSums {
  return {
    receivedMinor: left.receivedMinor + right.receivedMinor,
    refundedMinor: left.refundedMinor + right.refundedMinor,
    disputeLostMinor: left.disputeLostMinor + right.disputeLostMinor,
    feeMinor: left.feeMinor + right.feeMinor,
    taxMinor: left.taxMinor + right.taxMinor,
    paymentCount: left.paymentCount + right.paymentCount,
  };
}
