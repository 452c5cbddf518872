import { type Clock, pause } from '../foundation/clock.ts';
import type { GatewayImports } from './import-gateway-history.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { sweepGatewayEvents } from './sweep-gateway-events.ts';

/** Unknown outcomes should resolve before a person's eyes. */
const RESOLVE_EVERY_MS = 2_000;

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
  const running = (async () => {
    while (!ending.signal.aborted) {
      await room.resolver.resolveDue(clock.now()).catch(onError);
      await room.events.processWaiting(clock.now()).catch(onError);
      await pause(RESOLVE_EVERY_MS, ending.signal);
    }
  })();
  const sweeping = (async () => {
    while (!ending.signal.aborted) {
      await sweepGatewayEvents(room, clock.now(), ending.signal).catch(onError);
      await imports.resume().catch(onError);
      await pause(LOOK_FOR_SWEEPS_EVERY_MS, ending.signal);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await Promise.all([running, sweeping, imports.stop()]);
      await room.events.idle();
      await room.recorder.idle();
    },
  };
}
