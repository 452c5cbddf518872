import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The cookie carries the session's token and an HMAC of it, in the form better-auth gives its own (`token.signature`):
 * the sessions table alone, without the server's secret, lets nobody in, and a made-up token costs no query.
 */
export const SESSION_COOKIE = 'counterfoil_session';

/** Cookie value for a session token. */
export function signSessionToken(token: string, secret: string): string {
  return `${token}.${signatureOf(token, secret)}`;
}

/** The token in a cookie value that we signed, or null for anything else. */
export function tokenFromCookie(value: string | undefined, secret: string): string | null {
  if (value === undefined || value.length > 300) return null;
  const dot = value.indexOf('.');
  if (dot <= 0) return null;
  const token = value.slice(0, dot);
  // Compared as text: decoding base64 would let several spellings of one signature pass.
  const given = Buffer.from(value.slice(dot + 1));
  const expected = Buffer.from(signatureOf(token, secret));
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null;
}

function signatureOf(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64');
}
