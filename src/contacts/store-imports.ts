import type { WorkspaceTx } from '../foundation/database.ts';

/** Statements of imported contacts: found again in bulk, taken back by their import. */

/** Contacts by the reference they were imported under. */
export function readIdsByRef(
  tx: WorkspaceTx,
  refs: readonly string[],
): Promise<{ external_ref: string; id: string }[]> {
  return tx.many({
    name: 'contacts_by_ref',
    text: `SELECT external_ref, id FROM contacts
           WHERE workspace_id = $1 AND external_ref = ANY($2::text[]) AND deleted_at IS NULL`,
    values: [tx.workspaceId, refs],
  });
}

/** Surviving contacts by e-mail address in lower case; of several with one address the oldest comes first. */
export function readIdsByEmail(tx: WorkspaceTx, emails: readonly string[]): Promise<{ email: string; id: string }[]> {
  return tx.many({
    name: 'contacts_by_email',
    text: `SELECT lower(email) AS email, id FROM contacts
           WHERE workspace_id = $1 AND email IS NOT NULL AND lower(email) = ANY($2::text[])
             AND deleted_at IS NULL AND root_id = id
           ORDER BY created_at, id`,
    values: [tx.workspaceId, emails],
  });
}

/**
 * The next contacts of an import that are not deleted, after `afterId` in id order, held alone. A note that came with the
 * file has no author and does not count as touched until somebody changes it.
 */
export function lockContactsOfImport(
  tx: WorkspaceTx,
  importId: string,
  afterId: string,
  limit: number,
): Promise<{ id: string; untouched: boolean }[]> {
  return tx.many({
    text: `SELECT c.id, (c.version = 1 AND c.updated_at = c.created_at AND c.root_id = c.id AND c.archived_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM contact_notes n WHERE n.workspace_id = $1 AND n.contact_id = c.id
                 AND (n.author_id IS NOT NULL OR n.version > 1))
               AND NOT EXISTS (SELECT 1 FROM contacts m WHERE m.workspace_id = $1 AND m.root_id = c.id AND m.id <> c.id)
             ) AS untouched
           FROM contacts c
           WHERE c.workspace_id = $1 AND c.import_id = $2 AND c.deleted_at IS NULL AND c.id > $3
           ORDER BY c.id LIMIT $4 FOR UPDATE OF c`,
    values: [tx.workspaceId, importId, afterId, limit],
  });
}

/** Takes contacts off everything without losing them. */
export function softDeleteContacts(tx: WorkspaceTx, ids: readonly string[], deletedAt: Date): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET deleted_at = $3, updated_at = $3, version = version + 1
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, deletedAt],
  });
}
