import { readContact, rootOf } from '../contacts/read-contact.ts';
import { fromPublicId } from '../foundation/id.ts';
import { formatMinor } from '../foundation/money.ts';
import { declineWords } from '../gateways/decline-words.ts';
import { readInvoice, readIssuedDocument } from '../invoices/read-invoice.ts';
import { readMailWishes } from '../messages/edit-mail-settings.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import { findMessage } from '../messages/list-messages.ts';
import { makeDocumentLink } from '../messages/make-document-link.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { fillWords } from '../messages/message-template.ts';
import { queueMessage } from '../messages/queue-message.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import type { PaymentStatus } from './attempt.ts';
import { readRow } from './read-payment.ts';
import { methodWords } from './receipt-words.ts';

const STILL_FAILED: ReadonlySet<PaymentStatus> = new Set(['declined', 'canceled', 'returned', 'needs_customer']);

/**
 * Tells a customer that their invoice could not be charged by itself, or that their bank asks them to confirm it, with the
 * link to its page: once in each series of tries. Nothing is sent where the invoice is paid, void or disputed by now, where
 * the payment went through after all, where the customer has no e-mail address, or where Settings → Mail says so.
 */
export async function sendChargeFailed(
  room: MessagesRoom,
  workspaceId: string,
  happened: Readonly<Record<string, string>>,
): Promise<void> {
  const workspace = await readWorkspaceFacts(room.database, workspaceId);
  const invoiceId = fromPublicId('invoice', happened.invoice_id ?? '');
  const paymentId = fromPublicId('payment', happened.payment_id ?? '');
  if (!workspace || invoiceId === null || paymentId === null) return;
  const caller = systemCaller(workspace, room.clock.now(), 'Charged by itself');
  await room.database.inWorkspace(workspaceId, async (tx) => {
    const dedupeKey = `charge failed ${invoiceId} ${happened.series}`;
    if (await findMessage(tx, dedupeKey)) return;
    if (!(await readMailWishes(tx, workspace.mode)).failedCharges) return;
    const invoice = await readInvoice(tx, caller, invoiceId);
    if (invoice.open_minor === 0 || invoice.disputed_at !== null) return;
    const payment = await readRow(tx, paymentId);
    if (!STILL_FAILED.has(payment.status)) return;
    const contact = await readContact(tx, await rootOf(tx, payment.contact_id));
    if (!contact.email || contact.archived_at !== null) return;
    const snapshot = await readIssuedDocument(tx, invoiceId);
    const about = { kind: 'invoice', id: invoiceId } as const;
    const link = await makeDocumentLink(tx, caller, about, room.publicUrl());
    const confirm = payment.status === 'needs_customer' ? (payment.customer_link ?? '') : '';
    const kind = 'charge_failed';
    const words = await readMessageWords(tx, kind, snapshot.locale);
    await queueMessage(room, tx, caller, {
      kind,
      dedupeKey,
      to: contact.email,
      contactId: fromPublicId('contact', contact.id),
      about,
      linkId: link.id,
      words: fillWords(words, {
        business: snapshot.seller.name || workspace.name,
        customer: contact.name,
        number: snapshot.number,
        amount: formatMinor(payment.amount_minor, payment.currency, snapshot.locale),
        method: methodWords(payment.method_label, snapshot.locale),
        reason: declineWords(payment.decline_code, snapshot.locale),
        confirm,
        link: link.url,
      }),
      button: { label: words.button, url: link.url },
      colour: snapshot.colour,
      footer: snapshot.footer || [snapshot.seller.name, workspace.legal.address].filter(Boolean).join('\n'),
      locale: snapshot.locale,
    });
  });
}
