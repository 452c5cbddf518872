import type { Database } from '../foundation/database.ts';
import type { Caller } from './caller.ts';
import { lockWorkspaceRow, updateChargeLimits } from './store-workspaces.ts';
import { recordAudit } from './write-audit.ts';

/** role or 'workspace' → currency → most minor units in one charge */
export type ChargeLimits = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Replaces all limits; what is absent has none. */
export async function changeChargeLimits(database: Database, caller: Caller, limits: ChargeLimits): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockWorkspaceRow(tx);
    await updateChargeLimits(tx, limits);
    await recordAudit(tx, caller, {
      action: 'charge_limits.changed',
      subjectKind: 'workspace',
      subjectId: caller.workspace.id,
      details: { from: row.charge_limits, to: limits },
    });
  });
}
