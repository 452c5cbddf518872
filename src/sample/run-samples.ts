import { listUnfinishedSamples } from '../workspace/mark-sample.ts';
import { fillSample, type SampleContext } from './fill-sample.ts';
import { removeSample } from './remove-sample.ts';

/** Makes and removes sample businesses beside requests, one after the other. */
export interface SampleRunner {
  /** Tells that there is something to do in this workspace. */
  wake(workspaceId: string): void;
  /** Takes up what a stop interrupted. Call it once at the start. */
  resume(): Promise<void>;
  /** Resolves when nothing is being worked on or waiting. */
  idle(): Promise<void>;
  /** Stops between two steps; the rest is done after the next start. */
  stop(): Promise<void>;
}

export function makeSampleRunner(context: SampleContext, onError: (error: unknown) => void): SampleRunner {
  const stopping = new AbortController();
  let queue = Promise.resolve();

  function wake(workspaceId: string) {
    queue = queue.then(async () => {
      try {
        // In this order: a removal that was asked for while filling is what the filling ends with.
        await fillSample(context, workspaceId, stopping.signal);
        await removeSample(context, workspaceId, stopping.signal);
      } catch (error) {
        onError(error);
      }
    });
  }

  return {
    wake,
    async resume() {
      for (const workspaceId of await listUnfinishedSamples(context.database)) wake(workspaceId);
    },
    async idle() {
      for (let seen: unknown = null; seen !== queue; ) {
        seen = queue;
        await queue;
      }
    },
    async stop() {
      stopping.abort();
      await queue;
    },
  };
}
