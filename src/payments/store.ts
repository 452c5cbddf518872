import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow, TransitionRow } from './attempt.ts';

export type { TransitionRow } from './attempt.ts';

export const PAYMENT_COLUMNS = `id, kind, parent_id, contact_id, payment_method_id, gateway, method_kind, method_label, amount_minor,
  currency, tax_minor, fee_minor, status, description, reference, reason, source, import_id, external_ref, idempotency_key,
  input_hash, retry_of_id, gateway_ref, decline_code, decline_class, customer_link, needs_action, refunded_minor,
  refunding_minor, disputed_minor, occurred_at, day, created_at, sent_at, settled_at, resolve_after, resolve_count,
  transition_count, undone_at, created_by_kind, created_by_id, created_by_name, purpose, allocated_minor`;

/** The same columns with a table's alias in front. */
export const paymentColumnsOf = (alias: string) => PAYMENT_COLUMNS.replace(/\w+/g, (name) => `${alias}.${name}`);

/** Adds attempts. A row whose idempotency key is taken is left out; the ids that were added are returned. */
export async function insertPayments(tx: WorkspaceTx, rows: readonly PaymentRow[]): Promise<Set<string>> {
  const added = await tx.many<{ id: string }>({
    name: 'payments_insert',
    text: `INSERT INTO payments (workspace_id, ${PAYMENT_COLUMNS})
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
             $9::text[], $10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::text[], $17::text[],
             $18::text[], $19::uuid[], $20::text[], $21::text[], $22::text[], $23::uuid[], $24::text[], $25::text[], $26::text[],
             $27::text[], $28::boolean[], $29::bigint[], $30::bigint[], $31::bigint[], $32::timestamptz[], $33::date[],
             $34::timestamptz[], $35::timestamptz[], $36::timestamptz[], $37::timestamptz[], $38::int[], $39::int[],
             $40::timestamptz[], $41::text[], $42::text[], $43::text[], $44::text[], $45::bigint[])
           ON CONFLICT DO NOTHING RETURNING id`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.parent_id),
      rows.map((row) => row.contact_id),
      rows.map((row) => row.payment_method_id),
      rows.map((row) => row.gateway),
      rows.map((row) => row.method_kind),
      rows.map((row) => row.method_label),
      rows.map((row) => row.amount_minor),
      rows.map((row) => row.currency),
      rows.map((row) => row.tax_minor),
      rows.map((row) => row.fee_minor),
      rows.map((row) => row.status),
      rows.map((row) => row.description),
      rows.map((row) => row.reference),
      rows.map((row) => row.reason),
      rows.map((row) => row.source),
      rows.map((row) => row.import_id),
      rows.map((row) => row.external_ref),
      rows.map((row) => row.idempotency_key),
      rows.map((row) => row.input_hash),
      rows.map((row) => row.retry_of_id),
      rows.map((row) => row.gateway_ref),
      rows.map((row) => row.decline_code),
      rows.map((row) => row.decline_class),
      rows.map((row) => row.customer_link),
      rows.map((row) => row.needs_action),
      rows.map((row) => row.refunded_minor),
      rows.map((row) => row.refunding_minor),
      rows.map((row) => row.disputed_minor),
      rows.map((row) => row.occurred_at),
      rows.map((row) => row.day),
      rows.map((row) => row.created_at),
      rows.map((row) => row.sent_at),
      rows.map((row) => row.settled_at),
      rows.map((row) => row.resolve_after),
      rows.map((row) => row.resolve_count),
      rows.map((row) => row.transition_count),
      rows.map((row) => row.undone_at),
      rows.map((row) => row.created_by_kind),
      rows.map((row) => row.created_by_id),
      rows.map((row) => row.created_by_name),
      rows.map((row) => row.purpose),
      rows.map((row) => row.allocated_minor),
    ],
  });
  return new Set(added.map((row) => row.id));
}

/** Locks payments in id order, whoever asks, so that two transactions never wait for each other in a circle. */
export function lockPayments(tx: WorkspaceTx, ids: readonly string[]): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_lock',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, ids],
  });
}

export function readPayments(tx: WorkspaceTx, ids: readonly string[]): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_read',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids],
  });
}

/** Attempts by their idempotency keys. */
export function readPaymentsByKey(tx: WorkspaceTx, keys: readonly string[]): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_by_key',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE workspace_id = $1 AND idempotency_key = ANY($2::text[])`,
    values: [tx.workspaceId, keys],
  });
}

