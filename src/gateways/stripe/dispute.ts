import type Stripe from 'stripe';
import type { GatewayDispute } from '../gateway.ts';
import { currencyOf, fromStripeAmount } from './amount.ts';
import { idOf } from './method.ts';

/** A dispute as the contract has it. What Stripe calls by a word not known here is told by its money only. */
export function disputeOf(dispute: Stripe.Dispute): GatewayDispute {
  const dueBy = dispute.evidence_details?.due_by ?? null;
  return {
    disputeRef: dispute.id,
    chargeRef: idOf(dispute.payment_intent) ?? idOf(dispute.charge) ?? '',
    status: statusOf(dispute),
    amountMinor: fromStripeAmount(dispute.amount, dispute.currency),
    currency: currencyOf(dispute.currency),
    feeMinor: feeOf(dispute),
    reason: dispute.reason,
    evidenceDueAt: dueBy === null ? null : new Date(dueBy * 1000),
  };
}

function statusOf(dispute: Stripe.Dispute): GatewayDispute['status'] {
  switch (dispute.status as string) {
    case 'won':
      return 'won';
    case 'lost':
      return 'lost';
    // An inquiry that was closed, or a dispute that was settled before it began: decided, for whom its money says.
    case 'warning_closed':
    case 'prevented':
    case 'charge_refunded':
      return isMoneyGone(dispute) ? 'lost' : 'won';
    default:
      return isMoneyGone(dispute) ? 'withdrawn' : 'needs_response';
  }
}

/** Whether the dispute's lines of the balance have taken more than they have given back. */
function isMoneyGone(dispute: Stripe.Dispute): boolean {
  return (dispute.balance_transactions ?? []).reduce((sum, line) => sum + line.amount, 0) < 0;
}

/** What the dispute itself has cost; 0 where it is booked in another currency than the dispute's. */
function feeOf(dispute: Stripe.Dispute): bigint {
  return (dispute.balance_transactions ?? [])
    .filter(({ currency }) => currency === dispute.currency)
    .reduce((sum, line) => sum + fromStripeAmount(line.fee, line.currency), 0n);
}
