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

/** What a class of declines is called when the plan is told. */
const CLASS_WORDS: Readonly<Record<DeclineClass, string>> = {
  retry_later: 'Try again later: an empty account, a bank that did not answer',
  other_card: 'This card will not work: expired, closed, not allowed',
  ask_customer: 'The customer is needed: to confirm it at their bank',
  stop: 'Stop: a stolen card, a debit that was taken back',
};

/** One line of the plan: what the bank said, and what follows. */
export interface PlanLine {
  readonly declined: DeclineClass;
  readonly said: string;
  readonly follows: string;
}

/** The plan above in words, made from it, so that what is told is what is done. */
export function planInWords(): PlanLine[] {
  return (Object.keys(RETRY_AFTER_DAYS) as DeclineClass[]).map((declined) => {
    const days = RETRY_AFTER_DAYS[declined];
    const follows = days.length === 0 ? 'Not tried again.' : `Tried again ${afterDays(days)}, then given up.`;
    return { declined, said: CLASS_WORDS[declined], follows };
  });
}

/** “after 1, 3, 5 and 7 days, each counted from the try before”. */
function afterDays(days: readonly number[]): string {
  const listed = days.length === 1 ? `${days[0]}` : `${days.slice(0, -1).join(', ')} and ${days.at(-1)}`;
  const unit = days.length === 1 && days[0] === 1 ? 'day' : 'days';
  return `after ${listed} ${unit}${days.length > 1 ? ', each counted from the try before' : ''}`;
}

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
