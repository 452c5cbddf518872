import { pause } from '../foundation/clock.ts';
import type { MessagesRoom } from './make-messages-room.ts';

/** Mail is not waited for before anybody's eyes; whoever sends by hand sees it go within a moment. */
const LOOK_EVERY_MS = 1_000;

/** Sends what is due, until stop(), which waits for what is being handed over. */
export function startMessageJobs(room: MessagesRoom, onError: (error: unknown) => void): { stop(): Promise<void> } {
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      await room.outbox.beginDue().catch(onError);
      await pause(LOOK_EVERY_MS, ending.signal);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await running;
      await room.outbox.idle();
    },
  };
}
