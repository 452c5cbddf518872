import type { LocalDate } from '../foundation/local-date.ts';
import type { MoneyAccount } from '../ledger/accounts.ts';

/** One attempt to move money: the row of `payments`, from the moment a person confirmed it to its end. */
export type PaymentKind = 'charge' | 'refund' | 'dispute';

export type ChargeStatus =
  | 'sent'
  | 'settled'
  | 'declined'
  | 'needs_customer'
  | 'pending'
  | 'unknown'
  | 'canceled'
  | 'returned';
export type DisputeStatus = 'needs_response' | 'withdrawn' | 'won' | 'lost';
export type PaymentStatus = ChargeStatus | DisputeStatus | 'undone';

export type MethodKind = 'card' | 'bank_debit' | 'cash' | 'cheque' | 'bank_transfer' | 'other';
export type PaymentPurpose = 'sale' | 'account';
export type PaymentSource = 'charge_now' | 'api' | 'offline' | 'import' | 'gateway' | 'sample' | 'card_link';

/** By which way an outcome reached us; late ways may correct what a look-up could not find. */
export type Via = 'request' | 'reply' | 'event' | 'lookup' | 'staff' | 'import';

export interface PaymentRow {
  readonly id: string;
  readonly kind: PaymentKind;
  readonly parent_id: string | null;
  readonly contact_id: string;
  readonly payment_method_id: string | null;
  readonly gateway: string;
  readonly method_kind: MethodKind;
  readonly method_label: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly tax_minor: bigint;
  readonly fee_minor: bigint;
  readonly status: PaymentStatus;
  readonly description: string;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly source: PaymentSource;
  readonly import_id: string | null;
  readonly external_ref: string | null;
  readonly idempotency_key: string | null;
  readonly input_hash: string | null;
  readonly retry_of_id: string | null;
  readonly gateway_ref: string | null;
  readonly decline_code: string | null;
  readonly decline_class: string | null;
  readonly customer_link: string | null;
  readonly needs_action: boolean;
  readonly refunded_minor: bigint;
  readonly refunding_minor: bigint;
  readonly disputed_minor: bigint;
  readonly occurred_at: Date;
  readonly day: LocalDate;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly settled_at: Date | null;
  readonly resolve_after: Date | null;
  readonly resolve_count: number;
  readonly transition_count: number;
  readonly undone_at: Date | null;
  readonly created_by_kind: string;
  readonly created_by_id: string | null;
  readonly created_by_name: string;
  /** A sale of its own, or money on the customer's account that invoices are paid from; refunds and disputes as their charge. */
  readonly purpose: PaymentPurpose;
  /** How much of it is allocated to invoices now. */
  readonly allocated_minor: bigint;
}

/** A row of a payment's history. */
export interface TransitionRow {
  readonly payment_id: string;
  readonly seq: number;
  readonly from_status: PaymentStatus | null;
  readonly to_status: PaymentStatus;
  readonly at: Date;
  readonly by_kind: string;
  readonly by_name: string;
  readonly via: Via;
  readonly why: string;
}

/**
 * The transitions there are. What is missing is refused: a second outcome of the same kind is a repetition and changes
 * nothing, and an earlier state never overwrites a later one, whatever order the messages come in.
 *
 * declined → settled and canceled → settled look odd and are needed: the gateway is the truth about money, and a request
 * that a look-up could not find may have been on its way still. The book must then show the money.
 *
 * Nearly everything may become returned: a debit that was paid and came back, a refund that bounced, while the message of
 * its first half was lost. Then it never was money in the book, and is none now.
 */
const TRANSITIONS: Record<PaymentKind, Partial<Record<PaymentStatus, readonly PaymentStatus[]>>> = {
  charge: {
    sent: ['settled', 'declined', 'needs_customer', 'pending', 'unknown', 'canceled', 'returned'],
    unknown: ['settled', 'declined', 'needs_customer', 'pending', 'canceled', 'returned'],
    needs_customer: ['settled', 'declined', 'pending', 'canceled', 'returned'],
    pending: ['settled', 'declined', 'returned'],
    settled: ['returned', 'undone'],
    declined: ['settled', 'pending', 'returned'],
    canceled: ['settled', 'declined', 'needs_customer', 'pending', 'returned'],
  },
  refund: {
    sent: ['settled', 'declined', 'pending', 'unknown', 'canceled', 'returned'],
    unknown: ['settled', 'declined', 'pending', 'canceled', 'returned'],
    pending: ['settled', 'declined', 'returned'],
    settled: ['returned', 'undone'],
    declined: ['settled', 'pending', 'returned'],
    canceled: ['settled', 'declined', 'pending', 'returned'],
  },
  dispute: {
    needs_response: ['withdrawn', 'won', 'lost'],
    withdrawn: ['won', 'lost'],
    lost: ['won'],
  },
};

