import type { WorkspaceTx } from '../foundation/database.ts';
import type { DisputeTaskRow } from './dispute-task.ts';

/** SQL of what disputes and fraud warnings ask of people. */

/** The gateway says until when evidence is accepted; a later word of it stands above an earlier one. */
export function keepEvidenceDue(tx: WorkspaceTx, disputeId: string, dueAt: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO dispute_tasks (workspace_id, payment_id, evidence_due_at) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, payment_id) DO UPDATE SET evidence_due_at = excluded.evidence_due_at`,
    values: [tx.workspaceId, disputeId, dueAt],
  });
}

/** Says that evidence was sent, or (with null) takes that back. */
export function keepEvidenceSent(
  tx: WorkspaceTx,
  disputeId: string,
  sent: { at: Date; by: string; note: string } | null,
): Promise<number> {
  return tx.run({
    text: `INSERT INTO dispute_tasks (workspace_id, payment_id, evidence_sent_at, evidence_sent_by, evidence_note)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, payment_id) DO UPDATE SET evidence_sent_at = excluded.evidence_sent_at,
             evidence_sent_by = excluded.evidence_sent_by, evidence_note = excluded.evidence_note`,
    values: [tx.workspaceId, disputeId, sent?.at ?? null, sent?.by ?? null, sent?.note ?? ''],
  });
}

export async function readDisputeTasks(
  tx: WorkspaceTx,
  disputeIds: readonly string[],
): Promise<Map<string, DisputeTaskRow>> {
  const rows = await tx.many<DisputeTaskRow>({
    name: 'dispute_tasks_read',
    text: `SELECT payment_id, evidence_due_at, evidence_sent_at, evidence_sent_by, evidence_note FROM dispute_tasks
           WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, disputeIds],
  });
  return new Map(rows.map((row) => [row.payment_id, row]));
}

/** Keeps a warning once; false when it was told before. */
export async function insertFraudWarning(
  tx: WorkspaceTx,
  warning: { id: string; gateway: string; ref: string; paymentId: string; at: Date },
): Promise<boolean> {
  const added = await tx.run({
    text: `INSERT INTO fraud_warnings (workspace_id, id, gateway, warning_ref, payment_id, warned_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, gateway, warning_ref) DO NOTHING`,
    values: [tx.workspaceId, warning.id, warning.gateway, warning.ref, warning.paymentId, warning.at],
  });
  return added > 0;
}

/** When each of these charges was first warned of; charges without a warning are absent. */
export async function readFraudWarnings(tx: WorkspaceTx, chargeIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await tx.many<{ payment_id: string; warned_at: Date }>({
    name: 'fraud_warnings_read',
    text: `SELECT payment_id, min(warned_at) AS warned_at FROM fraud_warnings
           WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[]) GROUP BY payment_id`,
    values: [tx.workspaceId, chargeIds],
  });
  return new Map(rows.map((row) => [row.payment_id, row.warned_at]));
}
