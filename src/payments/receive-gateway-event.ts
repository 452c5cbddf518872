import type { Database } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway, GatewayEvent, IncomingEvent } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { withinTime } from './await-gateway.ts';
import { followMethod } from './follow-method.ts';
import { recordDispute } from './record-dispute.ts';
import { recordFraudWarning } from './record-fraud-warning.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import { readPayments } from './store.ts';
import {
  finishEvent,
  insertEvent,
  listWaitingWorkspaces,
  readWaitingEvents,
  type WaitingEvent,
} from './store-events.ts';

/**
 * Takes what gateways tell us. A message is stored as it came, once by its own id, before anything is done about it; then
 * the object it speaks of is fetched anew, so that late, doubled and reordered messages are harmless.
 */
export interface ReceiveGatewayEvent {
  /** False when the signature does not hold (nothing is stored). */
  receive(gatewayName: string, workspaceId: string, incoming: IncomingEvent, systemNow: Date): Promise<boolean>;
  /** Works off what a stop left unprocessed. Returns how many. */
  processWaiting(systemNow: Date): Promise<number>;
}

export interface EventDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly totalsSlot: number;
}

/** The gateway could not be asked what its message is about: the message waits and is worked off later. */
const UNANSWERED = Symbol('unanswered');

/** Left-over events worked off in one go. */
const WAITING_EVENTS_MAX = 200;

export function makeReceiveGatewayEvent(dependencies: EventDependencies): ReceiveGatewayEvent {
  const { database, gateways, recorder } = dependencies;

  async function process(caller: Caller, gateway: Gateway, event: WaitingEvent): Promise<void> {
    const paymentId = await act(caller, gateway, event.about);
    if (paymentId === UNANSWERED) return;
    await database.inWorkspace(caller.workspace.id, (tx) =>
      finishEvent(tx, event.id, paymentId, paymentId === null ? 'not ours' : 'done', caller.now),
    );
  }

  async function workOff(caller: Caller, event: WaitingEvent): Promise<void> {
    await process(caller, gateways.named(event.gateway), event);
  }

  async function act(
    caller: Caller,
    gateway: Gateway,
    about: GatewayEvent['about'],
  ): Promise<string | null | typeof UNANSWERED> {
    const context = { workspaceId: caller.workspace.id, now: caller.now };
    if (about.kind === 'dispute') {
      const dispute = await gateway.readDispute(context, about.disputeRef);
      return dispute && recordDispute(dependencies, caller, gateway, dispute);
    }
    if (about.kind === 'fraud_warning') return recordFraudWarning(dependencies, caller, gateway, about);
    if (about.kind === 'method')
      return (await followMethod(dependencies, caller, gateway.name, about.methodRef)) === 'unanswered'
        ? UNANSWERED
        : null;
    if (about.kind !== 'charge' && about.kind !== 'refund') return null;
    const [row] = await database.inWorkspace(caller.workspace.id, (tx) => readPayments(tx, [about.attemptId]));
    if (!row || row.gateway !== gateway.name) return null;
    const attempt = { attemptId: row.id, kind: about.kind, gatewayRef: row.gateway_ref };
    const outcome = await withinTime(gateway.timeoutMs, gateway.lookUp(context, attempt));
    if (outcome.status === 'unknown') return UNANSWERED;
    if (outcome.status === 'never_arrived') return row.id;
    const by = { kind: 'gateway' as const, name: gateway.label };
    await recorder.record({ payment: row, outcome, via: 'event', by, now: caller.now, workspace: caller.workspace });
    return row.id;
  }

  return {
    async receive(gatewayName, workspaceId, incoming, systemNow) {
      const workspace = await readWorkspaceFacts(database, workspaceId);
      if (!workspace) return false;
      const caller = systemCaller(workspace, systemNow);
      const gateway = gateways.named(gatewayName);
      const event = await gateway.parseEvent({ workspaceId, now: caller.now }, incoming);
      if (!event) return false;
      const id = await database.inWorkspace(workspaceId, (tx) =>
        insertEvent(tx, {
          id: newId(),
          gateway: gatewayName,
          event,
          rawBody: incoming.rawBody,
          receivedAt: caller.now,
        }),
      );
      if (id !== null) await process(caller, gateway, { id, gateway: gatewayName, about: event.about });
      return true;
    },

    async processWaiting(systemNow) {
      let processed = 0;
      const errors: unknown[] = [];
      for (const workspaceId of await database.acrossWorkspaces(listWaitingWorkspaces)) {
        const workspace = await readWorkspaceFacts(database, workspaceId);
        if (!workspace) continue;
        const caller = systemCaller(workspace, systemNow);
        const waiting = await database.inWorkspace(workspaceId, (tx) => readWaitingEvents(tx, WAITING_EVENTS_MAX));
        for (const event of waiting) {
          await workOff(caller, event).catch((error) => errors.push(error));
          processed += 1;
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${processed} messages failed.`);
      return processed;
    },
  };
}
