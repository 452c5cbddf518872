import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { Account } from './accounts.ts';

export interface AccountMonthRow {
  readonly currency: string;
  /** The last day of the month. */
  readonly day: LocalDate;
  /** Debits less credits of the month, minor units. */
  readonly moved_minor: bigint;
}

/** By how much an account moved in each month that has entries of it, per currency, oldest first. */
export function sumAccountByMonth(tx: WorkspaceTx, account: Account): Promise<AccountMonthRow[]> {
  return tx.many({
    text: `SELECT t.currency, (date_trunc('month', e.effective_on)::date + interval '1 month' - interval '1 day')::date AS day,
             sum(CASE WHEN t.debit_account = $2 THEN t.amount_minor ELSE -t.amount_minor END)::bigint AS moved_minor
           FROM ledger_transfers t
           JOIN ledger_entries e ON e.workspace_id = $1 AND e.id = t.entry_id
           WHERE t.workspace_id = $1 AND $2 IN (t.debit_account, t.credit_account)
           GROUP BY 1, 2 ORDER BY 1, 2`,
    values: [tx.workspaceId, account],
  });
}
