import { createHash } from 'node:crypto';
import { newId } from '../../foundation/id.ts';
import type { CardFormState, MethodState } from '../gateway.ts';
import { methodOf } from './method.ts';
import { answeredValue, ask, isMissing } from './send-request.ts';
import type { StripeSession } from './session.ts';
import { withoutOmitted } from './stripe-config.ts';

export interface FormOrder {
  readonly customerRef: string | null;
  readonly contactRef: string;
  readonly contactName: string;
  readonly email: string | null;
}

/** Prepares the gateway's form: a customer, where there is none yet, and a SetupIntent for use without them. Throws Failure. */
export async function openForm(session: StripeSession, form: FormOrder): Promise<string> {
  const customer = form.customerRef ?? (await createCustomer(session, form));
  const params = {
    customer,
    usage: 'off_session' as const,
    automatic_payment_methods: { enabled: true },
    metadata: { contact_ref: form.contactRef },
  };
  const answer = await ask(session, (client) =>
    client.setupIntents.create(withoutOmitted(session.config, 'setup_intents', params), { idempotencyKey: newId() }),
  );
  return answeredValue(answer).id;
}

async function createCustomer(session: StripeSession, { contactRef, contactName, email }: FormOrder): Promise<string> {
  const params = {
    name: contactName,
    ...(email === null ? {} : { email }),
    metadata: { contact_ref: contactRef },
  };
  // Two forms opened at once for one contact are one customer; no name stands in the key.
  const details = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 24);
  const answer = await ask(session, (client) =>
    client.customers.create(withoutOmitted(session.config, 'customers', params), {
      idempotencyKey: `customer-${contactRef}-${details}`,
    }),
  );
  return answeredValue(answer).id;
}

/** What came of a form, as Stripe has it; while Stripe cannot be asked the form counts as open. */
export async function readForm(session: StripeSession, formRef: string): Promise<CardFormState> {
  const answer = await ask(session, (client) => client.setupIntents.retrieve(formRef, { expand: ['payment_method'] }));
  if (!answer.ok) {
    return isMissing(answer) ? { status: 'refused', reason: 'This form does not exist.' } : { status: 'open' };
  }
  const intent = answer.value;
  if (intent.status === 'canceled') return { status: 'refused', reason: 'The form was closed without a card.' };
  if (intent.status !== 'succeeded') return { status: 'open' };
  const method =
    typeof intent.payment_method === 'object' && intent.payment_method ? methodOf(intent.payment_method) : null;
  return method
    ? { status: 'completed', method }
    : { status: 'refused', reason: 'A method of this kind cannot be charged here; use a card or a bank account.' };
}

/** A method as Stripe has it now. */
export async function readSavedMethod(session: StripeSession, methodRef: string): Promise<MethodState> {
  const answer = await ask(session, (client) => client.paymentMethods.retrieve(methodRef));
  if (!answer.ok) return { status: 'unknown' };
  if (answer.value.customer === null) return { status: 'detached' };
  const method = methodOf(answer.value);
  return method ? { status: 'attached', method } : { status: 'unknown' };
}

/** Takes a method from its customer. One that is gone already is no error. Throws Failure when Stripe cannot be asked. */
export async function detachSavedMethod(session: StripeSession, methodRef: string): Promise<void> {
  const answer = await ask(session, (client) =>
    client.paymentMethods.detach(methodRef, {}, { idempotencyKey: newId() }),
  );
  if (answer.ok || answer.reason === 'refused') return;
  answeredValue(answer);
}
