import { pause } from '../foundation/clock.ts';
import type { ImportsContext } from './open-import.ts';
import { removeIdleFiles } from './remove-import-files.ts';

/** Files are kept for days, so an hour more or less is nothing. */
const SWEEP_EVERY_MS = 3_600_000;

/** Takes files that nothing needs any more off the disk: at the start and then every hour, until stop(). */
export function startImportJobs(context: ImportsContext, onError: (error: unknown) => void): { stop(): Promise<void> } {
  const ending = new AbortController();
  const running = sweep(context, onError, ending.signal);
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function sweep(context: ImportsContext, onError: (error: unknown) => void, signal: AbortSignal) {
  while (!signal.aborted) {
    await removeIdleFiles(context).catch(onError);
    await pause(SWEEP_EVERY_MS, signal);
  }
}
