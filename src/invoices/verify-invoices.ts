import type { WorkspaceTx } from '../foundation/database.ts';
import { readingWholeTables } from '../foundation/whole-tables.ts';
import type { BooksDifference } from '../ledger/verify-books.ts';
import { verifyAgeing } from './verify-ageing.ts';
import { verifyRecurring } from './verify-recurring.ts';

/** Differences listed at most; the rest would only fill a screen. */
const DIFFERENCES_LISTED_MAX = 100;

/**
 * Compares every issued invoice and credit note with what the ledger says of it (receivables by document), with its
 * allocations, receivables of no document with nothing, and every series with its numbers: none is missing and none is
 * there twice. The ageing of past days agrees with the receivables of then, and
 * every occurrence of a schedule that has come has its invoice. Read in one snapshot.
 */
export function verifyInvoices(tx: WorkspaceTx): Promise<BooksDifference[]> {
  return readingWholeTables(tx, () => compare(tx));
}

async function compare(tx: WorkspaceTx): Promise<BooksDifference[]> {
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
             concat_ws(' ', c.open, c.paid, i.discounted_minor) AS kept,
             concat_ws(' ', coalesce(l.open, 0), coalesce(g.paid, 0), coalesce(g.discounted, 0)) AS readded
           FROM invoices i
           LEFT JOIN ledger l ON l.document_id = i.id
           LEFT JOIN given g ON g.invoice_id = i.id
           -- A credit note that stands alone is open below zero, and is paid out without an allocation.
           CROSS JOIN LATERAL (SELECT
             CASE WHEN i.stands_alone AND i.voided_at IS NULL THEN i.paid_minor - i.total_minor ELSE i.open_minor END AS open,
             CASE WHEN i.stands_alone THEN 0 ELSE i.paid_minor END AS paid) c
           WHERE i.workspace_id = $1 AND i.kind <> 'quote'
             AND (c.open, c.paid, i.discounted_minor)
               IS DISTINCT FROM (coalesce(l.open, 0), coalesce(g.paid, 0), coalesce(g.discounted, 0))
           LIMIT ${DIFFERENCES_LISTED_MAX}`,
    values: [tx.workspaceId],
  });
  const nobodys = await tx.many<{ entry_id: string; amount_minor: bigint }>({
    text: `SELECT t.entry_id::text AS entry_id, t.amount_minor FROM ledger_transfers t
           WHERE t.workspace_id = $1 AND 'receivables' IN (t.debit_account, t.credit_account) AND NOT EXISTS (
             SELECT 1 FROM invoices i WHERE i.workspace_id = $1 AND i.id = t.document_id)
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
    ...nobodys.map((row) => ({
      what: `receivables of ledger entry ${row.entry_id}`,
      kept: 'no document',
      readded: `${row.amount_minor}`,
    })),
    ...gaps.map((row) => ({
      what: `numbers of “${row.name}” in ${row.year}`,
      kept: `${row.given_out} given out`,
      readded: `${row.there} documents`,
    })),
    ...(await verifyAgeing(tx)),
    ...(await verifyRecurring(tx)),
  ];
}
