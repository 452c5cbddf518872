import type { Tx } from '../foundation/database.ts';

/** SQL of the sign-in tables (people, sessions, passwords, links): global, because a person may belong to several workspaces. */

export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface SessionRow extends PersonRow {
  readonly token: string;
  readonly expires_at: Date;
}

/** Sessions with their people, by token; expiry is for the caller to judge. */
export function readSessions(tx: Tx, tokens: readonly string[]): Promise<SessionRow[]> {
  return tx.many({
    name: 'sessions_by_token',
    text: `SELECT s.token, s.expires_at, u.id, u.name, u.email FROM auth_sessions s JOIN auth_users u ON u.id = s.user_id
      WHERE s.token = ANY($1::text[])`,
    values: [tokens],
  });
}

export async function extendSession(tx: Tx, token: string, expiresAt: Date, now: Date): Promise<void> {
  await tx.run({
    text: 'UPDATE auth_sessions SET expires_at = $2, updated_at = $3 WHERE token = $1',
    values: [token, expiresAt, now],
  });
}

export async function deleteSession(tx: Tx, token: string): Promise<void> {
  await tx.run({ text: 'DELETE FROM auth_sessions WHERE token = $1', values: [token] });
}

/** Ends every session of a person, or all but one. */
export async function deleteSessionsOf(tx: Tx, userId: string, exceptToken: string | null = null): Promise<void> {
  await tx.run({
    text: 'DELETE FROM auth_sessions WHERE user_id = $1 AND ($2::text IS NULL OR token <> $2)',
    values: [userId, exceptToken],
  });
}

/** Takes away what has expired; sessions pile up otherwise. */
export async function deleteExpired(tx: Tx, now: Date): Promise<void> {
  await tx.run({ text: 'DELETE FROM auth_sessions WHERE expires_at < $1', values: [now] });
  await tx.run({ text: 'DELETE FROM sign_in_links WHERE expires_at < $1', values: [now] });
}

export async function anybodyThere(tx: Tx): Promise<boolean> {
  return (await tx.one<{ found: boolean }>({ text: 'SELECT EXISTS (SELECT 1 FROM auth_users) AS found' })).found;
}

export function findPersonByEmail(tx: Tx, email: string): Promise<PersonRow | null> {
  return tx.maybe({ text: 'SELECT id, name, email FROM auth_users WHERE email = $1', values: [email.toLowerCase()] });
}

export function readPerson(tx: Tx, userId: string): Promise<PersonRow> {
  return tx.one({ text: 'SELECT id, name, email FROM auth_users WHERE id = $1', values: [userId] });
}

/** The person, kept from being set up twice at the same time until COMMIT. */
export async function lockPerson(tx: Tx, userId: string): Promise<void> {
  await tx.one({ text: 'SELECT id FROM auth_users WHERE id = $1 FOR UPDATE', values: [userId] });
}

/** Adds a person. False when the e-mail address has an account already. */
export async function insertPerson(tx: Tx, person: PersonRow, now: Date): Promise<boolean> {
  const count = await tx.run({
    text: `INSERT INTO auth_users (id, name, email, email_verified, created_at, updated_at)
      VALUES ($1, $2, $3, false, $4, $4) ON CONFLICT (email) DO NOTHING`,
    values: [person.id, person.name, person.email.toLowerCase(), now],
  });
  return count === 1;
}

/** The row better-auth checks passwords against; the provider's name is its own word for e-mail and password. */
export async function insertPassword(
  tx: Tx,
  password: { id: string; userId: string; hash: string; now: Date },
): Promise<void> {
  await tx.run({
    text: `INSERT INTO auth_accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
      VALUES ($1, $2, 'credential', $2, $3, $4, $4)`,
    values: [password.id, password.userId, password.hash, password.now],
  });
}

export interface PasswordRow {
  readonly hash: string | null;
}

/** The password row, locked; null for somebody who has only ever come by link. */
export function lockPassword(tx: Tx, userId: string): Promise<PasswordRow | null> {
  return tx.maybe({
    text: `SELECT password AS hash FROM auth_accounts WHERE user_id = $1 AND provider_id = 'credential' FOR UPDATE`,
    values: [userId],
  });
}

export async function updatePassword(tx: Tx, userId: string, hash: string, now: Date): Promise<void> {
  await tx.run({
    text: `UPDATE auth_accounts SET password = $2, updated_at = $3 WHERE user_id = $1 AND provider_id = 'credential'`,
    values: [userId, hash, now],
  });
}

export type LinkPurpose = 'owner_setup' | 'sign_in';
export interface LinkRow {
  readonly purpose: LinkPurpose;
  readonly email: string | null;
}

export async function insertLink(
  tx: Tx,
  link: { tokenHash: string; purpose: LinkPurpose; email: string | null; now: Date; expiresAt: Date },
): Promise<void> {
  await tx.run({
    text: 'INSERT INTO sign_in_links (token_hash, purpose, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
    values: [link.tokenHash, link.purpose, link.email, link.now, link.expiresAt],
  });
}

/** A link that is still good. */
export function readLink(tx: Tx, tokenHash: string, now: Date): Promise<LinkRow | null> {
  return tx.maybe({
    text: `SELECT purpose, email FROM sign_in_links
      WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2`,
    values: [tokenHash, now],
  });
}

/** Spends a link: whoever comes second at the same moment finds it used. */
export function useLink(tx: Tx, tokenHash: string, now: Date): Promise<LinkRow | null> {
  return tx.maybe({
    text: `UPDATE sign_in_links SET used_at = $2
      WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING purpose, email`,
    values: [tokenHash, now],
  });
}

/** Locks every owner link in one order, so that two of them redeemed at the same moment make one owner. */
export async function lockOwnerLinks(tx: Tx): Promise<void> {
  await tx.many({
    text: `SELECT token_hash FROM sign_in_links WHERE purpose = 'owner_setup' ORDER BY token_hash FOR UPDATE`,
  });
}

export async function useOwnerLinks(tx: Tx, now: Date): Promise<void> {
  await tx.run({
    text: `UPDATE sign_in_links SET used_at = $1 WHERE purpose = 'owner_setup' AND used_at IS NULL`,
    values: [now],
  });
}
