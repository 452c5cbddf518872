import { Failure } from '../foundation/failure.ts';
import { declineFor } from '../gateways/declines.ts';
import type { Caller } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';
import { type MethodRow, methodLabel } from './payment-method.ts';

/**
 * Failed tries of one card within the window that its network takes before it charges a penalty for each more. Sources:
 * Visa, declined transaction resubmission rules (20 in 30 days); Mastercard, Transaction Processing Excellence, excessive
 * attempts (35 in 30 days). Other networks name no number.
 */
export const NETWORK_TRIES_MAX: Readonly<Record<string, number>> = { visa: 20, mastercard: 35 };
export const NETWORK_WINDOW_MS = 30 * 86_400_000;

const HOUR_MS = 3_600_000;

/** What a failed try says about its card. */
export interface MethodFailure {
  readonly methodId: string;
  readonly at: Date;
  readonly retryAfter: Date | null;
  /** Why the card is not charged again; null when it may be. */
  readonly blockedReason: string | null;
}

/**
 * What a charge that failed at `at` says about its card; null for everything else. The wait counts as the screen says it,
 * from when the charge was asked for: a debit that fails days later may go again at once.
 */
export function failureOf(
  row: Pick<PaymentRow, 'kind' | 'status' | 'payment_method_id' | 'decline_code' | 'created_at'>,
  at: Date,
): MethodFailure | null {
  if (row.kind !== 'charge' || row.payment_method_id === null) return null;
  if (row.status !== 'declined' && row.status !== 'returned') return null;
  const { retryAfterHours, blocksMethod, staffWords } = declineFor(row.decline_code);
  return {
    methodId: row.payment_method_id,
    at,
    retryAfter: retryAfterHours === null ? null : new Date(row.created_at.getTime() + retryAfterHours * HOUR_MS),
    blockedReason: blocksMethod ? staffWords : null,
  };
}

/** Whether the card's failed tries have to be counted before it is tried again: only where it failed lately. */
export function mustBeCounted(method: Pick<MethodRow, 'brand' | 'failed_at'>, asOf: Date): boolean {
  if (NETWORK_TRIES_MAX[method.brand] === undefined || method.failed_at === null) return false;
  return asOf.getTime() - method.failed_at.getTime() < NETWORK_WINDOW_MS;
}

/** Why a card with so many failed tries is not tried again now; null when it may be. */
export function networkRefusal(method: Pick<MethodRow, 'brand' | 'last4'>, failedTries: number): string | null {
  const max = NETWORK_TRIES_MAX[method.brand];
  if (max === undefined || failedTries < max) return null;
  return `${methodLabel(method)} has failed ${failedTries} times in 30 days, and its network allows ${max}. Use another card.`;
}

/** From when the card may be tried again; null when it may be now. */
export function waitsUntil(method: Pick<MethodRow, 'retry_after'>, asOf: Date): Date | null {
  return method.retry_after !== null && method.retry_after > asOf ? method.retry_after : null;
}

/** The refusal of a card that waits until `until`, with the time in the business's zone. */
export function tooEarly(method: MethodRow, until: Date, { workspace }: Caller): Failure {
  const when = new Intl.DateTimeFormat(workspace.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: workspace.timeZone,
  }).format(until);
  return new Failure(
    'retry_too_early',
    `${methodLabel(method)} failed a short while ago. Its bank is not likely to say yes before ${when}.`,
    { facts: { retry_after: until.toISOString() } },
  );
}
