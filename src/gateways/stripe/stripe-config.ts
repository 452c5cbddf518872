import type { Backoff } from '../backoff.ts';

/** Where Stripe is and how it is asked. Everything can be pointed at another server that speaks Stripe's API. */
export interface StripeConfig {
  /** Scheme, host and port only. */
  readonly apiBaseUrl: string;
  /** The script of the card form. Its release goes with the API version that the SDK speaks. */
  readonly scriptUrl: string;
  /** Other addresses, scheme and host, that the script talks to or shows frames of. */
  readonly scriptOrigins: readonly string[];
  /** The longest a call may take with all its retries before its outcome counts as unknown. */
  readonly timeoutMs: number;
  /** How often the SDK sends again what a broken connection or an error of Stripe's own has left open. Always under one key. */
  readonly networkRetries: number;
  /** Waits between requests that were refused because there were too many. */
  readonly backoff: Backoff;
  /** Optional fields of requests that are left out, as `resource.field`: `payment_intents.description`. */
  readonly omitFields: readonly string[];
}

export const STRIPE_CONFIG: StripeConfig = {
  apiBaseUrl: 'https://api.stripe.com',
  scriptUrl: 'https://js.stripe.com/endive/stripe.js',
  scriptOrigins: ['https://*.js.stripe.com', 'https://hooks.stripe.com', 'https://api.stripe.com'],
  // A person waits for the answer. Card networks answer within a few seconds; what takes longer is looked up afterwards.
  timeoutMs: 25_000,
  networkRetries: 2,
  backoff: { firstMs: 400, longestMs: 4_000 },
  omitFields: [],
};

/** Without these a request would not do what its attempt says, or could not be found again. */
const NEEDED = new Set([
  'payment_intents.amount',
  'payment_intents.currency',
  'payment_intents.customer',
  'payment_intents.payment_method',
  'payment_intents.confirm',
  'payment_intents.metadata',
  'refunds.amount',
  'refunds.payment_intent',
  'refunds.charge',
  'refunds.metadata',
  'setup_intents.customer',
  'payment_methods.customer',
]);

/** Those of `omitFields` that cannot be left out, or do not look like a field. */
export function neededFields(omitFields: readonly string[]): string[] {
  return omitFields.filter((field) => NEEDED.has(field) || !/^[a-z_]+\.[a-z_]+$/.test(field));
}

/** The parameters of a request without those that the configuration leaves out. */
export function withoutOmitted<Params extends object>(config: StripeConfig, resource: string, params: Params): Params {
  if (config.omitFields.length === 0) return params;
  const kept = Object.entries(params).filter(([field]) => !config.omitFields.includes(`${resource}.${field}`));
  return Object.fromEntries(kept) as Params;
}
