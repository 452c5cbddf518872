import { refuseCardNumbers } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { insertMember } from './store-members.ts';
import type { PersonRow } from './store-people.ts';
import { insertWorkspace, type NewWorkspace } from './store-workspaces.ts';
import { recordAudits } from './write-audit.ts';

/**
 * Makes the workspace that `tx` was opened for (a new id) with its first owner. Works in the caller's transaction,
 * because the first workspace is made together with the account of who owns it.
 */
export async function createWorkspace(
  tx: WorkspaceTx,
  workspace: NewWorkspace,
  owner: PersonRow,
  from: { now: Date; ip: string | null },
): Promise<{ memberId: string }> {
  refuseCardNumbers({ name: workspace.name });
  const memberId = newId();
  await insertWorkspace(tx, workspace, from.now);
  await insertMember(tx, {
    id: memberId,
    userId: owner.id,
    name: owner.name,
    email: owner.email,
    role: 'owner',
    now: from.now,
  });
  await recordAudits(tx, [
    {
      action: 'workspace.created',
      subjectKind: 'workspace',
      subjectId: tx.workspaceId,
      details: { name: workspace.name, mode: workspace.mode, currency: workspace.currency },
      at: from.now,
      actorKind: 'member',
      actorId: memberId,
      actorName: owner.name,
      ip: from.ip,
    },
  ]);
  return { memberId };
}

/** The same in a transaction of its own, for somebody who has an account. */
export async function createWorkspaceFor(
  database: Database,
  workspaceId: string,
  workspace: NewWorkspace,
  owner: PersonRow,
  from: { now: Date; ip: string | null },
): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) => createWorkspace(tx, workspace, owner, from));
}
