import { toPublicId } from '../foundation/id.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import { declineFor } from '../gateways/declines.ts';
import type { Payment, PaymentMethod } from './api.ts';
import { isInBooks, onAccountMinor, type PaymentRow, refundableMinor } from './attempt.ts';
import type { DisputeTaskRow } from './dispute-task.ts';
import { waitsUntil } from './failed-tries.ts';
import { type MethodRow, methodState } from './payment-method.ts';

/** What a row needs beside itself to be shown. */
export interface ShapeFacts {
  readonly contactName: string;
  readonly hasReceipt: boolean;
  readonly test: boolean;
  readonly task?: DisputeTaskRow | undefined;
  readonly fraudWarnedAt?: Date | undefined;
}

const HOUR_MS = 3_600_000;

/** A payment as the API gives it. Refunds and disputes carry positive amounts; their kind says which way the money went. */
export function shapePayment(row: PaymentRow, facts: ShapeFacts): Payment {
  const inBooks = isInBooks(row.kind, row.status);
  return {
    id: toPublicId('payment', row.id),
    kind: row.kind,
    parent_id: row.parent_id && toPublicId('payment', row.parent_id),
    contact: { id: toPublicId('contact', row.contact_id), name: facts.contactName },
    status: row.status,
    amount_minor: minorToJson(row.amount_minor),
    currency: row.currency,
    tax_minor: minorToJson(row.tax_minor),
    fee_minor: minorToJson(row.fee_minor),
    net_minor: inBooks ? minorToJson(netOf(row)) : null,
    refunded_minor: minorToJson(row.refunded_minor),
    refunding_minor: minorToJson(row.refunding_minor),
    disputed_minor: minorToJson(row.disputed_minor),
    refundable_minor: minorToJson(refundableMinor(row)),
    purpose: row.purpose,
    allocated_minor: minorToJson(row.allocated_minor),
    on_account_minor: minorToJson(onAccountMinor(row)),
    method: {
      kind: row.method_kind,
      label: row.method_label,
      payment_method_id: row.payment_method_id && toPublicId('paymentMethod', row.payment_method_id),
    },
    gateway: row.gateway,
    gateway_ref: row.gateway_ref,
    description: row.description,
    reference: row.reference,
    reason: row.reason,
    source: row.source,
    decline: shapeDecline(row),
    customer_link: row.status === 'needs_customer' ? row.customer_link : null,
    needs_action: row.needs_action,
    dispute: row.kind === 'dispute' ? shapeTask(facts.task) : null,
    fraud_warned_at: facts.fraudWarnedAt?.toISOString() ?? null,
    retry_of: row.retry_of_id && toPublicId('payment', row.retry_of_id),
    occurred_at: row.occurred_at.toISOString(),
    created_at: row.created_at.toISOString(),
    settled_at: row.settled_at?.toISOString() ?? null,
    created_by: row.created_by_name,
    has_receipt: facts.hasReceipt,
    test: facts.test,
  };
}

function shapeTask(task: DisputeTaskRow | undefined): Payment['dispute'] {
  return {
    evidence_due_at: task?.evidence_due_at?.toISOString() ?? null,
    evidence_sent_at: task?.evidence_sent_at?.toISOString() ?? null,
    evidence_sent_by: task?.evidence_sent_by ?? null,
    evidence_note: task?.evidence_note ?? '',
  };
}

function shapeDecline(row: PaymentRow): Payment['decline'] {
  if (row.decline_code === null) return null;
  const decline = declineFor(row.decline_code);
  const retryAfter =
    decline.retryAfterHours === null ? null : new Date(row.created_at.getTime() + decline.retryAfterHours * HOUR_MS);
  return {
    code: row.decline_code,
    class: decline.class,
    staff_words: decline.staffWords,
    customer_words: decline.customerWords,
    next_step: decline.nextStep,
    retry_after: retryAfter?.toISOString() ?? null,
  };
}

/** A saved method as the API gives it, with whether it can be charged at `asOf`. */
export function shapeMethod(row: MethodRow, asOf: Date): PaymentMethod {
  const { state, reason } = methodState(row, asOf);
  return {
    id: toPublicId('paymentMethod', row.id),
    contact_id: toPublicId('contact', row.contact_id),
    gateway: row.gateway,
    kind: row.kind,
    brand: row.brand,
    last4: row.last4,
    exp_month: row.exp_month,
    exp_year: row.exp_year,
    label: row.label,
    is_default: row.is_default && row.removed_at === null,
    state,
    state_reason: reason,
    retry_after: waitsUntil(row, asOf)?.toISOString() ?? null,
    consent: { text_version: row.consent_text_version, channel: row.consent_channel, at: row.consent_at.toISOString() },
    added_by: row.added_by,
    added_at: row.added_at.toISOString(),
    removed_at: row.removed_at?.toISOString() ?? null,
  };
}

/** What the movement left us with: money in less its fee; money out and its fee are both ours to bear. */
function netOf(row: PaymentRow): bigint {
  return (row.kind === 'charge' ? row.amount_minor : -row.amount_minor) - row.fee_minor;
}

/** In plain words, where the money of a payment is now. */
export function whereTheMoneyIs(row: PaymentRow, locale: string): string {
  const amount = formatMinor(row.amount_minor, row.currency, locale);
  const account =
    row.method_kind === 'cash'
      ? 'the cash account'
      : row.gateway === 'manual'
        ? 'the bank account'
        : 'gateway clearing, until it is paid out';
  switch (row.status) {
    case 'settled': {
      if (row.kind === 'refund') return `${amount} went back to the customer.`;
      const back = row.refunded_minor + row.disputed_minor;
      if (back === 0n) return `Received. It is in ${account}.`;
      const left = row.amount_minor - back;
      if (left <= 0n) return 'All of it went back.';
      return `${formatMinor(left, row.currency, locale)} of it is in ${account}; the rest went back.`;
    }
    case 'declined':
      return row.kind === 'refund'
        ? 'The refund was refused; the money is still here.'
        : 'With the customer. Nothing was charged.';
    case 'canceled':
      return row.kind === 'refund'
        ? 'The refund was never made; the money is still here.'
        : 'With the customer. Nothing was charged.';
    case 'needs_customer':
      return 'With the customer, who has to confirm the payment.';
    case 'pending':
      return row.kind === 'refund'
        ? 'On its way back to the customer.'
        : 'On its way. It counts as paid when it has arrived.';
    case 'sent':
    case 'unknown':
      return 'Not known yet. The gateway is being asked; nothing will be charged twice.';
    case 'returned':
      return row.kind === 'refund'
        ? 'The refund bounced; the money is here again.'
        : 'It came, and was taken back by the bank.';
    case 'needs_response':
      return 'The customer’s bank asks about this payment; the money is still here.';
    case 'withdrawn':
      return 'Taken out by the gateway until the dispute is decided.';
    case 'won':
      return 'The dispute was won; the money is here again.';
    case 'lost':
      return 'The dispute was lost; the money went back to the customer.';
    case 'undone':
      return row.source === 'sample'
        ? 'The sample business was removed; it no longer counts.'
        : 'Its import was undone; it no longer counts.';
  }
}
