import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId } from '../foundation/id.ts';
import { newPassword } from './api.ts';
import { createAccount } from './create-account.ts';
import { readFacts } from './read-facts.ts';
import type { OpenedSession, SignIn, SignInPlace } from './sign-in.ts';
import { findInvitationPlace, type InvitationRow, markAccepted, readOpenInvitation } from './store-invitations.ts';
import { insertMember } from './store-members.ts';
import { findPersonByEmail, type PersonRow } from './store-people.ts';
import { recordAudits } from './write-audit.ts';

export interface AcceptingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly signIn: SignIn;
}

export interface InvitationDescription {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly invitation: InvitationRow;
  /** Who has an account under the invited address already. */
  readonly person: PersonRow | null;
}

/** What an invitation link offers, without spending it. Throws link_not_valid. */
export async function describeInvitation(
  { database, clock }: AcceptingOptions,
  token: string,
): Promise<InvitationDescription> {
  const place = await database.inGlobal((tx) => findInvitationPlace(tx, hashSecret(token)));
  if (!place) throw new Failure('link_not_valid');
  return database.inWorkspace(place.workspace_id, async (tx) => {
    const invitation = await readOpenInvitation(tx, place.invitation_id, clock.now());
    if (!invitation) throw new Failure('link_not_valid');
    const facts = await readFacts(tx);
    const person = await findPersonByEmail(tx, invitation.email);
    return { workspaceId: place.workspace_id, workspaceName: facts.name, invitation, person };
  });
}

/**
 * Accepts: somebody with an account shows that it is theirs (signed in already, or by password); somebody new gets an
 * account with the name and password given. Signs in; null when `signedInAs` is that person already.
 */
export async function acceptInvitation(
  options: AcceptingOptions,
  token: string,
  input: { name?: string; password?: string },
  from: SignInPlace & { signedInAs: string | null },
): Promise<OpenedSession | null> {
  const { database, signIn } = options;
  const offer = await describeInvitation(options, token);
  const { person, invitation, workspaceId } = offer;
  if (person) {
    const isThem = from.signedInAs === person.id;
    if (!isThem && input.password === undefined) throw missing('password', 'Enter the password of your account.');
    const opened = isThem ? null : await signIn.withPassword(invitation.email, input.password!, from);
    await database.inWorkspace(workspaceId, (tx) => join(tx, options.clock, invitation, person, from.ip));
    return opened;
  }
  if (input.name === undefined) throw missing('name', 'Enter your name.');
  const password = newPassword.safeParse(input.password ?? '');
  if (!password.success) throw missing('password', password.error.issues[0]!.message);
  const passwordHash = await signIn.hashPassword(password.data);
  const name = input.name;
  const userId = await database.inWorkspace(workspaceId, async (tx) => {
    const account = await createAccount(tx, { name, email: invitation.email, passwordHash }, options.clock.now());
    if (!account) throw missing('password', 'This address has an account now; enter its password.');
    await join(tx, options.clock, invitation, account, from.ip);
    return account.id;
  });
  return signIn.openSession(userId, from);
}

async function join(tx: WorkspaceTx, clock: Clock, invitation: InvitationRow, person: PersonRow, ip: string) {
  const now = clock.now();
  if (!(await markAccepted(tx, invitation.id, now))) throw new Failure('link_not_valid');
  const { clockOffsetMs } = await readFacts(tx);
  const memberId = newId();
  const member = {
    id: memberId,
    userId: person.id,
    name: person.name,
    email: person.email,
    role: invitation.role,
    now,
  };
  if (!(await insertMember(tx, member))) return;
  await recordAudits(tx, [
    {
      action: 'member.joined',
      subjectKind: 'member',
      subjectId: memberId,
      details: { email: person.email, role: invitation.role, invited_by: invitation.invited_by },
      at: new Date(now.getTime() + clockOffsetMs),
      actorKind: 'member',
      actorId: memberId,
      actorName: person.name,
      ip,
    },
  ]);
}

function missing(path: string, message: string): Failure {
  return new Failure('invalid_request', message, { fields: [{ path, message }] });
}
