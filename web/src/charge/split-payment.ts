import type { InvoiceRowAnswer } from '../../../src/invoices/api.ts';

/** An invoice that money can be put to. */
export type Payable = Pick<
  InvoiceRowAnswer,
  'id' | 'number' | 'open_minor' | 'due_on' | 'issued_on' | 'currency' | 'status'
>;

/** Those that can be paid now, what is due first in front: a payment is not to be meant for one that another is on its way to. */
export function payableOf<T extends Payable>(rows: readonly T[], currency: string): T[] {
  return rows
    .filter((row) => row.currency === currency && row.open_minor > 0 && row.status !== 'processing')
    .toSorted((a, b) => compare(a.due_on ?? a.issued_on ?? '', b.due_on ?? b.issued_on ?? '') || compare(a.id, b.id));
}

/** The most invoices that one payment goes to; the API refuses more. */
export const PARTS_MAX = 100;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * How an amount is usually meant: the invoice it was written for first, then what is due first. By invoice, in minor units;
 * what is left over is in none of them and stays on the customer's account.
 */
export function suggestedSplit(
  amountMinor: bigint,
  payable: readonly Payable[],
  firstId: string | null,
): ReadonlyMap<string, bigint> {
  const split = new Map<string, bigint>();
  let left = amountMinor;
  for (const row of [...payable.filter(({ id }) => id === firstId), ...payable.filter(({ id }) => id !== firstId)]) {
    if (split.size === PARTS_MAX) break;
    const open = BigInt(row.open_minor);
    const part = left < open ? left : open;
    if (part > 0n) split.set(row.id, part);
    left -= part;
  }
  return split;
}
