import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Gateway, GatewayEvent } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { readCardForm } from './add-card.ts';
import { withinTime } from './await-gateway.ts';
import { followMethod } from './follow-method.ts';
import { readAttemptReference } from './read-attempt-reference.ts';
import { recordDispute } from './record-dispute.ts';
import { recordForeignMovement } from './record-foreign-movement.ts';
import { recordFraudWarning } from './record-fraud-warning.ts';
import { keepDisputeFee } from './record-movement-facts.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import { recordPayout } from './record-payout.ts';
import { nextReminderMs, type ReminderKind } from './reminder-plan.ts';
import { readPayments } from './store.ts';
import {
  claimEvents,
  finishEvents,
  listWaitingWorkspaces,
  putOffEvents,
  readCardFormId,
  type WaitingEvent,
} from './store-events.ts';

/**
 * The second half of what a gateway tells us: what a message is about is asked of the gateway anew and recorded like any
 * other outcome. Messages about the same thing are one question, and several servers share the work.
 */
export interface ProcessGatewayEvents {
  /** Works on these now. A message that the gateway gives no answer about waits. */
  now(caller: Caller, events: readonly WaitingEvent[]): Promise<void>;
  /** Works on what waits in a workspace, beside whatever the caller does next. */
  soon(workspaceId: string): void;
  /** Works off what waits everywhere. Returns how many. Throws AggregateError of what failed; the rest is done. */
  waiting(systemNow: Date): Promise<number>;
  idle(): Promise<void>;
}

export interface ProcessDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly totalsSlot: number;
  readonly clock: Clock;
}

/** What came of a message: the payment it concerns, and what is written beside it. */
type Result =
  | { readonly paymentId: string | null; readonly result: string; readonly factsKnown?: boolean }
  | 'unanswered';

const NOT_OURS: Result = { paymentId: null, result: 'not ours' };
const doneWith = (paymentId: string | null): Result => (paymentId === null ? NOT_OURS : { paymentId, result: 'done' });

/** Messages taken in one transaction. */
const CLAIMED_AT_ONCE_MAX = 200;
/** A server that died in the middle leaves its messages to the others after this. */
const CLAIM_MS = 60_000;
/** Questions to a gateway at the same time: it has limits of its own, and charges go first. */
const ASKED_AT_ONCE_MAX = 4;
/** The first wait when a gateway gave no answer; it doubles each time, up to the longest. */
const AGAIN_FIRST_MS = 2_000;
const AGAIN_LONGEST_MS = 10 * 60_000;

