import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { makeAttemptLimit } from './attempt-limit.ts';
import { SESSION_COOKIE } from './session-cookie.ts';
import { deleteSessionsOf, insertPassword, lockPassword, updatePassword } from './store-people.ts';

/** Where somebody signs in from, as their list of sessions shows it. */
export interface SignInPlace {
  readonly ip: string;
  readonly userAgent: string;
}

export interface OpenedSession {
  readonly userId: string;
  readonly token: string;
}

/** All that the rest of the room knows of signing in. Behind it: better-auth, its tables and its password hashing. */
export interface SignIn {
  /** Throws sign_in_failed for a wrong pair, rate_limited after too many of them. */
  withPassword(email: string, password: string, place: SignInPlace): Promise<OpenedSession>;
  /** A session for somebody whose identity was shown in another way (a one-time link). */
  openSession(userId: string, place: SignInPlace): Promise<OpenedSession>;
  hashPassword(password: string): Promise<string>;
  /** Sets a new password and ends all other sessions. Throws sign_in_failed when `current` is wrong. */
  changePassword(change: {
    userId: string;
    /** Null only for somebody who has none yet, because they have always come by link. */
    current: string | null;
    next: string;
    sessionToken: string;
    ip: string;
  }): Promise<void>;
  /** Loads the sign-in library ahead of the first use: half a second that nobody should wait for. */
  warm(): Promise<void>;
}

/** A signed-in browser stays signed in for so long after it was last used. */
export const SESSION_LASTS_MS = 14 * 86_400_000;
export const PASSWORD_LENGTH_MIN = 10;
/** Beyond this a password only costs hashing time. */
export const PASSWORD_LENGTH_MAX = 128;

const WINDOW_MS = 15 * 60_000;
/** Wrong passwords for one account from one address: more than a person with a bad memory needs. */
const ATTEMPTS_PER_ACCOUNT_MAX = 10;
/** Sign-ins from one address for any account: an office behind one address fits, a list of leaked passwords does not. */
const ATTEMPTS_PER_ADDRESS_MAX = 100;

export interface SignInOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly secret: string;
  readonly publicUrl: () => string;
}

export function makeSignIn(options: SignInOptions): SignIn {
  const { database, clock } = options;
  const perAccount = makeAttemptLimit(ATTEMPTS_PER_ACCOUNT_MAX, WINDOW_MS);
  const perAddress = makeAttemptLimit(ATTEMPTS_PER_ADDRESS_MAX, WINDOW_MS);
  let loading: ReturnType<typeof loadLibrary> | null = null;
  const library = () => (loading ??= loadLibrary(options));

  function countAttempt(account: string, ip: string): string {
    const key = `${ip} ${account}`;
    const now = clock.now();
    if (!perAddress.allows(ip, now) || !perAccount.allows(key, now)) {
      throw new Failure('rate_limited', 'Too many attempts to sign in; try again in a quarter of an hour.');
    }
    return key;
  }

  return {
    async withPassword(email, password, place) {
      const key = countAttempt(email.toLowerCase(), place.ip);
      const auth = await library();
      const opened = await auth.api
        .signInEmail({ body: { email: email.toLowerCase(), password }, headers: headersOf(place) })
        .catch((error: unknown) => {
          if (isRefusal(error)) throw new Failure('sign_in_failed');
          throw error;
        });
      perAccount.forget(key);
      return { userId: opened.user.id, token: opened.token };
    },
    async openSession(userId, place) {
      const context = await (await library()).$context;
      const session = await context.internalAdapter.createSession(userId, false, {
        ipAddress: place.ip,
        userAgent: place.userAgent,
      });
      return { userId, token: session.token };
    },
    async hashPassword(password) {
      return (await (await library()).$context).password.hash(password);
    },
    async changePassword({ userId, current, next, sessionToken, ip }) {
      const key = countAttempt(userId, ip);
      const { password } = await (await library()).$context;
      const hash = await password.hash(next);
      await database.inGlobal(async (tx) => {
        const now = clock.now();
        const known = await lockPassword(tx, userId);
        if (known?.hash) {
          const right = current !== null && (await password.verify({ hash: known.hash, password: current }));
          if (!right) throw new Failure('sign_in_failed', 'The current password is not right.');
          await updatePassword(tx, userId, hash, now);
        } else await insertPassword(tx, { id: newId(), userId, hash, now });
        await deleteSessionsOf(tx, userId, sessionToken);
      });
      perAccount.forget(key);
    },
    async warm() {
      await (await library()).$context;
    },
  };
}

/** better-auth over our own pool and tables. Its routes are not served: only its functions are called. */
async function loadLibrary({ database, clock, secret, publicUrl }: SignInOptions) {
  const { betterAuth } = await import('better-auth');
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return betterAuth({
    database: database.pool,
    secret,
    baseURL: publicUrl(),
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    user: { modelName: 'auth_users', fields: { ...times, emailVerified: 'email_verified' } },
    session: {
      modelName: 'auth_sessions',
      fields: {
        ...times,
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      expiresIn: SESSION_LASTS_MS / 1000,
    },
    account: {
      modelName: 'auth_accounts',
      fields: {
        ...times,
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: { modelName: 'auth_verifications', fields: { ...times, expiresAt: 'expires_at' } },
    advanced: {
      cookies: { session_token: { name: SESSION_COOKIE } },
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [IP_HEADER] },
    },
    databaseHooks: {
      session: {
        create: {
          // The library asks the machine for the time; sessions here live by the program's clock, like everything else.
          before: async (session) => {
            const now = clock.now();
            const expiresAt = new Date(now.getTime() + SESSION_LASTS_MS);
            return { data: { ...session, createdAt: now, updatedAt: now, expiresAt } };
          },
        },
      },
    },
  });
}

/** Only ever set by headersOf(): the address was judged by the HTTP server before (trusted proxies). */
const IP_HEADER = 'x-counterfoil-ip';

function headersOf(place: SignInPlace): Headers {
  // Header values must be Latin-1; a browser that sends something else is not worth failing for.
  const userAgent = place.userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, 300);
  return new Headers({ 'user-agent': userAgent, [IP_HEADER]: place.ip });
}

/** Whether the library refused (wrong pair, unreadable address) rather than broke. */
function isRefusal(error: unknown): boolean {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500;
}
