import { readContactForCharge } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { formatMinor } from '../foundation/money.ts';
import { declineFor } from '../gateways/declines.ts';
import type { Caller } from '../workspace/caller.ts';
import type { Receipt } from './api.ts';
import { readRow } from './read-payment.ts';
import type { ReceiptSnapshot } from './receipt.ts';
import { readReceiptOf } from './store.ts';

/** The receipt of a payment, as it was written when the money moved. Throws not_found when there is none. */
export async function readReceipt(tx: WorkspaceTx, paymentId: string): Promise<Receipt> {
  const row = await readReceiptOf(tx, paymentId);
  if (!row) throw new Failure('not_found', 'This payment has no receipt: receipts are written when money has moved.');
  return {
    id: toPublicId('receipt', row.id),
    number: row.number,
    payment_id: toPublicId('payment', row.payment_id),
    issued_at: row.issued_at.toISOString(),
    ...(row.snapshot as ReceiptSnapshot),
  };
}

/** A prefilled message that asks the customer for another card after a failed charge. Throws not_found, payment_state_conflict. */
export async function writeCardUpdateMessage(tx: WorkspaceTx, caller: Caller, paymentId: string) {
  const row = await readRow(tx, paymentId);
  if (
    row.kind !== 'charge' ||
    (row.status !== 'declined' && row.status !== 'needs_customer' && row.status !== 'returned')
  ) {
    throw new Failure('payment_state_conflict', 'There is nothing to ask the customer about this payment.');
  }
  const contact = (await readContactForCharge(tx, [row.contact_id])).get(row.contact_id);
  const amount = formatMinor(row.amount_minor, row.currency, caller.workspace.locale);
  const purpose = row.description ? ` for “${row.description}”` : '';
  const reason =
    row.status === 'needs_customer' && row.customer_link
      ? `Your bank asks you to confirm this payment: ${row.customer_link}`
      : `${declineFor(row.decline_code).customerWords} Please give us another card, or tell us how you would like to pay.`;
  return {
    to: contact?.email ?? null,
    subject: `Your payment to ${caller.workspace.name}`,
    body: [
      `Hello ${contact?.name ?? ''},`.replace(' ,', ','),
      `we tried to charge ${amount}${purpose} to ${row.method_label}, and it did not go through. ${reason}`,
      `Thank you,\n${caller.workspace.name}`,
    ].join('\n\n'),
  };
}
