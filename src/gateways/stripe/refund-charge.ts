import type Stripe from 'stripe';
import type { Outcome, RefundOrder } from '../gateway.ts';
import { toStripeAmount } from './amount.ts';
import { outcomeOfError } from './charge-method.ts';
import { outcomeOfRefund } from './outcome.ts';
import { ask } from './send-request.ts';
import type { StripeSession } from './session.ts';
import { withoutOmitted } from './stripe-config.ts';

/** Gives a part or all of a charge back, under the attempt's key. Stripe itself sees that parts do not exceed the charge. */
export async function refundCharge(session: StripeSession, order: RefundOrder): Promise<Outcome> {
  const amount = toStripeAmount(order.amountMinor, order.currency);
  if (amount === null) return { status: 'declined', gatewayRef: null, code: 'amount_not_accepted' };
  const params: Stripe.RefundCreateParams = {
    ...chargeOf(order.chargeRef),
    amount,
    metadata: { attempt_id: order.attemptId },
    expand: ['balance_transaction'],
  };
  const answer = await ask(session, (client) =>
    client.refunds.create(withoutOmitted(session.config, 'refunds', params), { idempotencyKey: order.attemptId }),
  );
  if (answer.ok) return outcomeOfRefund(answer.value);
  return outcomeOfError(answer, () => null);
}

/** Charges are PaymentIntents to us; those made before Stripe had them are referred to by their own id. */
export function chargeOf(chargeRef: string): { payment_intent: string } | { charge: string } {
  return chargeRef.startsWith('pi_') ? { payment_intent: chargeRef } : { charge: chargeRef };
}
