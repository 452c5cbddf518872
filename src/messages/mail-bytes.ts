import MailComposer from 'nodemailer/lib/mail-composer';
import type { MessageFile } from './message.ts';
import type { LaidOut } from './message-layout.ts';
import type { MailAddress } from './smtp-server.ts';

export interface MailParts extends LaidOut {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly replyTo: string | null;
  readonly to: string;
  readonly subject: string;
  readonly date: Date;
  readonly files: readonly MessageFile[];
}

/** A message as bytes (RFC 5322): text and HTML as alternatives, files attached. */
export async function mailBytes(parts: MailParts): Promise<Buffer> {
  const mail = new MailComposer({
    messageId: `<${parts.messageId}>`,
    from: parts.from,
    to: parts.to,
    ...(parts.replyTo === null ? {} : { replyTo: parts.replyTo }),
    subject: parts.subject,
    date: parts.date,
    text: parts.text,
    html: parts.html,
    attachments: parts.files.map(({ name, mediaType, bytes, contentId }) => ({
      filename: name,
      contentType: mediaType,
      content: bytes,
      ...(contentId === undefined ? {} : { cid: contentId, contentDisposition: 'inline' as const }),
    })),
    // Nobody's holiday answer is wanted (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const bytes = await mail.compile().build();
  // Over SMTP every line ends, the last one too: so that what is kept is what arrives.
  return bytes.subarray(-2).toString('latin1') === '\r\n' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')]);
}
