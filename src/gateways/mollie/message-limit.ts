/**
 * Anybody can send an unsigned message, and each costs a request to Mollie. So messages of one workspace are limited: a
 * real business has bursts of a few hundred, and an id that turns out to be unknown costs as much as ten known ones. What
 * is over the limit is not accepted, and Mollie sends it again later.
 */
const MESSAGES_AT_ONCE_MAX = 300;
const MESSAGES_PER_SECOND = 5;
const UNKNOWN_COSTS = 10;
/** Workspaces remembered; forgetting one gives it a full measure again. */
const WORKSPACES_MAX = 10_000;

export interface MessageLimit {
  /** Takes one message's share; false when there is none left. */
  take(workspaceId: string): boolean;
  /** The message named a payment that does not exist. */
  wasUnknown(workspaceId: string): void;
}

export function makeMessageLimit(nowMs: () => number): MessageLimit {
  const left = new Map<string, { count: number; atMs: number }>();

  function measure(workspaceId: string) {
    const now = nowMs();
    const known = left.get(workspaceId) ?? { count: MESSAGES_AT_ONCE_MAX, atMs: now };
    const regained = ((now - known.atMs) / 1_000) * MESSAGES_PER_SECOND;
    const measured = { count: Math.min(MESSAGES_AT_ONCE_MAX, known.count + regained), atMs: now };
    left.delete(workspaceId);
    if (left.size >= WORKSPACES_MAX) left.delete(left.keys().next().value as string);
    left.set(workspaceId, measured);
    return measured;
  }

  return {
    take(workspaceId) {
      const measured = measure(workspaceId);
      if (measured.count < 1) return false;
      measured.count -= 1;
      return true;
    },
    wasUnknown(workspaceId) {
      measure(workspaceId).count -= UNKNOWN_COSTS - 1;
    },
  };
}
