import type { Database } from '../foundation/database.ts';
import { SESSION_LASTS_MS } from './sign-in.ts';
import { deleteExpired, deleteSession, deleteSessionsOf, extendSession, readSessions } from './store-people.ts';

/** A session is prolonged at most so often: once a day is one write per person and day. */
const PROLONGED_EVERY_MS = 86_400_000;

/** Lets a session that is in use last on. True when it was prolonged, so that the cookie should be too. */
export async function prolongSession(database: Database, token: string, now: Date): Promise<boolean> {
  return database.inGlobal(async (tx) => {
    const [session] = await readSessions(tx, [token]);
    const leftMs = session ? session.expires_at.getTime() - now.getTime() : 0;
    if (leftMs <= 0 || leftMs > SESSION_LASTS_MS - PROLONGED_EVERY_MS) return false;
    await extendSession(tx, token, new Date(now.getTime() + SESSION_LASTS_MS), now);
    return true;
  });
}

/** Signs out of this browser. */
export async function endSession(database: Database, token: string): Promise<void> {
  await database.inGlobal((tx) => deleteSession(tx, token));
}

/** Signs a person out everywhere. */
export async function endAllSessions(database: Database, userId: string): Promise<void> {
  await database.inGlobal((tx) => deleteSessionsOf(tx, userId));
}

/** Takes away sessions and links that have run out. */
export async function forgetExpired(database: Database, now: Date): Promise<void> {
  await database.inGlobal((tx) => deleteExpired(tx, now));
}
