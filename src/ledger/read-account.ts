import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { Account } from './accounts.ts';
import { sumAccountByMonth } from './store-account.ts';

/** What stood on an account at the end of a day, per currency; minor units, debits less credits. */
export interface AccountState {
  readonly day: LocalDate;
  readonly balances: ReadonlyMap<string, bigint>;
}

/** An account at the end of each month in which something moved on it, oldest first, added up from its lines in one go. */
export async function readAccountByMonth(tx: WorkspaceTx, account: Account): Promise<AccountState[]> {
  const months = new Map<LocalDate, Map<string, bigint>>();
  for (const { day, currency, moved_minor } of await sumAccountByMonth(tx, account)) {
    months.set(day, (months.get(day) ?? new Map()).set(currency, moved_minor));
  }
  let balances: ReadonlyMap<string, bigint> = new Map();
  return [...months]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, moved]) => {
      const after = new Map(balances);
      for (const [currency, amount] of moved) after.set(currency, (after.get(currency) ?? 0n) + amount);
      balances = after;
      return { day, balances };
    });
}
