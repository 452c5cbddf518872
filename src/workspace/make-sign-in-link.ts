import type { Database, Tx } from '../foundation/database.ts';
import { hashSecret, newSecret } from '../foundation/id.ts';
import { anybodyThere, findPersonByEmail, insertLink, type LinkPurpose } from './store-people.ts';

/** Whoever installs the program opens the link on the same day; the next start prints another one. */
const OWNER_LINK_LASTS_MS = 24 * 3_600_000;
/** A sign-in link is opened at once or not at all. */
const SIGN_IN_LINK_LASTS_MS = 15 * 60_000;

export interface MadeLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** The link that lets the first owner set the program up; null as soon as anybody has an account. */
export async function makeOwnerLink(
  database: Database,
  from: { now: Date; publicUrl: string },
): Promise<MadeLink | null> {
  return database.inGlobal(async (tx) =>
    (await anybodyThere(tx)) ? null : writeLink(tx, 'owner_setup', null, OWNER_LINK_LASTS_MS, from),
  );
}

/** A link that signs the owner of this e-mail address in, once, within 15 minutes; null when nobody has it. */
export async function makeSignInLink(
  database: Database,
  email: string,
  from: { now: Date; publicUrl: string },
): Promise<MadeLink | null> {
  return database.inGlobal(async (tx) => {
    const person = await findPersonByEmail(tx, email);
    return person && writeLink(tx, 'sign_in', person.email, SIGN_IN_LINK_LASTS_MS, from);
  });
}

async function writeLink(
  tx: Tx,
  purpose: LinkPurpose,
  email: string | null,
  lastsMs: number,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<MadeLink> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + lastsMs);
  await insertLink(tx, { tokenHash: hashSecret(token), purpose, email, now, expiresAt });
  return { url: `${publicUrl}/welcome/${token}`, expiresAt };
}
