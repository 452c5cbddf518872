import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentKind, PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/** Statements of imported payments: found by the number they had elsewhere, taken back by their import. */

/** Charges by their references, locked in id order. */
export function lockChargesByRef(tx: WorkspaceTx, refs: readonly string[]): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_lock_charges_by_ref',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND external_ref = ANY($2::text[]) AND undone_at IS NULL AND kind = 'charge'
           ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, refs],
  });
}

export interface RefRow {
  readonly external_ref: string;
  readonly kind: PaymentKind;
  readonly amount_minor: bigint;
  readonly currency: string;
}

/** What stands in the book under these references. */
export function readByRef(tx: WorkspaceTx, refs: readonly string[]): Promise<RefRow[]> {
  return tx.many({
    name: 'payments_by_ref',
    text: `SELECT external_ref, kind, amount_minor, currency FROM payments
           WHERE workspace_id = $1 AND external_ref = ANY($2::text[]) AND undone_at IS NULL`,
    values: [tx.workspaceId, refs],
  });
}

/** The next payments of an import that are still in the book, after `afterId` in id order, locked. */
export function lockOfImport(
  tx: WorkspaceTx,
  importId: string,
  kind: 'charge' | 'refund',
  afterId: string,
  limit: number,
): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_lock_of_import',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND import_id = $2 AND kind = $3 AND undone_at IS NULL AND status = 'settled' AND id > $4
           ORDER BY id LIMIT $5 FOR UPDATE`,
    values: [tx.workspaceId, importId, kind, afterId, limit],
  });
}

/** Adds to what is refunded of charges; the caller holds their locks. */
export function addToRefunded(tx: WorkspaceTx, changes: ReadonlyMap<string, bigint>): Promise<number> {
  return tx.run({
    name: 'payments_add_to_refunded',
    text: `UPDATE payments p SET refunded_minor = p.refunded_minor + c.minor
           FROM unnest($2::uuid[], $3::bigint[]) AS c (id, minor)
           WHERE p.workspace_id = $1 AND p.id = c.id`,
    values: [tx.workspaceId, [...changes.keys()], [...changes.values()]],
  });
}

/** Marks payments as taken back, with one more transition each; the caller holds their locks. */
export function setUndone(tx: WorkspaceTx, ids: readonly string[], undoneAt: Date): Promise<number> {
  return tx.run({
    name: 'payments_set_undone',
    text: `UPDATE payments SET status = 'undone', undone_at = $3, transition_count = transition_count + 1
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, undoneAt],
  });
}

/** Contacts among these with a payment that still counts, or with a saved method. */
export async function readContactsInUse(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ contact_id: string }>({
    text: `SELECT DISTINCT contact_id FROM payments
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND undone_at IS NULL
           UNION SELECT contact_id FROM payment_methods WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
  return new Set(rows.map((row) => row.contact_id));
}
