import { v4 } from 'uuid';

/** A new key for an intent that its owner keeps together with what is meant, such as a charge under way. */
export function newAttemptKey(): string {
  return v4();
}

/**
 * The key of one intent to move money. It is made once, when the person is about to confirm, and kept in this tab until
 * a definite answer came: a second press, a reload or a lost reply then repeat the same intent instead of making
 * another. (crypto.randomUUID is not offered to pages on plain HTTP, which is how many run this inside a network.)
 */
export function keptAttempt(purpose: string): string {
  const key = pendingAttempt(purpose) ?? v4();
  try {
    sessionStorage.setItem(placeOf(purpose), key);
  } catch {
    // Storage can be forbidden: whoever asked keeps the key for as long as the page lives.
  }
  return key;
}

/** The key of an intent that was sent from this tab and has no definite answer yet; null when there is none. */
export function pendingAttempt(purpose: string): string | null {
  try {
    return sessionStorage.getItem(placeOf(purpose));
  } catch {
    return null;
  }
}

/** A definite answer came: the next intent of this purpose is another one. */
export function forgetAttempt(purpose: string) {
  try {
    sessionStorage.removeItem(placeOf(purpose));
  } catch {
    // Nothing was kept.
  }
}

function placeOf(purpose: string): string {
  return `counterfoil-attempt:${purpose}`;
}
