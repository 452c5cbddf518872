import type { z } from 'zod';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId } from '../foundation/id.ts';
import { ownerSetUpBody } from './api.ts';
import { createAccount } from './create-account.ts';
import { createWorkspace } from './create-workspace.ts';
import type { OpenedSession, SignIn, SignInPlace } from './sign-in.ts';
import {
  anybodyThere,
  findPersonByEmail,
  type LinkRow,
  lockOwnerLinks,
  readLink,
  useLink,
  useOwnerLinks,
} from './store-people.ts';

export interface RedeemingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly signIn: SignIn;
}

/** What a link is for, without spending it. Throws link_not_valid, or setup_done for an owner's link too late. */
export async function describeSignInLink({ database, clock }: RedeemingOptions, token: string): Promise<LinkRow> {
  return database.inGlobal(async (tx) => {
    const link = await readLink(tx, hashSecret(token), clock.now());
    if (!link) throw new Failure('link_not_valid');
    if (link.purpose === 'owner_setup' && (await anybodyThere(tx))) throw new Failure('setup_done');
    return link;
  });
}

/**
 * Spends a link and signs in. An owner's link also makes the account, the first workspace (a sandbox: where a newcomer
 * starts) and its owner, all in one transaction.
 */
export async function redeemSignInLink(
  options: RedeemingOptions,
  token: string,
  body: unknown,
  place: SignInPlace,
): Promise<OpenedSession> {
  const link = await describeSignInLink(options, token);
  const userId =
    link.purpose === 'owner_setup'
      ? await setUpOwner(options, token, readOwnerSetUp(body), place)
      : await spendSignInLink(options, token);
  return options.signIn.openSession(userId, place);
}

async function spendSignInLink({ database, clock }: RedeemingOptions, token: string): Promise<string> {
  return database.inGlobal(async (tx) => {
    const link = await useLink(tx, hashSecret(token), clock.now());
    const person = link?.email ? await findPersonByEmail(tx, link.email) : null;
    if (!person) throw new Failure('link_not_valid');
    return person.id;
  });
}

async function setUpOwner(
  { database, clock, signIn }: RedeemingOptions,
  token: string,
  input: z.infer<typeof ownerSetUpBody>,
  place: SignInPlace,
): Promise<string> {
  const passwordHash = await signIn.hashPassword(input.password);
  return database.inWorkspace(newId(), async (tx) => {
    const now = clock.now();
    await lockOwnerLinks(tx);
    if (!(await useLink(tx, hashSecret(token), now))) throw new Failure('link_not_valid');
    await useOwnerLinks(tx, now);
    if (await anybodyThere(tx)) throw new Failure('setup_done');
    const owner = await createAccount(tx, { name: input.name, email: input.email, passwordHash }, now);
    if (!owner) throw new Failure('setup_done');
    const { workspace_name: name, currency, time_zone: timeZone } = input;
    const workspace = { name, mode: 'sandbox', currency, timeZone, locale: 'en-US' } as const;
    await createWorkspace(tx, workspace, owner, { now, ip: place.ip });
    return owner.id;
  });
}

/** The route takes one body for both purposes; for this one every field is needed. */
function readOwnerSetUp(body: unknown): z.infer<typeof ownerSetUpBody> {
  const parsed = ownerSetUpBody.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new Failure('invalid_request', undefined, { fields });
}
