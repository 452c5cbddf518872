import type { WorkspaceTx } from '../foundation/database.ts';
import { readAccountByMonth } from '../ledger/read-account.ts';
import type { BooksDifference } from '../ledger/verify-books.ts';
import { sumAgeing } from './store-ageing.ts';

/** Month ends looked at, the newest first, and the first one of all: each is a reading of the ledger. */
const MONTHS_MAX = 12;

/**
 * Asks for the ageing at the end of months in which receivables moved, the present one among them, and compares each currency
 * with the receivables account as it stood then, which is added up from its lines in another way. Read in one snapshot.
 */
export async function verifyAgeing(tx: WorkspaceTx): Promise<BooksDifference[]> {
  const months = await readAccountByMonth(tx, 'receivables');
  const looked = [...new Set([...months.slice(0, 1), ...months.slice(-MONTHS_MAX)])];
  const differences: BooksDifference[] = [];
  for (const { day, balances } of looked) {
    const aged = new Map((await sumAgeing(tx, day)).map((row) => [row.currency, row.open_minor]));
    for (const currency of new Set([...balances.keys(), ...aged.keys()])) {
      const account = balances.get(currency) ?? 0n;
      const open = aged.get(currency) ?? 0n;
      if (account === open) continue;
      const what = `ageing of ${day} in ${currency} (minor units, beside the receivables account)`;
      differences.push({ what, kept: String(open), readded: String(account) });
    }
  }
  return differences;
}
