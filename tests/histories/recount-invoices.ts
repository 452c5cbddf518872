import { verifyInvoices } from '../../src/invoices/verify-invoices.ts';
import type { History } from './history.ts';
import { recountAgeings } from './remember-ageing.ts';

/**
 * What must hold of invoices after any history, counted from rows and not with the program's own sums: what is open is
 * what receivables hold, no day owes less than nothing, money is put to invoices of its own currency and spent once,
 * nothing waits for a payment that has ended, and the ageing of a past day is what it was then. Returns what does not.
 */
export async function recountInvoices(history: History): Promise<string[]> {
  const { server, workspace } = history;
  const ask = (text: string) => server.database.asOwner<{ what: string }>(text, [workspace.id]);
  const wrongs = await Promise.all([
    ask(`WITH receivables AS (
           SELECT currency, sum(CASE WHEN debit_account = 'receivables' THEN amount_minor ELSE -amount_minor END) AS amount
           FROM ledger_transfers WHERE workspace_id = $1 AND 'receivables' IN (debit_account, credit_account) GROUP BY currency),
         open AS (SELECT currency, sum(open_minor) AS amount FROM invoices WHERE workspace_id = $1 GROUP BY currency)
         SELECT concat_ws(' ', 'open in', currency, o.amount, 'receivables', r.amount) AS what
         FROM receivables r FULL JOIN open o USING (currency) WHERE coalesce(r.amount, 0) <> coalesce(o.amount, 0)`),
    ask(`SELECT concat_ws(' ', 'invoice', document_id, 'owes', balance, 'on', effective_on) AS what FROM (
           SELECT t.document_id, e.effective_on, sum(sum(CASE WHEN t.debit_account = 'receivables' THEN t.amount_minor ELSE -t.amount_minor END))
             OVER (PARTITION BY t.document_id ORDER BY e.effective_on) AS balance
           FROM ledger_transfers t JOIN ledger_entries e ON e.workspace_id = $1 AND e.id = t.entry_id
           WHERE t.workspace_id = $1 AND t.document_id IS NOT NULL GROUP BY t.document_id, e.effective_on) d
         WHERE balance < 0`),
    ask(`SELECT concat_ws(' ', 'payment', p.id, 'gave', p.allocated_minor, p.refunded_minor, p.refunding_minor, 'of', p.amount_minor) AS what
         FROM payments p WHERE p.workspace_id = $1 AND (p.allocated_minor < 0
           OR (p.purpose = 'account' AND p.allocated_minor + p.refunded_minor + p.refunding_minor > p.amount_minor)
           OR (p.allocated_minor > 0 AND p.status <> 'settled'))`),
    ask(`SELECT concat_ws(' ', 'allocation', a.id, 'mixes', a.currency, p.currency, i.currency) AS what
         FROM allocations a JOIN payments p ON p.workspace_id = $1 AND p.id = a.payment_id
         JOIN invoices i ON i.workspace_id = $1 AND i.id = a.invoice_id
         WHERE a.workspace_id = $1 AND (a.currency <> p.currency OR a.currency <> i.currency)`),
    ask(`SELECT concat_ws(' ', 'payment', payment_id, 'gave', sum(amount_minor), 'to', invoice_id) AS what
         FROM allocations WHERE workspace_id = $1 GROUP BY payment_id, invoice_id HAVING sum(amount_minor) < 0`),
    ask(`SELECT concat_ws(' ', 'invoice', w.invoice_id, 'waits for', p.id, p.status) AS what
         FROM intended_allocations w JOIN payments p ON p.workspace_id = $1 AND p.id = w.payment_id
         WHERE w.workspace_id = $1 AND NOT w.given_up AND p.status NOT IN ('sent', 'unknown', 'pending', 'needs_customer')`),
    ask(`SELECT concat_ws(' ', 'draft', id, 'has a number or money') AS what FROM invoices
         WHERE workspace_id = $1 AND issued_at IS NULL AND (number IS NOT NULL OR open_minor <> 0)`),
  ]);
  const differences = await server.database.inWorkspace(workspace.id, verifyInvoices, { snapshot: true });
  return [
    ...wrongs.flat().map(({ what }) => what),
    ...(await recountAgeings(history)),
    ...differences.map(({ what, kept, readded }) => `${what}: kept ${kept}, re-added ${readded}`),
  ];
}
