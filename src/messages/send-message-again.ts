import { simpleParser } from 'mailparser';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { mailBytes } from './mail-bytes.ts';
import { type MessageRow, SENT_AGAIN_FROM } from './message.ts';
import { messageIdOf } from './queue-message.ts';
import { type MailSurroundings, readMailAccount } from './read-mail-account.ts';
import type { MailAccount } from './smtp-server.ts';
import { lockMessage, queueAgain, readRaw } from './store.ts';

/**
 * Puts a message that did not go out, or of which nobody knows, back into the queue: a person has decided. It keeps its
 * Message-ID, so that a mailbox which has it already can tell. Throws not_found, message_state_conflict.
 */
export async function sendMessageAgain(
  surroundings: MailSurroundings,
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
): Promise<void> {
  const row = await lockMessage(tx, id);
  const raw = row && (await readRaw(tx, id));
  if (!row || !raw) throw new Failure('not_found');
  if (!SENT_AGAIN_FROM.includes(row.state)) throw new Failure('message_state_conflict', WHY_NOT[row.state]);
  const account = await readMailAccount(surroundings, tx, caller.workspace);
  const sameSender = account.from.address === row.from_address;
  await queueAgain(tx, id, sameSender ? raw : await fromAnother(account, row, raw, caller.now), account.from.address);
  await recordAudit(tx, caller, {
    action: 'message.sent_again',
    subjectKind: 'message',
    subjectId: id,
    details: { to: row.to_address, was: row.state },
  });
}

const WHY_NOT: Partial<Record<MessageRow['state'], string>> = {
  queued: 'This message is waiting to be sent already.',
  sending: 'This message is being sent right now.',
  sent: 'This message was sent. Write another one to send it anew.',
  bounced: 'This message came back. Correct the address, and send another one.',
};

/** The same message under the address that mail is sent from now: kept mail was written before a server was configured. */
async function fromAnother(account: MailAccount, row: MessageRow, raw: Buffer, now: Date): Promise<Buffer> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, keepCidLinks: true });
  return mailBytes({
    messageId: messageIdOf(row.id, account.from.address),
    from: account.from,
    replyTo: account.replyTo,
    to: row.to_address,
    subject: row.subject,
    date: now,
    text: mail.text ?? '',
    html: mail.html || '',
    files: mail.attachments.map(({ filename, contentType, content, cid, related }) => ({
      name: filename ?? 'file',
      mediaType: contentType,
      bytes: content,
      ...(related && cid ? { contentId: cid } : {}),
    })),
  });
}
