import { type MollieState, minorOf, type Payment } from './mollie-state.ts';
import { NAMED_METHODS } from './named-methods.ts';

/** The page that Mollie shows the customer: named test outcomes, and no field for a number. */
export function checkoutPage(payment: Payment): string {
  const choices =
    payment.sequenceType === 'first'
      ? NAMED_METHODS.filter(({ method }) => method === 'creditcard' || minorOf(payment.amount) > 0)
          .map(({ name, label }) => radio(name, label))
          .join('')
      : radio('confirm', 'Confirm the payment');
  return page(
    `<h1>Mollie stand-in <mark>TEST</mark></h1><p>${payment.amount.currency} ${payment.amount.value}</p>
<form method="post"><fieldset><legend>How does it end?</legend>${choices}${radio('fail', 'It fails')}${radio('cancel', 'The customer breaks it off')}</fieldset>
<button>Continue</button></form>`,
  );
}

const radio = (value: string, label: string) =>
  `<p><label><input type="radio" name="outcome" value="${value}" required> ${label}</label></p>`;

const page = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mollie stand-in</title><main>${body}</main></html>`;

export const donePage = () => page('<h1>Mollie stand-in</h1><p role="status">This payment is finished.</p>');

/** The customer's answer. False when the payment waits for none. */
export function answerCheckout(state: MollieState, payment: Payment, outcome: string): boolean {
  if (payment.status !== 'open') return false;
  if (outcome === 'cancel') state.cancel(payment);
  else if (outcome === 'fail') state.fail(payment, 'authentication_failed');
  else if (payment.sequenceType === 'first') state.completeFirst(payment, outcome);
  else state.pay(payment);
  return true;
}
