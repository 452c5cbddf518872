import { readContactForCharge, readContacts } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import type { WorkItem } from './api-work.ts';
import { readInvoicesOfWork, readWorkItemRow } from './store-work.ts';
import { type InvoiceOfWork, isToInvoice, type WorkItemRow, workStatus } from './work-item.ts';

/** One work item as the API shows it. Throws not_found. */
export async function readWorkItem(tx: WorkspaceTx, id: string): Promise<WorkItem> {
  const row = await readWorkItemRow(tx, id);
  if (!row) throw new Failure('not_found');
  const [shaped] = await shapeWorkItems(tx, [row]);
  return shaped!;
}

/** Work as the API shows it, in the order given. */
export async function shapeWorkItems(tx: WorkspaceTx, rows: readonly WorkItemRow[]): Promise<WorkItem[]> {
  if (rows.length === 0) return [];
  const roots = await rootsOf(
    tx,
    rows.map((row) => row.contact_id),
  );
  const [contacts, invoices] = await Promise.all([
    readContacts(tx, [...new Set(roots.values())]),
    readInvoicesOf(tx, rows),
  ]);
  const names = new Map(contacts.map((contact) => [fromPublicId('contact', contact.id), contact.name]));
  return rows.map((row) => {
    const root = roots.get(row.contact_id) ?? row.contact_id;
    return shapeWorkItem(row, { id: root, name: names.get(root) ?? '' }, invoices.get(row.id) ?? null);
  });
}

/** Who is billed for the work of each contact: itself, or the one it was merged into. */
export async function rootsOf(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Map<string, string>> {
  const contacts = await readContactForCharge(tx, contactIds);
  return new Map([...contacts.values()].map((contact) => [contact.id, contact.root_id]));
}

/** By work item: the invoice it was put on last. */
export async function readInvoicesOf(
  tx: WorkspaceTx,
  rows: readonly Pick<WorkItemRow, 'id' | 'invoice_id'>[],
): Promise<Map<string, InvoiceOfWork>> {
  const ids = [...new Set(rows.flatMap((row) => row.invoice_id ?? []))];
  if (ids.length === 0) return new Map();
  const invoices = new Map((await readInvoicesOfWork(tx, ids)).map((invoice) => [invoice.id, invoice]));
  return new Map(
    rows.flatMap((row) => {
      const invoice = row.invoice_id === null ? undefined : invoices.get(row.invoice_id);
      return invoice ? [[row.id, invoice] as const] : [];
    }),
  );
}

function shapeWorkItem(
  row: WorkItemRow,
  contact: { readonly id: string; readonly name: string },
  invoice: InvoiceOfWork | null,
): WorkItem {
  return {
    id: toPublicId('workItem', row.id),
    kind: row.kind,
    contact: { id: toPublicId('contact', contact.id), name: contact.name },
    title: row.title,
    status: workStatus(row),
    planned_on: row.planned_on,
    planned_time: row.planned_time,
    done_on: row.done_on,
    done_by: row.done_by,
    currency: row.currency,
    lines: linesOf(row),
    net_minor: minorToJson(row.net_minor),
    tax_minor: minorToJson(row.tax_minor),
    total_minor: minorToJson(row.total_minor),
    billable: row.billable,
    note: row.note,
    external_ref: row.external_ref,
    to_invoice: isToInvoice(row, invoice),
    invoice: invoice && {
      id: toPublicId('invoice', invoice.id),
      number: invoice.number,
      status: invoice.voided_at !== null ? 'void' : invoice.issued_at === null ? 'draft' : 'issued',
    },
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  };
}

/** The lines as somebody would write them: taxes by their codes. */
export function linesOf(row: Pick<WorkItemRow, 'content'>): WorkItem['lines'] {
  return row.content.lines.map(({ product_id, taxes, ...line }) => ({
    ...line,
    discount: line.discount && { ...line.discount },
    taxes: taxes.map((tax) => tax.code),
    ...(product_id === null ? {} : { product_id }),
  }));
}
