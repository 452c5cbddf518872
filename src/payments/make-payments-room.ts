import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type ChargeSavedMethod, makeChargeSavedMethod } from './charge-saved-method.ts';
import { keepMovementFacts } from './keep-movement-facts.ts';
import { makeReceiveGatewayEvent, type ReceiveGatewayEvent } from './receive-gateway-event.ts';
import { makeOutcomeRecorder, type OutcomeRecorder } from './record-outcome.ts';
import { makeResolveUnknown, type ResolveUnknown } from './resolve-unknown.ts';

export { TOTALS_SLOTS } from './store-totals.ts';

/** The verbs of this room that carry state of the process (open groups, the totals slot), made once per server. */
export interface PaymentsRoom {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly totalsSlot: number;
  /** The system's; a workspace's own may be moved against it. */
  readonly clock: Clock;
  readonly recorder: OutcomeRecorder;
  readonly resolver: ResolveUnknown;
  readonly charges: ChargeSavedMethod;
  readonly events: ReceiveGatewayEvent;
}

/** `totalsSlot` is this process's own bucket of the sums per day: processes should draw different ones (0 to 15). */
export function makePaymentsRoom(
  database: Database,
  gateways: GatewayRegistry,
  totalsSlot: number,
  clock: Clock,
): PaymentsRoom {
  const recorder = keepMovementFacts(makeOutcomeRecorder(database, totalsSlot), { database, gateways });
  const resolver = makeResolveUnknown({ database, gateways, recorder });
  const common = { database, gateways, recorder, resolver, totalsSlot, clock };
  return { ...common, charges: makeChargeSavedMethod(common), events: makeReceiveGatewayEvent(common) };
}
