import type { WorkspaceTx } from '../foundation/database.ts';
import { standing } from './allocate-money.ts';
import type { AllocationRow, WantedAllocation } from './allocation.ts';
import { readAllocation, readAllocationsOfInvoice, readAllocationsOfPayments } from './store-allocations.ts';

/** What a dispute had taken back from invoices, to be put to them again when it is won. */
export async function readDisputedAllocations(
  tx: WorkspaceTx,
  paymentId: string,
  why: string,
): Promise<WantedAllocation[]> {
  const rows = await readAllocationsOfPayments(tx, [paymentId]);
  return rows
    .filter((row) => row.reverses_id !== null && row.why === why)
    .map((row) => ({ paymentId, invoiceId: row.invoice_id, amountMinor: -row.amount_minor }));
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
