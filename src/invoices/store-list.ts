import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { InvoiceRow } from './invoice.ts';
import { INVOICE_COLUMNS } from './store.ts';

/** In which order a list stands: by its day (newest first), or what is open by the date that is not met (oldest first). */
export type ListOrder = 'listed' | 'due';

/** One page of documents. `after` is the ordering day and id of the last row before it. */
export function selectInvoices(
  tx: WorkspaceTx,
  conditions: readonly RawBuilder<unknown>[],
  order: ListOrder,
  after: { readonly day: string; readonly id: string } | null,
  limit: number,
): Promise<InvoiceRow[]> {
  const position =
    after === null
      ? []
      : order === 'listed'
        ? [sql`(i.listed_on, i.id) < (${after.day}::date, ${after.id}::uuid)`]
        : [sql`(i.next_due_on, i.id) > (${after.day}::date, ${after.id}::uuid)`];
  const where = sql.join([sql`i.workspace_id = ${tx.workspaceId}`, ...conditions, ...position], sql` AND `);
  const by = order === 'listed' ? sql`i.listed_on DESC, i.id DESC` : sql`i.next_due_on, i.id`;
  return tx.many<InvoiceRow>(
    sql`SELECT ${sql.raw(INVOICE_COLUMNS)} FROM invoices i WHERE ${where} ORDER BY ${by} LIMIT ${limit}`,
  );
}

export interface InvoiceSumRow {
  readonly currency: string;
  readonly count: bigint;
  readonly total_minor: bigint;
  readonly open_minor: bigint;
  readonly overdue_minor: bigint;
}

/**
 * Sums per currency over what the conditions match. Overdue is what invoice-status.ts calls so: of an invoice in instalments
 * those whose date has passed, less what was met. Those few are found in an index alone, as everything else is, and only
 * then read from their rows: a scan that needs a column of the row fetches every row before it looks at its dates.
 */
export function sumInvoices(
  tx: WorkspaceTx,
  conditions: readonly RawBuilder<unknown>[],
  today: string,
): Promise<InvoiceSumRow[]> {
  const where = sql.join([sql`i.workspace_id = ${tx.workspaceId}`, ...conditions], sql` AND `);
  return tx.many<InvoiceSumRow>(
    sql`WITH partly AS MATERIALIZED (
          SELECT i.id FROM invoices i
          WHERE ${where} AND i.open_minor > 0 AND i.next_due_on < ${today}::date AND i.due_on >= ${today}::date),
        partly_late AS (
          SELECT l.currency, sum((
              SELECT sum((part->>'amount_minor')::bigint) FROM jsonb_array_elements(l.instalments) part
              WHERE (part->>'due_on')::date < ${today}::date
            ) - l.paid_minor - l.credited_minor - l.discounted_minor - l.written_off_minor) AS late_minor
          FROM partly JOIN invoices l ON l.workspace_id = ${tx.workspaceId} AND l.id = partly.id
          GROUP BY l.currency)
        SELECT i.currency, count(*) AS count, sum(i.total_minor)::bigint AS total_minor, sum(i.open_minor)::bigint AS open_minor,
          (coalesce(sum(i.open_minor) FILTER (WHERE i.open_minor > 0 AND i.due_on < ${today}::date), 0)
            + coalesce((SELECT late_minor FROM partly_late WHERE partly_late.currency = i.currency), 0))::bigint AS overdue_minor
        FROM invoices i WHERE ${where} GROUP BY i.currency ORDER BY i.currency`,
  );
}

/** Open invoices of these contacts, the most pressing first. */
export function readOpenInvoices(tx: WorkspaceTx, contactIds: readonly string[], limit: number): Promise<InvoiceRow[]> {
  return tx.many({
    name: 'invoices_open_of_contacts',
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND open_minor > 0
           ORDER BY next_due_on, id LIMIT $3`,
    values: [tx.workspaceId, contactIds, limit],
  });
}
