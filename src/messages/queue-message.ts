import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { mailBytes } from './mail-bytes.ts';
import type { About, MessageFile, MessageRow } from './message.ts';
import type { MessageKindName } from './message-kinds.ts';
import { LOGO_ID, layOut, type MailLook } from './message-layout.ts';
import { type MessageWords, oneLine } from './message-template.ts';
import { type MailSurroundings, readMailAccount } from './read-mail-account.ts';
import { insertMessage, readMessageByDedupeKey } from './store.ts';

/** A message that somebody is to get. */
export interface NewMessage {
  readonly kind: MessageKindName;
  /** The reason: for one reason there is one message, however often and by however many it is asked for. */
  readonly dedupeKey: string;
  readonly to: string;
  /** On whose timeline it stands; null for staff. */
  readonly contactId: string | null;
  readonly about: About | null;
  /** The document link in it, if there is one. */
  readonly linkId?: string | null;
  /** Filled already (fillWords). */
  readonly words: MessageWords;
  readonly button?: { readonly label: string; readonly url: string } | null;
  readonly files?: readonly MessageFile[];
  /** Where the document has one of its own. */
  readonly colour?: string;
  /** Where the business has set none for everything. */
  readonly footer?: string;
  readonly locale?: string;
}

export interface Queued {
  readonly row: MessageRow;
  /** False when there was one for this reason before: then nothing was added, and `row` is that one. */
  readonly added: boolean;
}

/**
 * Writes a message in the caller's transaction, ready to be handed over byte for byte: it is sent if that transaction
 * commits, and only then. Its Message-ID holds its own id, by which a bounce finds it again.
 */
export async function queueMessage(
  surroundings: MailSurroundings,
  tx: WorkspaceTx,
  caller: Caller,
  message: NewMessage,
): Promise<Queued> {
  const known = await readMessageByDedupeKey(tx, message.dedupeKey);
  if (known) return { row: known, added: false };
  const { workspace } = caller;
  const test = workspace.mode === 'sandbox';
  const account = await readMailAccount(surroundings, tx, workspace);
  const look = await surroundings.readLook(tx);
  const id = newId();
  const subject = oneLine(`${test ? '[TEST] ' : ''}${message.words.subject}`);
  const raw = await mailBytes({
    messageId: messageIdOf(id, account.from.address),
    from: account.from,
    replyTo: account.replyTo,
    to: message.to,
    subject,
    date: caller.now,
    files: [...logoFile(look), ...(message.files ?? [])],
    ...layOut({
      body: message.words.body,
      button: message.button ?? null,
      business: workspace.legal.name || workspace.name,
      logo: look.logo === null ? null : `cid:${LOGO_ID}`,
      colour: message.colour ?? look.colour,
      footer: look.footer || message.footer || '',
      locale: message.locale ?? workspace.locale,
      test,
    }),
  });
  const added = await insertMessage(tx, {
    id,
    kind: message.kind,
    contact_id: message.contactId,
    document_kind: message.about?.kind ?? null,
    document_id: message.about?.id ?? null,
    link_id: message.linkId ?? null,
    to_address: message.to,
    from_address: account.from.address,
    subject,
    raw,
    dedupe_key: message.dedupeKey,
    created_at: caller.now,
    created_by: caller.name,
  });
  const row = await readMessageByDedupeKey(tx, message.dedupeKey);
  check(row, 'a message that was not added was there by its reason');
  return { row, added };
}

function logoFile({ logo }: MailLook): MessageFile[] {
  if (logo === null) return [];
  const name = logo.type === 'image/png' ? 'logo.png' : 'logo.jpg';
  return [{ name, mediaType: logo.type, bytes: logo.bytes, contentId: LOGO_ID }];
}

export function messageIdOf(id: string, fromAddress: string): string {
  return `${toPublicId('message', id)}@${fromAddress.slice(fromAddress.lastIndexOf('@') + 1)}`;
}
