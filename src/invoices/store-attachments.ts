import type { WorkspaceTx } from '../foundation/database.ts';
import type { Attachment } from './attachment.ts';

const COLUMNS = 'id, name, media_type, octet_length(bytes) AS size_bytes, added_at, added_by';

/** Files of a document in the order in which they came, without their bytes. */
export function readAttachmentsOf(tx: WorkspaceTx, invoiceId: string): Promise<Attachment[]> {
  return tx.many({
    name: 'attachments_of',
    text: `SELECT ${COLUMNS} FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2 ORDER BY added_at, id`,
    values: [tx.workspaceId, invoiceId],
  });
}

export interface AttachedFile {
  readonly name: string;
  readonly media_type: string;
  readonly bytes: Buffer;
}

export function readAttachedFile(tx: WorkspaceTx, invoiceId: string, id: string): Promise<AttachedFile | null> {
  return tx.maybe({
    text: `SELECT name, media_type, bytes FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2 AND id = $3`,
    values: [tx.workspaceId, invoiceId, id],
  });
}

/** All files of a document with their bytes; the caller knows that they are few. */
export function readAttachedFiles(tx: WorkspaceTx, invoiceId: string): Promise<AttachedFile[]> {
  return tx.many({
    text: `SELECT name, media_type, bytes FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2 ORDER BY added_at, id`,
    values: [tx.workspaceId, invoiceId],
  });
}

/** The same file under the same name, if it is there already. */
export function readSameFile(tx: WorkspaceTx, invoiceId: string, file: AttachedFile): Promise<{ id: string } | null> {
  return tx.maybe({
    text: `SELECT id FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2 AND name = $3 AND bytes = $4 LIMIT 1`,
    values: [tx.workspaceId, invoiceId, file.name, file.bytes],
  });
}

export function insertAttachment(
  tx: WorkspaceTx,
  row: AttachedFile & { readonly id: string; readonly invoiceId: string; readonly at: Date; readonly by: string },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO invoice_attachments (workspace_id, id, invoice_id, name, media_type, bytes, added_at, added_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [tx.workspaceId, row.id, row.invoiceId, row.name, row.media_type, row.bytes, row.at, row.by],
  });
}

/** The same files for another draft: each by the id it has and the id it gets. */
export function copyAttachedFiles(
  tx: WorkspaceTx,
  copies: readonly { readonly id: string; readonly newId: string }[],
  toInvoiceId: string,
  at: Date,
  by: string,
): Promise<number> {
  return tx.run({
    text: `INSERT INTO invoice_attachments (workspace_id, id, invoice_id, name, media_type, bytes, added_at, added_by)
           SELECT $1::uuid, n.new_id, $4::uuid, a.name, a.media_type, a.bytes, $5, $6
           FROM invoice_attachments a JOIN unnest($2::uuid[], $3::uuid[]) AS n (id, new_id) ON n.id = a.id
           WHERE a.workspace_id = $1 AND a.id = ANY($2::uuid[])`,
    values: [tx.workspaceId, copies.map((copy) => copy.id), copies.map((copy) => copy.newId), toInvoiceId, at, by],
  });
}

export function deleteAttachment(tx: WorkspaceTx, invoiceId: string, id: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2 AND id = $3`,
    values: [tx.workspaceId, invoiceId, id],
  });
}

/** Goes with its draft. */
export function deleteAttachmentsOf(tx: WorkspaceTx, invoiceId: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM invoice_attachments WHERE workspace_id = $1 AND invoice_id = $2`,
    values: [tx.workspaceId, invoiceId],
  });
}
