import { makeMemory } from './remember.ts';

/**
 * Counts attempts per key within a window, so that passwords cannot be tried at speed. Kept in this process only: with
 * several servers an attacker gets that many times the attempts, which is still far from enough.
 */
export interface AttemptLimit {
  /** Counts one attempt; false when there were too many within the window. */
  allows(key: string, now: Date): boolean;
  /** Forgets the attempts of a key: the right password was given. */
  forget(key: string): void;
}

/** Keys remembered at most; an attacker with more addresses than this pushes out their own oldest entries first. */
const KEYS_MAX = 50_000;

export function makeAttemptLimit(attemptsMax: number, windowMs: number): AttemptLimit {
  const attempts = makeMemory<{ count: number; since: number }>(KEYS_MAX);
  return {
    allows(key, now) {
      const known = attempts.get(key);
      const fresh = known === undefined || now.getTime() - known.since >= windowMs;
      const next = fresh ? { count: 1, since: now.getTime() } : { count: known.count + 1, since: known.since };
      attempts.set(key, next);
      return next.count <= attemptsMax;
    },
    forget(key) {
      attempts.set(key, { count: 0, since: 0 });
    },
  };
}
