import { expect } from 'vitest';
import type { StripeStandIn } from '../stand-ins/stripe/stand-in.ts';

/** What an account has had, as far as tests count it. */
export interface PastOfAccount {
  readonly customers: number;
  readonly charges: number;
  readonly receivedUsd: bigint;
}

/** A business that has been with Stripe for a while. What it has is what an import must find. */
export function makePast({ actions: past, world: theirs }: StripeStandIn): PastOfAccount {
  let received = 0;
  let charges = 0;
  const charge = (customer: string, method: string, amount: number, currency = 'usd') => {
    charges += 1;
    if (currency === 'usd') received += amount;
    return past.createIntent({
      amount: String(amount),
      currency,
      customer,
      payment_method: method,
      confirm: 'true',
      off_session: 'true',
    });
  };
  const people = Array.from(
    { length: 130 },
    (_, index) => past.createCustomer({ name: `Person ${index}`, email: `person${index}@example.com` }).id,
  );
  // Two with the address of a contact that is here, in other letters.
  people.push(past.createCustomer({ name: 'Ada', email: 'ADA@example.com' }).id);
  people.push(past.createCustomer({ name: 'Ada again', email: 'ada@example.com' }).id);
  for (const [index, customer] of people.entries()) {
    const method = past.attachTestMethod(index % 5 === 0 ? 'pm_card_mastercard' : 'pm_card_visa', customer).id;
    const first = charge(customer, method, 1_000 + index * 10);
    charge(customer, method, 2_500);
    if (index % 10 === 0) past.createRefund({ payment_intent: first.id, amount: '400' });
    if (index % 25 === 0) {
      past.openDispute(first.id);
      past.withdrawDispute(first.id);
      if (index % 50 === 0) past.endDispute(first.id, 'won');
      else past.endDispute(first.id, 'lost');
    }
    if (index === 7) charge(customer, method, 3_000, 'eur');
  }
  const declined = past.attachTestMethod('pm_card_visa_chargeDeclined', people[0]!).id;
  expect(() => charge(people[0]!, declined, 9_999)).toThrow();
  received -= 9_999;
  past.payOut();
  theirs.moveOn();
  return { customers: people.length, charges, receivedUsd: BigInt(received) };
}
