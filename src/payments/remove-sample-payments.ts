import { readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { reverseEntriesOf } from '../ledger/post-entry.ts';
import type { PaymentRow } from './attempt.ts';
import { SAMPLE_SLOT } from './record-sample-payments.ts';
import { SAMPLE_ACTOR } from './sample-payment.ts';
import { insertTransitions } from './store.ts';
import {
  lockSamplePayments,
  readChargesBuiltOn,
  readContactsWithOwnMoney,
  removeMethodsOf,
  setTakenBack,
} from './store-samples.ts';
import { addToDayTotals, totalsDelta } from './store-totals.ts';

/**
 * Takes the sample's payments of these contacts back: opposite ledger entries (nothing is ever removed from the book),
 * kept sums and day totals as if they had never been, status undone. A charge that a person refunded stays with all
 * that belongs to it, because their refund stands on it. Answers the gateway's references of what was taken back.
 */
export async function removeSamplePayments(
  tx: WorkspaceTx,
  sampleId: string,
  contactIds: readonly string[],
  at: { readonly now: Date; readonly today: LocalDate },
): Promise<{ undone: number; kept: number; gatewayRefs: string[] }> {
  const rows = await lockSamplePayments(tx, sampleId, contactIds);
  const builtOn = await readChargesBuiltOn(
    tx,
    sampleId,
    rows.filter((row) => row.kind === 'charge').map((row) => row.id),
  );
  const gone = rows.filter((row) => !builtOn.has(row.parent_id ?? row.id));
  if (gone.length > 0) await takeBack(tx, gone, at);
  return {
    undone: gone.length,
    kept: rows.length - gone.length,
    gatewayRefs: gone.flatMap((row) => (row.gateway === 'manual' ? [] : (row.gateway_ref ?? []))),
  };
}

async function takeBack(tx: WorkspaceTx, rows: readonly PaymentRow[], at: { now: Date; today: LocalDate }) {
  const ids = rows.map((row) => row.id);
  const roots = await readRootsForShare(tx, [...new Set(rows.map((row) => row.contact_id))]);
  const moment = { effectiveOn: at.today, effectiveAt: at.now, recordedAt: at.now };
  await Promise.all([
    reverseEntriesOf(tx, ids, 'sample_removed', moment, roots),
    insertTransitions(
      tx,
      rows.map((row) => ({
        payment_id: row.id,
        seq: row.transition_count + 1,
        from_status: row.status,
        to_status: 'undone' as const,
        at: at.now,
        by_kind: SAMPLE_ACTOR.kind,
        by_name: SAMPLE_ACTOR.name,
        via: 'staff' as const,
        why: 'The sample business was removed.',
      })),
    ),
    setTakenBack(tx, ids, at.now),
    addToDayTotals(
      tx,
      rows.flatMap((row) => [totalsDelta(row, row.status, -1n), totalsDelta(row, 'undone', 1n)]),
      SAMPLE_SLOT,
    ),
  ]);
}

/** Contacts among these that have money or a card of a person's own making. */
export function contactsWithOwnMoney(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  return readContactsWithOwnMoney(tx, contactIds);
}

/** Removes the saved cards of contacts that go. Answers their references at the gateway. */
export function removeCardsOf(tx: WorkspaceTx, contactIds: readonly string[], now: Date): Promise<string[]> {
  return removeMethodsOf(tx, contactIds, now, SAMPLE_ACTOR.name);
}
