import type { WorkspaceTx } from '../foundation/database.ts';
import type { AutoChargeRow } from './auto-charge-outcome.ts';
import { readAutoChargesOf } from './store-auto-charges.ts';

/** What of an invoice was or will be charged by itself, in order of its dates. */
export function listAutoCharges(tx: WorkspaceTx, invoiceId: string): Promise<AutoChargeRow[]> {
  return readAutoChargesOf(tx, invoiceId);
}
