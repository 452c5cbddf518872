import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { isUuid, newId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { declineFor } from '../gateways/declines.ts';
import type { MovementFacts } from '../gateways/gateway.ts';
import type { PastCharge, PastRefund } from '../gateways/history.ts';
import { accountRefunded, chargeSettled, refundSettled } from '../ledger/bookings.ts';
import { postEntries } from '../ledger/post-entry.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import { countersOnParent, type PaymentRow, refundableMinor } from './attempt.ts';
import { freeForRefund, refundWhy } from './move-account.ts';
import { entriesOfFacts, recordMovementFacts } from './record-movement-facts.ts';
import { insertPayments, insertTransitions } from './store.ts';
import {
  addToCounters,
  lockChargesByGatewayRef,
  readKnownMovements,
  readMethodIds,
  readUnsettled,
} from './store-gateway-history.ts';
import { upsertSettlements } from './store-settlements.ts';
import { addToDayTotals, totalsDelta } from './store-totals.ts';

/** For whom, from where and when movements that were not made here are taken into the book. */
export interface HistoryBy {
  readonly workspace: WorkspaceFacts;
  readonly gateway: { readonly name: string; readonly label: string };
  /** `import`: brought over; `gateway`: told of as it happened. */
  readonly source: 'import' | 'gateway';
  readonly importId: string | null;
  readonly now: Date;
  readonly totalsSlot: number;
}

export interface HistoryCounts {
  readonly written: number;
  readonly alreadyThere: number;
  /** Why some were left out: reason → how many. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** A charge with the contact that it belongs to here. */
export type ChargeOfContact = PastCharge & { readonly contactId: string };

/** When what is still under way at the gateway is asked about first. */
const ASK_PENDING_AFTER_MS = 60_000;

/**
 * Takes charges that were made at the gateway itself, or before it was connected, into the book: rows, history, ledger,
 * kept sums, totals and what was reported of their settling, with a fixed number of statements for any number. What is
 * there already, by the gateway's name or because it was made here, is left as it is, but learns its fee and net.
 */
export async function recordPastCharges(
  tx: WorkspaceTx,
  by: HistoryBy,
  charges: readonly ChargeOfContact[],
): Promise<HistoryCounts> {
  if (charges.length === 0) return { written: 0, alreadyThere: 0, leftOut: {} };
  const known = await knownOf(
    tx,
    by,
    charges.map(({ chargeRef, attemptId, facts }) => ({ ref: chargeRef, attemptId, facts })),
  );
  const fresh = charges.filter(({ chargeRef }) => !known.has(chargeRef));
  const roots = await readRootsForShare(
    tx,
    fresh.map(({ contactId }) => contactId),
  );
  const methods = await readMethodIds(
    tx,
    by.gateway.name,
    fresh.flatMap(({ methodRef }) => methodRef ?? []),
  );
  const rows = fresh.map((charge) => {
    const decline = charge.status === 'declined' ? declineFor(charge.declineCode) : null;
    return {
      ...blankRow(by, charge.createdAt),
      kind: 'charge' as const,
      contact_id: charge.contactId,
      payment_method_id: (charge.methodRef && methods.get(charge.methodRef)?.id) ?? null,
      // What is neither card nor debit (wallets of the gateway's own, say) is on the gateway's account all the same.
      method_kind: charge.methodKind === 'bank_debit' ? ('bank_debit' as const) : ('card' as const),
      method_label: charge.methodLabel,
      amount_minor: charge.amountMinor,
      currency: charge.currency,
      fee_minor: feeOf(charge),
      status: charge.status,
      description: charge.description,
      gateway_ref: charge.chargeRef,
      decline_code: charge.status === 'declined' ? charge.declineCode : null,
      decline_class: decline?.class ?? null,
      resolve_after: charge.status === 'pending' ? new Date(by.now.getTime() + ASK_PENDING_AFTER_MS) : null,
      settled_at: charge.status === 'settled' ? charge.createdAt : null,
    } satisfies PaymentRow;
  });
  const written = await writeRows(
    tx,
    by,
    rows,
    factsByRef(fresh.map(({ chargeRef, facts }) => [chargeRef, facts])),
    roots,
  );
  return { written: written.length, alreadyThere: charges.length - written.length, leftOut: {} };
}

/** The same for refunds. One whose charge is not in the book, or has not that much left, is left out and counted. */
export async function recordPastRefunds(
  tx: WorkspaceTx,
  by: HistoryBy,
  refunds: readonly PastRefund[],
): Promise<HistoryCounts> {
  if (refunds.length === 0) return { written: 0, alreadyThere: 0, leftOut: {} };
  const known = await knownOf(
    tx,
    by,
    refunds.map(({ refundRef, attemptId, facts }) => ({ ref: refundRef, attemptId, facts })),
  );
  const fresh = refunds.filter(({ refundRef }) => !known.has(refundRef));
  const locked = await lockChargesByGatewayRef(tx, by.gateway.name, [
    ...new Set(fresh.map(({ chargeRef }) => chargeRef)),
  ]);
  const parents = new Map(locked.map((row) => [row.gateway_ref, row]));
  const left = new Map(locked.map((row) => [row.id, row.amount_minor - row.refunded_minor - row.refunding_minor]));
  const leftOut: Record<string, number> = {};
  const rows: PaymentRow[] = [];
  for (const refund of fresh) {
    const charge = parents.get(refund.chargeRef);
    const reason = whyNot(refund, charge, left);
    if (!charge || reason !== null) {
      leftOut[reason ?? 'unknown'] = (leftOut[reason ?? 'unknown'] ?? 0) + 1;
      continue;
    }
    if (refund.status !== 'declined') left.set(charge.id, (left.get(charge.id) ?? 0n) - refund.amountMinor);
    rows.push({
      ...blankRow(by, refund.createdAt),
      kind: 'refund',
      parent_id: charge.id,
      contact_id: charge.contact_id,
      payment_method_id: charge.payment_method_id,
      method_kind: charge.method_kind,
      method_label: charge.method_label,
      amount_minor: refund.amountMinor,
      currency: refund.currency,
      fee_minor: feeOf(refund),
      status: refund.status,
      description: charge.description,
      reason: refund.reason,
      gateway_ref: refund.refundRef,
      decline_code: refund.status === 'declined' ? 'refund_failed' : null,
      decline_class: null,
      resolve_after: refund.status === 'pending' ? new Date(by.now.getTime() + ASK_PENDING_AFTER_MS) : null,
      settled_at: refund.status === 'settled' ? refund.createdAt : null,
      purpose: charge.purpose,
    });
  }
  const roots = await readRootsForShare(
    tx,
    rows.map((row) => row.contact_id),
  );
  const facts = factsByRef(fresh.map(({ refundRef, facts: reported }) => [refundRef, reported]));
  const written = await writeRows(tx, by, rows, facts, roots);
  await countRefunds(tx, by, written, locked, roots);
  return { written: written.length, alreadyThere: known.size, leftOut };
}

/** Counters of the charges; and what a charge on account had paid is open again by what went back of it. */
async function countRefunds(
  tx: WorkspaceTx,
  by: HistoryBy,
  refunds: readonly PaymentRow[],
  charges: readonly PaymentRow[],
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  const now = new Map(charges.map((row) => [row.id, row]));
  const counters = new Map<string, { refundedMinor: bigint; refundingMinor: bigint }>();
  const moment = { on: localDateOf(by.now, by.workspace.timeZone), at: by.now, by: by.gateway.label };
  for (const { id, kind, status, parent_id, amount_minor } of refunds) {
    const { refundedMinor, refundingMinor } = countersOnParent(kind, status, amount_minor);
    if (parent_id === null || refundedMinor + refundingMinor === 0n) continue;
    const charge = now.get(parent_id);
    check(charge, 'the charge of a refund is held');
    const freed = await freeForRefund(tx, charge, amount_minor, roots, { ...moment, why: refundWhy(id) });
    now.set(parent_id, {
      ...freed,
      refunded_minor: freed.refunded_minor + refundedMinor,
      refunding_minor: freed.refunding_minor + refundingMinor,
    });
    const counter = counters.get(parent_id) ?? { refundedMinor: 0n, refundingMinor: 0n };
    counter.refundedMinor += refundedMinor;
    counter.refundingMinor += refundingMinor;
    counters.set(parent_id, counter);
  }
  if (counters.size > 0) await addToCounters(tx, counters);
}

function whyNot(refund: PastRefund, charge: PaymentRow | undefined, left: ReadonlyMap<string, bigint>): string | null {
  if (!charge) return 'Its charge is not in the book.';
  if (charge.currency !== refund.currency) return 'Its currency is not that of its charge.';
  if (refund.status !== 'declined' && (left.get(charge.id) ?? 0n) < refund.amountMinor) {
    return 'More would have gone back than came in.';
  }
  if (charge.status !== 'settled' && refundableMinor(charge) === 0n && refund.status !== 'declined') {
    return 'Its charge is not settled.';
  }
  return null;
}

/** Movements that are in the book already; those whose settling was not known learn it. */
async function knownOf(
  tx: WorkspaceTx,
  by: HistoryBy,
  movements: readonly {
    readonly ref: string;
    readonly attemptId: string | null;
    readonly facts: MovementFacts | null;
  }[],
): Promise<Map<string, string>> {
  const attempts = movements.flatMap(({ attemptId }) => (attemptId !== null && isUuid(attemptId) ? attemptId : []));
  const rows = await readKnownMovements(
    tx,
    by.gateway.name,
    movements.map(({ ref }) => ref),
    attempts,
  );
  const byRef = new Map(rows.map((row) => [row.gateway_ref, row.id]));
  const ours = new Set(rows.map((row) => row.id));
  const known = new Map<string, string>();
  for (const { ref, attemptId } of movements) {
    const id = byRef.get(ref) ?? (attemptId !== null && ours.has(attemptId) ? attemptId : undefined);
    if (id !== undefined) known.set(ref, id);
  }
  if (known.size > 0) {
    const unsettled = await readUnsettled(tx, [...known.values()]);
    const reports = movements.flatMap(({ ref, facts }) => {
      const paymentId = known.get(ref);
      return facts && paymentId && unsettled.has(paymentId) ? [{ paymentId, facts }] : [];
    });
    await recordMovementFacts(tx, reports, { now: by.now, timeZone: by.workspace.timeZone });
  }
  return known;
}

function factsByRef(pairs: readonly (readonly [string, MovementFacts | null])[]): Map<string, MovementFacts> {
  return new Map(pairs.flatMap(([ref, facts]) => (facts ? [[ref, facts] as const] : [])));
}

/** The fee on the payment's own row: only where it is told in the payment's own currency. */
function feeOf({ currency, facts }: { readonly currency: string; readonly facts: MovementFacts | null }): bigint {
  return facts?.settlementCurrency === currency ? facts.feeMinor : 0n;
}

/** Writes new rows with everything that follows from them. Returns those that were written; a race is decided by the unique keys. */
async function writeRows(
  tx: WorkspaceTx,
  by: HistoryBy,
  rows: readonly PaymentRow[],
  facts: ReadonlyMap<string, MovementFacts>,
  roots: ReadonlyMap<string, string>,
): Promise<readonly PaymentRow[]> {
  if (rows.length === 0) return [];
  const added = await insertPayments(tx, rows);
  const written = rows.filter((row) => added.has(row.id));
  if (written.length === 0) return [];
  const entries = written.flatMap((row) => {
    if (row.status !== 'settled') return [];
    const moment = { effectiveOn: row.day, effectiveAt: row.occurred_at, recordedAt: by.now };
    const event = {
      ...moment,
      entryId: newId(),
      paymentId: row.id,
      contactId: row.contact_id,
      currency: row.currency,
      amountMinor: row.amount_minor,
      taxMinor: 0n,
      account: 'gateway_clearing' as const,
    };
    const settled =
      row.kind === 'charge'
        ? chargeSettled({ ...event, feeMinor: row.fee_minor > 0n ? row.fee_minor : 0n })
        : row.purpose === 'account'
          ? accountRefunded(event)
          : refundSettled(event);
    const reported = row.gateway_ref === null ? undefined : facts.get(row.gateway_ref);
    const first = { ...settled, event: `${settled.event}:1` };
    return reported ? [first, ...entriesOfFacts(row, reported, [first], moment)] : [first];
  });
  const reports = written.flatMap((row) => {
    const reported = row.gateway_ref === null ? undefined : facts.get(row.gateway_ref);
    return reported ? [{ paymentId: row.id, facts: reported }] : [];
  });
  await Promise.all([
    insertTransitions(
      tx,
      written.map((row) => ({
        payment_id: row.id,
        seq: 1,
        from_status: null,
        to_status: row.status,
        at: by.now,
        by_kind: 'gateway',
        by_name: by.gateway.label,
        via: by.source === 'import' ? ('import' as const) : ('event' as const),
        why: '',
      })),
    ),
    postEntries(tx, entries, roots),
    addToDayTotals(
      tx,
      written.map((row) => totalsDelta(row, row.status, 1n)),
      by.totalsSlot,
    ),
    reports.length > 0 ? upsertSettlements(tx, reports, by.now) : undefined,
  ]);
  return written;
}

function blankRow(by: HistoryBy, at: Date) {
  return {
    id: newId(),
    parent_id: null,
    gateway: by.gateway.name,
    tax_minor: 0n,
    reference: null,
    reason: null,
    source: by.source,
    import_id: by.importId,
    external_ref: null,
    idempotency_key: null,
    input_hash: null,
    retry_of_id: null,
    customer_link: null,
    // What failed long ago needs nobody now.
    needs_action: false,
    refunded_minor: 0n,
    refunding_minor: 0n,
    disputed_minor: 0n,
    occurred_at: at,
    day: localDateOf(at, by.workspace.timeZone),
    created_at: by.now,
    sent_at: null,
    resolve_count: 0,
    transition_count: 1,
    undone_at: null,
    created_by_kind: 'gateway',
    created_by_id: null,
    created_by_name: by.gateway.label,
    purpose: 'sale',
    allocated_minor: 0n,
  } as const;
}
