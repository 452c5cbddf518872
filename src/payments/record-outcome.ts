import { type Payer, readPayersForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { makeBatcher } from '../foundation/batch.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import { outboxRows } from '../foundation/outbox.ts';
import {
  accountDisputeWithdrawn,
  accountRefunded,
  chargeSettled,
  disputeWithdrawn,
  type MoneyEvent,
  moneyReceivedOnAccount,
  refundSettled,
} from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { entriesToPost, fitOneCall, postEntries, reverseEntriesOf } from '../ledger/post-entry.ts';
import type { Caller, WorkspaceFacts } from '../workspace/caller.ts';
import {
  booksEffect,
  countersOnParent,
  isWarningOver,
  mayBecome,
  moneyAccountOf,
  OPEN,
  type PaymentRow,
  type PaymentStatus,
  type TransitionRow,
  UNRESOLVED,
  type Via,
} from './attempt.ts';
import { failureOf, type MethodFailure } from './failed-tries.ts';
import { openDelayMs, resolveDelayMs } from './limits.ts';
import { type AccountChange, moveAccount } from './move-account.ts';
import { columnsSetBy, type Recorded, transitionOf } from './outcome.ts';
import { addressLines, hasReceipt, type ReceiptSnapshot, receiptNumber } from './receipt.ts';
import { shapePayment } from './shape-payment.ts';
import { firstTransition, lockPayments, type ReceiptRow } from './store.ts';
import { keepFailures, keepFailuresElsewhere } from './store-methods.ts';
import { type AnswerRow, changeOf, isStale, writeOutcomes } from './store-outcome.ts';
import { type TotalsDelta, totalsDelta, totalsRows } from './store-totals.ts';

export type { Recorded } from './outcome.ts';

export interface OutcomeReport {
  readonly payment: Pick<PaymentRow, 'id' | 'parent_id' | 'contact_id' | 'retry_of_id'>;
  readonly outcome: Recorded;
  readonly via: Via;
  readonly by: Pick<Caller, 'kind' | 'name'> | { readonly kind: 'gateway'; readonly name: string };
  /** The workspace's now. */
  readonly now: Date;
  readonly workspace: WorkspaceFacts;
  /**
   * The attempt as this process wrote it a moment ago, and who pays: spares looking at them again. Whether they are still
   * so is found out where the outcome is written.
   */
  readonly sent?: { readonly row: PaymentRow; readonly payer: Payer };
}

export interface RecordedOutcome {
  readonly row: PaymentRow;
  /** False when the outcome was a repetition, or came too late to change anything. */
  readonly applied: boolean;
  /** What the request that made the payment is answered from now on; null when this did not decide it. */
  readonly answer: AnswerRow | null;
}

export interface OutcomeRecorder {
  record(report: OutcomeReport): Promise<RecordedOutcome>;
  /** The same inside a transaction that is already open (offline money, disputes). */
  recordIn(tx: WorkspaceTx, reports: readonly OutcomeReport[]): Promise<RecordedOutcome[]>;
  idle(): Promise<void>;
}

/**
 * The one writer of outcomes: replies, gateway events, look-ups and staff all come through here. Status, history, ledger,
 * kept sums, counters of the charge, totals, receipt and outbox are written in one transaction, or not at all.
 *
 * Outcomes of one workspace that arrive while the last group is being written are written together (group commit); each
 * caller is answered when the transaction with its outcome has committed.
 */
export function makeOutcomeRecorder(database: Database, totalsSlot: number): OutcomeRecorder {
  const recordIn = (tx: WorkspaceTx, reports: readonly OutcomeReport[]) => recordGroup(tx, reports, totalsSlot, false);
  const batcher = makeBatcher<OutcomeReport, RecordedOutcome>(async (workspaceId, reports) => {
    if (reports.every(isPlain)) {
      try {
        return await database.inWorkspace(workspaceId, (tx) => recordSent(tx, reports, totalsSlot));
      } catch (error) {
        if (!isStale(error)) throw error;
      }
    }
    return database.inWorkspace(workspaceId, (tx) => recordGroup(tx, reports, totalsSlot, true));
  });
  return { record: (report) => batcher.write(report.workspace.id, report), recordIn, idle: batcher.idle };
}

/** Everything one group changes, gathered before it is written. */
interface Changes {
  readonly rows: Map<string, PaymentRow>;
  /** Changed payments as they were before. */
  readonly touched: Map<string, PaymentRow>;
  readonly transitions: TransitionRow[];
  readonly entries: Entry[];
  readonly reversals: { paymentId: string; event: string; report: OutcomeReport }[];
  readonly totals: TotalsDelta[];
  readonly receipts: ReceiptRow[];
  readonly failures: Map<string, MethodFailure>;
  readonly outbox: { topic: string; payload: Record<string, string> }[];
  readonly answers: Map<string, AnswerRow>;
}

function changesOf(rows: readonly PaymentRow[]): Changes {
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    touched: new Map(),
    transitions: [],
    entries: [],
    reversals: [],
    totals: [],
    receipts: [],
    failures: new Map(),
    outbox: [],
    answers: new Map(),
  };
}

