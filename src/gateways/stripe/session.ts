import type Stripe from 'stripe';
import type { LinkTo } from './outcome.ts';
import type { StripeConfig } from './stripe-config.ts';

/** Names of the values that a workspace enters. */
export const SECRET_KEY = 'secret_key';
export const PUBLISHABLE_KEY = 'publishable_key';
export const SIGNING_SECRET = 'signing_secret';

/** What a workspace's calls are made with. */
export interface StripeSession {
  /** The official client for one call; `wrap` is given the HTTP client whose connections all calls share. */
  clientOver(wrap: (inner: Stripe.HttpClient) => Stripe.HttpClient): Stripe;
  readonly config: StripeConfig;
  readonly publishableKey: string;
  /** Its clock is the world's. In a sandbox workspace ours may have been moved. */
  readonly live: boolean;
  /** Where the customer of this workspace confirms a payment. */
  readonly confirmLink: LinkTo;
  readonly log: StripeLog;
}

/** Takes what an operator has to know: never a key, a client secret or a whole answer. */
export interface StripeLog {
  warn(details: Readonly<Record<string, unknown>>, words: string): void;
}

/** `sk_live_…` and `rk_live_…` move real money; `sk_test_…` and `rk_test_…` do not. */
export function modeOfKey(key: string): 'sandbox' | 'live' {
  return /^[a-z]+_live_/.test(key) ? 'live' : 'sandbox';
}
