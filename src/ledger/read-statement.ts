import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { Statement } from './statement.ts';
import { readAccountMovements, readAccountSums } from './store-statement.ts';

/**
 * Statements of these contacts from one day to another (both in it), per currency: receivables less money on account, as
 * the ledger has them. A plain charge, which nobody was owed for, is not in it.
 */
export async function readStatements(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
  movementsMax: number,
): Promise<Statement[]> {
  const sums = await readAccountSums(tx, contactIds, from, to);
  const rows = await readAccountMovements(tx, contactIds, from, to, movementsMax + 1);
  const isWhole = rows.length <= movementsMax;
  return sums.map(({ currency, opening_minor, closing_minor }) => ({
    currency,
    openingMinor: opening_minor,
    movements: rows.slice(0, movementsMax).filter((row) => row.currency === currency),
    closingMinor: closing_minor,
    isWhole,
  }));
}
