import type { WorkspaceTx } from '../foundation/database.ts';

/** Statements of the sample business's contacts. What it made is told by its id in `import_id`, and notes by having no author. */

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

/** Removes companies of the sample that nobody belongs to. */
export function deleteEmptySampleCompanies(tx: WorkspaceTx, sampleId: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM companies m WHERE m.workspace_id = $1 AND m.import_id = $2
           AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = $1 AND c.company_id = m.id)`,
    values: [tx.workspaceId, sampleId],
  });
}
