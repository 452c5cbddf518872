import type Stripe from 'stripe';
import type { ChargeOrder, Outcome } from '../gateway.ts';
import { toStripeAmount } from './amount.ts';
import { declineCodeOf } from './decline-code.ts';
import { outcomeOfIntent } from './outcome.ts';
import { type Answer, ask } from './send-request.ts';
import type { StripeSession } from './session.ts';
import { withoutOmitted } from './stripe-config.ts';

/** With it the answer to a charge tells the fee at once. */
export const INTENT_EXPANDED = 'latest_charge.balance_transaction';

/**
 * Charges a saved method, made and confirmed in one request, under the attempt's key. A customer who is there may be asked
 * to confirm it at once: then the intent waits for them (needs_customer) instead of being declined for their absence.
 */
export async function chargeMethod(session: StripeSession, order: ChargeOrder): Promise<Outcome> {
  const amount = toStripeAmount(order.amountMinor, order.currency);
  if (amount === null) return declined('amount_not_accepted');
  const params: Stripe.PaymentIntentCreateParams = {
    amount,
    currency: order.currency.toLowerCase(),
    customer: order.customerRef,
    payment_method: order.methodRef,
    ...(order.customerPresent ? {} : { off_session: true }),
    confirm: true,
    // They confirm on a page of ours, if at all; nobody is sent to another one.
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    description: order.description,
    metadata: { attempt_id: order.attemptId },
    expand: [INTENT_EXPANDED],
  };
  const answer = await ask(session, (client) =>
    client.paymentIntents.create(withoutOmitted(session.config, 'payment_intents', params), {
      idempotencyKey: order.attemptId,
    }),
  );
  if (answer.ok) return outcomeOfIntent(answer.value, session.confirmLink);
  return outcomeOfError(answer, (error) =>
    error.payment_intent ? outcomeOfIntent(error.payment_intent, session.confirmLink, error) : null,
  );
}

/** What an error means for a movement. `read` looks at the object that Stripe sent along, where it did. */
export function outcomeOfError(
  answer: Exclude<Answer<never>, { ok: true }>,
  read: (error: Stripe.errors.StripeError) => Outcome | null,
): Outcome {
  switch (answer.reason) {
    case 'unknown':
      return { status: 'unknown', why: answer.why };
    case 'busy':
      return declined('gateway_busy');
    case 'not_reached':
      return declined('gateway_not_reached');
    case 'not_connected':
      return declined('gateway_not_connected');
    case 'refused': {
      const { error } = answer;
      if (error.type === 'StripeIdempotencyError') {
        // The contract's one case of a mistake of ours: the key of an attempt was used for something else.
        throw new Error('An attempt’s key was sent to Stripe with other parameters than before.');
      }
      const said = read(error);
      if (said) return said;
      if (error.type === 'StripeCardError') return declined(declineCodeOf(error));
      if (error.param === 'payment_method' || error.param === 'customer') return declined('invalid_account');
      return declined(REFUSALS[error.code ?? ''] ?? 'gateway_refused');
    }
  }
}

function declined(code: string): Outcome {
  return { status: 'declined', gatewayRef: null, code };
}

/** Refused before anything was executed, by Stripe's code → ours. */
const REFUSALS: Readonly<Record<string, string>> = {
  resource_missing: 'invalid_account',
  payment_method_customer_decline: 'invalid_account',
  payment_method_unexpected_state: 'invalid_account',
  payment_method_not_available: 'issuer_not_available',
  payment_method_currency_mismatch: 'currency_not_supported',
  amount_too_small: 'amount_not_accepted',
  amount_too_large: 'amount_not_accepted',
  invalid_charge_amount: 'amount_not_accepted',
  parameter_invalid_integer: 'amount_not_accepted',
  charge_already_refunded: 'charge_already_refunded',
  charge_disputed: 'charge_disputed',
  insufficient_funds: 'gateway_balance_too_low',
  balance_insufficient: 'gateway_balance_too_low',
};
