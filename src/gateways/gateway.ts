/**
 * The contract of a payment gateway. The world's answers are values: an adapter never throws for a decline, a timeout or
 * a broken connection; it throws only when our own request was wrong (a bug).
 */

/** What a gateway said (or failed to say) about one movement of money. */
export type Outcome =
  | { readonly status: 'settled'; readonly gatewayRef: string; readonly feeMinor: bigint }
  | { readonly status: 'declined'; readonly gatewayRef: string | null; readonly code: string }
  | { readonly status: 'needs_customer'; readonly gatewayRef: string; readonly link: string }
  /** Started; the money is not there yet (bank debits, some refunds). */
  | { readonly status: 'pending'; readonly gatewayRef: string }
  /** A settled movement came back (bank debit returned, refund bounced). */
  | { readonly status: 'returned'; readonly gatewayRef: string; readonly code: string }
  /** Timeout, cut connection, 5xx after sending: nobody knows yet. */
  | { readonly status: 'unknown'; readonly why: string };

/** Answer to a look-up by our own reference. */
export type LookUp = Outcome | { readonly status: 'never_arrived' };

export interface GatewayContext {
  readonly workspaceId: string;
  /** The workspace's now (the sandbox's clock may have been moved). */
  readonly now: Date;
}

export interface ChargeOrder {
  /** Our attempt id: the idempotency key and the reference for look-ups. The same key is the same movement for ever. */
  readonly attemptId: string;
  readonly customerRef: string;
  readonly methodRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly description: string;
}

export interface RefundOrder {
  readonly attemptId: string;
  readonly chargeRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
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

export type CardFormState =
  | { readonly status: 'open' }
  | { readonly status: 'completed'; readonly method: GatewayMethod }
  | { readonly status: 'refused'; readonly reason: string };

/** A gateway's message, verified and reduced to what it is about; the object itself is always fetched anew. */
export interface GatewayEvent {
  readonly eventRef: string;
  readonly type: string;
  readonly about:
    | { readonly kind: 'charge' | 'refund'; readonly attemptId: string }
    | { readonly kind: 'dispute'; readonly disputeRef: string }
    | { readonly kind: 'other' };
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
}

export interface Gateway {
  readonly name: string;
  readonly label: string;
  /** In which workspaces it may be used: test money and live money never meet. */
  readonly modes: readonly ('sandbox' | 'live')[];
  /** The longest a call may take before its outcome counts as unknown. */
  readonly timeoutMs: number;
  /** How long the gateway remembers an idempotency key; after that only look-ups, never a second send. */
  readonly keyRetentionMs: number;
  openCardForm(
    context: GatewayContext,
    form: { customerRef: string | null; contactRef: string },
  ): Promise<{ formRef: string; url: string }>;
  readCardForm(context: GatewayContext, formRef: string): Promise<CardFormState>;
  charge(context: GatewayContext, order: ChargeOrder): Promise<Outcome>;
  refund(context: GatewayContext, order: RefundOrder): Promise<Outcome>;
  /** What became of our attempt. `unknown` when the gateway cannot be asked now. */
  lookUp(
    context: GatewayContext,
    attempt: { attemptId: string; kind: 'charge' | 'refund'; gatewayRef: string | null },
  ): Promise<LookUp>;
  readDispute(context: GatewayContext, disputeRef: string): Promise<GatewayDispute | null>;
  detachMethod(context: GatewayContext, methodRef: string): Promise<void>;
  /** Null when the signature does not hold. */
  parseEvent(rawBody: string, signature: string, context: GatewayContext): GatewayEvent | null;
}
