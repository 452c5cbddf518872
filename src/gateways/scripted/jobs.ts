import { type Clock, pause } from '../../foundation/clock.ts';
import type { Database, Tx } from '../../foundation/database.ts';
import { workspaceNow } from '../../workspace/facts.ts';
import { readWorkspaceFacts } from '../../workspace/read-facts.ts';
import type { ScriptedGateway } from './scripted-gateway.ts';

/** Nothing at the sandbox is due to the second. */
const MOVE_ON_EVERY_MS = 5_000;

/** Moves on what is due in one workspace until nothing is left that is due: one step can make the next one due. */
export async function moveOnWorkspace(
  gateway: ScriptedGateway,
  database: Database,
  workspaceId: string,
  systemNow: Date,
): Promise<void> {
  const facts = await readWorkspaceFacts(database, workspaceId);
  if (facts?.mode !== 'sandbox') return;
  while ((await gateway.moveOnDue(workspaceId, workspaceNow(systemNow, facts))) > 0) {
    // The next round finds what this one made due.
  }
}

/** Lets time pass at the sandbox gateway, until stop(). */
export function startSandboxJobs(options: {
  gateway: ScriptedGateway;
  database: Database;
  clock: Clock;
  onError: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const { gateway, database, clock, onError } = options;
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      try {
        for (const workspaceId of await database.acrossWorkspaces(listScheduledWorkspaces)) {
          await moveOnWorkspace(gateway, database, workspaceId, clock.now());
        }
      } catch (error) {
        onError(error);
      }
      await pause(MOVE_ON_EVERY_MS, ending.signal);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function listScheduledWorkspaces(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: 'SELECT DISTINCT workspace_id FROM scripted_movements WHERE next_at IS NOT NULL',
  });
  return rows.map((row) => row.workspace_id);
}
