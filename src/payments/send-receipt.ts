import { readContacts } from '../contacts/read-contact.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { formatMinor } from '../foundation/money.ts';
import { declineFor } from '../gateways/declines.ts';
import { readMailWishes } from '../messages/edit-mail-settings.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { fillWords } from '../messages/message-template.ts';
import { queueMessage } from '../messages/queue-message.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { readRow } from './read-payment.ts';
import { readReceipt } from './read-receipt.ts';
import { methodWords, receiptFigures } from './receipt-words.ts';
import { renderReceipt } from './render-receipt.ts';
import { readReceiptOf } from './store.ts';

/** A payment that somebody is to be told of. */
export interface Told {
  readonly workspaceId: string;
  /** Public id. */
  readonly paymentId: string;
}

/**
 * Sends the customer the receipt of a payment, as PDF, once; where the workspace wants that, there is a receipt, and the
 * customer has an e-mail address.
 */
export async function sendReceipt(room: MessagesRoom, { workspaceId, paymentId }: Told): Promise<void> {
  const workspace = await readWorkspaceFacts(room.database, workspaceId);
  const id = fromPublicId('payment', paymentId);
  if (!workspace || id === null) return;
  const caller = systemCaller(workspace, room.clock.now());
  const found = await room.database.inWorkspace(workspaceId, async (tx) => {
    const [wishes, has] = await Promise.all([readMailWishes(tx, workspace.mode), readReceiptOf(tx, id)]);
    if (!wishes.receipts || !has) return null;
    const row = await readRow(tx, id);
    const [contact] = await readContacts(tx, [row.contact_id]);
    return contact?.email ? { contact, row, receipt: await readReceipt(tx, id) } : null;
  });
  if (!found) return;
  const { contact, row, receipt } = found;
  const bytes = await renderReceipt(receipt);
  const { locale } = receipt;
  await room.database.inWorkspace(workspaceId, async (tx) => {
    await queueMessage(room, tx, caller, {
      kind: 'receipt',
      dedupeKey: `receipt ${id}`,
      to: contact.email!,
      contactId: row.contact_id,
      about: { kind: 'payment', id },
      words: fillWords(await readMessageWords(tx, 'receipt', locale), {
        business: receipt.business.name,
        customer: receipt.customer.name,
        number: receipt.number,
        amount: formatMinor(receipt.amount_minor, receipt.currency, locale),
        method: methodWords(receipt.method, locale),
        description: receipt.description,
        date: receiptFigures(receipt).day(receipt.paid_on),
      }),
      files: [{ name: `${receipt.number}.pdf`, mediaType: 'application/pdf', bytes }],
      footer: [receipt.business.name, receipt.business.address].filter(Boolean).join('\n'),
      locale,
    });
  });
}

/** Tells staff of a declined charge, once, at the address that the workspace named; nowhere when it named none. */
export async function sendDeclinedNotice(room: MessagesRoom, { workspaceId, paymentId }: Told): Promise<void> {
  const workspace = await readWorkspaceFacts(room.database, workspaceId);
  const id = fromPublicId('payment', paymentId);
  if (!workspace || id === null) return;
  const caller = systemCaller(workspace, room.clock.now());
  await room.database.inWorkspace(workspaceId, async (tx) => {
    const { declinedTo } = await readMailWishes(tx, workspace.mode);
    if (declinedTo === null) return;
    const row = await readRow(tx, id);
    const [contact] = await readContacts(tx, [row.contact_id]);
    const words = await readMessageWords(tx, 'declined_notice', workspace.locale);
    const url = `${room.publicUrl()}/w/${toPublicId('workspace', workspaceId)}/payments/transactions/${paymentId}`;
    await queueMessage(room, tx, caller, {
      kind: 'declined_notice',
      dedupeKey: `declined ${id}`,
      to: declinedTo,
      contactId: null,
      about: { kind: 'payment', id },
      words: fillWords(words, {
        business: workspace.name,
        customer: contact?.name ?? '',
        amount: formatMinor(row.amount_minor, row.currency, workspace.locale),
        method: row.method_label,
        reason: declineFor(row.decline_code).staffWords,
        link: url,
      }),
      button: { label: words.button, url },
    });
  });
}
