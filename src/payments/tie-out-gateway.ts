import type { WorkspaceTx } from '../foundation/database.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import {
  addUpBalanceLines,
  addUpBook,
  listUnmatchedLines,
  type StepCounts,
  type TieOut,
  type TieOutLine,
} from './store-gateway-imports.ts';

/** Kinds in the order that a person reads them. */
const KINDS = ['charge', 'refund', 'dispute', 'fee', 'payout', 'other'];

/**
 * Compares the gateway's own ledger with the book, per kind and currency of the account: equal, or with the reasons. Lines
 * that nothing in the book stands for are named with the gateway's own word for them.
 */
export async function tieOutGateway(
  tx: WorkspaceTx,
  gateway: string,
  counts: Readonly<Record<string, StepCounts>>,
  locale: string,
): Promise<TieOut> {
  const [theirs, ours, unmatched] = await Promise.all([
    addUpBalanceLines(tx, gateway),
    addUpBook(tx, gateway),
    listUnmatchedLines(tx, gateway),
  ]);
  const sums = new Map<string, { kind: string; currency: string; theirs: bigint; ours: bigint }>();
  const at = (kind: string, currency: string) => {
    const key = `${kind} ${currency}`;
    const line = sums.get(key) ?? { kind, currency, theirs: 0n, ours: 0n };
    sums.set(key, line);
    return line;
  };
  for (const row of theirs) at(row.kind, row.currency).theirs += row.amount_minor;
  for (const row of ours) at(row.kind, row.currency).ours += row.amount_minor;
  const lines = [...sums.values()]
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.currency.localeCompare(b.currency))
    .map((sum): TieOutLine => {
      const isEqual = sum.theirs === sum.ours;
      const missing = unmatched
        .filter((row) => row.kind === sum.kind && row.currency === sum.currency)
        .map(
          (row) =>
            `${row.count} × “${row.category}” (${formatMinor(row.amount_minor, row.currency, locale)}) stands in the gateway’s ledger only.`,
        );
      const leftOut = Object.entries(counts[`${sum.kind}s`]?.left_out ?? {}).map(
        ([reason, count]) => `${count} left out: ${reason}`,
      );
      const why = isEqual ? [] : [...missing, ...leftOut];
      return {
        kind: sum.kind,
        currency: sum.currency,
        theirs_minor: minorToJson(sum.theirs),
        ours_minor: minorToJson(sum.ours),
        why: isEqual || why.length > 0 ? why : ['What was booked here and what the gateway booked differ.'],
      };
    });
  return { lines, equal: lines.every((line) => line.theirs_minor === line.ours_minor) };
}
