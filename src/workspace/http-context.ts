import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import type { SignedInPerson } from './door.ts';
import { SESSION_COOKIE, signSessionToken } from './session-cookie.ts';
import { SESSION_LASTS_MS, type SignIn, type SignInPlace } from './sign-in.ts';

/** What this room's doors need from whoever opens them. */
export interface DoorContext {
  readonly database: Database;
  readonly clock: Clock;
  /** Signs session cookies. */
  readonly secret: string;
  readonly signIn: SignIn;
  /** Address that links for people begin with, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Who is signed in; throws not_signed_in. */
  readonly identifyPerson: (request: FastifyRequest) => Promise<SignedInPerson>;
  /** Called after a sandbox's clock was moved and before the answer, so that what is due then has happened when it comes. */
  readonly onClockMoved?: (workspaceId: string) => Promise<void>;
}

export function placeOf(request: FastifyRequest): SignInPlace {
  return { ip: request.ip, userAgent: request.headers['user-agent'] ?? '' };
}

/** Lets the browser keep the session. Not to be read by scripts; sent over plain HTTP only where that is the address. */
export function keepCookie(reply: FastifyReply, context: DoorContext, token: string): void {
  reply.setCookie(SESSION_COOKIE, signSessionToken(token, context.secret), {
    ...cookieScope(context),
    maxAge: Math.floor(SESSION_LASTS_MS / 1000),
  });
}

export function forgetSession(reply: FastifyReply, context: DoorContext): void {
  reply.clearCookie(SESSION_COOKIE, cookieScope(context));
}

function cookieScope(context: DoorContext) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: context.publicUrl().startsWith('https:') } as const;
}
