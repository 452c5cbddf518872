import type { DeclineClass } from '../gateways/declines.ts';

/**
 * When a charge that failed by itself is tried again, by what its bank said. Only what may pass by itself is tried again: an
 * empty account, a bank that did not answer. Everything else needs the customer, and another try would only cost goodwill
 * with the networks (GATEWAYS: caps on retries per card).
 */
export const RETRY_AFTER_DAYS: Readonly<Record<DeclineClass, readonly number[]>> = {
  retry_later: [1, 3, 5, 7],
  other_card: [],
  ask_customer: [],
  stop: [],
};

const DAY_MS = 86_400_000;

/**
 * When the next try is due after `failedTries` (1 and up) of which the last failed with this class at `at`; null when there
 * is none any more. Never before the card may be tried again.
 */
export function nextTryAt(declined: DeclineClass, failedTries: number, at: Date, notBefore: Date | null): Date | null {
  const days = RETRY_AFTER_DAYS[declined][failedTries - 1];
  if (days === undefined) return null;
  const planned = new Date(at.getTime() + days * DAY_MS);
  return notBefore !== null && notBefore > planned ? notBefore : planned;
}
