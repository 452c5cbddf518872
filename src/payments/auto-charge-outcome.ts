import { toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { declineFor } from '../gateways/declines.ts';
import type { PaymentRow } from './attempt.ts';
import { nextTryAt } from './auto-charge-plan.ts';

/** `joined`: a later date of the same invoice asks for all that is due. */
export type AutoChargeEnd = 'paid' | 'no_method' | 'gave_up' | 'refused' | 'joined';

export interface AutoChargeRow {
  readonly invoice_id: string;
  readonly due_on: LocalDate;
  readonly step: number;
  readonly next_at: Date | null;
  readonly payment_id: string | null;
  readonly ended: AutoChargeEnd | null;
  readonly reason: string | null;
  /** How often it was taken up anew. */
  readonly series: number;
}

/** How often one looks whether a payment that is on its way has arrived. */
export const LOOK_AGAIN_MS = 6 * 3_600_000;

export const FAILED: ReadonlySet<string> = new Set(['declined', 'canceled', 'returned']);

/** The key of a try: the same until its outcome is kept. */
export const keyOf = ({ invoice_id, due_on }: AutoChargeRow, step: number) => `auto ${invoice_id} ${due_on} ${step}`;

/** What is told of a charge that will not be paid without the customer. */
export function failureOf({ invoice_id, due_on, series, payment_id }: AutoChargeRow): Record<string, string> {
  return {
    invoice_id: toPublicId('invoice', invoice_id),
    payment_id: toPublicId('payment', payment_id!),
    series: `${due_on} ${series}`,
  };
}

/** How a plan goes on after a try whose outcome is this, the `failedTries`th of its card that failed. */
export function afterOutcome(
  row: AutoChargeRow,
  payment: PaymentRow,
  failedTries: number,
  now: Date,
): Partial<AutoChargeRow> {
  const payment_id = payment.id;
  if (payment.status === 'settled')
    return { step: row.step + 1, next_at: null, payment_id, ended: 'paid', reason: null };
  if (!FAILED.has(payment.status)) {
    // On its way: what came of it is looked up by the same key.
    const reason =
      payment.status === 'needs_customer'
        ? 'The customer has to confirm it at their bank.'
        : 'The payment is on its way.';
    return { next_at: new Date(now.getTime() + LOOK_AGAIN_MS), payment_id, reason };
  }
  const decline = declineFor(payment.decline_code);
  const notBefore =
    decline.retryAfterHours === null ? null : new Date(now.getTime() + decline.retryAfterHours * 3_600_000);
  const next_at = nextTryAt(decline.class, failedTries, now, notBefore);
  return {
    step: row.step + 1,
    next_at,
    payment_id,
    ended: next_at === null ? 'gave_up' : null,
    reason: decline.staffWords,
  };
}
