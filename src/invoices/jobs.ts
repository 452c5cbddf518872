import { type Clock, pause } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { runRecurring } from './run-recurring.ts';

/** An invoice is made within a minute of the midnight that its day begins with. */
const LOOK_EVERY_MS = 30_000;

/** Makes recurring invoices that are due, until stop(), which waits for the group that is being written. */
export function startInvoiceJobs(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const { database, clock, onError } = options;
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await runRecurring(database, clock.now(), ending.signal, onError).catch(onError);
      await pause(LOOK_EVERY_MS, ending.signal);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}
