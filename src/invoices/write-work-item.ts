import { holdsCardNumber } from '../foundation/card-number.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { NewWorkItem, WorkItemChanges } from './api-work.ts';
import { readWritingFacts, refused, type Writing, writeDocument } from './create-invoice.ts';
import { linesOf, readInvoicesOf, rootsOf } from './read-work-items.ts';
import {
  insertWorkItem,
  lockWorkItems,
  readWorkItemIdByKey,
  readWorkItemIdByReference,
  updateWorkItem,
} from './store-work.ts';
import { type InvoiceOfWork, isInvoiced, type WorkItemRow } from './work-item.ts';

/**
 * Adds an appointment or deal; answers its id. With `key`, what the first request with it made. Throws invalid_request,
 * contact_archived, contact_merged, card_number_refused.
 */
export async function createWorkItem(
  tx: WorkspaceTx,
  caller: Caller,
  body: NewWorkItem,
  key: string | null,
): Promise<string> {
  const known = key === null ? null : await readWorkItemIdByKey(tx, key);
  if (known !== null) return known;
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  checkDay(body.done_on, today);
  const id = newId();
  const row = {
    id,
    ...(await writtenParts(tx, caller, body)),
    done_on: body.done_on,
    done_by: body.done_on === null ? null : caller.name,
    created_on: today,
    created_at: caller.now,
    created_by: caller.name,
  };
  if ((await insertWorkItem(tx, row, key)) === 0) {
    const first = key === null ? null : await readWorkItemIdByKey(tx, key);
    if (first !== null) return first;
    throw refused([{ path: 'external_ref', message: 'Another appointment or deal has this reference.' }]);
  }
  await recordAudit(tx, caller, { action: 'work_item.created', subjectKind: 'workItem', subjectId: id });
  return id;
}

/**
 * Changes work; what is absent stays. What an invoice says of it stays too while that invoice is alive. Throws not_found,
 * edit_conflict, work_state_conflict and what adding it throws.
 */
export async function editWorkItem(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: WorkItemChanges,
  expectedVersion: number | null,
): Promise<void> {
  const { row, invoice } = await lockWork(tx, id);
  if (expectedVersion !== null && expectedVersion !== row.version) throw new Failure('edit_conflict');
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  // Work of a contact that was merged is written as the one's that stayed, and keeps its own contact.
  const root = (await rootsOf(tx, [row.contact_id])).get(row.contact_id) ?? row.contact_id;
  const written = await writtenParts(tx, caller, { ...bodyOf({ ...row, contact_id: root }), ...given });
  const parts = written.contact_id === root ? { ...written, contact_id: row.contact_id } : written;
  if (isInvoiced(invoice) && billsOtherwise(row, parts)) throw invoicedAlready(row, invoice!);
  if (parts.external_ref !== null && parts.external_ref !== row.external_ref) {
    const other = await readWorkItemIdByReference(tx, parts.external_ref);
    if (other !== null)
      throw refused([{ path: 'external_ref', message: 'Another appointment or deal has this reference.' }]);
  }
  await updateWorkItem(tx, { ...row, ...parts }, caller.now);
  await recordAudit(tx, caller, {
    action: 'work_item.edited',
    subjectKind: 'workItem',
    subjectId: id,
    details: { fields: Object.keys(given) },
  });
}

/** Holds one work item, with the invoice it was put on last. Throws not_found. */
export async function lockWork(
  tx: WorkspaceTx,
  id: string,
): Promise<{ readonly row: WorkItemRow; readonly invoice: InvoiceOfWork | null }> {
  const [row] = await lockWorkItems(tx, [id]);
  if (!row) throw new Failure('not_found');
  return { row, invoice: (await readInvoicesOf(tx, [row])).get(id) ?? null };
}

