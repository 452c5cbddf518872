import type { Database } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { RIGHTS, systemCaller, type WorkspaceFacts } from './caller.ts';
import { createAccount } from './create-account.ts';
import { createWorkspace } from './create-workspace.ts';
import { makeApiKey } from './make-api-key.ts';
import { makeSignInLink } from './make-sign-in-link.ts';
import { readFacts, readWorkspaceFacts } from './read-facts.ts';
import { readMembersOfUsers, workspaceIdsOfUser } from './store-members.ts';
import { findPersonByEmail, lockPerson, type PersonRow } from './store-people.ts';

export interface HeadlessSetUp {
  readonly ownerEmail: string;
  readonly workspaceName: string;
  readonly mode: 'sandbox' | 'live';
  readonly currency: string;
  readonly timeZone: string;
  readonly now: Date;
  readonly publicUrl: string;
}

export interface SetUpResult {
  readonly userId: string;
  readonly workspaceId: string;
  readonly apiKeyId: string;
  /** The key itself; a new one at each run, because an older one cannot be shown again. Older ones stay good. */
  readonly apiKey: string;
  readonly signInUrl: string;
  /** False when owner and workspace were there already. */
  readonly created: boolean;
}

/**
 * Owner, workspace and an API key with every right, for scripts and infrastructure as code. Run again with the same
 * e-mail address and workspace name it finds both and only makes another key and link.
 */
export async function setUpHeadless(database: Database, input: HeadlessSetUp): Promise<SetUpResult> {
  const owner = await findOrCreateOwner(database, input);
  const newWorkspaceId = newId();
  // The person's row is locked while looking and creating, so that two runs at the same moment make one workspace.
  const { workspaceId, created } = await database.inWorkspace(newWorkspaceId, async (tx) => {
    await lockPerson(tx, owner.id);
    const existing = await findOwned(database, await workspaceIdsOfUser(tx, owner.id), owner.id, input);
    if (existing !== null) return { workspaceId: existing, created: false };
    const { workspaceName: name, mode, currency, timeZone, now } = input;
    await createWorkspace(tx, { name, mode, currency, timeZone, locale: 'en-US' }, owner, { now, ip: null });
    return { workspaceId: newWorkspaceId, created: true };
  });
  const key = await database.inWorkspace(workspaceId, async (tx) =>
    makeApiKey(tx, systemCaller(await readFacts(tx), input.now, 'Set-up'), { name: 'Set-up', rights: RIGHTS }),
  );
  const link = await makeSignInLink(database, owner.email, input);
  return {
    userId: owner.id,
    workspaceId,
    apiKeyId: key.id,
    apiKey: key.token,
    signInUrl: link!.url,
    created,
  };
}

async function findOrCreateOwner(database: Database, input: HeadlessSetUp): Promise<PersonRow> {
  return database.inGlobal(async (tx) => {
    const name = input.ownerEmail.split('@')[0]!;
    const account = await createAccount(tx, { name, email: input.ownerEmail, passwordHash: null }, input.now);
    return account ?? (await findPersonByEmail(tx, input.ownerEmail))!;
  });
}

/** The workspace of that name and mode that this person owns. */
async function findOwned(
  database: Database,
  workspaceIds: readonly string[],
  userId: string,
  input: HeadlessSetUp,
): Promise<string | null> {
  for (const id of workspaceIds) {
    const facts: WorkspaceFacts | null = await readWorkspaceFacts(database, id);
    if (facts?.name !== input.workspaceName || facts.mode !== input.mode) continue;
    const members = await database.inWorkspace(id, (tx) => readMembersOfUsers(tx, [userId]));
    if (members[0]?.role === 'owner') return id;
  }
  return null;
}
