import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller, Right, Role } from './caller.ts';
import { knownRights, rightsOfMember } from './rights.ts';
import { endMembership, lockOwnersAnd, type MemberRow, updateMember } from './store-members.ts';
import { recordAudit } from './write-audit.ts';

export interface MemberChanges {
  readonly role?: Role;
  readonly rightsGranted?: readonly Right[];
  readonly rightsWithheld?: readonly Right[];
}

/**
 * Changes role and rights of a member, from their next request on. Nobody gives rights that they lack, only owners make
 * or change owners, and the last owner stays one.
 */
export async function editMember(
  database: Database,
  caller: Caller,
  memberId: string,
  changes: MemberChanges,
): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const { target, ownerCount } = await lockForChange(tx, caller, memberId);
    const role = changes.role ?? target.role;
    const rightsGranted = changes.rightsGranted ?? knownRights(target.rights_granted);
    const rightsWithheld = changes.rightsWithheld ?? knownRights(target.rights_withheld);
    if (role === 'owner') requireOwner(caller);
    if (role === 'owner' && rightsWithheld.length > 0) {
      const message = 'Nothing is withheld from an owner: choose another role.';
      throw new Failure('invalid_request', message, { fields: [{ path: 'rights_withheld', message }] });
    }
    if (target.role === 'owner' && role !== 'owner' && ownerCount === 1) throw new Failure('last_owner');
    const had = rightsOfMember(target);
    const gets = rightsOfMember({ role, rights_granted: rightsGranted, rights_withheld: rightsWithheld });
    requireOwnRights(
      caller,
      [...gets].filter((right) => !had.has(right)),
    );
    await updateMember(tx, { id: memberId, role, rightsGranted, rightsWithheld });
    await recordAudit(tx, caller, {
      action: 'member.changed',
      subjectKind: 'member',
      subjectId: memberId,
      details: {
        name: target.name,
        from: { role: target.role, granted: target.rights_granted, withheld: target.rights_withheld },
        to: { role, granted: [...rightsGranted], withheld: [...rightsWithheld] },
      },
    });
  });
}

/** Ends a membership, from their next request on. What they did stays under their name. */
export async function removeMember(database: Database, caller: Caller, memberId: string): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const { target, ownerCount } = await lockForChange(tx, caller, memberId);
    if (target.role === 'owner' && ownerCount === 1) throw new Failure('last_owner');
    await endMembership(tx, target, caller.now);
    await recordAudit(tx, caller, {
      action: 'member.removed',
      subjectKind: 'member',
      subjectId: memberId,
      details: { name: target.name, email: target.email, role: target.role },
    });
  });
}

async function lockForChange(
  tx: WorkspaceTx,
  caller: Caller,
  memberId: string,
): Promise<{ target: MemberRow; ownerCount: number }> {
  const rows = await lockOwnersAnd(tx, memberId);
  const target = rows.find((row) => row.id === memberId);
  if (!target) throw new Failure('not_found');
  if (target.role === 'owner') requireOwner(caller);
  return { target, ownerCount: rows.filter((row) => row.role === 'owner').length };
}

/** Throws right_missing unless an owner asks. */
export function requireOwner(caller: Caller): void {
  if (caller.role !== 'owner') throw new Failure('right_missing', 'Only an owner makes, changes or removes owners.');
}

/** Throws right_missing when `caller` would give away a right that they do not have. */
export function requireOwnRights(caller: Caller, rights: readonly Right[]): void {
  const lacking = rights.find((right) => !caller.rights.has(right));
  if (lacking !== undefined) {
    throw new Failure('right_missing', `Nobody gives a right they do not have: “${lacking}”.`, {
      facts: { right: lacking },
    });
  }
}
