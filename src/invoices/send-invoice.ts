import { readContact } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { formatMinor } from '../foundation/money.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import { messageLanguage } from '../messages/languages.ts';
import { findMessage } from '../messages/list-messages.ts';
import { makeDocumentLink } from '../messages/make-document-link.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import type { MessageFile } from '../messages/message.ts';
import type { ValuesOf } from '../messages/message-kinds.ts';
import { fillTemplate, fillWords, type MessageWords } from '../messages/message-template.ts';
import { FRAME_WORDS } from '../messages/message-translations.ts';
import { queueMessage } from '../messages/queue-message.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { NewSending } from './api-sendings.ts';
import { refused } from './create-invoice.ts';
import { documentWords } from './document-words.ts';
import type { InvoiceRow } from './invoice.ts';
import type { InvoiceSnapshot } from './invoice-snapshot.ts';
import { readMailedAttachments } from './read-attachments.ts';
import { readIssuedDocument } from './read-invoice.ts';
import { updateMarks } from './store.ts';
import { lockIssued } from './void-invoice.ts';

export interface SendingDependencies {
  readonly messages: MessagesRoom;
  /** The document as a PDF to attach; null where none can be made. */
  readonly renderPdf: ((snapshot: InvoiceSnapshot, tx: WorkspaceTx) => Promise<MessageFile>) | null;
}

/**
 * Sends a document by e-mail, with a link of its own to the page where it is seen and paid. One sending for one key; and
 * without a key, one for each day and address. The message leaves when the transaction has committed. Returns its id.
 * Throws not_found, invoice_state_conflict (a draft, a void document), invalid_request (no address), idempotency_key_reused.
 */
export async function sendInvoice(
  { messages, renderPdf }: SendingDependencies,
  tx: WorkspaceTx,
  caller: Caller,
  invoiceId: string,
  request: NewSending & { readonly key: string | null },
): Promise<string> {
  // Two sendings of one document wait for each other here, so that the second finds the first.
  const row = await lockIssued(tx, invoiceId);
  const snapshot = await readIssuedDocument(tx, invoiceId);
  const to = request.to ?? (await readContact(tx, row.contact_id)).email;
  if (!to) throw refused([{ path: 'to', message: 'This customer has no e-mail address: say where it should go.' }]);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const dedupeKey = `sending ${invoiceId} ${request.key === null ? `${today} ${to.toLowerCase()}` : `key ${request.key}`}`;
  const known = await findMessage(tx, dedupeKey);
  if (known) {
    if (known.to_address !== to) throw new Failure('idempotency_key_reused');
    return known.id;
  }
  const about = { kind: 'invoice', id: invoiceId } as const;
  const link = await makeDocumentLink(tx, caller, about, messages.publicUrl());
  const template = await readMessageWords(tx, 'invoice', snapshot.locale);
  const attached = await readMailedAttachments(tx, invoiceId);
  const values = valuesOf(row, snapshot, caller, request.message?.trim() ?? '', link.url);
  const queued = await queueMessage(messages, tx, caller, {
    kind: 'invoice',
    dedupeKey,
    to,
    contactId: row.contact_id,
    about,
    linkId: link.id,
    words: withNamed(wordsOf(template, values), attached.named, snapshot.locale),
    button: { label: fillTemplate(template.button, values), url: link.url },
    files: [
      ...(request.attach_pdf && renderPdf ? [await renderPdf(snapshot, tx)] : []),
      ...attached.files.map(({ name, media_type, bytes }) => ({ name, mediaType: media_type, bytes })),
    ],
    colour: snapshot.colour,
    footer: snapshot.footer || [snapshot.seller.name, caller.workspace.legal.address].filter(Boolean).join('\n'),
    locale: snapshot.locale,
  });
  if (row.sent_at === null) await updateMarks(tx, row, { sent_at: caller.now }, caller.now);
  await recordAudit(tx, caller, {
    action: `${row.kind}.sent`,
    subjectKind: 'invoice',
    subjectId: invoiceId,
    details: { number: row.number, to },
  });
  return queued.row.id;
}

/**
 * Sends a document without anybody asking for it at that moment, once for one `key`. Nothing happens where the customer has
 * no e-mail address, or where the document is void by now.
 */
export async function sendByItself(
  sending: SendingDependencies,
  workspaceId: string,
  publicInvoiceId: string,
  key: string,
): Promise<void> {
  const { database, clock } = sending.messages;
  const workspace = await readWorkspaceFacts(database, workspaceId);
  const id = fromPublicId('invoice', publicInvoiceId);
  if (!workspace || id === null) return;
  const caller = systemCaller(workspace, clock.now(), 'Recurring invoices');
  await database.inWorkspace(workspaceId, async (tx) => {
    const row = await lockIssued(tx, id).catch((error: unknown) => {
      if (error instanceof Failure) return null;
      throw error;
    });
    if (!row || row.voided_at !== null || !(await readContact(tx, row.contact_id)).email) return;
    await sendInvoice(sending, tx, caller, id, { attach_pdf: true, key });
  });
}

/** What was written for this one sending is never lost to words that leave it out. */
function wordsOf(template: MessageWords, values: ValuesOf<'invoice'>): MessageWords {
  const filled = fillWords(template, values);
  if (values.message === '' || /\bmessage\b/.test(template.body)) return filled;
  return { ...filled, body: `${values.message}\n\n${filled.body}` };
}

/** Files that are too large for a mail are found behind its link. */
function withNamed(words: MessageWords, named: readonly string[], locale: string): MessageWords {
  if (named.length === 0) return words;
  const list = named.map((name) => `– ${name}`).join('\n');
  return { ...words, body: `${words.body}\n\n${FRAME_WORDS[messageLanguage(locale)].behindLink}\n${list}` };
}

function valuesOf(
  row: InvoiceRow,
  snapshot: InvoiceSnapshot,
  caller: Caller,
  message: string,
  link: string,
): ValuesOf<'invoice'> {
  const money = (minor: bigint | number) => formatMinor(minor, snapshot.currency, snapshot.locale);
  const day = (date: LocalDate | null) => (date === null ? '' : dayWords(date, snapshot.locale));
  return {
    business: snapshot.seller.name || caller.workspace.name,
    customer: snapshot.buyer.name,
    document: documentWords(snapshot.locale).title[snapshot.kind],
    number: snapshot.number,
    total: money(snapshot.total_minor),
    open: row.open_minor > 0n ? money(row.open_minor) : '',
    issued: day(snapshot.issued_on),
    due: day(snapshot.due_on),
    message,
    link,
  };
}

function dayWords(date: LocalDate, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}