/** Whether a payment of this kind may go from one status to the other. */
export function mayBecome(kind: PaymentKind, from: PaymentStatus, to: PaymentStatus): boolean {
  return TRANSITIONS[kind][from]?.includes(to) ?? false;
}

/** Statuses whose outcome is not known: they have an owner (the resolver) that asks the gateway. */
export const UNRESOLVED: readonly PaymentStatus[] = ['sent', 'unknown'];

/** Statuses that something else still follows. The gateway tells of it; the resolver asks now and then, as messages get lost. */
export const OPEN: readonly PaymentStatus[] = [...UNRESOLVED, 'pending', 'needs_customer'];

/** What a change of status does to the books. */
export type BooksEffect = 'book' | 'reverse' | 'none';

/**
 * Money counts when it moved: a charge or refund when it settled, a dispute when funds were withdrawn; it is taken back
 * when a charge is returned, a refund bounces or a dispute is won.
 */
export function booksEffect(kind: PaymentKind, from: PaymentStatus, to: PaymentStatus): BooksEffect {
  const inBooks = isInBooks(kind, from);
  const willBe = isInBooks(kind, to);
  if (inBooks === willBe) return 'none';
  return willBe ? 'book' : 'reverse';
}

/** Whether a payment in this status is money in the ledger. */
export function isInBooks(kind: PaymentKind, status: PaymentStatus): boolean {
  return kind === 'dispute' ? status === 'withdrawn' || status === 'lost' : status === 'settled';
}

/** Whether somebody has to do something about it: shown on Home, on the contact and in smart lists. */
export function needsAction(kind: PaymentKind, status: PaymentStatus): boolean {
  // What a lost dispute took is owed again, until it is paid or given up.
  if (kind === 'dispute') return status === 'needs_response' || status === 'withdrawn' || status === 'lost';
  if (kind === 'refund') return status === 'declined' || status === 'returned';
  return status === 'declined' || status === 'needs_customer' || status === 'returned' || status === 'canceled';
}

/** What one refund or dispute adds to the counters of its charge while in this status. */
export function countersOnParent(
  kind: PaymentKind,
  status: PaymentStatus,
  amountMinor: bigint,
): { refundedMinor: bigint; refundingMinor: bigint; disputedMinor: bigint } {
  const none = { refundedMinor: 0n, refundingMinor: 0n, disputedMinor: 0n };
  if (kind === 'dispute') return isInBooks(kind, status) ? { ...none, disputedMinor: amountMinor } : none;
  if (kind !== 'refund') return none;
  if (status === 'settled') return { ...none, refundedMinor: amountMinor };
  if (status === 'sent' || status === 'unknown' || status === 'pending')
    return { ...none, refundingMinor: amountMinor };
  return none;
}

/** Which of our accounts money by this method is on. */
export function moneyAccountOf(methodKind: MethodKind): MoneyAccount {
  if (methodKind === 'card' || methodKind === 'bank_debit') return 'gateway_clearing';
  return methodKind === 'cash' ? 'cash' : 'bank';
}

/** What of a settled charge on account is not allocated, refunded or disputed: minor units, never negative. */
export function onAccountMinor(
  row: Pick<
    PaymentRow,
    | 'kind'
    | 'purpose'
    | 'status'
    | 'amount_minor'
    | 'allocated_minor'
    | 'refunded_minor'
    | 'refunding_minor'
    | 'disputed_minor'
  >,
): bigint {
  if (row.kind !== 'charge' || row.purpose !== 'account' || row.status !== 'settled') return 0n;
  const left = row.amount_minor - row.allocated_minor - row.refunded_minor - row.refunding_minor - row.disputed_minor;
  return left > 0n ? left : 0n;
}

/** What may still be refunded of a charge, minor units: not what is refunded, being refunded or lost to a dispute. */
export function refundableMinor(
  row: Pick<PaymentRow, 'kind' | 'status' | 'amount_minor' | 'refunded_minor' | 'refunding_minor' | 'disputed_minor'>,
): bigint {
  if (row.kind !== 'charge' || row.status !== 'settled') return 0n;
  const left = row.amount_minor - row.refunded_minor - row.refunding_minor - row.disputed_minor;
  return left > 0n ? left : 0n;
}

/** Settled money only needs somebody while it is warned of; when all of it went back, there is nothing left to save. */
export function isWarningOver(row: Parameters<typeof refundableMinor>[0] & Pick<PaymentRow, 'needs_action'>): boolean {
  return row.needs_action && row.status === 'settled' && refundableMinor(row) === 0n;
}
