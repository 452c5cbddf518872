import type { WorkspaceTx } from '../foundation/database.ts';
import type { Attachment } from './attachment.ts';
import type { AttachedFile } from './store-attachments.ts';

/** Files of schedules, in the order in which they came, without their bytes. */
export function readFilesOfSchedules(
  tx: WorkspaceTx,
  recurringIds: readonly string[],
): Promise<(Attachment & { readonly recurring_id: string })[]> {
  return tx.many({
    name: 'recurring_files_of',
    text: `SELECT recurring_id, id, name, media_type, octet_length(bytes) AS size_bytes, added_at, added_by
           FROM recurring_attachments WHERE workspace_id = $1 AND recurring_id = ANY($2::uuid[]) ORDER BY added_at, id`,
    values: [tx.workspaceId, recurringIds],
  });
}

export function readScheduleFile(tx: WorkspaceTx, recurringId: string, id: string): Promise<AttachedFile | null> {
  return tx.maybe({
    text: `SELECT name, media_type, bytes FROM recurring_attachments
           WHERE workspace_id = $1 AND recurring_id = $2 AND id = $3`,
    values: [tx.workspaceId, recurringId, id],
  });
}

/** The same file under the same name, if it is there already. */
export function readSameScheduleFile(
  tx: WorkspaceTx,
  recurringId: string,
  file: AttachedFile,
): Promise<{ id: string } | null> {
  return tx.maybe({
    text: `SELECT id FROM recurring_attachments
           WHERE workspace_id = $1 AND recurring_id = $2 AND name = $3 AND bytes = $4 LIMIT 1`,
    values: [tx.workspaceId, recurringId, file.name, file.bytes],
  });
}

export function insertScheduleFile(
  tx: WorkspaceTx,
  row: AttachedFile & { readonly id: string; readonly recurringId: string; readonly at: Date; readonly by: string },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO recurring_attachments (workspace_id, id, recurring_id, name, media_type, bytes, added_at, added_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [tx.workspaceId, row.id, row.recurringId, row.name, row.media_type, row.bytes, row.at, row.by],
  });
}

export function deleteScheduleFile(tx: WorkspaceTx, recurringId: string, id: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM recurring_attachments WHERE workspace_id = $1 AND recurring_id = $2 AND id = $3`,
    values: [tx.workspaceId, recurringId, id],
  });
}

/** A file of a document for a schedule, or of a schedule for a document: by the id it has, the id it gets, and for whom. */
export interface FileCopy {
  readonly id: string;
  readonly newId: string;
  readonly forId: string;
}

/** Files of schedules for drafts that they made. */
export function copyScheduleFiles(tx: WorkspaceTx, copies: readonly FileCopy[], at: Date, by: string): Promise<number> {
  return tx.run({
    name: 'recurring_files_copy',
    text: `INSERT INTO invoice_attachments (workspace_id, id, invoice_id, name, media_type, bytes, added_at, added_by)
           SELECT $1::uuid, n.new_id, n.for_id, a.name, a.media_type, a.bytes, $5, $6
           FROM recurring_attachments a
           JOIN unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS n (id, new_id, for_id) ON n.id = a.id
           WHERE a.workspace_id = $1 AND a.id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ...columnsOf(copies), at, by],
  });
}

/** Files of a document for the schedule that is made from it. */
export function copyFilesToSchedule(
  tx: WorkspaceTx,
  copies: readonly FileCopy[],
  at: Date,
  by: string,
): Promise<number> {
  return tx.run({
    text: `INSERT INTO recurring_attachments (workspace_id, id, recurring_id, name, media_type, bytes, added_at, added_by)
           SELECT $1::uuid, n.new_id, n.for_id, a.name, a.media_type, a.bytes, $5, $6
           FROM invoice_attachments a
           JOIN unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS n (id, new_id, for_id) ON n.id = a.id
           WHERE a.workspace_id = $1 AND a.id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ...columnsOf(copies), at, by],
  });
}

const columnsOf = (copies: readonly FileCopy[]) => [
  copies.map(({ id }) => id),
  copies.map(({ newId }) => newId),
  copies.map(({ forId }) => forId),
];