/** Refunds and disputes of these charges, and other tries of the same payment. */
export function readRelated(tx: WorkspaceTx, row: PaymentRow): Promise<PaymentRow[]> {
  return tx.many({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND (parent_id = $2 OR id = $3 OR id = $4
             OR (contact_id = $5 AND occurred_at >= $6 AND retry_of_id = $2))
           ORDER BY occurred_at, id`,
    values: [tx.workspaceId, row.id, row.parent_id, row.retry_of_id, row.contact_id, row.occurred_at],
  });
}

/** What of a payment changes after it was sent. */
export type PaymentChange = Pick<
  PaymentRow,
  | 'id'
  | 'status'
  | 'gateway_ref'
  | 'fee_minor'
  | 'decline_code'
  | 'decline_class'
  | 'customer_link'
  | 'needs_action'
  | 'refunded_minor'
  | 'refunding_minor'
  | 'disputed_minor'
  | 'settled_at'
  | 'resolve_after'
  | 'resolve_count'
  | 'transition_count'
  | 'undone_at'
>;

/**
 * Writes changed payments; the caller holds their locks. The ids stand twice, because a plan that was made while the
 * table was small and had no statistics would otherwise read every payment of the workspace for the join.
 */
export function updatePayments(tx: WorkspaceTx, rows: readonly PaymentChange[]): Promise<number> {
  return tx.run({
    name: 'payments_update',
    text: `UPDATE payments p SET status = c.status, gateway_ref = c.gateway_ref, fee_minor = c.fee_minor,
             decline_code = c.decline_code, decline_class = c.decline_class, customer_link = c.customer_link,
             needs_action = c.needs_action, refunded_minor = c.refunded_minor, refunding_minor = c.refunding_minor,
             disputed_minor = c.disputed_minor, settled_at = c.settled_at, resolve_after = c.resolve_after,
             resolve_count = c.resolve_count, transition_count = c.transition_count, undone_at = c.undone_at
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::boolean[],
             $10::bigint[], $11::bigint[], $12::bigint[], $13::timestamptz[], $14::timestamptz[], $15::int[], $16::int[], $17::timestamptz[])
             AS c (id, status, gateway_ref, fee_minor, decline_code, decline_class, customer_link, needs_action,
               refunded_minor, refunding_minor, disputed_minor, settled_at, resolve_after, resolve_count, transition_count, undone_at)
           WHERE p.workspace_id = $1 AND p.id = c.id AND p.id = ANY($2::uuid[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.status),
      rows.map((row) => row.gateway_ref),
      rows.map((row) => row.fee_minor),
      rows.map((row) => row.decline_code),
      rows.map((row) => row.decline_class),
      rows.map((row) => row.customer_link),
      rows.map((row) => row.needs_action),
      rows.map((row) => row.refunded_minor),
      rows.map((row) => row.refunding_minor),
      rows.map((row) => row.disputed_minor),
      rows.map((row) => row.settled_at),
      rows.map((row) => row.resolve_after),
      rows.map((row) => row.resolve_count),
      rows.map((row) => row.transition_count),
      rows.map((row) => row.undone_at),
    ],
  });
}

/**
 * The row of history that an attempt begins with. While it is sent, the payment's own columns say the same; the row is
 * written together with the next one.
 */
export function firstTransition(row: PaymentRow): TransitionRow {
  return {
    payment_id: row.id,
    seq: 1,
    from_status: null,
    to_status: row.status,
    at: row.created_at,
    by_kind: row.created_by_kind,
    by_name: row.created_by_name,
    via: 'request',
    why: '',
  };
}

export function insertTransitions(tx: WorkspaceTx, rows: readonly TransitionRow[]): Promise<number> {
  return tx.run({
    name: 'payment_transitions_insert',
    text: `INSERT INTO payment_transitions (workspace_id, payment_id, seq, from_status, to_status, at, by_kind, by_name, via, why)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::text[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.payment_id),
      rows.map((row) => row.seq),
      rows.map((row) => row.from_status),
      rows.map((row) => row.to_status),
      rows.map((row) => row.at),
      rows.map((row) => row.by_kind),
      rows.map((row) => row.by_name),
      rows.map((row) => row.via),
      rows.map((row) => row.why),
    ],
  });
}

export function readTransitions(tx: WorkspaceTx, paymentId: string): Promise<TransitionRow[]> {
  return tx.many({
    text: `SELECT payment_id, seq, from_status, to_status, at, by_kind, by_name, via, why FROM payment_transitions
           WHERE workspace_id = $1 AND payment_id = $2 ORDER BY seq`,
    values: [tx.workspaceId, paymentId],
  });
}

export interface ReceiptRow {
  readonly id: string;
  readonly payment_id: string;
  readonly number: string;
  readonly issued_at: Date;
  readonly snapshot: unknown;
}

/** A receipt is written once per payment; a payment that settles again after a correction keeps its first one. */
export function insertReceipts(tx: WorkspaceTx, rows: readonly ReceiptRow[]): Promise<number> {
  return tx.run({
    name: 'receipts_insert',
    text: `INSERT INTO receipts (workspace_id, id, payment_id, number, issued_at, snapshot)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::jsonb[])
           ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.payment_id),
      rows.map((row) => row.number),
      rows.map((row) => row.issued_at),
      rows.map((row) => JSON.stringify(row.snapshot)),
    ],
  });
}

export function readReceiptOf(tx: WorkspaceTx, paymentId: string): Promise<ReceiptRow | null> {
  return tx.maybe({
    text: `SELECT id, payment_id, number, issued_at, snapshot FROM receipts WHERE workspace_id = $1 AND payment_id = $2`,
    values: [tx.workspaceId, paymentId],
  });
}

/** Which of these payments have a receipt. */
export async function readReceiptPaymentIds(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ payment_id: string }>({
    name: 'receipts_of_payments',
    text: `SELECT payment_id FROM receipts WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, paymentIds],
  });
  return new Set(rows.map((row) => row.payment_id));
}
