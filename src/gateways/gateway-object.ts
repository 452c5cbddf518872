/**
 * What a gateway reports of settled money beside its amount. Minor units of `settlementCurrency`, which is the account's
 * and can differ from the charge's. Reported with the outcome or later; each field is null until the gateway says it.
 */
export interface MovementFacts {
  /** The gateway's own ledger line (Stripe: balance transaction). */
  readonly balanceRef: string | null;
  readonly settlementCurrency: string;
  readonly grossMinor: bigint;
  readonly feeMinor: bigint;
  readonly netMinor: bigint;
  /** Settlement currency per unit of the charge's currency, as the gateway wrote it; null where they are the same. */
  readonly exchangeRate: string | null;
  readonly payoutRef: string | null;
  readonly availableAt: Date | null;
}

export interface GatewayMethod {
  readonly customerRef: string;
  readonly methodRef: string;
  readonly kind: 'card' | 'bank_debit';
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly fingerprint: string;
}

/** A dispute as the gateway has it now. */
export interface GatewayDispute {
  readonly disputeRef: string;
  readonly chargeRef: string;
  readonly status: 'needs_response' | 'withdrawn' | 'won' | 'lost';
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly feeMinor: bigint;
  readonly reason: string;
  /** Until when evidence is accepted; null where none is asked for. */
  readonly evidenceDueAt?: Date | null;
}

/** A payout to the business's bank account, as the gateway has it now. Minor units; negative when money was drawn. */
export interface GatewayPayout {
  readonly payoutRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  readonly arrivesOn: string | null;
  /** Whether the gateway itemises it (automatic payouts); null until it says. */
  readonly itemised: boolean | null;
}
