import type { Database } from '../foundation/database.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { listWorkspaceIds, readFacts } from '../workspace/read-facts.ts';
import { IDEMPOTENCY_KEPT_DAYS } from './limits.ts';
import { forgetAnswers } from './store-outcome.ts';

/**
 * Forgets what requests were answered longer ago than their keys are promised to be kept, by each workspace's own clock.
 * Returns how many. The payments stay, and with them their keys: none becomes a second movement.
 */
export async function removeOldAnswers(database: Database, systemNow: Date): Promise<number> {
  let removed = 0;
  for (const workspaceId of await listWorkspaceIds(database)) {
    removed += await database.inWorkspace(workspaceId, async (tx) => {
      const now = workspaceNow(systemNow, await readFacts(tx));
      return forgetAnswers(tx, new Date(now.getTime() - IDEMPOTENCY_KEPT_DAYS * 86_400_000));
    });
  }
  return removed;
}
