interface Step {
  readonly days: number;
  readonly to: 'paid' | 'failed' | 'charged_back';
  readonly reason?: string;
}

type ChargeScript =
  | { readonly ends: 'paid' }
  | { readonly ends: 'failed'; readonly reason: string }
  /** Its bank wants the customer: Mollie answers with a page. */
  | { readonly ends: 'open' }
  /** Bank debits: what happens after so many days. */
  | { readonly ends: 'later'; readonly steps: readonly Step[] };

type RefundScript = 'usual' | 'slow' | 'refused' | 'bounces';

/** What a saved method of the stand-in does when it is charged: chosen by name on its page, never by a number. */
export interface NamedMethod {
  readonly name: string;
  readonly label: string;
  readonly method: 'creditcard' | 'directdebit';
  readonly charge: ChargeScript;
  readonly refund: RefundScript;
}

/** Every reason that Mollie gives for a failed card payment. */
export const CARD_REASONS = [
  'authentication_abandoned',
  'authentication_failed',
  'authentication_required',
  'authentication_unavailable_acs',
  'card_declined',
  'card_expired',
  'inactive_card',
  'insufficient_funds',
  'invalid_cvv',
  'invalid_card_holder_name',
  'invalid_card_number',
  'invalid_card_type',
  'possible_fraud',
  'refused_by_issuer',
  'unknown_reason',
] as const;

const card = (name: string, label: string, charge: ChargeScript, refund: RefundScript = 'usual'): NamedMethod => ({
  name,
  label,
  method: 'creditcard',
  charge,
  refund,
});
const debit = (name: string, label: string, ...steps: Step[]): NamedMethod => ({
  name,
  label,
  method: 'directdebit',
  charge: { ends: 'later', steps },
  refund: 'usual',
});

export const NAMED_METHODS: readonly NamedMethod[] = [
  card('card_pays', 'Card that pays', { ends: 'paid' }),
  ...CARD_REASONS.map((reason) =>
    card(`card_fails_${reason}`, `Card that fails: ${reason.replaceAll('_', ' ')}`, { ends: 'failed', reason }),
  ),
  card('card_asks', 'Card whose bank asks the customer', { ends: 'open' }),
  card('card_refund_slow', 'Card whose refunds take two days', { ends: 'paid' }, 'slow'),
  card('card_refund_refused', 'Card that cannot be refunded', { ends: 'paid' }, 'refused'),
  card('card_refund_bounces', 'Card whose refunds come back', { ends: 'paid' }, 'bounces'),
  debit('debit_pays', 'Bank account that pays', { days: 3, to: 'paid' }),
  debit('debit_fails', 'Bank account without money', { days: 4, to: 'failed', reason: 'AM04' }),
  debit(
    'debit_comes_back',
    'Bank account whose debit comes back',
    { days: 3, to: 'paid' },
    { days: 9, to: 'charged_back', reason: 'MD06' },
  ),
];

export function namedMethod(name: string): NamedMethod {
  const found = NAMED_METHODS.find((method) => method.name === name);
  if (!found) throw new Error(`The stand-in has no method ${name}.`);
  return found;
}
