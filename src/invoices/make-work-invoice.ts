import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure, type FieldProblem } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import { LINES_MAX } from './api.ts';
import { refused } from './create-invoice.ts';
import { writeGroup } from './make-invoices-room.ts';
import { linesOf, readInvoicesOf, rootsOf } from './read-work-items.ts';
import { readInvoiceByKey } from './store.ts';
import { lockWorkItems, moveWorkOfInvoice, putWorkOnInvoice, readWorkIdsOfInvoice } from './store-work.ts';
import { isInvoiced, type WorkItemRow, workStatus } from './work-item.ts';
import { invoicedAlready, writingOfWork } from './write-work-item.ts';

/**
 * Makes one draft invoice of done work of one contact, in the order given; answers the invoice's id. The work is held from
 * before it is looked at until it is on the draft, so that two people who press at once make one. Throws invalid_request,
 * work_state_conflict, idempotency_key_reused, contact_archived.
 */
export async function makeWorkInvoice(
  tx: WorkspaceTx,
  caller: Caller,
  publicIds: readonly string[],
  key: string | null,
): Promise<string> {
  const ids = publicIds.map((id) => fromPublicId('workItem', id) ?? '');
  const held = new Map((await lockWorkItems(tx, ids)).map((row) => [row.id, row]));
  // After the lock: a request with the same key that was a moment quicker has made its draft by now.
  const known = key === null ? null : await readInvoiceByKey(tx, key);
  if (known) {
    const on = new Set(await readWorkIdsOfInvoice(tx, known.id));
    if (on.size !== ids.length || !ids.every((id) => on.has(id))) throw new Failure('idempotency_key_reused');
    return known.id;
  }
  const missing = problemsAt(ids, (id) => (held.has(id) ? null : 'This appointment or deal does not exist.'));
  if (missing.length > 0) throw refused(missing);
  const rows = ids.map((id) => held.get(id)!);
  const contactId = await checkBillable(tx, rows);
  const lines = rows.flatMap(linesOf);
  if (lines.length > LINES_MAX)
    throw refused([{ path: 'work_item_ids', message: `Together these have more than ${LINES_MAX} lines.` }]);
  const writing = writingOfWork({
    contact_id: toPublicId('contact', contactId),
    currency: rows[0]!.currency,
    lines,
  });
  const [result] = await writeGroup(tx, [{ caller, writing, origin: { key }, issue: null }]);
  check(result, 'every request has a result');
  if ('failure' in result) throw ofWork(result.failure, rows);
  check(result.created, 'a draft whose key is new is made');
  await putWorkOnInvoice(tx, ids, result.id, caller.now);
  await recordAudits(
    tx,
    rows.map((row) =>
      auditRow(caller, {
        action: 'work_item.invoiced',
        subjectKind: 'workItem',
        subjectId: row.id,
        details: { invoice_id: toPublicId('invoice', result.id) },
      }),
    ),
  );
  return result.id;
}

/** The draft is thrown away: its work waits for another invoice. */
export function freeWorkOf(tx: WorkspaceTx, caller: Caller, invoiceId: string): Promise<number> {
  return moveWorkOfInvoice(tx, invoiceId, null, caller.now);
}

/** The work on a void invoice is billed by the one written in its place. */
export function moveWorkToReplacement(tx: WorkspaceTx, caller: Caller, fromId: string, toId: string): Promise<number> {
  return moveWorkOfInvoice(tx, fromId, toId, caller.now);
}

/** Whether a draft bills work: then whose it is and in which currency is not the draft's to say. */
export async function billsWork(tx: WorkspaceTx, invoiceId: string): Promise<boolean> {
  return (await readWorkIdsOfInvoice(tx, invoiceId)).length > 0;
}

/** Refuses what cannot be one invoice, one refusal per line; answers who is billed. */
async function checkBillable(tx: WorkspaceTx, rows: readonly WorkItemRow[]): Promise<string> {
  const invoices = await readInvoicesOf(tx, rows);
  for (const row of rows) {
    const invoice = invoices.get(row.id) ?? null;
    if (workStatus(row) !== 'done')
      throw new Failure('work_state_conflict', `“${row.title}” is not done: only done work is invoiced.`);
    if (isInvoiced(invoice)) throw invoicedAlready(row, invoice!);
    if (!row.billable) throw new Failure('work_state_conflict', `“${row.title}” is done for nothing.`);
  }
  const [first] = rows;
  check(first, 'there is something to invoice');
  const roots = await rootsOf(
    tx,
    rows.map((row) => row.contact_id),
  );
  const root = roots.get(first.contact_id);
  check(root, 'the contact of work exists');
  const problems = problemsAt(rows, (row) => {
    if (roots.get(row.contact_id) !== root) return 'This is another contact’s: one invoice has one contact.';
    if (row.currency !== first.currency) return `This is in ${row.currency}: one invoice has one currency.`;
    if (row.content.lines.length === 0) return `“${row.title}” has no price yet: add what it costs.`;
    return null;
  });
  if (problems.length > 0) throw refused(problems);
  return root;
}

function problemsAt<T>(all: readonly T[], problemOf: (one: T) => string | null): FieldProblem[] {
  return all.flatMap((one, place) => {
    const message = problemOf(one);
    return message === null ? [] : [{ path: `work_item_ids[${place}]`, message }];
  });
}

/** A line that is refused now (its tax is gone) belongs to a work item: that is what can be mended. */
function ofWork(failure: Failure, rows: readonly WorkItemRow[]): Failure {
  const owners = rows.flatMap((row, place) => row.content.lines.map(() => ({ row, place })));
  const fields = failure.fields.map((field) => {
    const owner = owners[Number(/^lines\[(\d+)\]/.exec(field.path)?.[1] ?? Number.NaN)];
    return owner ? { path: `work_item_ids[${owner.place}]`, message: `“${owner.row.title}”: ${field.message}` } : field;
  });
  return failure.code === 'invalid_request' && fields.length > 0 ? refused(fields) : failure;
}
