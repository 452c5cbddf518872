import type { WorkspaceTx } from '../foundation/database.ts';
import {
  type AllocationMoment,
  allocateMoney,
  giveUpMoney,
  type MovedMoney,
  takeBackOfPayments,
  takeIntended,
} from '../invoices/allocate-money.ts';
import type { PaymentsOfInvoices } from '../invoices/make-invoices-room.ts';
import { readTakenFor } from '../invoices/read-allocations.ts';
import { countersOnParent, isInBooks, OPEN, onAccountMinor, type PaymentRow } from './attempt.ts';
import { lockPayments } from './store.ts';
import { addAllocated } from './store-account.ts';

/** One payment on account whose status changed, before and after. */
export interface AccountChange {
  readonly before: PaymentRow;
  readonly after: PaymentRow;
  /** The charge of a refund or dispute, as it is now; null for a charge. */
  readonly parent: PaymentRow | null;
}

/**
 * What invoices feel of money on account that came, went or came back, in the transaction of its outcome: a payment that
 * settled pays what it was meant for; one that is returned, or disputed, opens again what it had paid; a dispute that is
 * won, and a refund that fails or bounces, pays it again. The caller holds the payments and, FOR KEY SHARE, their contacts.
 */
export async function moveAccount(
  tx: WorkspaceTx,
  changes: readonly AccountChange[],
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<void> {
  // Changes of one group see what those before them moved.
  const moved = new Map<string, bigint>();
  const asItIs = (row: PaymentRow) => ({ ...row, allocated_minor: row.allocated_minor + (moved.get(row.id) ?? 0n) });
  for (const { before, after, parent } of changes) {
    const was = isInBooks(before.kind, before.status);
    const is = isInBooks(after.kind, after.status);
    let moves: readonly MovedMoney[] = [];
    if (after.kind === 'charge') moves = await moveCharge(tx, after, was, is, roots, moment);
    else if (after.kind === 'dispute' && parent && was !== is)
      moves = await moveDispute(tx, after, asItIs(parent), is, roots, moment);
    else if (after.kind === 'refund' && parent && holds(before) && !holds(after))
      moves = await putBack(tx, asItIs(parent), refundWhy(after.id), roots, { ...moment, why: 'refund_failed' });
    for (const { paymentId, amountMinor } of moves) moved.set(paymentId, (moved.get(paymentId) ?? 0n) + amountMinor);
    await addAllocated(tx, moves);
  }
}

/** Whether money of the charge is set aside for this refund, or has gone back with it. */
function holds({ kind, status, amount_minor }: PaymentRow): boolean {
  const { refundedMinor, refundingMinor } = countersOnParent(kind, status, amount_minor);
  return refundedMinor + refundingMinor > 0n;
}

async function moveCharge(
  tx: WorkspaceTx,
  charge: PaymentRow,
  was: boolean,
  is: boolean,
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<readonly MovedMoney[]> {
  if (was && !is) return takeBackOfPayments(tx, [charge.id], roots, { ...moment, why: 'returned' });
  // Nothing is known yet: what it is meant for stays on its way.
  if (!is && OPEN.includes(charge.status)) return [];
  if (!is) {
    await giveUpMoney(tx, [charge.id]);
    return [];
  }
  const wanted = await takeIntended(tx, [charge.id]);
  const { moved } = await allocateMoney(tx, wanted, roots, { ...moment, on: charge.day, why: 'settled' });
  return moved;
}

async function moveDispute(
  tx: WorkspaceTx,
  dispute: PaymentRow,
  charge: PaymentRow,
  withdrawn: boolean,
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<readonly MovedMoney[]> {
  const why = `dispute ${dispute.id}`;
  if (!withdrawn) return putBack(tx, charge, why, roots, { ...moment, why: 'dispute_won' });
  // What is disputed of this charge now counts this dispute, too.
  const disputedBefore = charge.disputed_minor - dispute.amount_minor;
  const free = charge.amount_minor - spentOf(charge) - disputedBefore;
  const needed = dispute.amount_minor - (free > 0n ? free : 0n);
  return needed > 0n ? takeBackOfPayments(tx, [charge.id], roots, { ...moment, why }, needed) : [];
}

/** What had been taken back for a dispute or refund that came to nothing pays its invoices again, as far as they are open. */
async function putBack(
  tx: WorkspaceTx,
  charge: PaymentRow,
  takenFor: string,
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
): Promise<readonly MovedMoney[]> {
  let left = onAccountMinor(charge);
  const wanted = (await readTakenFor(tx, charge.id, takenFor)).map((one) => {
    const amountMinor = one.amountMinor < left ? one.amountMinor : left;
    left -= amountMinor;
    return { ...one, amountMinor };
  });
  const { moved } = await allocateMoney(tx, wanted, roots, moment);
  return moved;
}

function spentOf(charge: PaymentRow): bigint {
  return charge.allocated_minor + charge.refunded_minor + charge.refunding_minor;
}

/** Under which reason allocations are taken back for a refund; they are found by it when it fails. */
export function refundWhy(refundId: string): string {
  return `refund ${refundId}`;
}

/**
 * Frees so much of a charge on account that `amountMinor` can be refunded: what it had paid, the newest first, is open
 * again. Answers the charge as it is then.
 */
export async function freeForRefund(
  tx: WorkspaceTx,
  charge: PaymentRow,
  amountMinor: bigint,
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
): Promise<PaymentRow> {
  if (charge.purpose !== 'account') return charge;
  const needed = spentOf(charge) + charge.disputed_minor + amountMinor - charge.amount_minor;
  if (needed <= 0n) return charge;
  const moved = await takeBackOfPayments(tx, [charge.id], roots, moment, needed);
  await addAllocated(tx, moved);
  return { ...charge, allocated_minor: charge.allocated_minor + sumOf(moved) };
}

function sumOf(moves: readonly MovedMoney[]): bigint {
  return moves.reduce((sum, move) => sum + move.amountMinor, 0n);
}

/** For the room of the invoices, which knows allocations and not payments. */
export const PAYMENTS_OF_INVOICES: PaymentsOfInvoices = {
  async hold(tx, paymentIds) {
    if (paymentIds.length > 0) await lockPayments(tx, paymentIds);
  },
  keepMoved: addAllocated,
};
