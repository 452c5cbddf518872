import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { readEventAddress, readLiveConnection } from './store-connections.ts';

/** The workspace and gateway that an address for messages was given out for; null when it was taken back, or never was one. */
export async function findEventAddress(
  database: Database,
  tokenHash: string,
): Promise<{ readonly workspaceId: string; readonly gateway: string } | null> {
  const row = await database.inGlobal((tx) => readEventAddress(tx, tokenHash));
  return row && { workspaceId: row.workspace_id, gateway: row.gateway };
}

/** When a gateway was connected, by the workspace's own clock; null when it is not. */
export async function readConnectedAt(tx: WorkspaceTx, gateway: string): Promise<Date | null> {
  return (await readLiveConnection(tx, gateway))?.connected_at ?? null;
}
