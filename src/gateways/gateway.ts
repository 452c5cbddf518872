import type { ConnectionKind } from './connection.ts';
import type { GatewayDispute, GatewayMethod, GatewayPayout, MovementFacts } from './gateway-object.ts';
import type { GatewayHistory } from './history.ts';

export type { GatewayDispute, GatewayMethod, GatewayPayout, MovementFacts } from './gateway-object.ts';

/**
 * The contract of a payment gateway. The world's answers are values: an adapter never throws for a decline, a timeout or
 * a broken connection; it throws only when our own request was wrong (a bug).
 */

/** What a gateway said (or failed to say) about one movement of money. */
export type Outcome =
  | {
      readonly status: 'settled';
      readonly gatewayRef: string;
      /** In the charge's own currency; 0 while the gateway has not said, or says it in another currency (`facts`). */
      readonly feeMinor: bigint;
      readonly facts?: MovementFacts;
    }
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
  /**
   * The customer pays on a page of ours and can confirm at once; otherwise the charge is made without them. Gateways that
   * know no difference (Mollie's recurring payments, the sandbox) leave it aside.
   */
  readonly customerPresent?: boolean;
}

export interface RefundOrder {
  readonly attemptId: string;
  readonly chargeRef: string;
  readonly amountMinor: bigint;
  readonly currency: string;
}

/**
 * An attempt whose outcome is asked for. Gateways find it by our own reference among what the customer or the charge has;
 * without those they have to go through everything since the attempt, which is slow and may end in `unknown`.
 */
export interface AttemptReference {
  readonly attemptId: string;
  readonly kind: 'charge' | 'refund';
  /** Known when the gateway has answered before. */
  readonly gatewayRef: string | null;
  readonly customerRef?: string | null;
  /** The charge that a refund belongs to. */
  readonly chargeRef?: string | null;
  readonly sentAt?: Date;
}

export type CardFormState =
  | { readonly status: 'open' }
  | { readonly status: 'completed'; readonly method: GatewayMethod }
  | { readonly status: 'refused'; readonly reason: string };

/** A gateway's message, verified and reduced to what it is about; the object itself is always fetched anew. */
export interface GatewayEvent {
  readonly eventRef: string;
  readonly type: string;
  /** When the gateway says it happened; null where it does not say. Its delay is shown to the owner. */
  readonly createdAt: Date | null;
  readonly about:
    | { readonly kind: 'charge' | 'refund'; readonly attemptId: string }
    /** A movement that carries no attempt of ours (made in the gateway's own dashboard, or before it was connected). */
    | { readonly kind: 'foreign_charge' | 'foreign_refund'; readonly gatewayRef: string }
    | { readonly kind: 'dispute'; readonly disputeRef: string }
    | { readonly kind: 'fraud_warning'; readonly warningRef: string; readonly chargeRef: string }
    | { readonly kind: 'method'; readonly methodRef: string }
    | { readonly kind: 'card_form'; readonly formRef: string }
    | { readonly kind: 'payout'; readonly payoutRef: string }
    | { readonly kind: 'other' };
  /**
   * What the same message may be about besides: a gateway that names only the payment does not say what of it changed.
   * Each is fetched anew, so that asking about one too many is harmless.
   */
  readonly also?: readonly GatewayEvent['about'][];
}

/** A message as it came in: the raw body is what was signed. */
export interface IncomingEvent {
  readonly rawBody: string;
  /** Header by lower-case name. */
  readonly header: (name: string) => string | undefined;
}

/** A method as the gateway has it now: what networks updated, or that it is gone. */
export type MethodState =
  | { readonly status: 'attached'; readonly method: GatewayMethod }
  | { readonly status: 'detached' }
  | { readonly status: 'unknown' };

export interface Gateway {
  readonly name: string;
  readonly label: string;
  /** In which workspaces it may be used: test money and live money never meet. */
  readonly modes: readonly ('sandbox' | 'live')[];
  /** The longest a call may take before its outcome counts as unknown. */
  readonly timeoutMs: number;
  /** How long the gateway remembers an idempotency key; after that only look-ups, never a second send. */
  readonly keyRetentionMs: number;
  /** What a workspace enters to connect it; null: it needs nothing (the sandbox). */
  readonly connecting: ConnectionKind | null;
  /** `frame`: the form's address may be shown inside our page; `redirect`: it must be a page of its own. */
  readonly cardFormDisplay: 'frame' | 'redirect';
  openCardForm(
    context: GatewayContext,
    form: {
      customerRef: string | null;
      contactRef: string;
      contactName: string;
      email: string | null;
      /** Where a form that is a page of its own sends the customer back to when it is done. */
      returnUrl?: string;
    },
  ): Promise<{ formRef: string; url: string }>;
  readCardForm(context: GatewayContext, formRef: string): Promise<CardFormState>;
  charge(context: GatewayContext, order: ChargeOrder): Promise<Outcome>;
  refund(context: GatewayContext, order: RefundOrder): Promise<Outcome>;
  /** What became of our attempt. `unknown` when the gateway cannot be asked now. Never sends anything again. */
  lookUp(context: GatewayContext, attempt: AttemptReference): Promise<LookUp>;
  readDispute(context: GatewayContext, disputeRef: string): Promise<GatewayDispute | null>;
  readMethod(context: GatewayContext, methodRef: string): Promise<MethodState>;
  detachMethod(context: GatewayContext, methodRef: string): Promise<void>;
  /** Null when the signature does not hold, or the message is older than the gateway's tolerance. */
  parseEvent(context: GatewayContext, incoming: IncomingEvent): Promise<GatewayEvent | null>;
  /**
   * What the gateway would have told since a moment, oldest first, for finding messages that never came; null where the
   * gateway keeps no such list. `cursor` continues an earlier page.
   */
  readonly listEvents:
    | ((
        context: GatewayContext,
        since: Date,
        cursor: string | null,
      ) => Promise<{ readonly events: readonly GatewayEvent[]; readonly nextCursor: string | null }>)
    | null;
  readonly readPayout: ((context: GatewayContext, payoutRef: string) => Promise<GatewayPayout | null>) | null;
  /** What existed at the gateway before it was connected; null where it cannot be taken over. */
  readonly history: GatewayHistory | null;
}
