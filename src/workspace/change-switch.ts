import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type Caller, SWITCHES, type SwitchName } from './caller.ts';
import { factsOf } from './facts.ts';
import { readSwitchChanges } from './store-audit.ts';
import { lockWorkspaceRow, readWorkspaceRow, updateSwitches } from './store-workspaces.ts';
import { recordAudit } from './write-audit.ts';

export interface SwitchPosition {
  readonly name: SwitchName;
  readonly label: string;
  readonly enabled: boolean;
  /** Null while it stands as it came. */
  readonly changedAt: Date | null;
  readonly changedBy: string | null;
}

/** The switch of that name, or not_found. */
export function switchNamed(name: string): SwitchName {
  if (!Object.hasOwn(SWITCHES, name)) throw new Failure('not_found');
  return name as SwitchName;
}

/** Every switch with who flipped it last. */
export async function listSwitches(database: Database, workspaceId: string): Promise<SwitchPosition[]> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const [row, changes] = await Promise.all([readWorkspaceRow(tx), readSwitchChanges(tx)]);
    const { switches } = factsOf(row);
    return (Object.keys(SWITCHES) as SwitchName[]).map((name) => {
      const change = changes.find((one) => one.switch === name);
      return {
        name,
        label: SWITCHES[name].label,
        enabled: switches[name],
        changedAt: change?.at ?? null,
        changedBy: change?.actor_name ?? null,
      };
    });
  });
}

/** Flips a switch; at once for every request that comes after. Nothing is written when it stands so already. */
export async function changeSwitch(
  database: Database,
  caller: Caller,
  name: SwitchName,
  enabled: boolean,
): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockWorkspaceRow(tx);
    if (factsOf(row).switches[name] === enabled) return;
    await updateSwitches(tx, { ...row.switches, [name]: enabled });
    await recordAudit(tx, caller, {
      action: 'switch.changed',
      subjectKind: 'workspace',
      subjectId: caller.workspace.id,
      details: { switch: name, enabled },
    });
  });
}
