import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { Right } from './caller.ts';

/** SQL of `api_keys` and of the directory that leads from a key's hash to its workspace. */

export interface ApiKeyPlace {
  readonly workspace_id: string;
  readonly api_key_id: string;
}

/** Where the key with this hash belongs. The mapping never changes: revoking a key is written in its own row. */
export function findApiKeyPlace(tx: Tx, tokenHash: string): Promise<ApiKeyPlace | null> {
  return tx.maybe({
    name: 'api_key_place',
    text: 'SELECT workspace_id, api_key_id FROM api_key_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}

export interface LiveApiKey {
  readonly id: string;
  readonly name: string;
  readonly rights: string[];
  readonly last_used_on: string | null;
}

/** Those of the keys that are not revoked. */
export function readLiveApiKeys(tx: WorkspaceTx, ids: readonly string[]): Promise<LiveApiKey[]> {
  return tx.many({
    name: 'live_api_keys',
    text: `SELECT id, name, rights, last_used_on FROM api_keys
      WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND revoked_at IS NULL`,
    values: [tx.workspaceId, ids],
  });
}

/** Notes the day of use: one write per key and day, however many requests. */
export async function markApiKeysUsed(tx: WorkspaceTx, ids: readonly string[], day: string): Promise<void> {
  await tx.run({
    name: 'api_keys_used',
    text: `UPDATE api_keys SET last_used_on = $3
      WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND (last_used_on IS NULL OR last_used_on < $3)`,
    values: [tx.workspaceId, ids, day],
  });
}

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly rights: string[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly last_used_on: string | null;
}

const COLUMNS = 'id, name, hint, rights, created_by, created_at, last_used_on';

export function listApiKeyRows(tx: WorkspaceTx): Promise<ApiKeyRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY created_at, id`,
    values: [tx.workspaceId],
  });
}

export async function insertApiKey(
  tx: WorkspaceTx,
  key: {
    id: string;
    name: string;
    hint: string;
    rights: readonly Right[];
    createdBy: string;
    tokenHash: string;
    now: Date;
  },
): Promise<void> {
  await tx.run({
    text: `INSERT INTO api_keys (workspace_id, id, name, hint, rights, created_by, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [tx.workspaceId, key.id, key.name, key.hint, key.rights, key.createdBy, key.now],
  });
  await tx.run({
    text: 'INSERT INTO api_key_directory (token_hash, workspace_id, api_key_id) VALUES ($1, $2, $3)',
    values: [key.tokenHash, tx.workspaceId, key.id],
  });
}

/** Revokes a key that is still good; its name, or null when there is none. */
export async function revokeApiKeyRow(tx: WorkspaceTx, id: string, now: Date): Promise<string | null> {
  const row = await tx.maybe<{ name: string }>({
    text: `UPDATE api_keys SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL
      RETURNING name`,
    values: [tx.workspaceId, id, now],
  });
  return row?.name ?? null;
}
