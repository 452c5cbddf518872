import { toDecimalText } from '../foundation/money.ts';
import type { Payment } from '../payments/api.ts';
import { listPayments } from '../payments/list-payments.ts';
import type { ExportTransactionsQuery } from './api.ts';
import { type Column, EXPORT_PAGE_SIZE, type Export } from './export.ts';

const COLUMNS: readonly Column<Payment>[] = [
  { name: 'id', cell: (row) => row.id },
  { name: 'occurred_at', cell: (row) => row.occurred_at },
  { name: 'kind', cell: (row) => row.kind },
  { name: 'status', cell: (row) => row.status },
  { name: 'contact_id', cell: (row) => row.contact.id },
  { name: 'contact_name', cell: (row) => row.contact.name },
  { name: 'currency', cell: (row) => row.currency },
  { name: 'amount', cell: (row) => decimal(row.amount_minor, row) },
  { name: 'tax', cell: (row) => decimal(row.tax_minor, row) },
  { name: 'fee', cell: (row) => decimal(row.fee_minor, row) },
  { name: 'net_received', cell: (row) => decimal(netReceivedMinor(row), row) },
  { name: 'refunded', cell: (row) => decimal(row.refunded_minor, row) },
  { name: 'disputed', cell: (row) => decimal(row.disputed_minor, row) },
  { name: 'method_kind', cell: (row) => row.method.kind },
  { name: 'method', cell: (row) => row.method.label },
  { name: 'gateway', cell: (row) => row.gateway },
  { name: 'gateway_ref', cell: (row) => row.gateway_ref },
  { name: 'description', cell: (row) => row.description },
  { name: 'reference', cell: (row) => row.reference },
  { name: 'reason', cell: (row) => row.reason },
  { name: 'decline_code', cell: (row) => row.decline?.code ?? null },
  { name: 'source', cell: (row) => row.source },
  { name: 'parent_id', cell: (row) => row.parent_id },
  { name: 'retry_of', cell: (row) => row.retry_of },
  { name: 'created_at', cell: (row) => row.created_at },
  { name: 'settled_at', cell: (row) => row.settled_at },
  { name: 'created_by', cell: (row) => row.created_by },
];

/** All movements of money that a filter of Transactions matches, newest first. */
export const transactions: Export<ExportTransactionsQuery, Payment> = {
  name: 'transactions',
  columns: async () => COLUMNS,
  async *pages(tx, caller, { bom: _, ...filter }) {
    let cursor: string | undefined;
    do {
      const page = await listPayments(tx, caller, { ...filter, cursor, limit: EXPORT_PAGE_SIZE });
      yield page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  },
};

/**
 * What the row changed in the business's money, minor units: charges less their fee, refunds and lost disputes negative,
 * 0 while (or because) nothing moved. The column can be added up per currency.
 */
function netReceivedMinor(row: Payment): number {
  if (row.net_minor === null) return 0;
  return row.kind === 'charge' ? row.net_minor : -(row.amount_minor + row.fee_minor);
}

function decimal(amountMinor: number, row: Payment): string {
  return toDecimalText(BigInt(amountMinor), row.currency);
}