/** Whether an outcome concerns nothing but an attempt that was sent a moment ago and its payer. */
function isPlain({ sent }: OutcomeReport): boolean {
  return (
    sent !== undefined && sent.row.parent_id === null && sent.row.retry_of_id === null && sent.row.purpose === 'sale'
  );
}

/**
 * Records the first outcomes of attempts that this process has just sent, in one round trip: they are decided on what is
 * known of them, and written only if that still holds.
 */
async function recordSent(
  tx: WorkspaceTx,
  reports: readonly OutcomeReport[],
  slot: number,
): Promise<RecordedOutcome[]> {
  const sent = reports.map((report) => report.sent!);
  const payers = new Map(sent.map(({ row, payer }) => [row.contact_id, payer]));
  const changes = changesOf(sent.map(({ row }) => row));
  const applied = reports.map((report) => apply(changes, report, payers));
  await write(tx, changes, payers, slot, reports[0]!, { last: true, checked: true });
  return recordedOf(changes, reports, applied);
}

function recordedOf(
  changes: Changes,
  reports: readonly OutcomeReport[],
  applied: readonly boolean[],
): RecordedOutcome[] {
  return reports.map(({ payment }, index) => ({
    row: rowOf(changes, payment.id),
    applied: applied[index]!,
    answer: changes.answers.get(payment.id) ?? null,
  }));
}

async function recordGroup(
  tx: WorkspaceTx,
  reports: readonly OutcomeReport[],
  slot: number,
  /** Nothing is sent in this transaction after it. */
  last: boolean,
): Promise<RecordedOutcome[]> {
  const ids = reports.flatMap(({ payment }) =>
    [payment.id, payment.parent_id, payment.retry_of_id].filter((id) => id !== null),
  );
  const contactIds = [...new Set(reports.map(({ payment }) => payment.contact_id))];
  // Payments first, then contacts: every transaction that takes both takes them in this order.
  const [locked, payers] = await Promise.all([lockPayments(tx, [...new Set(ids)]), readPayersForShare(tx, contactIds)]);
  const changes = changesOf(locked);
  const applied = reports.map((report) => apply(changes, report, payers));
  const onAccount = accountChangesOf(changes);
  await write(tx, changes, payers, slot, reports[0]!, { last: last && onAccount.length === 0, checked: false });
  if (onAccount.length > 0) {
    const { now, workspace, by } = reports[0]!;
    const roots = new Map([...payers].map(([id, payer]) => [id, payer.rootId]));
    const moment = { on: localDateOf(now, workspace.timeZone), at: now, by: by.name };
    await moveAccount(tx, onAccount, roots, moment);
  }
  return recordedOf(changes, reports, applied);
}

/** Payments on account whose status changed: their invoices feel it. */
function accountChangesOf(changes: Changes): AccountChange[] {
  return [...changes.touched.values()].flatMap((before) => {
    const after = rowOf(changes, before.id);
    if (after.purpose !== 'account' || after.status === before.status) return [];
    return [{ before, after, parent: after.parent_id === null ? null : rowOf(changes, after.parent_id) }];
  });
}

function rowOf(changes: Changes, id: string): PaymentRow {
  const row = changes.rows.get(id);
  check(row, 'a payment whose outcome is recorded exists');
  return row;
}

function change(changes: Changes, row: PaymentRow, difference: Partial<PaymentRow>): PaymentRow {
  const next = { ...row, ...difference };
  changes.rows.set(row.id, next);
  if (!changes.touched.has(row.id)) changes.touched.set(row.id, row);
  return next;
}

