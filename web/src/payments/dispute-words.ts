import type { Payment } from '../../../src/payments/api.ts';

const DAY_MS = 86_400_000;

/** How long evidence may still be sent: "5 days left", "due today", "2 days overdue"; null where no day is known. */
export function dueWords(payment: Pick<Payment, 'dispute'>, now: Date): string | null {
  const due = payment.dispute?.evidence_due_at;
  if (!due || payment.dispute?.evidence_sent_at) return null;
  const days = Math.floor((new Date(due).getTime() - now.getTime()) / DAY_MS);
  if (days >= 1) return days === 1 ? '1 day left' : `${days} days left`;
  if (days === 0) return 'due today';
  return days === -1 ? '1 day overdue' : `${-days} days overdue`;
}

/** What a dispute asks for now, in a few words for lists. */
export function taskWords(
  payment: Pick<Payment, 'kind' | 'status' | 'dispute' | 'fraud_warned_at'>,
  now: Date,
): string | null {
  if (payment.kind === 'charge')
    return payment.fraud_warned_at ? 'Called a fraud: give it back before it is disputed' : null;
  if (payment.kind !== 'dispute') return null;
  if (payment.status === 'lost') return 'Dispute lost: owed again';
  const due = dueWords(payment, now);
  return due === null ? 'Send evidence' : `Send evidence · ${due}`;
}
