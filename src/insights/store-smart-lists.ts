import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { SmartListFilter } from './api.ts';
import type { SuitedContacts } from './smart-list.ts';

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

/** Of a contact `c`: it stands in lists. */
const listed = (tx: WorkspaceTx) =>
  sql`c.workspace_id = ${tx.workspaceId}::uuid AND c.archived_at IS NULL AND c.deleted_at IS NULL AND c.root_id = c.id`;
/** It survives and stands in none; usually few do, and contacts_unlisted holds them. */
const unlisted = (tx: WorkspaceTx) =>
  sql`c.workspace_id = ${tx.workspaceId}::uuid AND (c.archived_at IS NOT NULL OR c.deleted_at IS NOT NULL OR c.root_id <> c.id)
    AND c.root_id = c.id`;

/**
 * How many contacts suit. Those with one fact are counted from the fact's own index, less the few of them that stand in
 * no list, instead of asking a million contacts; those without it are all less these. Several facts, and what is asked of
 * contacts themselves, are sets that are cut with each other. INTERSECT and EXCEPT leave the planner no choice, who takes
 * root_id = id for rare and would try each of a million contacts against a set one by one.
 */
export async function countSuited(tx: WorkspaceTx, { own, facts }: SuitedContacts): Promise<number> {
  const [only] = facts;
  const counted = await tx.one<{ count: bigint }>(
    own === null && only && facts.length === 1
      ? sql`SELECT ${only.holds ? sql`` : sql`(SELECT count(*) FROM contacts c WHERE ${listed(tx)}) -`}
          (${only.count} - (SELECT count(*) FROM contacts c WHERE ${unlisted(tx)} AND ${only.test})) AS count`
      : sql`SELECT count(*) AS count FROM (${idsOf(tx, { own, facts })}) suited`,
  );
  return Number(counted.count);
}

/** Ids of the contacts that suit, as a query. */
function idsOf(tx: WorkspaceTx, { own, facts }: SuitedContacts): RawBuilder<unknown> {
  const with_ = facts.filter((fact) => fact.holds).map((fact) => fact.ids);
  const without = facts.filter((fact) => !fact.holds).map((fact) => fact.ids);
  const candidates =
    own === null && with_.length > 0
      ? []
      : [sql`SELECT c.id FROM contacts c WHERE ${listed(tx)} ${own === null ? sql`` : sql`AND ${own}`}`];
  if (candidates.length === 0) without.push(sql`SELECT c.id FROM contacts c WHERE ${unlisted(tx)}`);
  const all = sql.join(
    [...candidates, ...with_].map((ids) => sql`(${ids})`),
    sql` INTERSECT `,
  );
  return without.reduce((rest, ids) => sql`(${rest}) EXCEPT (${ids})`, all);
}

export interface SuitedKey {
  readonly id: string;
  readonly sort_name: string;
}

/**
 * How far the list is walked for a page: a fact that one in a hundred and fifty has fills it. Rarer ones are so few, even
 * among a million, that making the page from all of them costs about as much as this walk.
 */
const WALK_MAX = 8_000;

/** The next contacts that suit, in order of name. */
export async function listSuited(
  tx: WorkspaceTx,
  suited: SuitedContacts,
  after: { sortName: string; id: string } | null,
  limit: number,
): Promise<SuitedKey[]> {
  const position = after ? sql`AND (c.sort_name, c.id) > (${after.sortName}, ${after.id}::uuid)` : sql``;
  const own = suited.own === null ? sql`` : sql`AND ${suited.own}`;
  const along = (
    countMax: number,
  ) => sql`SELECT c.id, c.sort_name FROM contacts c WHERE ${listed(tx)} ${own} ${position}
    ORDER BY c.sort_name, c.id LIMIT ${countMax}`;
  if (suited.facts.length === 0) return tx.many(along(limit) as RawBuilder<SuitedKey>);
  const tests = suited.facts.map(({ holds, test }) => (holds ? test : sql`NOT ${test}`));
  const walked = await tx.many(sql<SuitedKey>`SELECT c.id, c.sort_name FROM (${along(WALK_MAX)}) c
    WHERE ${sql.join(tests, sql` AND `)} ORDER BY c.sort_name, c.id LIMIT ${limit}`);
  if (walked.length === limit) return walked;
  const { rows } = await tx.one<{ rows: number }>(
    sql`SELECT count(*)::int AS rows FROM (${along(WALK_MAX + 1)}) counted`,
  );
  if (rows <= WALK_MAX) return walked;
  return tx.many(sql<SuitedKey>`WITH found AS MATERIALIZED (${idsOf(tx, suited)})
    SELECT c.id, c.sort_name FROM found CROSS JOIN LATERAL (
      SELECT c.id, c.sort_name FROM contacts c WHERE c.workspace_id = ${tx.workspaceId}::uuid AND c.id = found.id LIMIT 1) c
    WHERE true ${position} ORDER BY c.sort_name, c.id LIMIT ${limit}`);
}
