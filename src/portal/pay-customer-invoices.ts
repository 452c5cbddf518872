import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { readRowByKey } from '../payments/read-payment.ts';
import { requireSwitch } from '../workspace/caller.ts';
import type { PayableInvoice } from './customer-content.ts';
import type { PortalDependencies } from './open-card-link.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { readCards, readPayable } from './read-customer-page.ts';

/** The key of one form that was shown: sent twice, it is one payment. */
const keyOf = (linkId: string, form: string) => `customer-link:${linkId}:${form}`;

/** What the customer has chosen of what is open, in one currency. Throws invoice_state_conflict when something of it cannot be paid. */
export function chosenOf(payable: readonly PayableInvoice[], ids: readonly string[]): PayableInvoice[] {
  const chosen = payable.filter(({ row }) => ids.includes(row.id));
  if (chosen.length === 0) throw new Failure('invoice_state_conflict', 'There is nothing to pay here.');
  if (chosen.length < new Set(ids).size)
    throw new Failure('invoice_state_conflict', 'One of these invoices is paid by now. Go back and look again.');
  const onItsWay = chosen.find(({ row }) => row.status === 'processing');
  if (onItsWay)
    throw new Failure('invoice_state_conflict', `A payment for ${onItsWay.row.number} is on its way already.`);
  if (new Set(chosen.map(({ row }) => row.currency)).size > 1)
    throw new Failure('invoice_state_conflict', 'Pay invoices of one currency at a time.');
  return chosen;
}

/**
 * Pays several invoices with one charge of a saved card, under the key of the form that was shown. `total` is what that
 * form said (minor units): nothing is charged when it is another amount by now. Throws what chosenOf() and charge() throw,
 * and method_not_usable.
 */
export async function payCustomerInvoices(
  { payments }: PortalDependencies,
  opened: OpenedCustomer,
  asked: {
    readonly form: string;
    readonly invoices: readonly string[];
    readonly total: string;
    readonly method: string;
  },
): Promise<void> {
  const { caller, contactId, link } = opened;
  requireSwitch(caller, 'charge_customers_directly');
  const key = keyOf(link.id, asked.form);
  const { known, payable, methods } = await payments.database.inWorkspace(caller.workspace.id, async (tx) => ({
    known: await readRowByKey(tx, key),
    payable: await readPayable(tx, opened),
    methods: await readCards(tx, opened),
  }));
  // The form was sent before: what became of it is shown, whatever is open by now.
  if (known) return;
  const chosen = chosenOf(payable, asked.invoices);
  const total = chosen.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  if (String(total) !== asked.total)
    throw new Failure('invoice_state_conflict', 'The amount has changed since. Go back and look again.');
  const paymentMethodId = fromPublicId('paymentMethod', asked.method);
  if (paymentMethodId === null || !methods.some(({ id, state }) => id === asked.method && state === 'usable'))
    throw new Failure('method_not_usable');
  await payments.charges.charge(
    caller,
    {
      contactId,
      paymentMethodId,
      amountMinor: total,
      currency: chosen[0]!.row.currency,
      taxMinor: 0n,
      description: chosen
        .map(({ row }) => row.number)
        .join(', ')
        .slice(0, 200),
      retryOfId: null,
      // Other invoices of one amount are other debts; what is open limits them.
      confirmSameAgain: true,
      byCustomer: true,
      allocations: chosen.map(({ row, amountMinor }) => ({
        invoiceId: fromPublicId('invoice', row.id)!,
        amountMinor: BigInt(amountMinor),
      })),
    },
    key,
  );
}

/** What became of one form; null when it was not sent. */
export function readCustomerPayment(
  { payments }: PortalDependencies,
  { caller, link }: OpenedCustomer,
  form: string,
): Promise<PaymentRow | null> {
  return payments.database.inWorkspace(caller.workspace.id, (tx) => readRowByKey(tx, keyOf(link.id, form)));
}
