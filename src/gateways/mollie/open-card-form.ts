import { MandateStatus, type MollieClient, SequenceType } from '@mollie/api-client';
import { Failure } from '../../foundation/failure.ts';
import { newId } from '../../foundation/id.ts';
import type { CardFormState, Gateway, GatewayContext } from '../gateway.ts';
import type { Sending } from './charge-mandate.ts';
import { methodOfMandate } from './mandate-method.ts';
import type { NoValue } from './mollie-answer.ts';
import { FIRST_PAYMENT_CURRENCY, firstPaymentValue } from './mollie-connection.ts';
import { isPaymentId, PURPOSE_FIELD, SAVES_METHOD } from './mollie-ref.ts';
import { without } from './request-fields.ts';

type CardFormOrder = Parameters<Gateway['openCardForm']>[1];

/** Longest name and mail address that Mollie takes. */
const NAME_LENGTH_MAX = 255;

/**
 * Saving a method is a first payment on Mollie's own page: the customer chooses how, and when it is paid Mollie has a
 * mandate. The payment is the form: its id is the reference. Throws gateway_refused when Mollie cannot be asked.
 */
export async function openCardForm(
  { account, fields }: Sending,
  context: GatewayContext,
  form: CardFormOrder,
): Promise<{ formRef: string; url: string }> {
  const webhook = await fields.webhook(context.workspaceId);
  // Both requests may be sent again when Mollie is busy, and are still one customer and one payment.
  const key = newId();
  const answer = await account.ask(context.workspaceId, async (client, values) => {
    const customerId = form.customerRef ?? (await addCustomer(client, form, `${key}-customer`));
    const parameters = {
      amount: { currency: FIRST_PAYMENT_CURRENCY, value: firstPaymentValue(values) },
      description: 'Save a payment method',
      sequenceType: SequenceType.first,
      customerId,
      redirectUrl: form.returnUrl ?? fields.returnUrl(),
      metadata: { [PURPOSE_FIELD]: SAVES_METHOD },
      ...webhook,
      idempotencyKey: key,
    };
    return client.payments.create(without(fields.omitted, parameters) as never);
  });
  if (answer.status !== 'ok') throw refused(answer);
  const url = answer.value._links.checkout?.href;
  if (!url) throw new Failure('gateway_refused', 'Mollie gave no page on which the customer could save a method.');
  return { formRef: answer.value.id, url };
}

async function addCustomer(client: MollieClient, form: CardFormOrder, idempotencyKey: string): Promise<string> {
  const customer = await client.customers.create({
    name: form.contactName.slice(0, NAME_LENGTH_MAX),
    ...(form.email === null ? {} : { email: form.email }),
    metadata: { contact: form.contactRef },
    idempotencyKey,
  } as never);
  return customer.id;
}

function refused(answer: NoValue): Failure {
  const why = answer.status === 'refused' ? `Mollie refused: ${answer.detail.slice(0, 200)}` : answer.why;
  return new Failure('gateway_refused', why);
}

/** Where a first payment stands: paid means that its mandate is the saved method. */
export async function readCardForm(
  { account }: Pick<Sending, 'account'>,
  context: GatewayContext,
  formRef: string,
): Promise<CardFormState> {
  if (!isPaymentId(formRef)) return { status: 'refused', reason: 'There is no such form.' };
  const answer = await account.ask(context.workspaceId, async (client): Promise<CardFormState> => {
    const payment = await client.payments.get(formRef);
    switch (payment.status as string) {
      case 'paid':
      case 'authorized':
        return savedMethod(client, payment.customerId, payment.mandateId);
      case 'failed':
        return { status: 'refused', reason: 'The payment that saves the method failed. Open the form again.' };
      case 'canceled':
        return { status: 'refused', reason: 'The customer broke it off.' };
      case 'expired':
        return { status: 'refused', reason: 'The time to save the method has passed. Open the form again.' };
      default:
        return { status: 'open' };
    }
  });
  if (answer.status === 'ok') return answer.value;
  // Somebody looks again in a moment.
  if (answer.status !== 'refused') return { status: 'open' };
  return { status: 'refused', reason: 'Mollie does not know this form.' };
}

async function savedMethod(
  client: MollieClient,
  customerId: string | undefined,
  mandateId: string | undefined,
): Promise<CardFormState> {
  // The mandate is made a moment after the payment, at some banks.
  if (!customerId || !mandateId) return { status: 'open' };
  const mandate = await client.customerMandates.get(mandateId, { customerId });
  if ((mandate.status as string) === MandateStatus.invalid) {
    return { status: 'refused', reason: 'The bank does not allow this method to be charged again.' };
  }
  const method = methodOfMandate(customerId, mandate);
  return method
    ? { status: 'completed', method }
    : { status: 'refused', reason: 'Only cards and bank accounts can be saved.' };
}
