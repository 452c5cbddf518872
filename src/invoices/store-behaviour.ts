import type { WorkspaceTx } from '../foundation/database.ts';
import type { InvoiceRow } from './invoice.ts';

/** As many open invoices of one customer as are looked at for what comes next; the earliest due first. */
const OPEN_MAX = 500;

export type OpenRow = Pick<InvoiceRow, 'currency' | 'instalments' | 'open_minor'>;

export function readOpenRows(tx: WorkspaceTx, contactIds: readonly string[]): Promise<OpenRow[]> {
  return tx.many({
    name: 'open_invoices_of_contact',
    text: `SELECT currency, instalments, open_minor FROM invoices
      WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND open_minor > 0 ORDER BY next_due_on, id LIMIT $3`,
    values: [tx.workspaceId, contactIds, OPEN_MAX],
  });
}

export interface PaidRow {
  readonly currency: string;
  readonly paid_count: number;
  readonly on_time_count: number;
  /** Days from the invoice to the day nothing was open, summed. */
  readonly days: number;
}

/** How invoices were paid that money was put to until nothing was open. Void ones never count. */
export function sumPaid(tx: WorkspaceTx, contactIds: readonly string[]): Promise<PaidRow[]> {
  return tx.many({
    name: 'paid_invoices_of_contact',
    text: `SELECT currency, count(*)::int AS paid_count, (count(*) FILTER (WHERE settled_on <= due_on))::int AS on_time_count,
        sum(greatest(settled_on - issued_on, 0))::int AS days
      FROM invoices
      WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND kind = 'invoice' AND settled_on IS NOT NULL
        AND voided_at IS NULL AND paid_minor > 0 AND open_minor = 0
      GROUP BY currency`,
    values: [tx.workspaceId, contactIds],
  });
}

/** What these contacts have in credit notes that stand alone and were not paid out, per currency. */
export function sumCreditLeft(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<{ currency: string; amount_minor: bigint }[]> {
  return tx.many({
    name: 'credit_left_of_contact',
    text: `SELECT currency, sum(total_minor - paid_minor)::bigint AS amount_minor FROM invoices
      WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND stands_alone AND voided_at IS NULL AND paid_minor < total_minor
      GROUP BY currency`,
    values: [tx.workspaceId, contactIds],
  });
}
