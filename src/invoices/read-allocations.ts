import type { WorkspaceTx } from '../foundation/database.ts';
import { standing } from './allocate-money.ts';
import type { AllocationRow, WantedAllocation } from './allocation.ts';
import { readAllocation, readAllocationsOfInvoice, readAllocationsOfPayments } from './store-allocations.ts';

/**
 * What was taken back from invoices under the reason `why` (a dispute, a refund), to be put to them again: per invoice, and
 * without the part that was too much and went back at once.
 */
export async function readTakenFor(tx: WorkspaceTx, paymentId: string, why: string): Promise<WantedAllocation[]> {
  const taken = new Map<string, bigint>();
  for (const row of await readAllocationsOfPayments(tx, [paymentId])) {
    if (row.why === why) taken.set(row.invoice_id, (taken.get(row.invoice_id) ?? 0n) - row.amount_minor);
  }
  return [...taken]
    .filter(([, amountMinor]) => amountMinor > 0n)
    .map(([invoiceId, amountMinor]) => ({ paymentId, invoiceId, amountMinor }));
}

/** Allocations that stand, of one invoice or of one payment, oldest first. */
export async function readStanding(
  tx: WorkspaceTx,
  of: { readonly invoiceId: string } | { readonly paymentId: string },
): Promise<AllocationRow[]> {
  const rows =
    'invoiceId' in of
      ? await readAllocationsOfInvoice(tx, of.invoiceId)
      : await readAllocationsOfPayments(tx, [of.paymentId]);
  return standing(rows);
}

/** One allocation by its id; null when there is none. */
export function findAllocation(tx: WorkspaceTx, id: string): Promise<AllocationRow | null> {
  return readAllocation(tx, id);
}
