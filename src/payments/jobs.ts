import { type Clock, pause } from '../foundation/clock.ts';
import { listWorkspaceIds } from '../workspace/read-facts.ts';
import { chargeDueInvoices } from './charge-due-invoices.ts';
import type { GatewayImports } from './import-gateway-history.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { removeOldAnswers } from './remove-old-answers.ts';
import { sweepGatewayEvents } from './sweep-gateway-events.ts';
import { watchCards } from './watch-cards.ts';

/** Unknown outcomes should resolve before a person's eyes. */
const RESOLVE_EVERY_MS = 2_000;
/** Answers are kept by the day; an hour more of some is nobody's loss. */
const FORGET_EVERY_MS = 3_600_000;

/** A workspace's new day is noticed this soon after its midnight. */
const WATCH_CARDS_EVERY_MS = 15 * 60_000;
/** Due dates begin at midnight; nobody minds some minutes. */
const CHARGE_DUE_EVERY_MS = 5 * 60_000;
/** Sweeps that are due are begun this soon; when one is due is kept with it (sweep-gateway-events.ts). */
const LOOK_FOR_SWEEPS_EVERY_MS = 30_000;

/** Runs what this room does beside requests, until stop(), which waits for the turn that is running. */
export function startPaymentJobs(options: {
  room: PaymentsRoom;
  imports: GatewayImports;
  clock: Clock;
  onError: (error: unknown) => void;
}): {
  stop(): Promise<void>;
} {
  const { room, imports, clock, onError } = options;
  const ending = new AbortController();
  const repeat = async (everyMs: number, work: () => Promise<unknown>) => {
    while (!ending.signal.aborted) {
      await work();
      await pause(everyMs, ending.signal);
    }
  };
  const running = [
    repeat(RESOLVE_EVERY_MS, async () => {
      await room.resolver.resolveDue(clock.now()).catch(onError);
      await room.events.processWaiting(clock.now()).catch(onError);
    }),
    repeat(LOOK_FOR_SWEEPS_EVERY_MS, async () => {
      await sweepGatewayEvents(room, clock.now(), ending.signal).catch(onError);
      await imports.resume().catch(onError);
    }),
    repeat(CHARGE_DUE_EVERY_MS, async () => {
      for (const workspaceId of await listWorkspaceIds(room.database).catch(failedWith(onError))) {
        if (ending.signal.aborted) return;
        await chargeDueInvoices(room, workspaceId, clock.now(), ending.signal).catch(onError);
      }
    }),
    repeat(FORGET_EVERY_MS, () => removeOldAnswers(room.database, clock.now()).catch(onError)),
    repeat(WATCH_CARDS_EVERY_MS, async () => {
      for (const workspaceId of await listWorkspaceIds(room.database).catch(failedWith(onError))) {
        if (ending.signal.aborted) return;
        await watchCards(room, workspaceId, clock.now(), ending.signal).catch(onError);
      }
    }),
  ];
  return {
    async stop() {
      ending.abort();
      await Promise.all([...running, imports.stop()]);
      await room.events.idle();
      await room.recorder.idle();
    },
  };
}

function failedWith(onError: (error: unknown) => void) {
  return (error: unknown): readonly string[] => {
    onError(error);
    return [];
  };
}
