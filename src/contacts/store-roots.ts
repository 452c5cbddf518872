import type { WorkspaceTx } from '../foundation/database.ts';

/** Statements about which contacts stand together after merges. */

/** The surviving contact and every contact merged into it (deleted ones have no others). */
export async function readIdsOfRoot(tx: WorkspaceTx, rootId: string): Promise<string[]> {
  const rows = await tx.many<{ id: string }>({
    name: 'contacts_ids_of_root',
    text: `SELECT id FROM contacts WHERE workspace_id = $1 AND id = $2
           UNION ALL SELECT id FROM contacts WHERE workspace_id = $1 AND root_id = $2 AND root_id <> id ORDER BY id`,
    values: [tx.workspaceId, rootId],
  });
  return rows.map((row) => row.id);
}

export interface RootRow {
  readonly id: string;
  readonly root_id: string;
}

/** Roots of these contacts, held until the end of the transaction against merging and parting; in id order. */
export function lockRootsForShare(tx: WorkspaceTx, contactIds: readonly string[]): Promise<RootRow[]> {
  return tx.many({
    name: 'contacts_roots_for_share',
    text: `SELECT id, root_id FROM contacts WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR KEY SHARE`,
    values: [tx.workspaceId, contactIds],
  });
}

/** The same with what a receipt says of each, in one statement. */
export function lockPayersForShare(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<
  (RootRow & {
    name: string;
    billing: Record<string, unknown>;
    country: string | null;
    locale: string | null;
    version: number;
  })[]
> {
  return tx.many({
    name: 'contacts_payers_for_share',
    text: `SELECT id, root_id, name, billing, country, locale, version FROM contacts WHERE workspace_id = $1 AND id = ANY($2::uuid[])
           ORDER BY id FOR KEY SHARE`,
    values: [tx.workspaceId, contactIds],
  });
}

/** These contacts held alone, also against money being posted to them (which holds FOR KEY SHARE); in id order. */
export function lockContactsForMerge(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<(RootRow & { archived_at: Date | null; deleted_at: Date | null })[]> {
  return tx.many({
    text: `SELECT id, root_id, archived_at, deleted_at FROM contacts
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Puts these contacts under another surviving one. */
export function setRoot(tx: WorkspaceTx, contactIds: readonly string[], rootId: string): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET root_id = $3 WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds, rootId],
  });
}

export interface ChargeContactRow {
  readonly id: string;
  readonly root_id: string;
  readonly name: string;
  readonly email: string | null;
  readonly currency: string | null;
  readonly billing: Record<string, unknown>;
  readonly country: string | null;
  readonly locale: string | null;
  readonly archived_at: Date | null;
  readonly deleted_at: Date | null;
  readonly version: number;
}

const CHARGE_COLUMNS = 'id, root_id, name, email, currency, billing, country, locale, archived_at, deleted_at, version';

/** What charging needs to know of these contacts; with `lock` the rows are held for changes, in id order. */
export function readChargeContacts(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  lock: boolean,
): Promise<ChargeContactRow[]> {
  return tx.many({
    name: lock ? 'contacts_for_charge_locked' : 'contacts_for_charge',
    text: `SELECT ${CHARGE_COLUMNS} FROM contacts WHERE workspace_id = $1 AND id = ANY($2::uuid[])
           ORDER BY id${lock ? ' FOR NO KEY UPDATE' : ''}`,
    values: [tx.workspaceId, contactIds],
  });
}

export interface MergeRow {
  readonly id: string;
  readonly kept_id: string;
  readonly kept_name: string;
  readonly merged_id: string;
  readonly merged_name: string;
  readonly merged_at: Date;
  readonly merged_by: string;
  readonly unmerged_at: Date | null;
  readonly unmerged_by: string | null;
}

const MERGES = `SELECT g.id, g.kept_id, k.name AS kept_name, g.merged_id, m.name AS merged_name, g.merged_at, g.merged_by,
    g.unmerged_at, g.unmerged_by
  FROM contact_merges g
  JOIN contacts k ON k.workspace_id = $1 AND k.id = g.kept_id
  JOIN contacts m ON m.workspace_id = $1 AND m.id = g.merged_id
  WHERE g.workspace_id = $1`;

export function readMerge(tx: WorkspaceTx, id: string): Promise<MergeRow | null> {
  return tx.maybe({ text: `${MERGES} AND g.id = $2`, values: [tx.workspaceId, id] });
}

/** Merges into any of these contacts, undone ones too, newest first. */
export function readMergesInto(tx: WorkspaceTx, keptIds: readonly string[]): Promise<MergeRow[]> {
  return tx.many({
    text: `${MERGES} AND g.kept_id = ANY($2::uuid[]) ORDER BY g.merged_at DESC, g.id DESC`,
    values: [tx.workspaceId, keptIds],
  });
}

export function insertMerge(
  tx: WorkspaceTx,
  merge: {
    id: string;
    keptId: string;
    mergedId: string;
    movedIds: readonly string[];
    mergedAt: Date;
    mergedBy: string;
  },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO contact_merges (workspace_id, id, kept_id, merged_id, moved_ids, merged_at, merged_by)
           VALUES ($1, $2, $3, $4, $5::uuid[], $6, $7)`,
    values: [tx.workspaceId, merge.id, merge.keptId, merge.mergedId, merge.movedIds, merge.mergedAt, merge.mergedBy],
  });
}

/** Marks a merge undone; 0 when it already was. */
export function endMerge(tx: WorkspaceTx, id: string, at: Date, by: string): Promise<number> {
  return tx.run({
    text: `UPDATE contact_merges SET unmerged_at = $3, unmerged_by = $4 WHERE workspace_id = $1 AND id = $2 AND unmerged_at IS NULL`,
    values: [tx.workspaceId, id, at, by],
  });
}
