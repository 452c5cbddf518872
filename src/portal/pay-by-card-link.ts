import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import { Failure } from '../foundation/failure.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { readRow, readRowByKey } from '../payments/read-payment.ts';
import { requireSwitch } from '../workspace/caller.ts';
import { paymentKeyOf } from './card-link.ts';
import type { OpenedLink, PortalDependencies } from './open-card-link.ts';

/**
 * Pays one failed charge with the card that this visit has saved: the customer's own confirmation, exactly once, by the
 * same verb as Charge Now under a key of the link and the charge. Throws link_not_valid without a saved card, not_found for
 * somebody else's charge, and what that verb throws.
 */
export async function payByCardLink(
  { payments }: PortalDependencies,
  { caller, link, isVisit }: OpenedLink,
  failedId: string,
): Promise<void> {
  const { payment_method_id: paymentMethodId } = link;
  if (!isVisit || paymentMethodId === null) throw new Failure('link_not_valid');
  requireSwitch(caller, 'charge_customers_directly');
  const { contactId, failed } = await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    const rootId = await rootOf(tx, link.contact_id);
    const [row, contactIds] = [await readRow(tx, failedId), await contactIdsOfRoot(tx, rootId)];
    if (row.kind !== 'charge' || !contactIds.includes(row.contact_id)) throw new Failure('not_found');
    return { contactId: rootId, failed: row };
  });
  const input = {
    contactId,
    paymentMethodId,
    amountMinor: failed.amount_minor,
    currency: failed.currency,
    taxMinor: failed.tax_minor,
    description: failed.description,
    retryOfId: failed.id,
    // They pay this very charge: another one of the same amount is another debt.
    confirmSameAgain: true,
    byCustomer: true as const,
    // It pays what the failed charge was meant for.
    allocations: null,
  };
  await payments.charges.charge(caller, input, paymentKeyOf(link.id, failed.id));
}

/** What became of paying a failed charge by this link; asks the gateway while nobody knows. Null when it was not tried. */
export async function readLinkPayment(
  { payments }: PortalDependencies,
  { caller, link, isVisit }: OpenedLink,
  failedId: string,
): Promise<PaymentRow | null> {
  if (!isVisit) throw new Failure('link_not_valid');
  return payments.database.inWorkspace(caller.workspace.id, (tx) => readRowByKey(tx, paymentKeyOf(link.id, failedId)));
}
