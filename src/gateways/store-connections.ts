import type { Tx, WorkspaceTx } from '../foundation/database.ts';

export interface ConnectionRow {
  readonly id: string;
  readonly gateway: string;
  readonly account_ref: string;
  readonly account_name: string;
  readonly mode: 'sandbox' | 'live';
  readonly sealed_values: string | null;
  readonly sealed_token: string | null;
  readonly masked: Readonly<Record<string, string>>;
  readonly connected_by: string;
  readonly connected_at: Date;
  readonly rotated_by: string | null;
  readonly rotated_at: Date | null;
  readonly disconnected_by: string | null;
  readonly disconnected_at: Date | null;
}

const COLUMNS = `id, gateway, account_ref, account_name, mode, sealed_values, sealed_token, masked, connected_by, connected_at,
  rotated_by, rotated_at, disconnected_by, disconnected_at`;

/** The connection of now with one gateway, or null. */
export function readLiveConnection(tx: WorkspaceTx, gateway: string): Promise<ConnectionRow | null> {
  return tx.maybe({
    name: 'gateway_connection_live',
    text: `SELECT ${COLUMNS} FROM gateway_connections WHERE workspace_id = $1 AND gateway = $2 AND disconnected_at IS NULL`,
    values: [tx.workspaceId, gateway],
  });
}

/** The same by its id, locked; also one that was ended. */
export function lockConnection(tx: WorkspaceTx, id: string): Promise<ConnectionRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM gateway_connections WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

/** All connections of a workspace, the newest first, also those that were ended. */
export function readConnections(tx: WorkspaceTx): Promise<ConnectionRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM gateway_connections WHERE workspace_id = $1 ORDER BY connected_at DESC, id DESC`,
    values: [tx.workspaceId],
  });
}

/** Adds a connection; false when the gateway is connected already. */
export async function insertConnection(tx: WorkspaceTx, row: ConnectionRow): Promise<boolean> {
  const count = await tx.run({
    text: `INSERT INTO gateway_connections (workspace_id, ${COLUMNS})
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL, NULL, NULL) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.gateway,
      row.account_ref,
      row.account_name,
      row.mode,
      row.sealed_values,
      row.sealed_token,
      JSON.stringify(row.masked),
      row.connected_by,
      row.connected_at,
    ],
  });
  return count === 1;
}

export function updateConnectionValues(
  tx: WorkspaceTx,
  change: {
    readonly id: string;
    readonly sealedValues: string;
    readonly masked: Readonly<Record<string, string>>;
    readonly accountName: string;
    readonly by: string;
    readonly at: Date;
  },
): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_connections SET sealed_values = $3, masked = $4, account_name = $5, rotated_by = $6, rotated_at = $7
           WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL`,
    values: [
      tx.workspaceId,
      change.id,
      change.sealedValues,
      JSON.stringify(change.masked),
      change.accountName,
      change.by,
      change.at,
    ],
  });
}

/** The same secrets of a connection under another envelope key. */
export function replaceSealedConnection(tx: WorkspaceTx, id: string, values: string, token: string): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_connections SET sealed_values = $3, sealed_token = $4
           WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL`,
    values: [tx.workspaceId, id, values, token],
  });
}

/** Ends a connection and forgets what was secret. */
export function endConnection(tx: WorkspaceTx, id: string, by: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_connections SET sealed_values = NULL, sealed_token = NULL, disconnected_by = $3, disconnected_at = $4
           WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL`,
    values: [tx.workspaceId, id, by, at],
  });
}

export interface SigningSecretRow {
  readonly id: string;
  readonly sealed_secret: string;
  readonly added_at: Date;
  readonly expires_at: Date | null;
}

/** Signing secrets of a connection, newest first, also expired ones that nobody took out yet. */
export function readSigningSecrets(tx: WorkspaceTx, connectionId: string): Promise<SigningSecretRow[]> {
  return tx.many({
    name: 'gateway_signing_secrets_read',
    text: `SELECT id, sealed_secret, added_at, expires_at FROM gateway_signing_secrets
           WHERE workspace_id = $1 AND connection_id = $2 ORDER BY expires_at DESC NULLS FIRST, added_at DESC`,
    values: [tx.workspaceId, connectionId],
  });
}

/** Lets the secret of now end at a moment. */
export function expireSigningSecret(tx: WorkspaceTx, connectionId: string, expiresAt: Date): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_signing_secrets SET expires_at = $3
           WHERE workspace_id = $1 AND connection_id = $2 AND expires_at IS NULL`,
    values: [tx.workspaceId, connectionId, expiresAt],
  });
}

export function insertSigningSecret(
  tx: WorkspaceTx,
  row: { id: string; connectionId: string; sealedSecret: string; at: Date },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO gateway_signing_secrets (workspace_id, id, connection_id, sealed_secret, added_at) VALUES ($1, $2, $3, $4, $5)`,
    values: [tx.workspaceId, row.id, row.connectionId, row.sealedSecret, row.at],
  });
}

/** The same signing secret under another envelope key. */
export function replaceSealedSigning(tx: WorkspaceTx, id: string, sealedSecret: string): Promise<number> {
  return tx.run({
    text: 'UPDATE gateway_signing_secrets SET sealed_secret = $3 WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, id, sealedSecret],
  });
}

/** Forgets signing secrets that ended before a moment; all of them when it is null. */
export function deleteSigningSecrets(tx: WorkspaceTx, connectionId: string, endedBefore: Date | null): Promise<number> {
  return tx.run({
    text: `DELETE FROM gateway_signing_secrets
           WHERE workspace_id = $1 AND connection_id = $2 AND ($3::timestamptz IS NULL OR expires_at < $3)`,
    values: [tx.workspaceId, connectionId, endedBefore],
  });
}

export async function readChoice(tx: WorkspaceTx): Promise<string | null> {
  const row = await tx.maybe<{ gateway: string }>({
    name: 'gateway_choice_read',
    text: 'SELECT gateway FROM gateway_choices WHERE workspace_id = $1',
    values: [tx.workspaceId],
  });
  return row?.gateway ?? null;
}

export function upsertChoice(tx: WorkspaceTx, gateway: string, by: string, at: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO gateway_choices (workspace_id, gateway, chosen_by, chosen_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id) DO UPDATE SET gateway = excluded.gateway, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at`,
    values: [tx.workspaceId, gateway, by, at],
  });
}

export function insertEventAddress(tx: Tx, tokenHash: string, workspaceId: string, gateway: string): Promise<number> {
  return tx.run({
    text: 'INSERT INTO gateway_event_directory (token_hash, workspace_id, gateway) VALUES ($1, $2, $3)',
    values: [tokenHash, workspaceId, gateway],
  });
}

export function deleteEventAddress(tx: WorkspaceTx, gateway: string): Promise<number> {
  return tx.run({
    text: 'DELETE FROM gateway_event_directory WHERE workspace_id = $1 AND gateway = $2',
    values: [tx.workspaceId, gateway],
  });
}

export function readEventAddress(
  tx: Tx,
  tokenHash: string,
): Promise<{ readonly workspace_id: string; readonly gateway: string } | null> {
  return tx.maybe({
    name: 'gateway_event_address',
    text: 'SELECT workspace_id, gateway FROM gateway_event_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}