/** The refusal of what cannot be while an invoice bills the work; its facts lead to that invoice. */
export function invoicedAlready(row: Pick<WorkItemRow, 'title'>, invoice: InvoiceOfWork): Failure {
  const where = invoice.number === null ? 'a draft invoice' : `invoice ${invoice.number}`;
  const undone = invoice.number === null ? 'throw the draft away' : 'void it';
  return new Failure('work_state_conflict', `“${row.title}” is on ${where} already: ${undone} first.`, {
    facts: { invoice_id: toPublicId('invoice', invoice.id) },
  });
}

export function checkDay(doneOn: LocalDate | null, today: LocalDate): void {
  if (doneOn !== null && doneOn > today)
    throw refused([{ path: 'done_on', message: 'This day is yet to come: plan it instead.' }]);
}

type Body = Pick<
  NewWorkItem,
  | 'kind'
  | 'contact_id'
  | 'title'
  | 'planned_on'
  | 'planned_time'
  | 'currency'
  | 'lines'
  | 'billable'
  | 'note'
  | 'external_ref'
>;

type WrittenParts = Pick<
  WorkItemRow,
  | 'kind'
  | 'contact_id'
  | 'title'
  | 'planned_on'
  | 'planned_time'
  | 'currency'
  | 'content'
  | 'net_minor'
  | 'tax_minor'
  | 'total_minor'
  | 'billable'
  | 'note'
  | 'external_ref'
>;

/** Everything a person writes, checked with the rules of the invoice that it is to become. */
async function writtenParts(tx: WorkspaceTx, caller: Caller, body: Body): Promise<WrittenParts> {
  const { kind, title, planned_on, planned_time, billable, note, external_ref } = body;
  if (planned_time !== null && planned_on === null)
    throw refused([{ path: 'planned_time', message: 'A time needs its day: fill in planned_on too.' }]);
  const odd = Object.entries({ title, note }).filter(([, text]) => holdsCardNumber(text));
  if (odd.length > 0) {
    const fields = odd.map(([path]) => ({ path, message: 'Leave card numbers out.' }));
    throw new Failure('card_number_refused', undefined, { fields });
  }
  const contactId = fromPublicId('contact', body.contact_id);
  const facts = await readWritingFacts(tx, contactId === null ? [] : [contactId]);
  const { contactId: contact_id, currency, content, amounts } = writeDocument(writingOfWork(body), facts, caller);
  return {
    ...{ kind, title, planned_on, planned_time, billable, note, external_ref, contact_id, currency },
    content: { lines: content.lines, tax_rounding: content.tax_rounding },
    net_minor: amounts.taxableMinor,
    tax_minor: amounts.taxMinor,
    total_minor: amounts.totalMinor,
  };
}

/** An invoice with these lines and nothing else of its own. */
export function writingOfWork(work: Pick<Body, 'contact_id' | 'currency' | 'lines'>): Writing {
  return {
    kind: 'invoice',
    contact_id: work.contact_id,
    currency: work.currency,
    lines: work.lines,
    discount: null,
    notes: '',
    reference: null,
    terms: null,
    terms_id: null,
    deposit: null,
    issued_on: null,
    valid_until: null,
    auto_charge: false,
  };
}

function bodyOf(row: WorkItemRow): Body {
  const { kind, title, planned_on, planned_time, currency, billable, note, external_ref } = row;
  return {
    ...{ kind, title, planned_on, planned_time, currency, billable, note, external_ref },
    contact_id: toPublicId('contact', row.contact_id),
    lines: linesOf(row),
  };
}

/** Whether a change would have been billed otherwise. */
function billsOtherwise(row: WorkItemRow, parts: WrittenParts): boolean {
  const billed = (work: Pick<WorkItemRow, 'contact_id' | 'currency' | 'billable' | 'content'>) =>
    JSON.stringify([work.contact_id, work.currency, work.billable, linesOf(work).map(inOrder)]);
  return billed(row) !== billed(parts);
}

/** jsonb gives the parts of a line back in an order of its own. */
function inOrder(line: object): unknown[] {
  const parts = Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([name, value]) => [name, value]);
}
