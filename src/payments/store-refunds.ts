import type { WorkspaceTx } from '../foundation/database.ts';

/** Tax that refunds of this charge have taken back or are about to, minor units. */
export async function readLiveRefundTax(tx: WorkspaceTx, chargeId: string): Promise<bigint> {
  const row = await tx.one<{ tax_minor: bigint }>({
    text: `SELECT coalesce(sum(tax_minor), 0)::bigint AS tax_minor FROM payments
           WHERE workspace_id = $1 AND parent_id = $2 AND kind = 'refund' AND status IN ('sent', 'unknown', 'pending', 'settled')`,
    values: [tx.workspaceId, chargeId],
  });
  return row.tax_minor;
}
