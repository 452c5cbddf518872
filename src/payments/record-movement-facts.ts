import { readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { MovementFacts } from '../gateways/gateway.ts';
import type { Account } from '../ledger/accounts.ts';
import { exchangeGiven, exchangeReceived, feeCharged } from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entry.ts';
import { readEntriesOf } from '../ledger/read-balance.ts';
import { isInBooks, type PaymentRow, UNRESOLVED } from './attempt.ts';
import { lockPayments } from './store.ts';
import { updateFees, upsertSettlements } from './store-settlements.ts';

/** What was reported of one payment. */
export interface FactsReport {
  readonly paymentId: string;
  readonly facts: MovementFacts;
}

/**
 * Records what a gateway reports of settled money, with the outcome or later, as often as it says it: fee, net, payout and
 * rate are kept; of a fee only the difference to what the book has is booked, and an exchange once. Nothing is booked of a
 * payment that is not money in the books.
 */
export async function recordMovementFacts(
  tx: WorkspaceTx,
  reports: readonly FactsReport[],
  at: { readonly now: Date; readonly timeZone: string },
): Promise<void> {
  if (reports.length === 0) return;
  const rows = new Map(
    (
      await lockPayments(
        tx,
        reports.map((report) => report.paymentId),
      )
    ).map((row) => [row.id, row]),
  );
  const known = reports.filter((report) => rows.has(report.paymentId));
  if (known.length === 0) return;
  const roots = await readRootsForShare(tx, [...new Set([...rows.values()].map((row) => row.contact_id))]);
  const posted = new Map<string, Entry[]>();
  for (const entry of await readEntriesOf(tx, [...rows.keys()])) {
    posted.set(entry.sourceId, [...(posted.get(entry.sourceId) ?? []), entry]);
  }
  const moment = { effectiveOn: localDateOf(at.now, at.timeZone), effectiveAt: at.now, recordedAt: at.now };
  const entries: Entry[] = [];
  const fees = new Map<string, bigint>();
  for (const { paymentId, facts } of known) {
    const row = rows.get(paymentId)!;
    const booked = posted.get(paymentId) ?? [];
    // The first outcome of an attempt is written on what was known when it was sent: until then nobody else changes its row.
    const isOnItsWay = UNRESOLVED.includes(row.status);
    if (!isOnItsWay && row.currency === facts.settlementCurrency && row.fee_minor !== facts.feeMinor) {
      fees.set(row.id, facts.feeMinor);
    }
    if (isInBooks(row.kind, row.status)) entries.push(...entriesOfFacts(row, facts, booked, moment));
  }
  await upsertSettlements(tx, known, at.now);
  if (fees.size > 0) await updateFees(tx, [...fees.keys()], [...fees.values()]);
  await postEntries(tx, entries, roots);
}

/**
 * A dispute that was won gives the money back and, at most gateways, not the fee: what the gateway says that it kept stays
 * booked, whatever the reversal of the withdrawal took back. Nothing to do where the book says the same.
 */
export async function keepDisputeFee(
  tx: WorkspaceTx,
  disputeId: string,
  feeMinor: bigint,
  at: { readonly now: Date; readonly timeZone: string },
): Promise<void> {
  const [row] = await lockPayments(tx, [disputeId]);
  if (row?.status !== 'won') return;
  const booked = await readEntriesOf(tx, [disputeId]);
  const missing = feeMinor - bookedNet(booked, 'gateway_fees', row.currency);
  if (missing === 0n) return;
  const roots = await readRootsForShare(tx, [row.contact_id]);
  const entry = feeCharged({
    entryId: newId(),
    paymentId: row.id,
    contactId: row.contact_id,
    account: 'gateway_clearing',
    currency: row.currency,
    amountMinor: missing,
    effectiveOn: localDateOf(at.now, at.timeZone),
    effectiveAt: at.now,
    recordedAt: at.now,
  });
  await postEntries(tx, [{ ...entry, event: `${entry.event}:${booked.length}` }], roots);
}

/** What a report still has to book of a payment, given the entries that it has. */
export function entriesOfFacts(
  row: PaymentRow,
  facts: MovementFacts,
  booked: readonly Entry[],
  moment: Pick<Entry, 'effectiveOn' | 'effectiveAt' | 'recordedAt'>,
): Entry[] {
  // Entries are counted for their names: a payment that came back and settled again is exchanged again.
  const entryCount = booked.length;
  const event = (currency: string, amountMinor: bigint) => ({
    ...moment,
    entryId: newId(),
    paymentId: row.id,
    contactId: row.contact_id,
    account: 'gateway_clearing' as const,
    currency,
    amountMinor,
  });
  const named = (entry: Entry, index: number): Entry => ({ ...entry, event: `${entry.event}:${entryCount + index}` });
  const entries: Entry[] = [];
  const gross = facts.grossMinor < 0n ? -facts.grossMinor : facts.grossMinor;
  if (facts.settlementCurrency !== row.currency && gross > 0n && bookedNet(booked, 'exchange', row.currency) === 0n) {
    const own = event(row.currency, row.amount_minor);
    const settled = event(facts.settlementCurrency, gross);
    const [given, received] = row.kind === 'charge' ? [own, settled] : [settled, own];
    entries.push(exchangeGiven(given), exchangeReceived(received));
  }
  const missing = facts.feeMinor - bookedNet(booked, 'gateway_fees', facts.settlementCurrency);
  if (missing !== 0n) entries.push(feeCharged(event(facts.settlementCurrency, missing)));
  return entries.map(named);
}

/** What an account holds of a payment in a currency: debits less credits. */
function bookedNet(entries: readonly Entry[], account: Account, currency: string): bigint {
  let sum = 0n;
  for (const entry of entries) {
    if (entry.currency !== currency) continue;
    for (const { debit, credit, amountMinor } of entry.transfers) {
      if (debit === account) sum += amountMinor;
      if (credit === account) sum -= amountMinor;
    }
  }
  return sum;
}
