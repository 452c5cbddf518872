import { simpleParser } from 'mailparser';
import { decodeTimeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type IdKind, toPublicId } from '../foundation/id.ts';
import type { Message, MessageContent } from './api.ts';
import type { MessageFilterName, MessageRow } from './message.ts';
import { holdReason, listMessageRows, readMessageByDedupeKey, readMessageRow, readRaw } from './store.ts';

export function shapeMessage(row: MessageRow): Message {
  const text = (at: Date | null) => at?.toISOString() ?? null;
  return {
    id: toPublicId('message', row.id),
    kind: row.kind,
    channel: 'e_mail',
    contact_id: row.contact_id === null ? null : toPublicId('contact', row.contact_id),
    document_id: row.document_id === null ? null : toPublicId(row.document_kind as IdKind, row.document_id),
    to: row.to_address,
    from: row.from_address,
    subject: row.subject,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    next_attempt_at: row.state === 'queued' ? text(row.try_after) : null,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    sent_at: text(row.sent_at),
    delivered_at: text(row.delivered_at),
    bounced_at: text(row.bounced_at),
    opened_at: text(row.opened_at),
  };
}

/** One page of messages, the newest first. */
export async function listMessages(
  tx: WorkspaceTx,
  request: { what?: MessageFilterName; contactId?: string; cursor?: string; limit: number },
): Promise<{ data: Message[]; next_cursor: string | null }> {
  const rows = await listMessageRows(tx, {
    ...(request.what ? { what: request.what } : {}),
    ...(request.contactId ? { contactIds: [request.contactId] } : {}),
    before: request.cursor === undefined ? null : decodeTimeCursor(request.cursor),
    limit: request.limit + 1,
  });
  const page = rows.slice(0, request.limit);
  const last = page.at(-1);
  return {
    data: page.map(shapeMessage),
    next_cursor: rows.length > request.limit && last ? encodeCursor([last.created_at.toISOString(), last.id]) : null,
  };
}

/** The messages about one document, the newest first; as many as anybody would look at. */
export async function listMessagesAbout(tx: WorkspaceTx, documentId: string): Promise<Message[]> {
  return (await listMessageRows(tx, { documentId, limit: 200 })).map(shapeMessage);
}

/**
 * The message that was made for a reason, or null; who asks for the same reason meanwhile waits until this transaction
 * ends. For messages that something is made for beforehand, such as a link.
 */
export async function holdMessage(tx: WorkspaceTx, dedupeKey: string): Promise<MessageRow | null> {
  await holdReason(tx, dedupeKey);
  return readMessageByDedupeKey(tx, dedupeKey);
}

/** The message that was made for a reason; null when there is none yet. */
export function findMessage(tx: WorkspaceTx, dedupeKey: string): Promise<MessageRow | null> {
  return readMessageByDedupeKey(tx, dedupeKey);
}

/** Rows of a contact's timeline, of the contact and those merged into it. */
export function listMessagesOfContacts(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<MessageRow[]> {
  return listMessageRows(tx, { contactIds, before, limit });
}

/** Throws not_found. */
export async function readMessage(tx: WorkspaceTx, id: string): Promise<Message> {
  const row = await readMessageRow(tx, id);
  if (!row) throw new Failure('not_found');
  return shapeMessage(row);
}

/** The bytes, as they are handed over: an .eml file. Throws not_found. */
export async function readMessageBytes(tx: WorkspaceTx, id: string): Promise<Buffer> {
  const raw = await readRaw(tx, id);
  if (!raw) throw new Failure('not_found');
  return raw;
}

/** What a message says and brings. Throws not_found. */
export async function readMessageContent(tx: WorkspaceTx, id: string): Promise<MessageContent> {
  const mail = await simpleParser(await readMessageBytes(tx, id), { skipTextToHtml: true });
  return {
    text: mail.text ?? '',
    html: mail.html || '',
    // A picture within the text is no file to its reader.
    files: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, contentType, size }) => ({
        name: filename ?? '',
        media_type: contentType,
        size,
      })),
  };
}
