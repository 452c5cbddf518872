/** One thing that a workspace enters to connect a gateway. */
export interface ConnectionField {
  readonly name: string;
  readonly label: string;
  /** Shown masked once saved, and encrypted at rest. */
  readonly secret: boolean;
  readonly required: boolean;
  /** How such a value begins, e.g. `sk_test_…`; also what a mistaken one is told. */
  readonly example: string;
  /**
   * The gateway signs its messages with it: while it is being rotated, the one before is still accepted for a while. At
   * most one field of a gateway is that.
   */
  readonly signs?: boolean;
}

/** Values by field name, decrypted: held in memory only while a call is made. */
export type ConnectionValues = Readonly<Record<string, string>>;

/** What the gateway said about the account behind the values. */
export interface ConnectedAccount {
  readonly accountRef: string;
  readonly accountName: string;
  /** Test values belong into sandbox workspaces and live ones into live workspaces, never otherwise. */
  readonly mode: 'sandbox' | 'live';
}

export type ConnectionCheck =
  | { readonly status: 'connected'; readonly account: ConnectedAccount }
  /** `field` names the value that was not accepted, where one can be named. */
  | { readonly status: 'refused'; readonly field: string | null; readonly reason: string }
  /** The gateway could not be asked just now. */
  | { readonly status: 'unreachable'; readonly reason: string };

/** How a gateway is connected: what is asked for, how it is checked, and what the owner has to set up over there. */
export interface ConnectionKind {
  readonly fields: readonly ConnectionField[];
  /** Names of the messages that the owner subscribes the webhook address to; empty where the gateway asks for none. */
  readonly eventTypes: readonly string[];
  /** Asks the gateway whether the values hold. Never throws for what the world answers. */
  check(values: ConnectionValues): Promise<ConnectionCheck>;
}

/**
 * The values a workspace's calls are made with: the newest first, then those still accepted for incoming messages while
 * they are being rotated. Null when the workspace has not connected the gateway.
 */
export type ReadConnection = (workspaceId: string) => Promise<{
  readonly accountRef: string;
  readonly values: ConnectionValues;
  /** Signing secrets of messages that are still accepted, newest first. */
  readonly signingSecrets: readonly string[];
} | null>;
