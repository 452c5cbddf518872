import { toDecimalText } from '../foundation/money.ts';
import type { AgeingRow } from '../invoices/api-ageing.ts';
import { streamAgeing } from '../invoices/read-ageing.ts';
import type { ExportAgeingQuery } from './api.ts';
import { type Column, EXPORT_PAGE_SIZE, type Export } from './export.ts';

type Row = AgeingRow & { readonly as_of: string };

const COLUMNS: readonly Column<Row>[] = [
  { name: 'as_of', cell: (row) => row.as_of },
  { name: 'contact_id', cell: (row) => row.contact.id },
  { name: 'contact_name', cell: (row) => row.contact.name },
  { name: 'currency', cell: (row) => row.currency },
  { name: 'open', cell: (row) => decimal(row.open_minor, row) },
  { name: 'not_due', cell: (row) => decimal(row.not_due_minor, row) },
  { name: 'overdue_1_30', cell: (row) => decimal(row.overdue_1_30_minor, row) },
  { name: 'overdue_31_60', cell: (row) => decimal(row.overdue_31_60_minor, row) },
  { name: 'overdue_61_90', cell: (row) => decimal(row.overdue_61_90_minor, row) },
  { name: 'overdue_over_90', cell: (row) => decimal(row.overdue_over_90_minor, row) },
  { name: 'on_account', cell: (row) => decimal(row.on_account_minor, row) },
];

/** What customers owed at the end of a day, in the order of the report. */
export const ageing: Export<ExportAgeingQuery, Row> = {
  name: 'ageing',
  columns: async () => COLUMNS,
  async *pages(tx, caller, query) {
    for await (const { asOf, rows } of streamAgeing(tx, caller, query, EXPORT_PAGE_SIZE))
      yield rows.map((row) => ({ ...row, as_of: asOf }));
  },
};

function decimal(amountMinor: number, row: AgeingRow): string {
  return toDecimalText(BigInt(amountMinor), row.currency);
}
