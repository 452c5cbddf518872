import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Gateway, GatewayPayout } from '../gateways/gateway.ts';
import { payoutPaid } from '../ledger/bookings.ts';
import { postEntries, reverseEntriesOf } from '../ledger/post-entry.ts';
import type { Caller } from '../workspace/caller.ts';
import { insertPayout, lockPayout, updatePayout } from './store-payouts.ts';
import { tieToPayout } from './store-settlements.ts';

/**
 * Brings our row of a payout to what the gateway has now, books it when it is paid and takes that back when it failed
 * after all. Payments that it consists of are tied to it where the gateway itemises it.
 */
export async function recordPayout(
  { database }: { readonly database: Database },
  caller: Caller,
  gateway: Gateway,
  payout: GatewayPayout,
): Promise<void> {
  const lines =
    payout.status === 'paid' && payout.itemised !== false
      ? ((await gateway.history?.payoutLines?.(caller.workspace.id, payout.payoutRef)) ?? [])
      : [];
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    await recordPayoutIn(tx, caller, gateway.name, payout, caller.now);
    if (lines.length > 0) await tieToPayout(tx, lines, payout.payoutRef);
  });
}

/** The same in a transaction that is open. `createdAt` is when the gateway made it, or the moment it was heard of. */
export async function recordPayoutIn(
  tx: WorkspaceTx,
  caller: Pick<Caller, 'now' | 'workspace'>,
  gatewayName: string,
  payout: GatewayPayout,
  createdAt: Date,
): Promise<'added' | 'changed' | 'known'> {
  const { now } = caller;
  const known = await lockPayout(tx, gatewayName, payout.payoutRef);
  const row = known ?? (await insertPayout(tx, { id: newId(), gateway: gatewayName, payout, createdAt, now }));
  if (!row) return 'known';
  const isBooked = payout.status === 'paid' && payout.amountMinor !== 0n;
  const changed =
    row.status !== payout.status || row.arrives_on !== payout.arrivesOn || row.itemised !== payout.itemised;
  if (isBooked === row.booked && !changed) return known ? 'known' : 'added';
  const version = row.version + 1;
  await updatePayout(tx, { id: row.id, payout, booked: isBooked, version, now });
  if (isBooked !== row.booked) {
    const day = localDateOf(now, caller.workspace.timeZone);
    if (isBooked) {
      const entry = payoutPaid({
        entryId: newId(),
        payoutId: row.id,
        currency: payout.currency,
        amountMinor: payout.amountMinor,
        effectiveOn: payout.arrivesOn ?? day,
        effectiveAt: now,
        recordedAt: now,
      });
      await postEntries(tx, [{ ...entry, event: `paid:${version}` }], new Map());
    } else {
      const moment = { effectiveOn: day, effectiveAt: now, recordedAt: now };
      await reverseEntriesOf(tx, [row.id], `${payout.status}:${version}`, moment, new Map());
    }
  }
  return known ? 'changed' : 'added';
}
