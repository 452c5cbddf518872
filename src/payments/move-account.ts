import type { WorkspaceTx } from '../foundation/database.ts';
import {
  type AllocationMoment,
  allocateMoney,
  giveUpMoney,
  type MovedMoney,
  takeBackOfPayments,
  takeIntended,
} from '../invoices/allocate-money.ts';
import { readDisputedAllocations } from '../invoices/read-allocations.ts';
import { isInBooks, type PaymentRow } from './attempt.ts';
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
 * won pays it again. The caller holds the payments and, FOR KEY SHARE, their contacts.
 */
export async function moveAccount(
  tx: WorkspaceTx,
  changes: readonly AccountChange[],
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<void> {
  for (const { before, after, parent } of changes) {
    const was = isInBooks(before.kind, before.status);
    const is = isInBooks(after.kind, after.status);
    if (after.kind === 'charge') await moveCharge(tx, after, was, is, roots, moment);
    else if (after.kind === 'dispute' && parent && was !== is) await moveDispute(tx, after, parent, is, roots, moment);
  }
}

async function moveCharge(
  tx: WorkspaceTx,
  charge: PaymentRow,
  was: boolean,
  is: boolean,
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<void> {
  if (was && !is) {
    await addAllocated(tx, await takeBackOfPayments(tx, [charge.id], roots, { ...moment, why: 'returned' }));
    return;
  }
  // Nothing is known yet: what it is meant for stays on its way.
  if (!is && ['sent', 'unknown', 'pending', 'needs_customer'].includes(charge.status)) return;
  if (!is) return giveUpMoney(tx, [charge.id]);
  const wanted = await takeIntended(tx, [charge.id]);
  if (wanted.length === 0) return;
  const { moved } = await allocateMoney(tx, wanted, roots, { ...moment, on: charge.day, why: 'settled' });
  await addAllocated(tx, moved);
}

async function moveDispute(
  tx: WorkspaceTx,
  dispute: PaymentRow,
  charge: PaymentRow,
  withdrawn: boolean,
  roots: ReadonlyMap<string, string>,
  moment: Omit<AllocationMoment, 'why'>,
): Promise<void> {
  if (withdrawn) {
    const free = charge.amount_minor - charge.refunded_minor - charge.refunding_minor - charge.allocated_minor;
    const needed = dispute.amount_minor - (free > 0n ? free : 0n);
    if (needed <= 0n) return;
    const why = `dispute ${dispute.id}`;
    await addAllocated(tx, await takeBackOfPayments(tx, [charge.id], roots, { ...moment, why }, needed));
    return;
  }
  const again = await readDisputedAllocations(tx, charge.id, `dispute ${dispute.id}`);
  const { moved } = await allocateMoney(tx, again, roots, { ...moment, why: 'dispute_won' });
  await addAllocated(tx, moved);
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
  const spent = charge.allocated_minor + charge.refunded_minor + charge.refunding_minor;
  const needed = spent + amountMinor - charge.amount_minor;
  if (needed <= 0n) return charge;
  const moved = await takeBackOfPayments(tx, [charge.id], roots, moment, needed);
  await addAllocated(tx, moved);
  return { ...charge, allocated_minor: charge.allocated_minor + sumOf(moved) };
}

function sumOf(moves: readonly MovedMoney[]): bigint {
  return moves.reduce((sum, move) => sum + move.amountMinor, 0n);
}

/** Keeps what of payments is allocated, for rooms that move money between a payment and its invoices. */
export function keepAllocated(tx: WorkspaceTx, moves: readonly MovedMoney[]): Promise<void> {
  return addAllocated(tx, moves);
}
