import type { RawBuilder } from 'kysely';
import type { z } from 'zod';
import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../foundation/cursor.ts';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, isUuid } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import type { Caller } from '../workspace/caller.ts';
import type { InvoiceRowAnswer, InvoiceTotals, invoiceFilter, listInvoicesQuery } from './api.ts';
import { shapeInvoiceRows } from './read-invoice.ts';
import { type InvoiceSumRow, type ListOrder, selectInvoices, sumInvoices } from './store-list.ts';

type Filter = z.output<typeof invoiceFilter>;

/** Statuses of what is open stand by the date that is not met, so that the longest overdue come first. */
const BY_DUE_DATE = new Set(['outstanding', 'open', 'overdue', 'partly_paid', 'disputed', 'processing']);

/** One page of Payments → Invoices. Throws invalid_request on a foreign cursor or a contact that does not exist. */
export async function listInvoices(
  tx: WorkspaceTx,
  caller: Caller,
  query: z.output<typeof listInvoicesQuery>,
): Promise<{ data: InvoiceRowAnswer[]; next_cursor: string | null }> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const order: ListOrder = query.status !== undefined && BY_DUE_DATE.has(query.status) ? 'due' : 'listed';
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const conditions = await conditionsOf(tx, query, today);
  const rows = await selectInvoices(tx, conditions, order, after, query.limit + 1);
  const data = rows.slice(0, query.limit);
  const last = data.at(-1);
  const day = last && (order === 'due' ? last.next_due_on : last.listed_on);
  return {
    data: await shapeInvoiceRows(tx, caller, data),
    next_cursor: rows.length > query.limit && last && day ? encodeCursor([day, last.id]) : null,
  };
}

/** Sums per currency over everything the filter matches. */
export async function totalInvoices(tx: WorkspaceTx, caller: Caller, filter: Filter): Promise<InvoiceTotals> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const sums = await sumInvoices(tx, await conditionsOf(tx, filter, today), today);
  return {
    data: sums.map((row) => ({
      currency: row.currency,
      count: Number(row.count),
      total_minor: minorToJson(row.total_minor),
      open_minor: minorToJson(row.open_minor),
      overdue_minor: minorToJson(row.overdue_minor),
    })),
  };
}

/** What is open of these contacts' invoices, per currency. */
export function sumOpen(tx: WorkspaceTx, caller: Caller, contactIds: readonly string[]): Promise<InvoiceSumRow[]> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  return sumInvoices(tx, [sql`i.contact_id = ANY(${contactIds}::uuid[])`, sql`i.open_minor > 0`], today);
}

function positionOf(cursor: string): { day: string; id: string } {
  const [day, id] = decodeCursor(cursor, 2);
  if (typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && typeof id === 'string' && isUuid(id))
    return { day, id };
  throw foreignCursor();
}

async function conditionsOf(tx: WorkspaceTx, filter: Filter, today: LocalDate): Promise<RawBuilder<unknown>[]> {
  const conditions: RawBuilder<unknown>[] = [sql`i.kind = ${filter.kind ?? 'invoice'}`];
  // What an undone import withdrew is kept for the books, and in no list.
  conditions.push(sql`i.withdrawn_at IS NULL`);
  if (filter.status !== undefined) conditions.push(...statusConditions(tx, filter.status, today));
  if (filter.contact !== undefined)
    conditions.push(sql`i.contact_id = ANY(${await contactIds(tx, filter.contact)}::uuid[])`);
  if (filter.currency !== undefined) conditions.push(sql`i.currency = ${filter.currency}`);
  if (filter.number !== undefined) conditions.push(sql`i.number = ${filter.number}`);
  if (filter.from !== undefined) conditions.push(sql`i.listed_on >= ${filter.from}::date`);
  if (filter.to !== undefined) conditions.push(sql`i.listed_on <= ${filter.to}::date`);
  if (filter.amount_min !== undefined) conditions.push(sql`i.total_minor >= ${filter.amount_min}::bigint`);
  if (filter.amount_max !== undefined) conditions.push(sql`i.total_minor <= ${filter.amount_max}::bigint`);
  return conditions;
}

/** The same order of words as invoice-status.ts: each names what the ones before it leave over. */
function statusConditions(
  tx: WorkspaceTx,
  status: NonNullable<Filter['status']>,
  today: LocalDate,
): RawBuilder<unknown>[] {
  const open = sql`i.open_minor > 0`;
  const onItsWay = sql`EXISTS (SELECT 1 FROM intended_allocations w WHERE w.workspace_id = ${tx.workspaceId} AND w.invoice_id = i.id AND NOT w.given_up)`;
  const quiet = [open, sql`i.disputed_at IS NULL`, sql`NOT ${onItsWay}`];
  const inTime = sql`i.next_due_on >= ${today}::date`;
  switch (status) {
    case 'outstanding':
      return [open];
    case 'draft':
      return [sql`i.issued_at IS NULL`];
    case 'void':
      return [sql`i.voided_at IS NOT NULL`];
    case 'paid':
      return [
        sql`i.issued_at IS NOT NULL`,
        sql`i.voided_at IS NULL`,
        sql`i.open_minor <= 0`,
        sql`i.written_off_minor = 0`,
      ];
    case 'written_off':
      return [sql`i.written_off_minor > 0`, sql`i.voided_at IS NULL`, sql`i.open_minor <= 0`];
    case 'disputed':
      return [open, sql`i.disputed_at IS NOT NULL`];
    case 'processing':
      return [
        open,
        sql`i.disputed_at IS NULL`,
        sql`i.id IN (SELECT w.invoice_id FROM intended_allocations w WHERE w.workspace_id = ${tx.workspaceId} AND NOT w.given_up)`,
      ];
    case 'overdue':
      return [...quiet, sql`i.next_due_on < ${today}::date`];
    case 'partly_paid':
      return [...quiet, inTime, sql`i.paid_minor > 0`];
    case 'open':
      return [...quiet, inTime, sql`i.paid_minor = 0`];
  }
}

async function contactIds(tx: WorkspaceTx, publicId: string): Promise<string[]> {
  const id = fromPublicId('contact', publicId);
  if (id === null)
    throw new Failure('invalid_request', undefined, {
      fields: [{ path: 'contact', message: 'This contact does not exist.' }],
    });
  return contactIdsOfRoot(tx, await rootOf(tx, id));
}
