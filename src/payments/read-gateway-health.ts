import type { WorkspaceTx } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { Caller } from '../workspace/caller.ts';
import type { GatewayHealth } from './api.ts';
import { countEvents, readLastEvent, readRefusals } from './store-events.ts';
import { readSweep } from './store-sweeps.ts';

/** Messages are counted over so many days: long enough to see a bad week, short enough to forget a mended one. */
export const HEALTH_DAYS = 7;

/** Whether a gateway's messages come: the last one, its delay, what a sweep had to find, what was refused. */
export async function readGatewayHealth(tx: WorkspaceTx, caller: Caller, gateway: Gateway): Promise<GatewayHealth> {
  const since = new Date(caller.now.getTime() - HEALTH_DAYS * 86_400_000);
  const [last, counts, refusals, sweep] = await Promise.all([
    readLastEvent(tx, gateway.name),
    countEvents(tx, gateway.name, since),
    readRefusals(tx, gateway.name, localDateOf(since, caller.workspace.timeZone)),
    readSweep(tx, gateway.name),
  ]);
  const refusedBy = new Map(refusals.map((row) => [row.reason, row]));
  return {
    gateway: gateway.name,
    days: HEALTH_DAYS,
    last_event: last && {
      type: last.type,
      received_at: last.received_at.toISOString(),
      delay_ms: last.delay_ms === null ? null : Number(last.delay_ms),
    },
    received: Number(counts.received),
    waiting: Number(counts.waiting),
    not_believed: Number(refusedBy.get('not_believed')?.count ?? 0n) + Number(refusedBy.get('unreadable')?.count ?? 0n),
    last_not_believed_at: refusedBy.get('not_believed')?.last_at.toISOString() ?? null,
    repeated: Number(refusedBy.get('repeated')?.count ?? 0n),
    found_by_sweep: Number(counts.found_by_sweep),
    sweep: gateway.listEvents && {
      swept_at: sweep?.swept_at?.toISOString() ?? null,
      failure: sweep?.failure ?? null,
      last_found_at: sweep?.last_found_at?.toISOString() ?? null,
    },
  };
}
