import type { DeclineClass } from '../declines.ts';
import type { Gateway, GatewayContext, IncomingEvent } from '../gateway.ts';

/** A situation this gateway can be put into, or the reason why it cannot: shown as the name of a passing test. */
export type Can<Situation> = Situation | { readonly cannot: string };

export interface SavedMethod {
  readonly customerRef: string;
  readonly methodRef: string;
}

type MakeMethod = () => Promise<SavedMethod>;

/**
 * What goes wrong on the way. `_before`: the gateway has not executed the request; `_after`: it has, and only its answer
 * is lost. A hang is an answer that does not come for 80 seconds.
 */
export const WIRE_FAULTS = [
  'hang_before',
  'hang_after',
  'cut_before',
  'cut_mid_reply',
  'server_error_before',
  'server_error_after',
  'malformed_after',
  'rate_limited',
  'redirected',
  'tls_refused',
] as const;
export type WireFault = (typeof WIRE_FAULTS)[number];

export type Operation = 'charge' | 'refund' | 'lookup';

/** Breaks the next `times` requests of an operation; null: all of them until the answered function is called. */
export type BreakWire = (operation: Operation, times: number | null) => Promise<() => Promise<void>>;

/** A request that reached the gateway and may move money. `atMs` is of a monotonic clock. */
export interface SeenRequest {
  readonly operation: Operation;
  readonly key: string | null;
  readonly atMs: number;
}

/** One movement as the gateway's own side keeps it, in its own words turned into a plain decimal number. */
export interface GatewaySideMovement {
  readonly decimal: string;
  readonly currency: string;
}

/**
 * Arranges every situation of the contract at the gateway's side, so that one set of tests holds for all gateways. A real
 * gateway is stood in for by an HTTP server of ours, spoken to by the official SDK.
 */
export interface GatewayHarness {
  readonly gateway: Gateway;
  /** With the moment it is now, as `advance` has moved it. */
  context(): GatewayContext;
  /** Lets time pass, here and there; what falls due at the gateway has happened when this resolves. */
  advance(ms: number): Promise<void>;
  /** Everything the gateway has sent since this was asked last, signed as it signs, oldest first. */
  takeMessages(): Promise<readonly IncomingEvent[]>;
  /** What the gateway has really moved for an attempt: declined and never-arrived ones do not count. */
  gatewaySide(attemptId: string): Promise<readonly GatewaySideMovement[]>;

  /** One currency with so many decimals that the gateway takes. */
  readonly currencies: Readonly<Record<0 | 2 | 3, Can<string>>>;
  readonly approved: MakeMethod;
  /** Every code that can be arranged, by its class. */
  readonly declines: Readonly<
    Record<DeclineClass, Can<readonly { readonly code: string; readonly method: MakeMethod }[]>>
  >;
  readonly needsCustomer: Can<{
    readonly method: MakeMethod;
    /** The customer opens the link and confirms or refuses. */
    answer(asked: { readonly gatewayRef: string; readonly link: string }, confirms: boolean): Promise<void>;
  }>;
  /** Methods whose charges begin as pending, and how they end within a fortnight. */
  readonly debits: Readonly<Record<'paid' | 'fails' | 'returned', Can<MakeMethod>>>;
  /** Methods whose charges settle at once, and what becomes of their refunds within a fortnight. */
  readonly refunds: Readonly<Record<'pending' | 'refused' | 'returned', Can<MakeMethod>>>;
  readonly disputes: Can<{
    method(ends: 'won' | 'lost'): Promise<SavedMethod>;
    opens(chargeRef: string): Promise<void>;
    /** Nothing to do where the gateway takes the money as soon as a dispute opens. */
    takesMoney(chargeRef: string): Promise<void>;
    ends(chargeRef: string, how: 'won' | 'lost'): Promise<void>;
    /** Ends that this gateway never tells, with the reason. */
    readonly neverTells?: Partial<Readonly<Record<'won' | 'lost', { readonly cannot: string }>>>;
  }>;
  readonly fraudWarning: Can<(chargeRef: string) => Promise<void>>;
  /** A charge made past this program. Answers the gateway's reference. */
  readonly foreignCharge: Can<() => Promise<string>>;
  /** The customer fills in the gateway's form, or it is refused. */
  readonly cardForm: Can<(form: { formRef: string; url: string }, how: 'saves' | 'refused') => Promise<void>>;
  /** The network replaces a card. */
  readonly networkUpdate: Can<(methodRef: string) => Promise<{ last4: string; expYear: number }>>;
  /** A newer version of the gateway's API speaks words that this program does not know. */
  readonly newerWords: {
    readonly charge: Can<(attemptId: string) => Promise<void>>;
    readonly refund: Can<(attemptId: string) => Promise<void>>;
    readonly dispute: Can<(disputeRef: string) => Promise<void>>;
    readonly message: Can<() => Promise<void>>;
  };
  readonly faults: Readonly<Record<WireFault, Can<BreakWire>>>;
  /** Requests seen since this was asked last. */
  readonly takeRequests: Can<() => readonly SeenRequest[]>;
  readonly signing: Can<{
    readonly toleranceMs: number;
    /** A new signing secret is set up; for a while messages carry the signatures of both. */
    readonly rotate: Can<() => Promise<void>>;
  }>;
  /** What the gateway reports of settled money: fee and net. */
  readonly facts: Can<true>;
  readonly payouts: Can<() => Promise<{ payoutRef: string; decimal: string; currency: string }>>;
  /** Everything logged so far, and what must not be in it. */
  readonly secrets: Can<{ log(): string; readonly values: readonly string[] }>;
}

/** The declarations of a harness, flat: `debits.returned` → reason. */
export function declarationsOf(harness: GatewayHarness): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string, value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 3 || Array.isArray(value)) return;
    if ('cannot' in value) {
      found.set(path, String(value.cannot));
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (name !== 'gateway') walk(path === '' ? name : `${path}.${name}`, inner, depth + 1);
    }
  };
  walk('', harness, 0);
  return found;
}
