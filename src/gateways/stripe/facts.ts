import type Stripe from 'stripe';
import type { MovementFacts } from '../gateway.ts';
import { currencyOf, fromStripeAmount } from './amount.ts';

type Expandable = string | Stripe.BalanceTransaction | null | undefined;

/** Fee, net and rate of a movement; null when Stripe has not booked it yet, or the answer only names the line. */
export function factsOf(line: Expandable): MovementFacts | null {
  if (typeof line !== 'object' || line === null) return null;
  const minor = (amount: number) => fromStripeAmount(amount, line.currency);
  return {
    balanceRef: line.id,
    settlementCurrency: currencyOf(line.currency),
    grossMinor: minor(line.amount),
    feeMinor: minor(line.fee),
    netMinor: minor(line.net),
    exchangeRate: line.exchange_rate === null || line.exchange_rate === undefined ? null : String(line.exchange_rate),
    // Stripe names the payout only in the payout's own list of lines.
    payoutRef: null,
    availableAt: new Date(line.available_on * 1000),
  };
}

/** The fee in the charge's own currency; 0 while it is not known, or is in another one. */
export function feeIn(currency: string, facts: MovementFacts | null): bigint {
  return facts !== null && facts.settlementCurrency === currency ? facts.feeMinor : 0n;
}
