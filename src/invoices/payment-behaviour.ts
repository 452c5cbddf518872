import type { LocalDate } from '../foundation/local-date.ts';
import type { Instalment } from './terms.ts';

/** How a customer pays, from what their invoices say. Pure. */

/** Below this many paid invoices an average says more about chance than about the customer. */
export const PAID_COUNT_MIN = 3;

/** What is still to come of one invoice: credit, discounts and payments meet the earliest dates first. */
export interface OpenInvoice {
  readonly instalments: readonly Instalment[];
  /** Of the total with late fees, minor units. */
  readonly openMinor: bigint;
}

export interface Expected {
  /** The nearest date from today on with something to come, and how much; null when nothing is. */
  readonly next: { readonly on: LocalDate; readonly amountMinor: bigint } | null;
  /** Instalments whose date has passed without being met. */
  readonly missedCount: number;
}

/** What is expected of open invoices of one currency on `today` (the business's calendar day). */
export function expectedOf(invoices: readonly OpenInvoice[], today: LocalDate): Expected {
  const parts = invoices.flatMap(uncoveredOf);
  const coming = parts.filter(({ dueOn }) => dueOn >= today);
  const on = coming.reduce<LocalDate | null>(
    (first, { dueOn }) => (first === null || dueOn < first ? dueOn : first),
    null,
  );
  return {
    next:
      on === null
        ? null
        : {
            on,
            amountMinor: coming.reduce((sum, part) => (part.dueOn === on ? sum + part.amountMinor : sum), 0n),
          },
    missedCount: parts.filter(({ dueOn }) => dueOn < today).length,
  };
}

/** What of each date is still to come, the latest first. From the last date backwards: what is open is what came last, and a late fee belongs to the last date. */
export function uncoveredOf({ instalments, openMinor }: OpenInvoice): Instalment[] {
  const left: Instalment[] = [];
  let open = openMinor;
  const sum = instalments.reduce((all, { amountMinor }) => all + amountMinor, 0n);
  let beyond = open > sum ? open - sum : 0n;
  open -= beyond;
  for (const { dueOn, amountMinor } of instalments.toReversed()) {
    const part = (amountMinor < open ? amountMinor : open) + beyond;
    open -= part - beyond;
    beyond = 0n;
    if (part > 0n) left.push({ dueOn, amountMinor: part });
  }
  return left;
}