/** Works one report into the changes. Returns whether it changed the status. */
function apply(changes: Changes, report: OutcomeReport, payers: ReadonlyMap<string, Payer>): boolean {
  const before = rowOf(changes, report.payment.id);
  const to = report.outcome.status;
  if (!mayBecome(before.kind, before.status, to)) {
    const asked = report.via === 'lookup' || to === 'unknown';
    if (asked && isOpen(before.status)) askAgainLater(changes, before, report.now);
    return false;
  }
  const count = before.transition_count + 1;
  const after = change(changes, before, { ...columnsSetBy(before, report), status: to, transition_count: count });
  if (before.status === 'sent') changes.transitions.push(firstTransition(before));
  changes.transitions.push(transitionOf(before, after, report));
  // What is on its way is in no day's totals: readers add the few there are.
  if (before.status !== 'sent') changes.totals.push(totalsDelta(before, before.status, -1n));
  changes.totals.push(totalsDelta(after, to, 1n));
  moveCounters(changes, before, after);
  book(changes, before, after, report);
  // A charge that tries another one again takes its place: one debt, one thing to be done, however often it is tried.
  if (to !== 'unknown' && before.retry_of_id !== null) {
    const original = changes.rows.get(before.retry_of_id);
    if (original?.needs_action) change(changes, original, { needs_action: false });
  }
  if (to === 'settled' && hasReceipt(after)) changes.receipts.push(receiptOf(after, report, payers));
  // The first definite state is what the request is answered, now and whenever it is sent again.
  if (before.idempotency_key !== null && UNRESOLVED.includes(before.status) && !UNRESOLVED.includes(to)) {
    changes.answers.set(after.id, answerRow(after, report, payers));
  }
  const failure = failureOf(after, report.now);
  if (failure) changes.failures.set(failure.methodId, failure);
  changes.outbox.push({
    topic: `payment.${to}`,
    payload: { payment_id: toPublicId('payment', after.id), kind: after.kind },
  });
  return true;
}

function askAgainLater(changes: Changes, row: PaymentRow, now: Date): void {
  const resolve_count = row.resolve_count + 1;
  const delayMs = row.status === 'unknown' ? resolveDelayMs(resolve_count) : openDelayMs(resolve_count);
  change(changes, row, { resolve_count, resolve_after: new Date(now.getTime() + delayMs) });
}

/** Refunds and disputes move the counters of their charge by exactly what their status now says. */
function moveCounters(changes: Changes, before: PaymentRow, after: PaymentRow): void {
  if (before.parent_id === null) return;
  const parent = rowOf(changes, before.parent_id);
  const was = countersOnParent(before.kind, before.status, before.amount_minor);
  const is = countersOnParent(after.kind, after.status, after.amount_minor);
  const moved = change(changes, parent, {
    refunded_minor: parent.refunded_minor + is.refundedMinor - was.refundedMinor,
    refunding_minor: parent.refunding_minor + is.refundingMinor - was.refundingMinor,
    disputed_minor: parent.disputed_minor + is.disputedMinor - was.disputedMinor,
  });
  if (isWarningOver(moved)) change(changes, moved, { needs_action: false });
}

function book(changes: Changes, before: PaymentRow, after: PaymentRow, report: OutcomeReport): void {
  const effect = booksEffect(after.kind, before.status, after.status);
  if (effect === 'none') return;
  if (effect === 'reverse') {
    changes.reversals.push({ paymentId: after.id, event: `${after.status}:${after.transition_count}`, report });
    return;
  }
  changes.entries.push(bookingOf(after, report));
}

/** The entry that a payment makes when it becomes money in the books. */
export function bookingOf(row: PaymentRow, report: Pick<OutcomeReport, 'now' | 'workspace'>): Entry {
  const event = {
    entryId: newId(),
    paymentId: row.id,
    contactId: row.contact_id,
    currency: row.currency,
    amountMinor: row.amount_minor,
    account: moneyAccountOf(row.method_kind),
    effectiveOn: row.source === 'offline' ? row.day : localDateOf(report.now, report.workspace.timeZone),
    effectiveAt: row.source === 'offline' ? row.occurred_at : report.now,
    recordedAt: report.now,
  };
  const entry = row.purpose === 'account' ? accountBooking(row, event) : saleBooking(row, event);
  // A payment can settle again after a correction; each time is an event of its own.
  return { ...entry, event: `${entry.event}:${row.transition_count}` };
}

function saleBooking(row: PaymentRow, event: MoneyEvent): Entry {
  if (row.kind === 'charge') return chargeSettled({ ...event, taxMinor: row.tax_minor, feeMinor: row.fee_minor });
  if (row.kind === 'refund') return refundSettled({ ...event, taxMinor: row.tax_minor });
  return disputeWithdrawn({ ...event, feeMinor: row.fee_minor });
}

