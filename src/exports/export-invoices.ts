import { toDecimalText } from '../foundation/money.ts';
import type { InvoiceRowAnswer } from '../invoices/api.ts';
import { listInvoices } from '../invoices/list-invoices.ts';
import type { ExportInvoicesQuery } from './api.ts';
import { type Column, EXPORT_PAGE_SIZE, type Export } from './export.ts';

const COLUMNS: readonly Column<InvoiceRowAnswer>[] = [
  { name: 'id', cell: (row) => row.id },
  { name: 'kind', cell: (row) => row.kind },
  { name: 'number', cell: (row) => row.number },
  { name: 'status', cell: (row) => row.status },
  { name: 'contact_id', cell: (row) => row.contact.id },
  { name: 'contact_name', cell: (row) => row.contact.name },
  { name: 'issued_on', cell: (row) => row.issued_on },
  { name: 'due_on', cell: (row) => row.due_on },
  { name: 'currency', cell: (row) => row.currency },
  { name: 'total', cell: (row) => decimal(row.total_minor, row) },
  { name: 'paid', cell: (row) => decimal(row.paid_minor, row) },
  { name: 'open', cell: (row) => decimal(row.open_minor, row) },
  { name: 'overdue', cell: (row) => decimal(row.overdue_minor, row) },
  { name: 'overdue_since', cell: (row) => row.overdue_since },
  { name: 'reference', cell: (row) => row.reference },
  { name: 'sent_at', cell: (row) => row.sent_at },
  { name: 'created_at', cell: (row) => row.created_at },
];

/** All documents of one kind that a filter of Invoices matches, in the order of the list. */
export const invoices: Export<ExportInvoicesQuery, InvoiceRowAnswer> = {
  name: 'invoices',
  columns: async () => COLUMNS,
  async *pages(tx, caller, { bom: _, ...filter }) {
    let cursor: string | undefined;
    do {
      const page = await listInvoices(tx, caller, { ...filter, cursor, limit: EXPORT_PAGE_SIZE });
      yield page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  },
};

function decimal(amountMinor: number, row: InvoiceRowAnswer): string {
  return toDecimalText(BigInt(amountMinor), row.currency);
}
