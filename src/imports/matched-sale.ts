/** Which sale a cancellation is about: files do not say, so it is found by what was sold. */

/** A product at a price, and how much of it. */
export type SoldItem = readonly [key: string, quantity: bigint];

/** An invoice of a customer. */
export interface Sale {
  readonly ref: string;
  readonly atMs: number;
  readonly totalMinor: bigint;
  readonly items: readonly SoldItem[];
}

/** A credit note of the same customer. */
export interface Return extends Sale {
  /** Whether something in it goes the other way: then it is about more than what was sold. */
  readonly isMixed: boolean;
}

/**
 * Return → sale, by reference: the latest sale not after the return that has every returned product at the returned price in
 * at least that quantity, and that is worth as much; what earlier returns took from a sale is gone. The others are absent.
 */
export function matchCredits(sales: readonly Sale[], returns: readonly Return[]): Map<string, string> {
  const inTime = <One extends Sale>(ones: readonly One[]) =>
    [...ones].sort((a, b) => a.atMs - b.atMs || (a.ref < b.ref ? -1 : 1));
  const left = inTime(sales).map((sale) => ({ ...sale, leftMinor: sale.totalMinor, left: quantitiesOf(sale.items) }));
  const found = new Map<string, string>();
  for (const back of inTime(returns)) {
    if (back.isMixed || back.items.length === 0) continue;
    const needed = quantitiesOf(back.items);
    const sale = left.findLast(
      (one) =>
        one.atMs <= back.atMs &&
        one.leftMinor >= back.totalMinor &&
        [...needed].every(([key, quantity]) => (one.left.get(key) ?? 0n) >= quantity),
    );
    if (!sale) continue;
    found.set(back.ref, sale.ref);
    sale.leftMinor -= back.totalMinor;
    for (const [key, quantity] of needed) sale.left.set(key, sale.left.get(key)! - quantity);
  }
  return found;
}

function quantitiesOf(items: readonly SoldItem[]): Map<string, bigint> {
  const quantities = new Map<string, bigint>();
  for (const [key, quantity] of items) quantities.set(key, (quantities.get(key) ?? 0n) + quantity);
  return quantities;
}