export function makeProcessGatewayEvents(dependencies: ProcessDependencies): ProcessGatewayEvents {
  const { database, gateways, recorder, clock } = dependencies;
  const asked = new Set<string>();
  let working: Promise<void> | null = null;

  async function now(caller: Caller, events: readonly WaitingEvent[]): Promise<void> {
    const groups = new Map<string, WaitingEvent[]>();
    for (const event of events) {
      const key = `${event.gateway} ${event.foundBy === 'reminder'} ${JSON.stringify(event.about)}`;
      groups.set(key, [...(groups.get(key) ?? []), event]);
    }
    const waiting = [...groups.values()];
    const errors: unknown[] = [];
    const work = async () => {
      for (let group = waiting.shift(); group; group = waiting.shift()) {
        await processGroup(caller, group).catch((error) => errors.push(error));
      }
    };
    await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE_MAX, waiting.length) }, work));
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} of ${events.length} messages failed.`);
  }

  async function processGroup(caller: Caller, group: readonly WaitingEvent[]): Promise<void> {
    const [first] = group as [WaitingEvent, ...WaitingEvent[]];
    const gateway = gateways.named(first.gateway);
    const ids = group.map(({ id }) => id);
    const workspaceId = caller.workspace.id;
    const putOff = (ms: number, why: string) =>
      database.inWorkspace(workspaceId, (tx) => putOffEvents(tx, ids, new Date(caller.now.getTime() + ms), why));
    let came: Result;
    try {
      came = await act(caller, gateway, first.about);
    } catch (error) {
      await putOff(againAfterMs(first.attempts), 'failed; tried again');
      throw error;
    }
    if (came === 'unanswered') {
      await putOff(againAfterMs(first.attempts), 'the gateway gave no answer yet');
      return;
    }
    const { paymentId, result } = came;
    const again = first.foundBy === 'reminder' ? nextReminderMs(first.type as ReminderKind, first.attempts) : null;
    const enough = paymentId === null || (first.type === 'reminder.facts' && came.factsKnown === true);
    if (again !== null && !enough) await putOff(again, result);
    else await database.inWorkspace(workspaceId, (tx) => finishEvents(tx, ids, paymentId, result, caller.now));
  }

  async function act(caller: Caller, gateway: Gateway, about: GatewayEvent['about']): Promise<Result> {
    const { workspace } = caller;
    const context = { workspaceId: workspace.id, now: caller.now };
    switch (about.kind) {
      case 'charge':
      case 'refund':
        return askAttempt(caller, gateway, about.attemptId);
      case 'foreign_charge':
      case 'foreign_refund':
        return recordForeignMovement(dependencies, caller, gateway, about);
      case 'dispute': {
        const dispute = await gateway.readDispute(context, about.disputeRef);
        const id = dispute && (await recordDispute(dependencies, caller, gateway, dispute));
        if (id && dispute.status === 'won') {
          const at = { now: caller.now, timeZone: workspace.timeZone };
          await database.inWorkspace(workspace.id, (tx) => keepDisputeFee(tx, id, dispute.feeMinor, at));
        }
        return doneWith(id);
      }
      case 'fraud_warning':
        return doneWith(await recordFraudWarning(dependencies, caller, gateway, about));
      case 'method': {
        const followed = await followMethod(dependencies, caller, gateway.name, about.methodRef);
        if (followed === 'unanswered') return 'unanswered';
        return followed === 'foreign' ? NOT_OURS : { paymentId: null, result: `card ${followed}` };
      }
      case 'card_form':
        return finishForm(caller, gateway, about.formRef);
      case 'payout': {
        const payout = gateway.readPayout && (await gateway.readPayout(context, about.payoutRef));
        if (!payout) return NOT_OURS;
        await recordPayout(dependencies, caller, gateway, payout);
        return { paymentId: null, result: `payout ${payout.status}` };
      }
      case 'other':
        return { paymentId: null, result: 'nothing to do' };
    }
  }

  async function askAttempt(caller: Caller, gateway: Gateway, attemptId: string): Promise<Result> {
    const { workspace } = caller;
    const found = await database.inWorkspace(workspace.id, async (tx) => {
      const [row] = await readPayments(tx, [attemptId]);
      return row?.gateway === gateway.name ? { row, reference: await readAttemptReference(tx, row) } : null;
    });
    if (!found) return NOT_OURS;
    const { row, reference } = found;
    const context = { workspaceId: workspace.id, now: caller.now };
    const outcome = await withinTime(gateway.timeoutMs, gateway.lookUp(context, reference));
    if (outcome.status === 'unknown') return 'unanswered';
    if (outcome.status === 'never_arrived') return doneWith(row.id);
    const by = { kind: 'gateway' as const, name: gateway.label };
    await recorder.record({ payment: row, outcome, via: 'event', by, now: caller.now, workspace });
    const factsKnown = outcome.status !== 'settled' || outcome.facts !== undefined;
    return { paymentId: row.id, result: 'done', factsKnown };
  }

  /** The card is saved when the gateway says so, whoever watches. */
  async function finishForm(caller: Caller, gateway: Gateway, formRef: string): Promise<Result> {
    const id = await database.inWorkspace(caller.workspace.id, (tx) => readCardFormId(tx, gateway.name, formRef));
    if (id === null) return NOT_OURS;
    try {
      const { status } = await readCardForm(dependencies, caller, id);
      return { paymentId: null, result: `form ${status}` };
    } catch (error) {
      // The contact was archived or merged meanwhile: there is nobody to save the card for.
      if (error instanceof Failure) return { paymentId: null, result: error.message };
      throw error;
    }
  }

  async function claimAndWork(workspaceId: string, systemNow: Date): Promise<number> {
    const workspace = await readWorkspaceFacts(database, workspaceId);
    if (!workspace) return 0;
    const caller = systemCaller(workspace, systemNow);
    const claimedUntil = new Date(caller.now.getTime() + CLAIM_MS);
    const events = await database.inWorkspace(workspaceId, (tx) =>
      claimEvents(tx, caller.now, claimedUntil, CLAIMED_AT_ONCE_MAX),
    );
    await now(caller, events);
    return events.length;
  }

  async function workOff(): Promise<void> {
    for (const workspaceId of asked) {
      asked.delete(workspaceId);
      // What fails stays in the table; the jobs of this room come back to it and tell of it.
      const count = await claimAndWork(workspaceId, clock.now()).catch(() => 0);
      if (count === CLAIMED_AT_ONCE_MAX) asked.add(workspaceId);
    }
    working = null;
  }

  return {
    now,
    soon(workspaceId) {
      asked.add(workspaceId);
      working ??= Promise.resolve().then(workOff);
    },
    async waiting(systemNow) {
      let processed = 0;
      const errors: unknown[] = [];
      for (const workspaceId of await database.acrossWorkspaces(listWaitingWorkspaces)) {
        for (let count = CLAIMED_AT_ONCE_MAX; count === CLAIMED_AT_ONCE_MAX; ) {
          count = await claimAndWork(workspaceId, systemNow).catch((error) => {
            errors.push(error);
            return 0;
          });
          processed += count;
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, 'Messages of gateways could not be worked on.');
      return processed;
    },
    async idle() {
      while (working) await working;
    },
  };
}

/** The first time it was worked on while the gateway waited for our answer: the jobs may come to it at once. */
function againAfterMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(AGAIN_FIRST_MS * 2 ** (attempts - 1), AGAIN_LONGEST_MS);
}
