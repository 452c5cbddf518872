import { hashSecret } from '../foundation/id.ts';

/** `cfk_test_…` or `cfk_live_…`: a person sees at once which world a key opens, and leak scanners can find it. */
const API_KEY = /^cfk_(?:test|live)_[A-Za-z0-9_-]{43}$/;

/** The whole key for a new secret. */
export function apiKeyToken(secret: string, mode: 'sandbox' | 'live'): string {
  return `cfk_${mode === 'live' ? 'live' : 'test'}_${secret}`;
}

/** Hash to look a key up by, from an Authorization header; null when the header holds no key of ours. */
export function apiKeyHashOf(authorization: string): string | null {
  const match = /^Bearer\s+(\S+)$/i.exec(authorization);
  return match && API_KEY.test(match[1]!) ? hashSecret(match[1]!) : null;
}
