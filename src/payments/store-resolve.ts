import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/** Workspaces with payments that are due to be asked about by their own clock; seen through the policy for exactly these rows. */
export async function listUnresolvedWorkspaces(tx: Tx, systemNow: Date): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: `SELECT DISTINCT p.workspace_id FROM payments p JOIN workspaces w ON w.id = p.workspace_id
           WHERE p.status IN ('sent', 'unknown', 'pending', 'needs_customer')
             AND p.resolve_after <= $1::timestamptz + w.clock_offset_ms * interval '1 millisecond'`,
    values: [systemNow],
  });
  return rows.map((row) => row.workspace_id);
}

/** Which of these payments are being tried again just now, with an outcome that nobody knows yet. */
export async function readRunningRetries(tx: WorkspaceTx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ retry_of_id: string }>({
    text: `SELECT retry_of_id FROM payments
           WHERE workspace_id = $1 AND status IN ('sent', 'unknown') AND retry_of_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids],
  });
  return new Set(rows.map((row) => row.retry_of_id));
}

/**
 * Takes attempts that are due to be asked about and puts their next time off, so that a second server passes over them.
 * Only the claim is committed here; the gateway is asked outside any transaction.
 */
export async function claimUnresolved(
  tx: WorkspaceTx,
  now: Date,
  claimedUntil: Date,
  countMax: number,
): Promise<PaymentRow[]> {
  const rows = await tx.many<PaymentRow>({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND status IN ('sent', 'unknown', 'pending', 'needs_customer') AND resolve_after <= $2
           ORDER BY resolve_after LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [tx.workspaceId, now, countMax],
  });
  if (rows.length > 0) {
    await tx.run({
      text: 'UPDATE payments SET resolve_after = $3 WHERE workspace_id = $1 AND id = ANY($2::uuid[])',
      values: [tx.workspaceId, rows.map((row) => row.id), claimedUntil],
    });
  }
  return rows;
}
