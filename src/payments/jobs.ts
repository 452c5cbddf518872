import { type Clock, pause } from '../foundation/clock.ts';
import type { PaymentsRoom } from './make-payments-room.ts';

/** Unknown outcomes should resolve before a person's eyes. */
const RESOLVE_EVERY_MS = 2_000;

/** Runs what this room does beside requests, until stop(), which waits for the turn that is running. */
export function startPaymentJobs(options: { room: PaymentsRoom; clock: Clock; onError: (error: unknown) => void }): {
  stop(): Promise<void>;
} {
  const { room, clock, onError } = options;
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await room.resolver.resolveDue(clock.now()).catch(onError);
      await room.events.processWaiting(clock.now()).catch(onError);
      await pause(RESOLVE_EVERY_MS, ending.signal);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await running;
      await room.recorder.idle();
    },
  };
}
