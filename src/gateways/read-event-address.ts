import type { Database } from '../foundation/database.ts';
import { readEventAddress } from './store-connections.ts';

/** The workspace and gateway that an address for messages was given out for; null when it was taken back, or never was one. */
export async function findEventAddress(
  database: Database,
  tokenHash: string,
): Promise<{ readonly workspaceId: string; readonly gateway: string } | null> {
  const row = await database.inGlobal((tx) => readEventAddress(tx, tokenHash));
  return row && { workspaceId: row.workspace_id, gateway: row.gateway };
}
