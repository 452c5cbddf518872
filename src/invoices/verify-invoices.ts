import type { WorkspaceTx } from '../foundation/database.ts';
import type { BooksDifference } from '../ledger/verify-books.ts';
import { verifyAgeing } from './verify-ageing.ts';

/** Differences listed at most; the rest would only fill a screen. */
const DIFFERENCES_LISTED_MAX = 100;

/**
 * Compares every issued invoice with what the ledger says of it (receivables by document), with its allocations, and every
 * series with its numbers: none is missing and none is there twice. The ageing of past days agrees with the receivables of
 * then. Read in one snapshot.
 */
export async function verifyInvoices(tx: WorkspaceTx): Promise<BooksDifference[]> {
  const open = await tx.many<{ id: string; number: string | null; kept: string; readded: string }>({
    text: `WITH ledger AS (
             SELECT t.document_id,
               sum(CASE WHEN t.debit_account = 'receivables' THEN t.amount_minor ELSE 0 END)
                 - sum(CASE WHEN t.credit_account = 'receivables' THEN t.amount_minor ELSE 0 END) AS open
             FROM ledger_transfers t WHERE t.workspace_id = $1 AND t.document_id IS NOT NULL GROUP BY t.document_id),
           given AS (
             SELECT invoice_id, sum(amount_minor) AS paid, sum(discount_minor) AS discounted
             FROM allocations WHERE workspace_id = $1 GROUP BY invoice_id)
           SELECT i.id::text AS id, i.number,
             concat_ws(' ', i.open_minor, i.paid_minor, i.discounted_minor) AS kept,
             concat_ws(' ', coalesce(l.open, 0), coalesce(g.paid, 0), coalesce(g.discounted, 0)) AS readded
           FROM invoices i
           LEFT JOIN ledger l ON l.document_id = i.id
           LEFT JOIN given g ON g.invoice_id = i.id
           WHERE i.workspace_id = $1 AND i.kind = 'invoice'
             AND (i.open_minor, i.paid_minor, i.discounted_minor)
               IS DISTINCT FROM (coalesce(l.open, 0), coalesce(g.paid, 0), coalesce(g.discounted, 0))
           LIMIT ${DIFFERENCES_LISTED_MAX}`,
    values: [tx.workspaceId],
  });
  const gaps = await tx.many<{ name: string; year: number; given_out: bigint; there: bigint }>({
    text: `SELECT s.name, y.year, y.next_number - 1 AS given_out, count(i.id) AS there
           FROM number_series_years y
           JOIN number_series s ON s.workspace_id = $1 AND s.id = y.series_id
           LEFT JOIN invoices i ON i.workspace_id = $1 AND i.series_id = y.series_id AND i.series_year = y.year
             AND i.series_number < y.next_number
           WHERE y.workspace_id = $1
           GROUP BY s.name, y.year, y.next_number
           HAVING count(i.id) <> y.next_number - 1`,
    values: [tx.workspaceId],
  });
  return [
    ...open.map((row) => ({
      what: `invoice ${row.number ?? row.id} (open paid discounted)`,
      kept: row.kept,
      readded: row.readded,
    })),
    ...gaps.map((row) => ({
      what: `numbers of “${row.name}” in ${row.year}`,
      kept: `${row.given_out} given out`,
      readded: `${row.there} documents`,
    })),
    ...(await verifyAgeing(tx)),
  ];
}
