/**
 * Notes of our own to ask a gateway again about a payment that is settled, where no message of it can be counted on:
 * `facts` until fee and net are told, `return` where the gateway keeps no list of its messages to find a lost one in.
 */
export type ReminderKind = 'reminder.facts' | 'reminder.return';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Waits between asking, the first from the moment of settling. A direct debit may be taken back for eight weeks. */
const WAITS_MS: Record<ReminderKind, readonly number[]> = {
  'reminder.facts': [5 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS, DAY_MS, 3 * DAY_MS],
  'reminder.return': [DAY_MS, 2 * DAY_MS, 4 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 28 * DAY_MS],
};

/** Wait before asking again after `attempts` times; null when that was the last. 0: before the first time. */
export function nextReminderMs(kind: ReminderKind, attempts: number): number | null {
  return WAITS_MS[kind][attempts] ?? null;
}
