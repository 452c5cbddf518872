import type { Tx, WorkspaceTx } from './database.ts';

/** Statements by which a relay takes waiting outbox rows in hand, one workspace at a time. */

export interface WaitingMessage {
  readonly id: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly created_at: Date;
  /** How often handing it over was begun before. */
  readonly attempts: number;
}

/** Workspaces with rows that wait; seen through the policy for exactly these rows. */
export async function listWorkspacesWithMessages(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: 'SELECT DISTINCT workspace_id FROM outbox WHERE handed_at IS NULL',
  });
  return rows.map((row) => row.workspace_id);
}

/**
 * Takes rows whose time has come, oldest first, and puts their next time off until `claimedUntil`, so that another relay
 * passes over them; one that dies leaves them to the next after that. Rows that another relay is taking are skipped.
 */
export async function claimMessages(
  tx: WorkspaceTx,
  now: Date,
  claimedUntil: Date,
  countMax: number,
): Promise<WaitingMessage[]> {
  const rows = await tx.many<WaitingMessage>({
    name: 'outbox_claim',
    text: `SELECT id, topic, payload, created_at, attempts FROM outbox
           WHERE workspace_id = $1 AND handed_at IS NULL AND (try_after IS NULL OR try_after <= $2)
           ORDER BY created_at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [tx.workspaceId, now, countMax],
  });
  if (rows.length > 0) {
    await tx.run({
      name: 'outbox_claimed',
      text: `UPDATE outbox SET try_after = $3, attempts = attempts + 1 WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
      values: [tx.workspaceId, rows.map((row) => row.id), claimedUntil],
    });
  }
  return rows;
}

/** Marks rows as handed over. */
export function markHanded(tx: WorkspaceTx, ids: readonly string[], at: Date): Promise<number> {
  return tx.run({
    name: 'outbox_handed',
    text: `UPDATE outbox SET handed_at = $3, failure = NULL
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND handed_at IS NULL`,
    values: [tx.workspaceId, ids, at],
  });
}

/** Says why handing one over failed and when it is tried again. */
export function putOff(tx: WorkspaceTx, id: string, tryAfter: Date, failure: string): Promise<number> {
  return tx.run({
    text: `UPDATE outbox SET try_after = $3, failure = $4 WHERE workspace_id = $1 AND id = $2 AND handed_at IS NULL`,
    values: [tx.workspaceId, id, tryAfter, failure],
  });
}

/** Forgets rows that were handed over before a moment. */
export function forgetHanded(tx: WorkspaceTx, before: Date): Promise<number> {
  return tx.run({
    text: `DELETE FROM outbox WHERE workspace_id = $1 AND handed_at < $2`,
    values: [tx.workspaceId, before],
  });
}
