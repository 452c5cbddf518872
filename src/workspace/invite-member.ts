import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret } from '../foundation/id.ts';
import { type Caller, RIGHTS_OF_ROLE, type Role } from './caller.ts';
import { requireOwner, requireOwnRights } from './edit-member.ts';
import { type InvitationRow, insertInvitation, listOpenInvitations, withdrawInvitations } from './store-invitations.ts';
import { listMemberRows } from './store-members.ts';
import { recordAudit } from './write-audit.ts';

/** Long enough for somebody on holiday, short enough that a forgotten link in a mailbox dies. */
const INVITATION_LASTS_MS = 14 * 86_400_000;

/**
 * Invites somebody by a link that is shown once and that whoever invites passes on. A new invitation for the same
 * address takes the place of the older one. `systemNow` is the server's own time, not a sandbox's.
 */
export async function inviteMember(
  database: Database,
  caller: Caller,
  input: { email: string; role: Role },
  from: { systemNow: Date; publicUrl: string },
): Promise<InvitationRow & { readonly link: string }> {
  if (input.role === 'owner') requireOwner(caller);
  requireOwnRights(caller, RIGHTS_OF_ROLE[input.role]);
  const email = input.email.toLowerCase();
  const token = newSecret();
  const invitation: InvitationRow = {
    id: newId(),
    email,
    role: input.role,
    invited_by: caller.name,
    created_at: from.systemNow,
    expires_at: new Date(from.systemNow.getTime() + INVITATION_LASTS_MS),
  };
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    if ((await listMemberRows(tx)).some((member) => member.email === email)) {
      const message = 'This person is a member already.';
      throw new Failure('invalid_request', message, { fields: [{ path: 'email', message }] });
    }
    await withdrawInvitations(tx, { email }, from.systemNow);
    await insertInvitation(tx, invitation, hashSecret(token));
    await recordAudit(tx, caller, {
      action: 'invitation.made',
      subjectKind: 'invitation',
      subjectId: invitation.id,
      details: { email, role: input.role },
    });
  });
  return { ...invitation, link: `${from.publicUrl}/join/${token}` };
}

export function listInvitations(database: Database, workspaceId: string, systemNow: Date): Promise<InvitationRow[]> {
  return database.inWorkspace(workspaceId, (tx) => listOpenInvitations(tx, systemNow));
}

/** Makes the link of an invitation worthless. Throws not_found when it is not open. */
export async function withdrawInvitation(
  database: Database,
  caller: Caller,
  invitationId: string,
  systemNow: Date,
): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const [withdrawn] = await withdrawInvitations(tx, { id: invitationId }, systemNow);
    if (!withdrawn) throw new Failure('not_found');
    await recordAudit(tx, caller, {
      action: 'invitation.withdrawn',
      subjectKind: 'invitation',
      subjectId: invitationId,
      details: { email: withdrawn.email },
    });
  });
}
