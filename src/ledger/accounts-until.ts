import { type RawBuilder, sql } from 'kysely';
import type { LocalDate } from '../foundation/local-date.ts';

/**
 * What customers owe and have on account at the end of `day`, as SQL for reports: a row per document (null where a line is
 * about none), contact and currency, with `owed_minor` (receivables) and `on_account_minor` (customer credit). Of nothing
 * but ledger lines, which are never changed: those whose entry is effective on that day or before it.
 */
export function customerAccountsUntil(workspaceId: string, day: LocalDate): RawBuilder<unknown> {
  return sql`SELECT t.document_id, t.contact_id, t.currency,
      sum(CASE 'receivables' WHEN t.debit_account THEN t.amount_minor WHEN t.credit_account THEN -t.amount_minor ELSE 0 END)::bigint
        AS owed_minor,
      sum(CASE 'customer_credit' WHEN t.credit_account THEN t.amount_minor WHEN t.debit_account THEN -t.amount_minor ELSE 0 END)::bigint
        AS on_account_minor
    FROM ledger_transfers t
    JOIN ledger_entries e ON e.workspace_id = ${workspaceId} AND e.id = t.entry_id
    WHERE t.workspace_id = ${workspaceId} AND e.effective_on <= ${day}::date
      AND (t.debit_account IN ('receivables', 'customer_credit') OR t.credit_account IN ('receivables', 'customer_credit'))
    GROUP BY t.document_id, t.contact_id, t.currency`;
}
