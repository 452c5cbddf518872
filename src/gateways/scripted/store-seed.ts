import type { WorkspaceTx } from '../../foundation/database.ts';

/** Statements of what the sandbox gateway is made to have known before. */

export function insertMethods(
  tx: WorkspaceTx,
  methods: readonly { ref: string; customerRef: string; testMethod: string; addedAt: Date }[],
): Promise<number> {
  return tx.run({
    text: `INSERT INTO scripted_methods (workspace_id, ref, customer_ref, test_method, created_at)
           SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])`,
    values: [
      tx.workspaceId,
      methods.map((method) => method.ref),
      methods.map((method) => method.customerRef),
      methods.map((method) => method.testMethod),
      methods.map((method) => method.addedAt),
    ],
  });
}

export function detachMethods(tx: WorkspaceTx, refs: readonly string[], at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE scripted_methods SET detached_at = $3
           WHERE workspace_id = $1 AND ref = ANY($2::text[]) AND detached_at IS NULL`,
    values: [tx.workspaceId, refs, at],
  });
}

export function deleteMovements(tx: WorkspaceTx, refs: readonly string[]): Promise<number> {
  return tx.run({
    text: `DELETE FROM scripted_movements WHERE workspace_id = $1 AND ref = ANY($2::text[])`,
    values: [tx.workspaceId, refs],
  });
}
