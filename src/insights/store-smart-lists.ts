import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { SmartListFilter } from './api.ts';

export interface SmartListRow {
  readonly id: string;
  readonly name: string;
  readonly filter: SmartListFilter;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

const COLUMNS = 'id, name, filter, created_by, created_at, updated_at, version';

export function readSmartLists(tx: WorkspaceTx): Promise<SmartListRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM smart_lists WHERE workspace_id = $1 ORDER BY position, lower(name), id`,
    values: [tx.workspaceId],
  });
}

export function readSmartList(tx: WorkspaceTx, id: string, lock = false): Promise<SmartListRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM smart_lists WHERE workspace_id = $1 AND id = $2 ${lock ? 'FOR UPDATE' : ''}`,
    values: [tx.workspaceId, id],
  });
}

/** Null when another list has the name (upper and lower case are one). */
export function insertSmartList(
  tx: WorkspaceTx,
  row: Omit<SmartListRow, 'version' | 'updated_at'>,
): Promise<SmartListRow | null> {
  return tx.maybe({
    text: `INSERT INTO smart_lists (workspace_id, id, name, filter, created_by, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
    values: [tx.workspaceId, row.id, row.name, JSON.stringify(row.filter), row.created_by, row.created_at],
  });
}

/** Whether another list than `exceptId` has this name. */
export async function isNameTaken(tx: WorkspaceTx, name: string, exceptId: string): Promise<boolean> {
  const found = await tx.maybe({
    text: `SELECT 1 AS found FROM smart_lists WHERE workspace_id = $1 AND lower(name) = lower($2) AND id <> $3`,
    values: [tx.workspaceId, name, exceptId],
  });
  return found !== null;
}

export function updateSmartList(
  tx: WorkspaceTx,
  row: Pick<SmartListRow, 'id' | 'name' | 'filter' | 'updated_at'>,
): Promise<SmartListRow> {
  return tx.one({
    text: `UPDATE smart_lists SET name = $3, filter = $4, updated_at = $5, version = version + 1
           WHERE workspace_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    values: [tx.workspaceId, row.id, row.name, JSON.stringify(row.filter), row.updated_at],
  });
}

export function deleteSmartList(tx: WorkspaceTx, id: string): Promise<number> {
  return tx.run({ text: 'DELETE FROM smart_lists WHERE workspace_id = $1 AND id = $2', values: [tx.workspaceId, id] });
}

/** How many contacts (as `c`) meet the conditions. */
export async function countSuited(tx: WorkspaceTx, conditions: RawBuilder<unknown>): Promise<number> {
  const { count } = await tx.one<{ count: bigint }>(sql`SELECT count(*) AS count FROM contacts c WHERE ${conditions}`);
  return Number(count);
}

export interface SuitedKey {
  readonly id: string;
  readonly sort_name: string;
}

/** The next contacts that meet the conditions, in order of name. */
export function listSuited(
  tx: WorkspaceTx,
  conditions: RawBuilder<unknown>,
  after: { sortName: string; id: string } | null,
  limit: number,
): Promise<SuitedKey[]> {
  const position = after ? sql`AND (c.sort_name, c.id) > (${after.sortName}, ${after.id}::uuid)` : sql``;
  return tx.many(
    sql<SuitedKey>`SELECT c.id, c.sort_name FROM contacts c WHERE ${conditions} ${position}
      ORDER BY c.sort_name, c.id LIMIT ${limit}`,
  );
}
