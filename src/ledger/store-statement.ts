import type { WorkspaceTx } from '../foundation/database.ts';
import type { MovementRow } from './statement.ts';

/** SQL of what customers owe and have on account, as it moved. */

/** What a customer owes grows with receivables and shrinks with money on account. */
const OWED = `((CASE WHEN t.debit_account IN ('receivables', 'customer_credit') THEN 1 ELSE 0 END)
  - (CASE WHEN t.credit_account IN ('receivables', 'customer_credit') THEN 1 ELSE 0 END)) * t.amount_minor`;

/** What is owed before `from`, and at the end of `to`, per currency in which anything ever moved until then. */
export function readAccountSums(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  from: string,
  to: string,
): Promise<{ currency: string; opening_minor: bigint; closing_minor: bigint }[]> {
  return tx.many({
    text: `SELECT t.currency,
             coalesce(sum(${OWED}) FILTER (WHERE e.effective_on < $3::date), 0)::bigint AS opening_minor,
             sum(${OWED})::bigint AS closing_minor
           FROM ledger_transfers t
           JOIN ledger_entries e ON e.workspace_id = t.workspace_id AND e.id = t.entry_id
           WHERE t.workspace_id = $1 AND t.contact_id = ANY($2::uuid[]) AND e.effective_on <= $4::date
             AND (t.debit_account IN ('receivables', 'customer_credit') OR t.credit_account IN ('receivables', 'customer_credit'))
           GROUP BY t.currency ORDER BY t.currency`,
    values: [tx.workspaceId, contactIds, from, to],
  });
}

/** What moved it, in the order of days; what only passed from account to invoice is left out. */
export function readAccountMovements(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  from: string,
  to: string,
  countMax: number,
): Promise<MovementRow[]> {
  return tx.many({
    text: `SELECT e.id AS entry_id, e.booking, e.effective_on::text AS "on", t.currency, sum(${OWED})::bigint AS amount_minor,
             (array_agg(t.document_id))[1] AS document_id, e.source_id
           FROM ledger_transfers t
           JOIN ledger_entries e ON e.workspace_id = t.workspace_id AND e.id = t.entry_id
           WHERE t.workspace_id = $1 AND t.contact_id = ANY($2::uuid[])
             AND e.effective_on >= $3::date AND e.effective_on <= $4::date
             AND (t.debit_account IN ('receivables', 'customer_credit') OR t.credit_account IN ('receivables', 'customer_credit'))
           GROUP BY e.id, e.booking, e.source_id, e.effective_on, e.recorded_at, t.currency
           HAVING sum(${OWED}) <> 0
           ORDER BY e.effective_on, e.recorded_at, e.id LIMIT $5`,
    values: [tx.workspaceId, contactIds, from, to, countMax],
  });
}