function accountBooking(row: PaymentRow, event: MoneyEvent): Entry {
  if (row.kind === 'charge') return moneyReceivedOnAccount({ ...event, feeMinor: row.fee_minor });
  if (row.kind === 'refund') return accountRefunded(event);
  return accountDisputeWithdrawn({ ...event, feeMinor: row.fee_minor });
}

/** The receipt of a payment that settled at `report.now`. */
export function receiptOf(
  row: PaymentRow,
  report: Pick<OutcomeReport, 'now' | 'workspace'>,
  payers: ReadonlyMap<string, Payer>,
): ReceiptRow {
  const customer = payers.get(row.contact_id);
  check(customer, 'the contact of a receipt exists');
  const { legal, name: business } = report.workspace;
  const locale = customer.locale ?? report.workspace.locale;
  const snapshot: ReceiptSnapshot = {
    locale,
    test: report.workspace.mode === 'sandbox',
    business: {
      name: legal.name ?? business,
      address: legal.address ?? '',
      tax_id: legal.tax_id ?? '',
    },
    customer: {
      name: customer.name,
      address: addressLines(customer.billing, customer.country, locale),
      tax_id: typeof customer.billing.tax_id === 'string' ? customer.billing.tax_id : '',
    },
    kind: row.kind === 'refund' ? 'refund' : 'payment',
    amount_minor: minorToJson(row.amount_minor),
    tax_minor: minorToJson(row.tax_minor),
    currency: row.currency,
    method: row.method_label,
    description: row.description,
    paid_on: row.source === 'offline' ? row.day : localDateOf(report.now, report.workspace.timeZone),
  };
  return { id: newId(), payment_id: row.id, number: receiptNumber(row.id), issued_at: report.now, snapshot };
}

function answerRow(row: PaymentRow, report: OutcomeReport, payers: ReadonlyMap<string, Payer>): AnswerRow {
  const shaped = shapePayment(row, {
    contactName: payers.get(row.contact_id)?.name ?? '',
    hasReceipt: row.status === 'settled' && hasReceipt(row),
    test: report.workspace.mode === 'sandbox',
  });
  return { payment_id: row.id, status: CREATED, body: JSON.stringify(shaped), answered_at: report.now };
}

/** HTTP's answer to a request that made a payment, whatever the gateway said to it. */
const CREATED = 201;

/** Writes everything with one call; what is rarer goes along in the same round trip. */
async function write(
  tx: WorkspaceTx,
  changes: Changes,
  payers: ReadonlyMap<string, Payer>,
  slot: number,
  { now, workspace }: OutcomeReport,
  /** `last`: nothing follows in this transaction. `checked`: no lock is held; the call makes sure of the payers. */
  { last, checked }: { readonly last: boolean; readonly checked: boolean },
): Promise<void> {
  if (changes.touched.size === 0) return;
  const roots = new Map([...payers].map(([id, payer]) => [id, payer.rootId]));
  const moment = { effectiveOn: localDateOf(now, workspace.timeZone), effectiveAt: now, recordedAt: now };
  for (const { paymentId, event } of changes.reversals) await reverseEntriesOf(tx, [paymentId], event, moment, roots);
  // All entries by one way, so that two transactions lock the kept sums in one order.
  const inOneCall = fitOneCall(changes.entries);
  const statements = Promise.all([
    writeOutcomes(tx, slot, {
      payments: [...changes.touched.values()].sort(byId).map((before) => changeOf(before, rowOf(changes, before.id))),
      ...(checked ? { payers: payersToCheck(payers) } : {}),
      transitions: changes.transitions,
      posted: inOneCall ? entriesToPost(changes.entries, roots) : null,
      totals: totalsRows(changes.totals),
      receipts: changes.receipts,
      outbox: outboxRows(changes.outbox, now),
      answers: [...changes.answers.values()],
    }),
    !inOneCall && postEntries(tx, changes.entries, roots),
    changes.failures.size > 0 && keepFailures(tx, [...changes.failures.values()]),
    changes.failures.size > 0 && keepFailuresElsewhere(tx, [...changes.failures.keys()], now),
  ]);
  if (last) tx.alongCommit(statements);
  else await statements;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

function payersToCheck(payers: ReadonlyMap<string, Payer>) {
  return [...payers].map(([id, { rootId, version }]) => ({ id, root_id: rootId, version })).sort(byId);
}

/** Whether asking the gateway about a payment in this status can bring something new. */
export function isOpen(status: PaymentStatus): boolean {
  return OPEN.includes(status);
}
