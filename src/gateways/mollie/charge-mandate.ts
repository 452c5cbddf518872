import type { ChargeOrder, GatewayContext, Outcome, RefundOrder } from '../gateway.ts';
import { codeOfRefusal } from './decline-code.ts';
import { findAttempt } from './find-attempt.ts';
import type { MollieAccount } from './mollie-account.ts';
import { toMollieAmount } from './mollie-amount.ts';
import type { NoValue } from './mollie-answer.ts';
import { ATTEMPT_FIELD, isPaymentId, splitRef } from './mollie-ref.ts';
import { outcomeOfPayment, outcomeOfRefund } from './payment-outcome.ts';
import { type RequestFields, without } from './request-fields.ts';

export interface Sending {
  readonly account: MollieAccount;
  readonly fields: RequestFields;
}

/** Mollie cuts longer ones off with an error. */
const DESCRIPTION_LENGTH_MAX = 255;

/** Charges a mandate without the customer, once per attempt: the attempt's id is the key, and stands in the metadata. */
export async function chargeMandate(
  { account, fields }: Sending,
  context: GatewayContext,
  order: ChargeOrder,
): Promise<Outcome> {
  const mandate = splitRef('mandate', order.methodRef);
  if (!mandate || mandate.ownerId !== order.customerRef) {
    return { status: 'declined', gatewayRef: null, code: 'invalid_account' };
  }
  const parameters = {
    amount: toMollieAmount(order.amountMinor, order.currency),
    description: order.description.slice(0, DESCRIPTION_LENGTH_MAX) || 'Payment',
    sequenceType: 'recurring',
    customerId: mandate.ownerId,
    mandateId: mandate.id,
    metadata: { [ATTEMPT_FIELD]: order.attemptId },
    ...(await fields.webhook(context.workspaceId)),
    idempotencyKey: order.attemptId,
  };
  const answer = await account.ask(
    context.workspaceId,
    (client) => client.payments.create(without(fields.omitted, parameters) as never),
    { seed: order.attemptId },
  );
  return answer.status === 'ok' ? outcomeOfPayment(answer.value) : notCarriedOut('charge', answer);
}

/** What an answer without a movement says about it. */
function notCarriedOut(kind: 'charge' | 'refund', answer: NoValue): Outcome {
  if (answer.status === 'refused') return { status: 'declined', gatewayRef: null, code: codeOfRefusal(kind, answer) };
  if (answer.status === 'busy') return { status: 'declined', gatewayRef: null, code: 'gateway_busy' };
  if (answer.status === 'unreached') return { status: 'declined', gatewayRef: null, code: 'gateway_not_reached' };
  return { status: 'unknown', why: answer.why };
}

/** Refunds a payment or a part of it, once per attempt. */
export async function refundPayment(
  { account, fields }: Sending,
  context: GatewayContext,
  order: RefundOrder,
): Promise<Outcome> {
  if (!isPaymentId(order.chargeRef)) return { status: 'declined', gatewayRef: null, code: 'refund_not_allowed' };
  const parameters = {
    paymentId: order.chargeRef,
    amount: toMollieAmount(order.amountMinor, order.currency),
    metadata: { [ATTEMPT_FIELD]: order.attemptId },
    idempotencyKey: order.attemptId,
  };
  const answer = await account.ask(
    context.workspaceId,
    (client) => client.paymentRefunds.create(without(fields.omitted, parameters) as never),
    { seed: order.attemptId },
  );
  if (answer.status === 'ok') return outcomeOfRefund({ ...answer.value, paymentId: order.chargeRef });
  return answer.status === 'conflict' ? afterConflict(account, context, order) : notCarriedOut('refund', answer);
}

/**
 * Mollie takes a second refund of the same amount of the same payment within an hour for a mistake and answers 409,
 * whatever its key. So either this attempt is there already, or it was not carried out and will not be.
 */
async function afterConflict(account: MollieAccount, context: GatewayContext, order: RefundOrder): Promise<Outcome> {
  const { attemptId, chargeRef } = order;
  const found = await findAttempt(account, context, { attemptId, kind: 'refund', gatewayRef: null, chargeRef });
  if (found.status === 'never_arrived') return { status: 'declined', gatewayRef: null, code: 'duplicate_refund' };
  return found;
}
