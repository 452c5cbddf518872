import type { Caller } from '../workspace/caller.ts';

/** The same amount to the same contact within this time is asked about again: the usual slip is a second press or a second person. */
export const SAME_CHARGE_WITHIN_MS = 10 * 60_000;

/** A never-arrived attempt is sent again under its own key only this long after it was confirmed; later nobody expects it. */
export const RESEND_WITHIN_MS = 60 * 60_000;

/** How long an idempotency key stands for its request. */
export const IDEMPOTENCY_KEPT_DAYS = 30;

/**
 * The most one charge by this caller may be in this currency, minor units; null when no limit is set. The workspace's own
 * limit and that of the role hold together; API keys stand under the workspace's.
 */
export function chargeLimitOf(caller: Caller, currency: string): bigint | null {
  const limits = [
    caller.workspace.chargeLimits.workspace?.[currency],
    caller.role === null ? undefined : caller.workspace.chargeLimits[caller.role]?.[currency],
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? null : BigInt(Math.min(...limits));
}

const HOUR_MS = 3_600_000;

/** Wait before asking the gateway the n-th time (from 0): soon at first, then ever more patiently, an hour at most. */
export function resolveDelayMs(count: number): number {
  return Math.min(5_000 * 2 ** count, HOUR_MS);
}

/**
 * The same for what is pending or waits for the customer. Bank debits take days and the gateway tells of their end; asking
 * only finds what was told and not heard, so an hour, two, four …, a day at most are soon enough.
 */
export function openDelayMs(count: number): number {
  return Math.min(HOUR_MS * 2 ** count, 24 * HOUR_MS);
}
