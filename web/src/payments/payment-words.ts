import type { METHOD_KINDS, PAYMENT_SOURCES, PAYMENT_STATUSES, Payment } from '../../../src/payments/api.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

/** How statuses, kinds and origins of payments are called on every screen. */

export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];
type MethodKind = (typeof METHOD_KINDS)[number];
type Source = (typeof PAYMENT_SOURCES)[number];

/** As choices of a filter; a row's own words may say more (a paid charge that was refunded). */
export const STATUS_WORDS: Record<PaymentStatus, string> = {
  sent: 'Being sent',
  settled: 'Paid',
  declined: 'Declined',
  needs_customer: 'Waits for customer',
  pending: 'Pending',
  unknown: 'Being checked',
  canceled: 'Canceled',
  returned: 'Returned',
  needs_response: 'Dispute needs an answer',
  withdrawn: 'Withdrawn by the bank',
  won: 'Dispute won',
  lost: 'Dispute lost',
  undone: 'Undone',
};

export const KIND_WORDS: Record<Payment['kind'], string> = { charge: 'Charge', refund: 'Refund', dispute: 'Dispute' };

export const METHOD_WORDS: Record<MethodKind, string> = {
  card: 'Card',
  bank_debit: 'Bank debit',
  cash: 'Cash',
  cheque: 'Cheque',
  bank_transfer: 'Bank transfer',
  other: 'Other',
};

export const SOURCE_WORDS: Record<Source, string> = {
  charge_now: 'Charge now',
  api: 'API',
  offline: 'Recorded by hand',
  import: 'Import',
  gateway: 'Gateway',
  sample: 'Sample business',
  card_link: 'Customer, by link',
};

const GATEWAY_WORDS: Record<string, string> = {
  scripted: 'Sandbox gateway',
  manual: 'No gateway',
  stripe: 'Stripe',
  mollie: 'Mollie',
};

export const GATEWAYS = ['scripted', 'manual'] as const;

/** A gateway by the name people know; one that is not in the table keeps its own. */
export function gatewayWord(gateway: string): string {
  return GATEWAY_WORDS[gateway] ?? gateway;
}

type StatusFacts = Pick<
  Payment,
  'kind' | 'status' | 'needs_action' | 'amount_minor' | 'refunded_minor' | 'disputed_minor'
>;

/** A payment's status in a word or two, and what it asks of the reader. */
export function statusOf(payment: StatusFacts): { words: string; tone: StatusTone } {
  switch (payment.status) {
    case 'settled':
      return settledWords(payment);
    case 'sent':
    case 'unknown':
      return { words: STATUS_WORDS[payment.status], tone: 'accent' };
    case 'pending':
      // Started is not paid: the word must not let anybody think so.
      return { words: payment.kind === 'charge' ? 'Started' : STATUS_WORDS.pending, tone: 'amber' };
    case 'needs_customer':
    case 'withdrawn':
      return { words: STATUS_WORDS[payment.status], tone: 'amber' };
    case 'needs_response':
      return { words: 'Needs an answer', tone: 'red' };
    case 'declined':
    case 'returned':
      return { words: STATUS_WORDS[payment.status], tone: payment.needs_action ? 'red' : 'hollow' };
    case 'won':
      return { words: 'Won', tone: 'quiet' };
    case 'lost':
      return payment.needs_action ? { words: 'Lost, owed again', tone: 'red' } : { words: 'Lost', tone: 'hollow' };
    case 'canceled':
    case 'undone':
      return { words: STATUS_WORDS[payment.status], tone: 'hollow' };
  }
}

function settledWords(payment: StatusFacts): { words: string; tone: StatusTone } {
  if (payment.kind === 'refund') return { words: 'Refunded', tone: 'quiet' };
  if (payment.needs_action) return { words: 'Called a fraud', tone: 'red' };
  if (payment.disputed_minor > 0) return { words: 'Disputed', tone: 'amber' };
  if (payment.refunded_minor >= payment.amount_minor && payment.amount_minor > 0) {
    return { words: 'Refunded', tone: 'hollow' };
  }
  if (payment.refunded_minor > 0) return { words: 'Partly refunded', tone: 'quiet' };
  return { words: 'Paid', tone: 'quiet' };
}

/** Whole minor units as they stand in a column: what leaves the business is negative. */
export function signedMinor(payment: Pick<Payment, 'kind' | 'amount_minor'>): number {
  const amountMinor = Math.abs(payment.amount_minor);
  return payment.kind === 'charge' || amountMinor === 0 ? amountMinor : -amountMinor;
}

/** Whether the money never moved, or moved back as if it had not: the amount is struck through. */
export function didNotHappen(payment: Pick<Payment, 'status'>): boolean {
  return ['declined', 'canceled', 'undone', 'returned', 'won'].includes(payment.status);
}

/** What the payment was for; where nothing was written, what kind of movement it is. */
export function subjectOf(payment: Pick<Payment, 'kind' | 'description' | 'reason'>): string {
  if (payment.description !== '') return payment.description;
  if (payment.kind === 'charge') return 'No description';
  return payment.reason === null
    ? KIND_WORDS[payment.kind]
    : `${KIND_WORDS[payment.kind]}: ${reasonWords(payment.reason)}`;
}

/** "requested_by_customer" → "requested by customer". */
export function reasonWords(reason: string): string {
  return reason.replaceAll('_', ' ');
}
