import type { WorkspaceTx } from '../foundation/database.ts';
import { readIntended, readPayables } from '../invoices/allocate-money.ts';
import type { WantedAllocation } from '../invoices/allocation.ts';
import { readTakenFor } from '../invoices/read-allocations.ts';
import type { AskedAllocation } from './allocate-payment.ts';
import type { PaymentRow } from './attempt.ts';

interface Retry {
  readonly amountMinor: bigint;
  readonly retryOfId: string | null;
  readonly allocations: readonly AskedAllocation[] | null;
}

/**
 * A charge that tries another one again and does not say what it pays is meant for what that one was meant for: the
 * invoices of a failed charge, or what a lost dispute took back from. Only what can still be paid of them counts; the rest
 * waits on the customer's account. Sales of their own, and charges that say what they pay, stay as they are.
 */
export async function meantAsBefore<Input extends Retry>(
  tx: WorkspaceTx,
  inputs: readonly Input[],
  retried: ReadonlyMap<string, PaymentRow>,
): Promise<Input[]> {
  const meant: Input[] = [];
  for (const input of inputs) {
    const before = input.retryOfId === null ? undefined : retried.get(input.retryOfId);
    if (input.allocations !== null || before?.purpose !== 'account') meant.push(input);
    else
      meant.push({ ...input, allocations: await stillPayable(tx, await wantedBefore(tx, before), input.amountMinor) });
  }
  return meant;
}

function wantedBefore(tx: WorkspaceTx, before: PaymentRow): Promise<WantedAllocation[]> {
  if (before.kind === 'dispute' && before.parent_id !== null)
    return readTakenFor(tx, before.parent_id, `dispute ${before.id}`);
  return readIntended(tx, [before.id]);
}

async function stillPayable(
  tx: WorkspaceTx,
  wanted: readonly WantedAllocation[],
  amountMinor: bigint,
): Promise<AskedAllocation[]> {
  if (wanted.length === 0) return [];
  const payables = new Map(
    (
      await readPayables(
        tx,
        wanted.map((one) => one.invoiceId),
      )
    ).map((one) => [one.id, one]),
  );
  const asked: AskedAllocation[] = [];
  let left = amountMinor;
  for (const { invoiceId, amountMinor: before } of wanted) {
    const payable = payables.get(invoiceId);
    if (payable?.state !== 'issued') continue;
    const part = [before, left, payable.openMinor - payable.onItsWayMinor].reduce((a, b) => (b < a ? b : a));
    if (part <= 0n) continue;
    asked.push({ invoiceId, amountMinor: part });
    left -= part;
  }
  return asked;
}
