import type Stripe from 'stripe';
import type { Outcome } from '../gateway.ts';
import { currencyOf } from './amount.ts';
import { type ChargeFailure, declineCodeOf, type FailureWords } from './decline-code.ts';
import { factsOf, feeIn } from './facts.ts';

/** Makes the address at which the customer confirms a payment. */
export type LinkTo = (intentId: string) => string;

/** A PaymentIntent as the contract's outcome. `failure` is the error it came with, where it came with one. */
export function outcomeOfIntent(intent: Stripe.PaymentIntent, linkTo: LinkTo, failure?: FailureWords): Outcome {
  const gatewayRef = intent.id;
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  switch (intent.status) {
    case 'succeeded': {
      const facts = factsOf(charge?.balance_transaction);
      const feeMinor = feeIn(currencyOf(intent.currency), facts);
      return { status: 'settled', gatewayRef, feeMinor, ...(facts ? { facts } : {}) };
    }
    case 'processing':
    // Only where somebody asked Stripe to hold the money first: it is not there yet.
    case 'requires_capture':
      return { status: 'pending', gatewayRef };
    case 'requires_action':
    case 'requires_confirmation':
      return { status: 'needs_customer', gatewayRef, link: linkTo(intent.id) };
    case 'requires_payment_method': {
      const words = intent.last_payment_error ?? failure;
      // The bank wants to see the customer: the same intent completes when they come.
      if (wantsCustomer(words)) return { status: 'needs_customer', gatewayRef, link: linkTo(intent.id) };
      return { status: 'declined', gatewayRef, code: declineCodeOf(words, charge as ChargeFailure | null) };
    }
    case 'canceled': {
      const words = intent.last_payment_error ?? failure;
      return { status: 'declined', gatewayRef, code: words ? declineCodeOf(words) : 'payment_canceled' };
    }
    default:
      return {
        status: 'unknown',
        why: `Stripe says “${String(intent.status)}” of the payment, which is not known here.`,
      };
  }
}

function wantsCustomer(words: FailureWords | null | undefined): boolean {
  if (words?.advice_code === 'do_not_try_again') return false;
  return words?.code === 'authentication_required' || words?.decline_code === 'authentication_required';
}

/** A refund as the contract's outcome. */
export function outcomeOfRefund(refund: Stripe.Refund): Outcome {
  const gatewayRef = refund.id;
  switch (refund.status) {
    case 'succeeded': {
      const facts = factsOf(refund.balance_transaction);
      return { status: 'settled', gatewayRef, feeMinor: 0n, ...(facts ? { facts } : {}) };
    }
    case 'pending':
    case 'requires_action':
      return { status: 'pending', gatewayRef };
    case 'failed':
    case 'canceled': {
      const code = refund.failure_reason ?? (refund.status === 'canceled' ? 'payment_canceled' : 'processing_error');
      // With a line that puts the money back into the balance it had gone out before.
      const cameBack = refund.failure_balance_transaction !== null && refund.failure_balance_transaction !== undefined;
      return cameBack ? { status: 'returned', gatewayRef, code } : { status: 'declined', gatewayRef, code };
    }
    default:
      return {
        status: 'unknown',
        why: `Stripe says “${String(refund.status)}” of the refund, which is not known here.`,
      };
  }
}
