import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { updateWorkItem } from './store-work.ts';
import { isInvoiced, type WorkItemRow, workStatus } from './work-item.ts';
import { checkDay, invoicedAlready, lockWork } from './write-work-item.ts';

/** What happens to work besides edits: done, not done after all, cancelled, planned again. Each twice is the same as once. */

/** Marks work done, on `doneOn` or today. Throws not_found, work_state_conflict (cancelled, on an invoice), invalid_request. */
export async function completeWorkItem(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  doneOn: LocalDate | undefined,
): Promise<void> {
  const { row, invoice } = await lockWork(tx, id);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  if (row.cancelled_at !== null)
    throw new Failure('work_state_conflict', `“${row.title}” is cancelled: plan it again first.`);
  const day = doneOn ?? row.done_on ?? today;
  checkDay(day, today);
  if (row.done_on === day) return;
  if (isInvoiced(invoice)) throw invoicedAlready(row, invoice!);
  await keep(tx, caller, { ...row, done_on: day, done_by: caller.name }, 'work_item.done', { done_on: day });
}

/** It was not done after all. Throws not_found, work_state_conflict while an invoice bills it. */
export async function reopenWorkItem(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const { row, invoice } = await lockWork(tx, id);
  if (workStatus(row) !== 'done') return;
  if (isInvoiced(invoice)) throw invoicedAlready(row, invoice!);
  await keep(tx, caller, { ...row, done_on: null, done_by: null, invoice_id: null }, 'work_item.reopened');
}

/** It will not be done. Throws not_found, work_state_conflict for what is done. */
export async function cancelWorkItem(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const { row } = await lockWork(tx, id);
  if (row.done_on !== null)
    throw new Failure('work_state_conflict', `“${row.title}” is done: say that it is not done first.`);
  if (row.cancelled_at !== null) return;
  await keep(tx, caller, { ...row, cancelled_at: caller.now }, 'work_item.cancelled');
}

/** It is planned after all. Throws not_found. */
export async function replanWorkItem(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const { row } = await lockWork(tx, id);
  if (row.cancelled_at === null) return;
  await keep(tx, caller, { ...row, cancelled_at: null }, 'work_item.planned_again');
}

async function keep(
  tx: WorkspaceTx,
  caller: Caller,
  row: WorkItemRow,
  action: string,
  details: { readonly done_on?: LocalDate } = {},
): Promise<void> {
  await updateWorkItem(tx, row, caller.now);
  await recordAudit(tx, caller, { action, subjectKind: 'workItem', subjectId: row.id, details });
}
