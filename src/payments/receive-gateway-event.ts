import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import type { IncomingEvent } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { makeProcessGatewayEvents } from './process-gateway-events.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import { makeTakeGatewayEvents, type Taken } from './take-gateway-events.ts';

/**
 * Takes what gateways tell us. A message is stored as it came, once by its own id, before anything is done about it
 * (take-gateway-events.ts); then the object it speaks of is fetched anew, so that late, doubled and reordered messages are
 * harmless (process-gateway-events.ts).
 */
export interface ReceiveGatewayEvent {
  /** False when the signature does not hold (nothing is stored). What it is about was worked on before the answer. */
  receive(gatewayName: string, workspaceId: string, incoming: IncomingEvent, systemNow: Date): Promise<boolean>;
  /** A message at an address that was given out: stored before the answer, worked on soon after it. */
  takeAt(gatewayName: string, token: string, incoming: IncomingEvent): Promise<Taken>;
  /** Works off what a stop left unprocessed. Returns how many. */
  processWaiting(systemNow: Date): Promise<number>;
  /** Messages of a workspace were stored by somebody else (the sweep): they are worked on soon. */
  processSoon(workspaceId: string): void;
  /** Resolves when everything that was taken is stored and worked on. */
  idle(): Promise<void>;
}

export interface EventDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly totalsSlot: number;
  readonly clock: Clock;
}

export function makeReceiveGatewayEvent(dependencies: EventDependencies): ReceiveGatewayEvent {
  const { database, gateways, clock } = dependencies;
  const processing = makeProcessGatewayEvents(dependencies);
  const taking = makeTakeGatewayEvents({ database, gateways, clock, onStored: processing.soon });

  return {
    async receive(gatewayName, workspaceId, incoming, systemNow) {
      const { taken, event } = await taking.take(gatewayName, workspaceId, incoming, { quietly: true });
      if (event) {
        const workspace = await readWorkspaceFacts(database, workspaceId);
        const { type, about } = event.event;
        const waiting = { id: event.id, gateway: gatewayName, type, about, foundBy: event.foundBy, attempts: 0 };
        if (workspace) await processing.now(systemCaller(workspace, systemNow), [waiting]);
      }
      return taken === 'stored' || taken === 'repeated';
    },
    takeAt: taking.takeAt,
    processWaiting: processing.waiting,
    processSoon: processing.soon,
    async idle() {
      await taking.idle();
      await processing.idle();
    },
  };
}
