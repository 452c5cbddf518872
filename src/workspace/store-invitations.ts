import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { Role } from './caller.ts';

/** SQL of `invitations` and of the directory that leads from a link's hash to its workspace. */

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invited_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const COLUMNS = 'id, email, role, invited_by, created_at, expires_at';

/** Invitations that can still be accepted. */
export function listOpenInvitations(tx: WorkspaceTx, now: Date): Promise<InvitationRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM invitations
      WHERE workspace_id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2
      ORDER BY created_at DESC, id DESC`,
    values: [tx.workspaceId, now],
  });
}

export async function insertInvitation(tx: WorkspaceTx, invitation: InvitationRow, tokenHash: string): Promise<void> {
  await tx.run({
    text: `INSERT INTO invitations (workspace_id, id, email, role, invited_by, created_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      tx.workspaceId,
      invitation.id,
      invitation.email,
      invitation.role,
      invitation.invited_by,
      invitation.created_at,
      invitation.expires_at,
    ],
  });
  await tx.run({
    text: 'INSERT INTO invitation_directory (token_hash, workspace_id, invitation_id) VALUES ($1, $2, $3)',
    values: [tokenHash, tx.workspaceId, invitation.id],
  });
}

/** Withdraws open invitations: one by id, or all for an e-mail address. The addresses they were for. */
export async function withdrawInvitations(
  tx: WorkspaceTx,
  which: { id: string } | { email: string },
  now: Date,
): Promise<{ id: string; email: string }[]> {
  const [column, value] = 'id' in which ? ['id', which.id] : ['email', which.email];
  return tx.many({
    text: `UPDATE invitations SET withdrawn_at = $3
      WHERE workspace_id = $1 AND ${column} = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL RETURNING id, email`,
    values: [tx.workspaceId, value, now],
  });
}

export interface InvitationPlace {
  readonly workspace_id: string;
  readonly invitation_id: string;
}

export function findInvitationPlace(tx: Tx, tokenHash: string): Promise<InvitationPlace | null> {
  return tx.maybe({
    text: 'SELECT workspace_id, invitation_id FROM invitation_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}

/** An open invitation. */
export function readOpenInvitation(tx: WorkspaceTx, id: string, now: Date): Promise<InvitationRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM invitations
      WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3`,
    values: [tx.workspaceId, id, now],
  });
}

/** Spends an invitation: of two who accept at the same moment one finds it gone. */
export async function markAccepted(tx: WorkspaceTx, id: string, now: Date): Promise<boolean> {
  const count = await tx.run({
    text: `UPDATE invitations SET accepted_at = $3
      WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3`,
    values: [tx.workspaceId, id, now],
  });
  return count === 1;
}
