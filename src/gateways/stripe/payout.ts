import type Stripe from 'stripe';
import type { GatewayPayout } from '../gateway.ts';
import { currencyOf, fromStripeAmount } from './amount.ts';

const STATUSES: readonly GatewayPayout['status'][] = ['pending', 'in_transit', 'paid', 'failed', 'canceled'];

/** A payout as the contract has it. A status not known here is still on its way: nothing was said to have arrived. */
export function payoutOf(payout: Stripe.Payout): GatewayPayout {
  return {
    payoutRef: payout.id,
    amountMinor: fromStripeAmount(payout.amount, payout.currency),
    currency: currencyOf(payout.currency),
    status: STATUSES.find((status) => status === payout.status) ?? 'pending',
    arrivesOn: new Date(payout.arrival_date * 1000).toISOString().slice(0, 10),
    itemised: itemisedOf(payout),
  };
}

function itemisedOf(payout: Stripe.Payout): boolean | null {
  if (!payout.automatic || payout.reconciliation_status === 'not_applicable') return false;
  return payout.reconciliation_status === 'completed' ? true : null;
}
