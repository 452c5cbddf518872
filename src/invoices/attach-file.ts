import { refuseCardNumbers } from '../foundation/card-number.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_KINDS,
  attachmentName,
  endingOf,
  inMegabytes,
  nameProblem,
  roomProblem,
} from './attachment.ts';
import { isWhatItSays } from './attachment-content.ts';
import { refused } from './create-invoice.ts';
import { lockDraft } from './hold-draft.ts';
import {
  type AttachedFile,
  copyAttachedFiles,
  deleteAttachment,
  insertAttachment,
  readAttachmentsOf,
  readSameFile,
} from './store-attachments.ts';

/** A file as it comes in. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Adds a file to a draft; the same file under the same name is there once, however often it is sent. Answers its id. Throws
 * not_found, invoice_state_conflict (an issued document never changes), payload_too_large, card_number_refused, and
 * invalid_request for what may not go with a document.
 */
export async function attachFile(
  tx: WorkspaceTx,
  caller: Caller,
  invoiceId: string,
  given: GivenFile,
): Promise<string> {
  const file = checkedFile(given);
  const draft = await lockDraft(tx, invoiceId, null);
  const known = await readSameFile(tx, invoiceId, file);
  if (known) return known.id;
  const sizes = (await readAttachmentsOf(tx, invoiceId)).map(({ size_bytes }) => size_bytes);
  const full = roomProblem(sizes, file.bytes.length);
  if (full) throw wrongFile(full);
  const id = newId();
  await insertAttachment(tx, { ...file, id, invoiceId, at: caller.now, by: caller.name });
  await recordAudit(tx, caller, {
    action: `${draft.kind}.file_attached`,
    subjectKind: 'invoice',
    subjectId: invoiceId,
    details: { file: file.name, bytes: file.bytes.length },
  });
  return id;
}

/** Takes a file from a draft. Throws not_found, invoice_state_conflict. */
export async function removeAttachment(tx: WorkspaceTx, caller: Caller, invoiceId: string, id: string): Promise<void> {
  const draft = await lockDraft(tx, invoiceId, null);
  const file = (await readAttachmentsOf(tx, invoiceId)).find((one) => one.id === id);
  if (!file) throw new Failure('not_found');
  await deleteAttachment(tx, invoiceId, id);
  await recordAudit(tx, caller, {
    action: `${draft.kind}.file_removed`,
    subjectKind: 'invoice',
    subjectId: invoiceId,
    details: { file: file.name },
  });
}

/** Gives a new draft the files of the document that it repeats. */
export async function copyAttachments(tx: WorkspaceTx, caller: Caller, fromId: string, toId: string): Promise<void> {
  const files = await readAttachmentsOf(tx, fromId);
  if (files.length === 0) return;
  const copies = files.map(({ id }) => ({ id, newId: newId() }));
  await copyAttachedFiles(tx, copies, toId, caller.now, caller.name);
}

/** A file that is too large by what is said or known of it. */
export function fileTooLarge(): Failure {
  return new Failure(
    'payload_too_large',
    `A file that goes with a document has at most ${inMegabytes(ATTACHMENT_BYTES_MAX)}.`,
  );
}

/** A file that may go with a document; one refusal per line, top down. */
export function checkedFile({ name: given, bytes }: GivenFile): AttachedFile {
  const name = attachmentName(given);
  const problem = nameProblem(name);
  if (problem) throw wrongFile(problem);
  refuseCardNumbers({ file: name });
  if (bytes.length === 0) throw wrongFile('The file is empty.');
  if (bytes.length > ATTACHMENT_BYTES_MAX) throw fileTooLarge();
  if (!isWhatItSays(name, bytes)) {
    const kind = ATTACHMENT_KINDS[endingOf(name)]!.label;
    throw wrongFile(`It does not hold what its name says (${kind}), or it holds macros.`);
  }
  return { name, media_type: ATTACHMENT_KINDS[endingOf(name)]!.mediaType, bytes };
}

export function wrongFile(message: string): Failure {
  return refused([{ path: 'file', message }]);
}
