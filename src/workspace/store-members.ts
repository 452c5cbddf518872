import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { Right, Role } from './caller.ts';

/** SQL of `members` and of the directory that leads from a person to their workspaces. */

export interface MemberRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly rights_granted: string[];
  readonly rights_withheld: string[];
  readonly created_at: Date;
}

const COLUMNS = 'id, user_id, name, email, role, rights_granted, rights_withheld, created_at';

/** The membership of each of these people that was not ended. */
export function readMembersOfUsers(tx: WorkspaceTx, userIds: readonly string[]): Promise<MemberRow[]> {
  return tx.many({
    name: 'members_of_users',
    text: `SELECT ${COLUMNS} FROM members WHERE workspace_id = $1 AND user_id = ANY($2::text[]) AND removed_at IS NULL`,
    values: [tx.workspaceId, userIds],
  });
}

export function listMemberRows(tx: WorkspaceTx): Promise<MemberRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM members WHERE workspace_id = $1 AND removed_at IS NULL ORDER BY created_at, id`,
    values: [tx.workspaceId],
  });
}

/** Name of a member, also of one who left; null when there never was one. */
export async function readMemberName(tx: WorkspaceTx, memberId: string): Promise<string | null> {
  const row = await tx.maybe<{ name: string }>({
    text: 'SELECT name FROM members WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, memberId],
  });
  return row?.name ?? null;
}

/** All owners and the member in question, locked in one order, so that two owners cannot demote each other at once. */
export function lockOwnersAnd(tx: WorkspaceTx, memberId: string): Promise<MemberRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM members
      WHERE workspace_id = $1 AND removed_at IS NULL AND (role = 'owner' OR id = $2) ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, memberId],
  });
}

/** Adds the member and the way to them. False when the person is a member already. */
export async function insertMember(
  tx: WorkspaceTx,
  member: { id: string; userId: string; name: string; email: string; role: Role; now: Date },
): Promise<boolean> {
  const count = await tx.run({
    text: `INSERT INTO members (workspace_id, id, user_id, name, email, role, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (workspace_id, user_id) WHERE removed_at IS NULL DO NOTHING`,
    values: [tx.workspaceId, member.id, member.userId, member.name, member.email, member.role, member.now],
  });
  await tx.run({
    text: 'INSERT INTO member_directory (user_id, workspace_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [member.userId, tx.workspaceId],
  });
  return count === 1;
}

export async function updateMember(
  tx: WorkspaceTx,
  member: { id: string; role: Role; rightsGranted: readonly Right[]; rightsWithheld: readonly Right[] },
): Promise<void> {
  await tx.run({
    text: `UPDATE members SET role = $3, rights_granted = $4, rights_withheld = $5
      WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, member.id, member.role, member.rightsGranted, member.rightsWithheld],
  });
}

export async function endMembership(tx: WorkspaceTx, member: MemberRow, now: Date): Promise<void> {
  await tx.run({
    text: 'UPDATE members SET removed_at = $3 WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, member.id, now],
  });
  await tx.run({
    text: 'DELETE FROM member_directory WHERE user_id = $1 AND workspace_id = $2',
    values: [member.user_id, tx.workspaceId],
  });
}

/** Workspaces a person may belong to; each is asked itself whether they still do. */
export async function workspaceIdsOfUser(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: 'SELECT workspace_id FROM member_directory WHERE user_id = $1 ORDER BY workspace_id',
    values: [userId],
  });
  return rows.map((row) => row.workspace_id);
}
