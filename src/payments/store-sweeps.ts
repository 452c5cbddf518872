import type { Tx, WorkspaceTx } from '../foundation/database.ts';

export interface SweepRow {
  readonly gateway: string;
  readonly since: Date;
  readonly page_cursor: string | null;
  readonly began_at: Date | null;
  readonly swept_at: Date | null;
  readonly found_count: bigint;
  readonly last_found_at: Date | null;
  readonly failure: string | null;
}

const COLUMNS = 'gateway, since, page_cursor, began_at, swept_at, found_count, last_found_at, failure';

/** Which workspaces have which gateways connected; seen through the policy for exactly these columns. */
export function listConnectedWorkspaces(tx: Tx): Promise<{ workspace_id: string; gateway: string }[]> {
  return tx.many({ text: 'SELECT workspace_id, gateway FROM gateway_connections WHERE disconnected_at IS NULL' });
}

/** Begins to keep how far a gateway's list has been gone through; nothing where that is kept already. */
export function insertSweep(tx: WorkspaceTx, gateway: string, since: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO gateway_sweeps (workspace_id, gateway, since) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, gateway) DO NOTHING`,
    values: [tx.workspaceId, gateway, since],
  });
}

/** Takes a sweep that is due and keeps other servers off it until a moment; null when it is not due or in another's hand. */
export function claimSweep(
  tx: WorkspaceTx,
  gateway: string,
  due: { readonly now: Date; readonly sweptBefore: Date; readonly claimedUntil: Date },
): Promise<SweepRow | null> {
  return tx.maybe({
    text: `UPDATE gateway_sweeps SET claimed_until = $4, began_at = CASE WHEN page_cursor IS NULL THEN $3 ELSE began_at END
           WHERE workspace_id = $1 AND gateway = $2 AND (claimed_until IS NULL OR claimed_until <= $3)
             AND (swept_at IS NULL OR swept_at <= $5)
           RETURNING ${COLUMNS}`,
    values: [tx.workspaceId, gateway, due.now, due.claimedUntil, due.sweptBefore],
  });
}

/** One page of the list was gone through. */
export function moveSweep(
  tx: WorkspaceTx,
  gateway: string,
  page: { readonly cursor: string; readonly found: number; readonly now: Date; readonly claimedUntil: Date },
): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_sweeps SET page_cursor = $3, found_count = found_count + $4, claimed_until = $6, failure = NULL,
             last_found_at = CASE WHEN $4::bigint > 0 THEN $5 ELSE last_found_at END
           WHERE workspace_id = $1 AND gateway = $2`,
    values: [tx.workspaceId, gateway, page.cursor, page.found, page.now, page.claimedUntil],
  });
}

/** The list was gone through to its end: what happened before it was begun is known. */
export function endSweep(
  tx: WorkspaceTx,
  gateway: string,
  end: { readonly since: Date; readonly found: number; readonly now: Date },
): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_sweeps SET since = $3, page_cursor = NULL, found_count = found_count + $4, swept_at = $5, claimed_until = NULL,
             failure = NULL, last_found_at = CASE WHEN $4::bigint > 0 THEN $5 ELSE last_found_at END
           WHERE workspace_id = $1 AND gateway = $2`,
    values: [tx.workspaceId, gateway, end.since, end.found, end.now],
  });
}

/** The gateway gave no list; it is asked again at the next time. */
export function failSweep(tx: WorkspaceTx, gateway: string, failure: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_sweeps SET failure = $3, swept_at = $4, page_cursor = NULL, claimed_until = NULL WHERE workspace_id = $1 AND gateway = $2`,
    values: [tx.workspaceId, gateway, failure, at],
  });
}

export function readSweep(tx: WorkspaceTx, gateway: string): Promise<SweepRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM gateway_sweeps WHERE workspace_id = $1 AND gateway = $2`,
    values: [tx.workspaceId, gateway],
  });
}
