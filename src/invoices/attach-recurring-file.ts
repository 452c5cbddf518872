import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { checkedFile, type GivenFile, wrongFile } from './attach-file.ts';
import { type Attachment, roomProblem } from './attachment.ts';
import { listAttachments } from './read-attachments.ts';
import type { AttachedFile } from './store-attachments.ts';
import { lockRecurringRow, readRecurringRow } from './store-recurring.ts';
import {
  copyFilesToSchedule,
  copyScheduleFiles,
  deleteScheduleFile,
  insertScheduleFile,
  readFilesOfSchedules,
  readSameScheduleFile,
  readScheduleFile,
} from './store-recurring-files.ts';

/**
 * Adds a file that goes with every invoice of a schedule from the next one on; the same file under the same name is there
 * once. Answers its id. Throws not_found, invoice_state_conflict (ended), and what attachFile throws of the file itself.
 */
export async function attachRecurringFile(
  tx: WorkspaceTx,
  caller: Caller,
  recurringId: string,
  given: GivenFile,
): Promise<string> {
  const file = checkedFile(given);
  await lockSchedule(tx, recurringId);
  const known = await readSameScheduleFile(tx, recurringId, file);
  if (known) return known.id;
  const sizes = (await readFilesOfSchedules(tx, [recurringId])).map(({ size_bytes }) => size_bytes);
  const full = roomProblem(sizes, file.bytes.length);
  if (full) throw wrongFile(full);
  const id = newId();
  await insertScheduleFile(tx, { ...file, id, recurringId, at: caller.now, by: caller.name });
  await recordAudit(tx, caller, {
    action: 'recurring_invoice.file_attached',
    subjectKind: 'recurring',
    subjectId: recurringId,
    details: { file: file.name, bytes: file.bytes.length },
  });
  return id;
}

/** Takes a file from a schedule; invoices that were made with it keep it. Throws not_found, invoice_state_conflict. */
export async function removeRecurringFile(
  tx: WorkspaceTx,
  caller: Caller,
  recurringId: string,
  id: string,
): Promise<void> {
  await lockSchedule(tx, recurringId);
  const file = (await readFilesOfSchedules(tx, [recurringId])).find((one) => one.id === id);
  if (!file) throw new Failure('not_found');
  await deleteScheduleFile(tx, recurringId, id);
  await recordAudit(tx, caller, {
    action: 'recurring_invoice.file_removed',
    subjectKind: 'recurring',
    subjectId: recurringId,
    details: { file: file.name },
  });
}

/** Files of a schedule, in the order in which they came. Throws not_found. */
export async function listRecurringFiles(tx: WorkspaceTx, recurringId: string): Promise<Attachment[]> {
  if (!(await readRecurringRow(tx, recurringId))) throw new Failure('not_found');
  return readFilesOfSchedules(tx, [recurringId]);
}

/** One of them with its bytes. Throws not_found. */
export async function readRecurringFile(tx: WorkspaceTx, recurringId: string, id: string): Promise<AttachedFile> {
  const file = await readScheduleFile(tx, recurringId, id);
  if (!file) throw new Failure('not_found');
  return file;
}

/** Gives a new schedule the files of the document that it repeats. Throws not_found. */
export async function copyFilesOfDocument(
  tx: WorkspaceTx,
  caller: Caller,
  invoiceId: string,
  recurringId: string,
): Promise<void> {
  const copies = (await listAttachments(tx, invoiceId)).map(({ id }) => ({ id, newId: newId(), forId: recurringId }));
  if (copies.length > 0) await copyFilesToSchedule(tx, copies, caller.now, caller.name);
}

/** Gives drafts the files of the schedules that made them, before they are issued. */
export async function giveScheduleFiles(
  tx: WorkspaceTx,
  caller: Caller,
  made: readonly { readonly recurringId: string; readonly invoiceId: string }[],
): Promise<void> {
  if (made.length === 0) return;
  const files = await readFilesOfSchedules(tx, [...new Set(made.map(({ recurringId }) => recurringId))]);
  if (files.length === 0) return;
  const copies = made.flatMap(({ recurringId, invoiceId }) =>
    files
      .filter((file) => file.recurring_id === recurringId)
      .map(({ id }) => ({ id, newId: newId(), forId: invoiceId })),
  );
  await copyScheduleFiles(tx, copies, caller.now, caller.name);
}

async function lockSchedule(tx: WorkspaceTx, recurringId: string): Promise<void> {
  const row = await lockRecurringRow(tx, recurringId);
  if (!row) throw new Failure('not_found');
  if (row.ended_at !== null)
    throw new Failure('invoice_state_conflict', 'This schedule has ended: no invoice of it is to come.');
}
