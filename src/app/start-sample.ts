import { type Clock, pause } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { sampleCaller, startFilling } from '../sample/fill-sample.ts';
import type { SampleRunner } from '../sample/run-samples.ts';
import { listWorkspaceIds, readWorkspaceFacts } from '../workspace/read-facts.ts';

/** How often is looked whether somebody has set the program up. */
const LOOK_EVERY_MS = 1_000;

/**
 * What `--sample` asks for: the sample business in the first sandbox workspace; where there is none yet, in the one that
 * the owner sets up. Resolves when the making has begun, or `signal` aborts.
 */
export async function startSample(
  dependencies: {
    readonly database: Database;
    readonly clock: Clock;
    readonly samples: SampleRunner;
    readonly publicUrl: () => string;
  },
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, samples, publicUrl } = dependencies;
  while (!signal.aborted) {
    for (const id of await listWorkspaceIds(database)) {
      const workspace = await readWorkspaceFacts(database, id);
      if (workspace?.mode !== 'sandbox') continue;
      await startFilling({ database, publicUrl }, sampleCaller(workspace, clock.now()));
      samples.wake(id);
      return;
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}
