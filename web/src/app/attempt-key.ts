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
export function keptAttempt(purpose: string): { key: string; forget: () => void } {
  const place = `counterfoil-attempt:${purpose}`;
  const key = read(place) ?? newAttemptKey();
  try {
    sessionStorage.setItem(place, key);
  } catch {
    // Storage can be forbidden: the key then lives as long as the page, which still covers a second press.
  }
  return {
    key,
    forget: () => {
      try {
        sessionStorage.removeItem(place);
      } catch {
        // Nothing was kept.
      }
    },
  };
}

function read(place: string): string | null {
  try {
    return sessionStorage.getItem(place);
  } catch {
    return null;
  }
}
