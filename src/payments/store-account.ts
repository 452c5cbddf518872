import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/** Moves how much of payments is allocated; the caller holds them. */
export async function addAllocated(
  tx: WorkspaceTx,
  moves: readonly { readonly paymentId: string; readonly amountMinor: bigint }[],
): Promise<void> {
  if (moves.length === 0) return;
  await tx.run({
    name: 'payments_add_allocated',
    text: `UPDATE payments p SET allocated_minor = p.allocated_minor + n.amount
           FROM unnest($2::uuid[], $3::bigint[]) AS n (id, amount)
           WHERE p.workspace_id = $1 AND p.id = n.id AND p.id = ANY($2::uuid[])`,
    values: [tx.workspaceId, moves.map((move) => move.paymentId), moves.map((move) => move.amountMinor)],
  });
}

/** Settled money of these contacts that waits for an invoice, oldest first, held. */
export function lockOnAccount(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  currency: string | null,
  limit: number,
): Promise<PaymentRow[]> {
  return tx.many({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND purpose = 'account' AND status = 'settled' AND kind = 'charge'
             AND allocated_minor + refunded_minor + refunding_minor + disputed_minor < amount_minor
             AND ($3::text IS NULL OR currency = $3)
           ORDER BY occurred_at, id LIMIT $4 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, contactIds, currency, limit],
  });
}

/** What waits on account of these contacts, per currency. */
export function sumOnAccount(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<{ currency: string; amount_minor: bigint }[]> {
  return tx.many({
    name: 'payments_on_account',
    text: `SELECT currency, sum(amount_minor - allocated_minor - refunded_minor - refunding_minor - disputed_minor)::bigint AS amount_minor
           FROM payments
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND purpose = 'account' AND status = 'settled' AND kind = 'charge'
             AND allocated_minor + refunded_minor + refunding_minor + disputed_minor < amount_minor
           GROUP BY currency ORDER BY currency`,
    values: [tx.workspaceId, contactIds],
  });
}
