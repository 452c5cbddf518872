import { toDecimalText } from '../foundation/money.ts';
import type { WorkItem } from '../invoices/api-work.ts';
import { listWorkItems } from '../invoices/list-work-items.ts';
import type { ExportWorkItemsQuery } from './api.ts';
import { type Column, EXPORT_PAGE_SIZE, type Export } from './export.ts';

const COLUMNS: readonly Column<WorkItem>[] = [
  { name: 'id', cell: (row) => row.id },
  { name: 'kind', cell: (row) => row.kind },
  { name: 'title', cell: (row) => row.title },
  { name: 'status', cell: (row) => row.status },
  { name: 'contact_id', cell: (row) => row.contact.id },
  { name: 'contact_name', cell: (row) => row.contact.name },
  { name: 'planned_on', cell: (row) => row.planned_on },
  { name: 'planned_time', cell: (row) => row.planned_time },
  { name: 'done_on', cell: (row) => row.done_on },
  { name: 'done_by', cell: (row) => row.done_by },
  { name: 'currency', cell: (row) => row.currency },
  { name: 'net', cell: (row) => decimal(row.net_minor, row) },
  { name: 'tax', cell: (row) => decimal(row.tax_minor, row) },
  { name: 'total', cell: (row) => decimal(row.total_minor, row) },
  { name: 'billable', cell: (row) => String(row.billable) },
  { name: 'to_invoice', cell: (row) => String(row.to_invoice) },
  { name: 'invoice_id', cell: (row) => row.invoice?.id ?? null },
  { name: 'invoice_number', cell: (row) => row.invoice?.number ?? null },
  { name: 'invoice_status', cell: (row) => row.invoice?.status ?? null },
  { name: 'external_ref', cell: (row) => row.external_ref },
  { name: 'created_at', cell: (row) => row.created_at },
];

/** All appointments and deals that a filter matches, in the order of the list. */
export const workItems: Export<ExportWorkItemsQuery, WorkItem> = {
  name: 'work-items',
  columns: async () => COLUMNS,
  async *pages(tx, _caller, { bom: _, ...filter }) {
    let cursor: string | undefined;
    do {
      const page = await listWorkItems(tx, { ...filter, cursor, limit: EXPORT_PAGE_SIZE });
      yield page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  },
};

function decimal(amountMinor: number, row: WorkItem): string {
  return toDecimalText(BigInt(amountMinor), row.currency);
}
