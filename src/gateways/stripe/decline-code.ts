import type Stripe from 'stripe';

/** What Stripe says of a failed payment, on an intent, a charge or an error: the fields they have in common. */
export interface FailureWords {
  readonly code?: string | null;
  readonly decline_code?: string | null;
  readonly advice_code?: string | null;
}

/** Codes that only say that there was a failure; the reason stands beside them, if anywhere. */
const SAYS_NOTHING = new Set([
  'card_declined',
  'payment_intent_payment_attempt_failed',
  'setup_intent_setup_attempt_failed',
]);

/** Stripe's words for what the table of declines knows under another one. */
const SAME_AS: Readonly<Record<string, string>> = {
  payment_intent_authentication_failure: 'authentication_required',
  setup_intent_authentication_failure: 'authentication_required',
  authentication_not_handled: 'authentication_required',
  amount_too_small: 'amount_not_accepted',
  amount_too_large: 'amount_not_accepted',
  invalid_charge_amount: 'amount_not_accepted',
  currency_not_supported: 'currency_not_supported',
  invalid_number: 'incorrect_number',
  no_account: 'invalid_account',
  bank_account_restricted: 'invalid_account',
  bank_account_unusable: 'invalid_account',
  bank_account_declined: 'debit_not_authorized',
  payment_method_unactivated: 'gateway_not_connected',
};

/** The one code that the table of declines is asked with. That the bank forbids another try overrides every other word. */
export function declineCodeOf(words: FailureWords | null | undefined, charge?: ChargeFailure | null): string {
  const advice = words?.advice_code ?? charge?.outcome?.advice_code;
  if (advice === 'do_not_try_again') return 'do_not_try_again';
  const said = [words?.decline_code, words?.code, charge?.failure_code].filter(
    (code): code is string => typeof code === 'string' && code !== '' && !SAYS_NOTHING.has(code),
  );
  const code = said[0] ?? 'generic_decline';
  return SAME_AS[code] ?? code;
}

export type ChargeFailure = Pick<Stripe.Charge, 'failure_code'> & {
  readonly outcome?: { readonly advice_code?: string | null } | null;
};
