import type { Chargeback, Payment, Refund } from '@mollie/api-client';
import type { GatewayDispute, MovementFacts, Outcome } from '../gateway.ts';
import { codeOfFailure, codeOfReturn } from './decline-code.ts';
import { type MollieAmount, minorOfMollie } from './mollie-amount.ts';
import { joinRef } from './mollie-ref.ts';

type ChargebackLike = Pick<Chargeback, 'id' | 'amount' | 'createdAt' | 'reason' | 'reversedAt' | 'paymentId'>;
type RefundLike = Pick<
  Refund,
  'id' | 'paymentId' | 'status' | 'amount' | 'metadata' | 'createdAt' | 'settlementAmount' | 'settlementId'
>;

/** Whether a chargeback of this payment is the bank's return of a debit rather than a dispute of a card payment. */
export function isBankDebit(payment: Pick<Payment, 'method'>): boolean {
  return payment.method === 'directdebit';
}

/** A payment as Mollie has it now. A status that is not known here is no outcome: the payment stays as it was. */
export function outcomeOfPayment(payment: Payment): Outcome {
  const gatewayRef = payment.id;
  // Newer statuses than this client's types know do arrive.
  switch (payment.status as string) {
    case 'paid': {
      const returned = isBankDebit(payment) ? standingChargeback(payment) : undefined;
      if (returned) return { status: 'returned', gatewayRef, code: codeOfReturn(returned) };
      return { status: 'settled', gatewayRef, feeMinor: 0n, ...withFacts(gatewayRef, payment) };
    }
    case 'failed':
      return { status: 'declined', gatewayRef, code: codeOfFailure(payment) };
    case 'canceled':
      return { status: 'declined', gatewayRef, code: 'canceled_by_customer' };
    case 'expired':
      return { status: 'declined', gatewayRef, code: 'payment_expired' };
    case 'open': {
      const link = payment._links.checkout?.href;
      return link ? { status: 'needs_customer', gatewayRef, link } : { status: 'pending', gatewayRef };
    }
    case 'pending':
    case 'authorized':
      return { status: 'pending', gatewayRef };
    default:
      return { status: 'unknown', why: 'Mollie tells a status that this program does not know.' };
  }
}

/** The chargeback that took the whole debit back and was not reversed. */
function standingChargeback(payment: Payment): ChargebackLike | undefined {
  return chargebacksOf(payment).find((chargeback) => !chargeback.reversedAt);
}

export function chargebacksOf(payment: Payment): readonly ChargebackLike[] {
  return payment._embedded?.chargebacks ?? [];
}

export function refundsOf(payment: Payment): readonly RefundLike[] {
  return payment._embedded?.refunds ?? [];
}

export function outcomeOfRefund(refund: RefundLike): Outcome {
  const gatewayRef = joinRef(refund.paymentId, refund.id);
  switch (refund.status as string) {
    case 'refunded':
      return { status: 'settled', gatewayRef, feeMinor: 0n, ...withFacts(gatewayRef, refund) };
    case 'queued':
    case 'pending':
    case 'processing':
      return { status: 'pending', gatewayRef };
    // It was sent and came back, maybe after it counted as refunded.
    case 'failed':
      return { status: 'returned', gatewayRef, code: 'refund_failed' };
    case 'canceled':
      return { status: 'declined', gatewayRef, code: 'refund_canceled' };
    default:
      return { status: 'unknown', why: 'Mollie tells a status that this program does not know.' };
  }
}

type Settled = { readonly settlementAmount?: MollieAmount; readonly settlementId?: string };

function withFacts(ref: string, movement: Settled): { facts?: MovementFacts } {
  const facts = factsOf(ref, movement);
  return facts ? { facts } : {};
}

/**
 * Mollie credits payments in full and keeps its fees as amounts of their own, once per settlement; so gross and net of
 * one payment are the same, and its fee is none. A movement is its own line in Mollie's ledger. Null while Mollie has not
 * said in which currency it settles.
 */
export function factsOf(ref: string, { settlementAmount, settlementId }: Settled): MovementFacts | null {
  const minor = minorOfMollie(settlementAmount);
  if (minor === null || !settlementAmount) return null;
  return {
    balanceRef: ref,
    settlementCurrency: settlementAmount.currency,
    grossMinor: minor,
    feeMinor: 0n,
    netMinor: minor,
    exchangeRate: null,
    payoutRef: settlementId ?? null,
    availableAt: null,
  };
}

/** Mollie’s chargebacks have no time for evidence: with one the money is gone, and when it is reversed it is back. */
export function disputeOf(chargeback: ChargebackLike): GatewayDispute | null {
  const amountMinor = minorOfMollie(chargeback.amount);
  if (amountMinor === null) return null;
  return {
    disputeRef: joinRef(chargeback.paymentId, chargeback.id),
    chargeRef: chargeback.paymentId,
    status: chargeback.reversedAt ? 'won' : 'withdrawn',
    amountMinor,
    currency: chargeback.amount.currency,
    feeMinor: 0n,
    reason: chargeback.reason?.description ?? 'The customer’s bank took the payment back.',
    evidenceDueAt: null,
  };
}
