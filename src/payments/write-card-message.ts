import { readContactForCharge } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { formatMinor } from '../foundation/money.ts';
import { declineWords } from '../gateways/decline-words.ts';
import { fill } from '../invoices/document-words.ts';
import type { Caller } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';
import { cardMessageWords } from './card-message-words.ts';
import { readRow } from './read-payment.ts';
import { methodWords } from './receipt-words.ts';

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
  const locale = contact?.locale ?? caller.workspace.locale;
  const words = cardMessageWords(locale);
  const business = caller.workspace.name;
  const asks =
    row.status === 'needs_customer' && row.customer_link
      ? fill(words.confirm, { link: row.customer_link })
      : `${declineWords(row.decline_code, locale)} ${words.otherCard}`;
  return {
    to: contact?.email ?? null,
    subject: fill(words.failedSubject, { business }),
    body: [
      greetingOf(contact?.name ?? '', locale),
      `${failedChargeWords(row, locale)} ${asks}`,
      fill(words.thanks, { business }),
    ].join('\n\n'),
  };
}

export function greetingOf(name: string, locale: string): string {
  const words = cardMessageWords(locale);
  return name === '' ? words.nameless : fill(words.greeting, { name });
}

/** "we tried to charge $42.00 for “Lesson” to Visa ·· 4242, and it did not go through.", in the language of a locale. */
export function failedChargeWords(row: PaymentRow, locale: string): string {
  const words = cardMessageWords(locale);
  return fill(words.failed, {
    amount: formatMinor(row.amount_minor, row.currency, locale),
    purpose: row.description ? fill(words.purpose, { what: row.description }) : '',
    method: methodWords(row.method_label, locale),
  });
}
