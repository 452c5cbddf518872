import type { GatewayDispute, GatewayMethod, GatewayPayout, MovementFacts } from './gateway-object.ts';

/** One page of what a gateway had; `nextCursor` continues, null when it was the last. Newest or oldest first as it comes. */
export interface HistoryPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PastCustomer {
  readonly customerRef: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly createdAt: Date;
}

export interface PastCharge {
  readonly chargeRef: string;
  /** Our attempt, when this program made it. */
  readonly attemptId: string | null;
  readonly customerRef: string | null;
  readonly methodRef: string | null;
  readonly methodKind: 'card' | 'bank_debit' | 'other';
  readonly methodLabel: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: 'settled' | 'declined' | 'pending';
  readonly declineCode: string | null;
  readonly description: string;
  readonly createdAt: Date;
  readonly facts: MovementFacts | null;
}

export interface PastRefund {
  readonly refundRef: string;
  readonly attemptId: string | null;
  readonly chargeRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: 'settled' | 'pending' | 'declined';
  readonly reason: string;
  readonly createdAt: Date;
  readonly facts: MovementFacts | null;
}

/** One line of the gateway's own ledger: what an import is tied out against. */
export interface BalanceLine {
  readonly balanceRef: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'dispute_reversal' | 'fee' | 'payout' | 'other';
  /** The gateway's own word for it. */
  readonly category: string;
  readonly sourceRef: string | null;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  readonly netMinor: bigint;
  readonly currency: string;
  readonly createdAt: Date;
}

type Pages<Item> = (workspaceId: string, cursor: string | null) => Promise<HistoryPage<Item>>;

/** Reads what a connected account already has, page by page; each can be resumed at a cursor. */
export interface GatewayHistory {
  readonly customers: Pages<PastCustomer>;
  readonly methods: (workspaceId: string, customerRef: string) => Promise<readonly GatewayMethod[]>;
  readonly charges: Pages<PastCharge>;
  readonly refunds: Pages<PastRefund>;
  readonly disputes: Pages<GatewayDispute & { readonly createdAt: Date }>;
  readonly payouts: Pages<GatewayPayout & { readonly createdAt: Date }>;
  readonly balance: Pages<BalanceLine>;
  /** One charge or refund that was not made here, as it is now; null when there is none by that name. */
  readonly charge?: (workspaceId: string, chargeRef: string) => Promise<PastCharge | null>;
  readonly refund?: (workspaceId: string, refundRef: string) => Promise<PastRefund | null>;
  /** The lines of the gateway's own ledger that a payout consists of; empty where it is not itemised. */
  readonly payoutLines?: (workspaceId: string, payoutRef: string) => Promise<readonly string[]>;
}
