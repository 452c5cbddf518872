import type { WorkspaceTx } from '../foundation/database.ts';

/** Tags of these contacts and of those merged into them: contact id → sorted tags. */
export async function readTags(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.many<{ id: string; tag: string }>({
    name: 'contacts_read_tags',
    text: `SELECT t.contact_id AS id, t.tag FROM contact_tags t WHERE t.workspace_id = $1 AND t.contact_id = ANY($2::uuid[])
           UNION
           SELECT m.root_id, t.tag FROM contacts m
           JOIN contact_tags t ON t.workspace_id = $1 AND t.contact_id = m.id
           WHERE m.workspace_id = $1 AND m.root_id = ANY($2::uuid[]) AND m.root_id <> m.id
           ORDER BY id, tag`,
    values: [tx.workspaceId, contactIds],
  });
  const tags = new Map<string, string[]>();
  for (const row of rows) {
    const list = tags.get(row.id);
    if (list) list.push(row.tag);
    else tags.set(row.id, [row.tag]);
  }
  return tags;
}

/** Adds tags; those that are there already stay. Returns how many were added. */
export function insertTags(tx: WorkspaceTx, rows: readonly { contactId: string; tag: string }[]): Promise<number> {
  return tx.run({
    name: 'contacts_insert_tags',
    text: `INSERT INTO contact_tags (workspace_id, contact_id, tag)
           SELECT $1::uuid, n.contact_id, n.tag FROM unnest($2::uuid[], $3::text[]) AS n (contact_id, tag)
           ON CONFLICT (workspace_id, contact_id, tag) DO NOTHING`,
    values: [tx.workspaceId, rows.map((row) => row.contactId), rows.map((row) => row.tag)],
  });
}

/** Takes one tag off these contacts. Returns how many had it. */
export function deleteTag(tx: WorkspaceTx, contactIds: readonly string[], tag: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM contact_tags WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND tag = $3`,
    values: [tx.workspaceId, contactIds, tag],
  });
}

/** Takes every tag off these contacts, so that menus do not offer tags that nobody carries. */
export function deleteTagsOf(tx: WorkspaceTx, contactIds: readonly string[]): Promise<number> {
  return tx.run({
    text: `DELETE FROM contact_tags WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Tags listed at most: a menu, not a table. */
const TAGS_LISTED_MAX = 500;

/** The different tags of the workspace, sorted: one index probe per tag, however many contacts carry it. */
export async function listTags(tx: WorkspaceTx): Promise<string[]> {
  const rows = await tx.many<{ tag: string }>({
    text: `WITH RECURSIVE tags AS (
             (SELECT t.tag FROM contact_tags t WHERE t.workspace_id = $1 ORDER BY t.tag LIMIT 1)
             UNION ALL
             SELECT (SELECT t.tag FROM contact_tags t WHERE t.workspace_id = $1 AND t.tag > tags.tag ORDER BY t.tag LIMIT 1)
             FROM tags WHERE tags.tag IS NOT NULL)
           SELECT tag FROM tags WHERE tag IS NOT NULL LIMIT ${TAGS_LISTED_MAX}`,
    values: [tx.workspaceId],
  });
  return rows.map((row) => row.tag);
}
