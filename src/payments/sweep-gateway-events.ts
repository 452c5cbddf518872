import type { Database } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway } from '../gateways/gateway.ts';
import { readConnectedAt } from '../gateways/read-event-address.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { insertEvents, type NewEvent } from './store-events.ts';
import { claimSweep, endSweep, failSweep, insertSweep, listConnectedWorkspaces, moveSweep } from './store-sweeps.ts';

/** How often a gateway's list of its messages is compared with what came. */
export const SWEEP_EVERY_MS = 5 * 60_000;
/** The list is read this far back beyond what is known: messages are listed a little after they happened. */
const OVERLAP_MS = 60 * 60_000;
/** A server that died in the middle leaves its sweep to the others after this. */
const CLAIM_MS = 2 * 60_000;

export interface SweepDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly events: { processSoon(workspaceId: string): void };
}

/**
 * Looks for messages that never came: lists what the gateway would have told since it was last looked, stores what is
 * missing, and has it worked on. How far it came is kept with the rows of each page. By the time of day, not by a
 * workspace's moved clock: it is the gateway's list. Returns how many messages were found.
 */
export async function sweepGatewayEvents(
  dependencies: SweepDependencies,
  systemNow: Date,
  signal?: AbortSignal,
): Promise<number> {
  const { database, gateways } = dependencies;
  let found = 0;
  const errors: unknown[] = [];
  for (const { workspace_id: workspaceId, gateway: name } of await database.acrossWorkspaces(listConnectedWorkspaces)) {
    const gateway = gateways.all.find((one) => one.name === name);
    if (!gateway?.listEvents || signal?.aborted) continue;
    found += await sweepOne(dependencies, workspaceId, gateway, systemNow, signal).catch((error) => {
      errors.push(error);
      return 0;
    });
  }
  if (errors.length > 0) throw new AggregateError(errors, 'Lists of gateways’ messages could not be read.');
  return found;
}

/** One gateway of one workspace, when it is due; 0 when it is not. */
async function sweepOne(
  { database, events }: SweepDependencies,
  workspaceId: string,
  gateway: Gateway,
  systemNow: Date,
  signal?: AbortSignal,
): Promise<number> {
  const workspace = await readWorkspaceFacts(database, workspaceId);
  const list = gateway.listEvents;
  if (!workspace || !list) return 0;
  const claimedUntil = new Date(systemNow.getTime() + CLAIM_MS);
  const sweptBefore = new Date(systemNow.getTime() - SWEEP_EVERY_MS);
  const { sweep, connectedAt } = await database.inWorkspace(workspaceId, async (tx) => {
    await insertSweep(tx, gateway.name, systemNow);
    const claimed = await claimSweep(tx, gateway.name, { now: systemNow, sweptBefore, claimedUntil });
    return { sweep: claimed, connectedAt: await readConnectedAt(tx, gateway.name) };
  });
  if (!sweep || !connectedAt) return 0;
  // What was told before the account was connected is the import's to bring over.
  const sinceMs = Math.max(sweep.since.getTime() - OVERLAP_MS, connectedAt.getTime() - workspace.clockOffsetMs);
  const receivedAt = systemCaller(workspace, systemNow).now;
  let found = 0;
  try {
    for (let cursor = sweep.page_cursor; ; ) {
      const page = await list({ workspaceId, now: systemNow }, new Date(sinceMs), cursor);
      const rows = page.events.map(
        (event): NewEvent => ({
          id: newId(),
          gateway: gateway.name,
          event,
          rawBody: '',
          receivedAt,
          delayMs: event.createdAt && Math.max(0, systemNow.getTime() - event.createdAt.getTime()),
          foundBy: 'sweep',
          tryAfter: null,
        }),
      );
      const next = page.nextCursor;
      found += await database.inWorkspace(workspaceId, async (tx) => {
        const missing = (await insertEvents(tx, rows)).size;
        const at = { found: missing, now: systemNow };
        if (next !== null) await moveSweep(tx, gateway.name, { ...at, cursor: next, claimedUntil });
        else await endSweep(tx, gateway.name, { ...at, since: sweep.began_at ?? systemNow });
        return missing;
      });
      if (found > 0) events.processSoon(workspaceId);
      if (next === null || signal?.aborted) return found;
      cursor = next;
    }
  } catch (error) {
    await database.inWorkspace(workspaceId, (tx) =>
      failSweep(tx, gateway.name, 'The gateway did not give its list of messages.', systemNow),
    );
    throw error;
  }
}
