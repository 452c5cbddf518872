import { sqlStateOf, type WorkspaceTx } from '../foundation/database.ts';
import { jsonRows } from '../foundation/json-rows.ts';
import type { PostedRows } from '../ledger/entry.ts';
import type { PaymentRow, PaymentStatus } from './attempt.ts';
import type { PaymentChange, ReceiptRow, TransitionRow } from './store.ts';
import type { TotalsRow } from './store-totals.ts';

/** A payment as it will be, with the status and version that this was decided on. */
export interface DecidedChange extends Omit<PaymentChange, 'undone_at'> {
  readonly was_status: PaymentStatus;
  readonly was_count: number;
}

/** What an outcome changes of a payment. */
export function changeOf(before: PaymentRow, row: PaymentRow): DecidedChange {
  return {
    id: row.id,
    was_status: before.status,
    was_count: before.transition_count,
    status: row.status,
    gateway_ref: row.gateway_ref,
    fee_minor: row.fee_minor,
    decline_code: row.decline_code,
    decline_class: row.decline_class,
    customer_link: row.customer_link,
    needs_action: row.needs_action,
    refunded_minor: row.refunded_minor,
    refunding_minor: row.refunding_minor,
    disputed_minor: row.disputed_minor,
    settled_at: row.settled_at,
    resolve_after: row.resolve_after,
    resolve_count: row.resolve_count,
    transition_count: row.transition_count,
  };
}

/** What a POST that moves money is answered for good. */
export interface AnswerRow {
  readonly payment_id: string;
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
  readonly answered_at: Date;
}

/** Everything that a group of outcomes changes. Payments and payers in id order, totals in key order. */
export interface OutcomeRows {
  readonly payments: readonly DecidedChange[];
  /** Only where the caller holds no lock on them. */
  readonly payers?: readonly { readonly id: string; readonly root_id: string; readonly version: number }[];
  readonly transitions: readonly TransitionRow[];
  readonly posted: PostedRows | null;
  readonly totals: readonly TotalsRow[];
  readonly receipts: readonly ReceiptRow[];
  readonly outbox: readonly object[];
  readonly answers: readonly AnswerRow[];
}

/**
 * Writes a group of outcomes with one call (migrations/0006-one-call-per-transaction.sql). Fails as a whole, for which
 * isStale() tells, when a payment or payer is no longer what the outcome was decided on.
 */
export async function writeOutcomes(tx: WorkspaceTx, slot: number, rows: OutcomeRows): Promise<void> {
  const { posted, receipts, answers, payers = [], ...always } = rows;
  const changes = {
    ...always,
    payers,
    ...posted,
    ...(receipts.length > 0 ? { receipts } : {}),
    ...(answers.length > 0 ? { answers } : {}),
  };
  await tx.run({
    name: 'payments_record',
    text: 'SELECT payments_record($1, $2, $3, $4, $5)',
    values: [tx.workspaceId, slot, rows.payments.map(({ id }) => id), payers.map(({ id }) => id), jsonRows(changes)],
  });
}

/** Whether an outcome was refused because something changed since it was decided. */
export function isStale(error: unknown): boolean {
  return sqlStateOf(error) === 'CF001';
}

/** What the request that made this payment was first answered; null before there was a definite answer, and after it was forgotten. */
export function readAnswer(tx: WorkspaceTx, paymentId: string): Promise<Pick<AnswerRow, 'status' | 'body'> | null> {
  return tx.maybe({
    name: 'idempotency_answer',
    text: `SELECT status, body FROM idempotency_answers WHERE workspace_id = $1 AND payment_id = $2`,
    values: [tx.workspaceId, paymentId],
  });
}

/** Forgets what was answered before a moment. Returns how many. */
export function forgetAnswers(tx: WorkspaceTx, before: Date): Promise<number> {
  return tx.run({
    text: `DELETE FROM idempotency_answers WHERE workspace_id = $1 AND answered_at < $2`,
    values: [tx.workspaceId, before],
  });
}
