import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { type AuditDetails, type AuditEvent, type AuditRecord, type AuditRow, auditRow, maskDetails } from './audit.ts';
import type { Caller } from './caller.ts';
import { insertAuditRows } from './store-audit.ts';

export { auditRow } from './audit.ts';

/**
 * Workspaces with rows that this process wrote and nobody sealed yet. A hint that spares the sealer from asking every
 * workspace every few seconds; what a stopped process left behind is found by the sealer's sweep.
 */
const unsealed = new Set<string>();

/** The hint, taken: the set is empty afterwards. */
export function takeUnsealedWorkspaces(): string[] {
  const taken = [...unsealed];
  unsealed.clear();
  return taken;
}

/** Writes what `caller` did, in the transaction that does it, so that neither is there without the other. */
export function recordAudit(tx: WorkspaceTx, caller: Caller, event: AuditEvent): Promise<void> {
  return recordAudits(tx, [auditRow(caller, event)]);
}

/** The same for many at once, with one statement; rows come from auditRow(). Card numbers in details are masked. */
export async function recordAudits(tx: WorkspaceTx, rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  await insertAuditRows(
    tx,
    rows.map((row) => ({ ...row, id: newId(), details: maskDetails(row.details ?? {}) as AuditDetails })),
  );
  unsealed.add(tx.workspaceId);
}

/** Rows that are about to be written in this transaction with others, by one call; masked as recordAudits() does. */
export function auditRecords(tx: WorkspaceTx, rows: readonly AuditRow[]): AuditRecord[] {
  unsealed.add(tx.workspaceId);
  return rows.map((row) => ({
    id: newId(),
    at: row.at,
    actor_kind: row.actorKind,
    actor_id: row.actorId,
    actor_name: row.actorName,
    action: row.action,
    subject_kind: row.subjectKind,
    subject_id: row.subjectId,
    details: maskDetails(row.details ?? {}),
    ip: row.ip,
  }));
}
