import type { WorkspaceTx } from '../foundation/database.ts';

/** Statements of the sample business's contacts. What it made is told by its id in `import_id`, and notes by having no author. */

export function insertSampleNotes(
  tx: WorkspaceTx,
  notes: readonly { id: string; contactId: string; body: string; authorName: string; at: Date }[],
): Promise<number> {
  return tx.run({
    text: `INSERT INTO contact_notes (workspace_id, id, contact_id, body, author_name, author_id, created_at)
           SELECT $1::uuid, n.id, n.contact_id, n.body, n.author_name, NULL, n.at
           FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) AS n (id, contact_id, body, author_name, at)`,
    values: [
      tx.workspaceId,
      notes.map((note) => note.id),
      notes.map((note) => note.contactId),
      notes.map((note) => note.body),
      notes.map((note) => note.authorName),
      notes.map((note) => note.at),
    ],
  });
}

/** Contacts of the sample that are not deleted, by id. */
export async function readSampleContactIds(tx: WorkspaceTx, sampleId: string): Promise<string[]> {
  const rows = await tx.many<{ id: string }>({
    text: `SELECT id FROM contacts WHERE workspace_id = $1 AND import_id = $2 AND deleted_at IS NULL ORDER BY id`,
    values: [tx.workspaceId, sampleId],
  });
  return rows.map((row) => row.id);
}

export interface SampleContactRow {
  readonly id: string;
  readonly root_id: string;
  readonly is_sample: boolean;
  /** Somebody wrote a note on it, or changed one of its invented notes. */
  readonly is_noted: boolean;
}

/** Contacts of the sample and everybody who was merged with one of them, held alone in id order. */
export function lockSampleContacts(tx: WorkspaceTx, sampleId: string): Promise<SampleContactRow[]> {
  return tx.many({
    text: `SELECT c.id, c.root_id, (c.import_id IS NOT DISTINCT FROM $2::uuid) AS is_sample,
             EXISTS (SELECT 1 FROM contact_notes n WHERE n.workspace_id = $1 AND n.contact_id = c.id
               AND n.deleted_at IS NULL AND (n.author_id IS NOT NULL OR n.edited_at IS NOT NULL)) AS is_noted
           FROM contacts c
           WHERE c.workspace_id = $1 AND c.deleted_at IS NULL AND c.root_id IN (
             SELECT s.root_id FROM contacts s WHERE s.workspace_id = $1 AND s.import_id = $2 AND s.deleted_at IS NULL)
           ORDER BY c.id FOR UPDATE OF c`,
    values: [tx.workspaceId, sampleId],
  });
}

/** Takes deleted contacts out of their companies, so that the companies of the sample can go. */
export function leaveCompanies(tx: WorkspaceTx, contactIds: readonly string[]): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET company_id = NULL WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Removes companies of the sample that nobody belongs to. */
export function deleteEmptyCompanies(tx: WorkspaceTx, sampleId: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM companies m WHERE m.workspace_id = $1 AND m.import_id = $2
           AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = $1 AND c.company_id = m.id)`,
    values: [tx.workspaceId, sampleId],
  });
}
