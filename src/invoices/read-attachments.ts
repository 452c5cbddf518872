import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import type { AttachmentAnswer } from './api-attachments.ts';
import { type Attachment, MAILED_BYTES_MAX } from './attachment.ts';
import { readInvoiceRows } from './store.ts';
import { type AttachedFile, readAttachedFile, readAttachedFiles, readAttachmentsOf } from './store-attachments.ts';

export type { Attachment } from './attachment.ts';
export type { AttachedFile } from './store-attachments.ts';

/** Files that go with a document, in the order in which they came. Throws not_found. */
export async function listAttachments(tx: WorkspaceTx, invoiceId: string): Promise<Attachment[]> {
  if ((await readInvoiceRows(tx, [invoiceId])).length === 0) throw new Failure('not_found');
  return readAttachmentsOf(tx, invoiceId);
}

/** One of them with its bytes. Throws not_found. */
export async function readAttachment(tx: WorkspaceTx, invoiceId: string, id: string): Promise<AttachedFile> {
  const file = await readAttachedFile(tx, invoiceId, id);
  if (!file) throw new Failure('not_found');
  return file;
}

/** What of them a mail carries: all, or where that is too much none, and then it names them. */
export async function readMailedAttachments(
  tx: WorkspaceTx,
  invoiceId: string,
): Promise<{ readonly files: readonly AttachedFile[]; readonly named: readonly string[] }> {
  const listed = await readAttachmentsOf(tx, invoiceId);
  if (listed.length === 0) return { files: [], named: [] };
  const sum = listed.reduce((total, { size_bytes }) => total + size_bytes, 0);
  if (sum > MAILED_BYTES_MAX) return { files: [], named: listed.map(({ name }) => name) };
  return { files: await readAttachedFiles(tx, invoiceId), named: [] };
}

export function shapeAttachment(row: Attachment): AttachmentAnswer {
  return {
    id: toPublicId('attachment', row.id),
    name: row.name,
    media_type: row.media_type,
    size_bytes: row.size_bytes,
    added_at: row.added_at.toISOString(),
    added_by: row.added_by,
  };
}
