import { createHash } from 'node:crypto';
import { Failure } from '../../foundation/failure.ts';
import { newId } from '../../foundation/id.ts';
import type { CardFormState, MethodState } from '../gateway.ts';
import { methodOf } from './method.ts';
import { type Answer, answeredValue, ask, isMissing } from './send-request.ts';
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
  const customer = form.customerRef ?? (await createCustomer(session, form, customerKeyOf(form)));
  const answer = await createIntent(session, form, customer);
  if (!isCustomerGone(answer)) return idIn(answer);
  // Somebody has deleted the customer in Stripe's dashboard. Its cards are gone with it, the contact is not.
  return idIn(await createIntent(session, form, await createCustomer(session, form, newId())));
}

function createIntent(session: StripeSession, { contactRef }: FormOrder, customer: string) {
  const params = {
    customer,
    usage: 'off_session' as const,
    automatic_payment_methods: { enabled: true },
    metadata: { contact_ref: contactRef },
  };
  const idempotencyKey = newId();
  return ask(session, (client) =>
    client.setupIntents.create(withoutOmitted(session.config, 'setup_intents', params), { idempotencyKey }),
  );
}

async function createCustomer(session: StripeSession, form: FormOrder, idempotencyKey: string): Promise<string> {
  const params = withoutOmitted(session.config, 'customers', detailsOf(form));
  return idIn(await ask(session, (client) => client.customers.create(params, { idempotencyKey })));
}

function detailsOf({ contactRef, contactName, email }: FormOrder) {
  return { name: contactName, ...(email === null ? {} : { email }), metadata: { contact_ref: contactRef } };
}

/** Two forms opened at once for one contact are one customer. No name stands in the key. */
function customerKeyOf(form: FormOrder): string {
  const details = createHash('sha256')
    .update(JSON.stringify(detailsOf(form)))
    .digest('hex')
    .slice(0, 24);
  return `customer-${form.contactRef}-${details}`;
}

function isCustomerGone(answer: Answer<unknown>): boolean {
  if (answer.ok || answer.reason !== 'refused') return false;
  return answer.error.code === 'resource_missing' && answer.error.param === 'customer';
}

/** The id of what was made. Throws Failure where the answer has none. */
function idIn(answer: Answer<{ readonly id: string }>): string {
  const { id } = answeredValue(answer);
  if (typeof id !== 'string') throw new Failure('gateway_unreachable', 'Stripe’s answer could not be read; try again.');
  return id;
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
  const idempotencyKey = newId();
  const answer = await ask(session, (client) => client.paymentMethods.detach(methodRef, {}, { idempotencyKey }));
  if (answer.ok || answer.reason === 'refused') return;
  answeredValue(answer);
}
