import { contactIdsOfRoot, readContact, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret, toPublicId } from '../foundation/id.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { fillWords } from '../messages/message-template.ts';
import { queueMessage } from '../messages/queue-message.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { CustomerLink, NewCustomerLink } from './api.ts';
import { type CustomerLinkRow, customerLinkState } from './customer-link.ts';
import { readCustomerPage } from './edit-customer-page.ts';
import { insertCustomerLink, readCustomerLinksOf, revokeCustomerLinkRows } from './store-customer-links.ts';

/** Older links than these are nobody's concern any more. */
const LINKS_LISTED_MAX = 50;
const HOUR_MS = 3_600_000;

export interface CustomerLinkInput {
  readonly contactId: string;
  /** Null: as many as the settings say. */
  readonly hours: number | null;
  /** Sends it to the contact's own address, and to no other. */
  readonly send: boolean;
}

/**
 * Makes a link to a customer's own page; its address is given this once. With `send` it goes to their e-mail address in
 * the same transaction. Throws not_found, contact_archived, invalid_request (nowhere to send it to).
 */
export async function makeCustomerLink(
  messages: MessagesRoom,
  tx: WorkspaceTx,
  caller: Caller,
  input: CustomerLinkInput,
): Promise<NewCustomerLink> {
  const contact = await readContact(tx, await rootOf(tx, input.contactId));
  const rootId = await rootOf(tx, input.contactId);
  if (contact.archived_at) throw new Failure('contact_archived');
  if (input.send && !contact.email) {
    const message = 'This customer has no e-mail address: copy the link instead.';
    throw new Failure('invalid_request', `send: ${message}`, { fields: [{ path: 'send', message }] });
  }
  const hours = input.hours ?? (await readCustomerPage(tx)).valid_days * 24;
  const { row, url } = await writeCustomerLink(tx, caller, { contactId: rootId, hours, newEmail: null }, messages);
  await recordAudit(tx, caller, {
    action: 'customer_link.made',
    subjectKind: 'contact',
    subjectId: rootId,
    details: { customer_link_id: toPublicId('customerLink', row.id), sent: input.send },
  });
  if (input.send) {
    const { workspace } = caller;
    const locale = contact.locale ?? workspace.locale;
    const words = await readMessageWords(tx, 'customer_page', locale);
    const values = {
      business: workspace.legal.name || workspace.name,
      customer: contact.name,
      until: new Intl.DateTimeFormat(locale, {
        dateStyle: 'long',
        timeZone: workspace.timeZone,
      }).format(row.expires_at),
      link: url,
    };
    await queueMessage(messages, tx, caller, {
      kind: 'customer_page',
      dedupeKey: `customer link ${row.id}`,
      to: contact.email!,
      contactId: rootId,
      about: null,
      words: fillWords(words, values),
      button: { label: words.button, url },
      locale,
    });
  }
  return { ...shapeCustomerLink(row, caller.now), url, sent_to: input.send ? contact.email : null };
}

/** Writes a link and the way to it. `hours` from now. */
export async function writeCustomerLink(
  tx: WorkspaceTx,
  caller: Caller,
  { contactId, hours, newEmail }: { contactId: string; hours: number; newEmail: string | null },
  { publicUrl }: Pick<MessagesRoom, 'publicUrl'>,
): Promise<{ readonly row: CustomerLinkRow; readonly url: string }> {
  const token = newSecret();
  const row: CustomerLinkRow = {
    id: newId(),
    contact_id: contactId,
    new_email: newEmail,
    created_by: caller.name,
    created_at: caller.now,
    expires_at: new Date(caller.now.getTime() + hours * HOUR_MS),
    opened_at: null,
    used_at: null,
    revoked_at: null,
    revoked_by: null,
  };
  await insertCustomerLink(tx, row, hashSecret(token));
  return { row, url: `${publicUrl()}/my/${token}` };
}

/** Links of a contact and of those merged into it, the newest first. Throws not_found. */
export async function listCustomerLinks(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<CustomerLink[]> {
  const contactIds = await contactIdsOfRoot(tx, await rootOf(tx, contactId));
  const rows = await readCustomerLinksOf(tx, contactIds, LINKS_LISTED_MAX);
  return rows.map((row) => shapeCustomerLink(row, caller.now));
}

/** Ends every link of a contact at once. Doing it twice changes nothing. Throws not_found. */
export async function revokeCustomerLinks(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<void> {
  const rootId = await rootOf(tx, contactId);
  const count = await revokeCustomerLinkRows(tx, await contactIdsOfRoot(tx, rootId), caller.name, caller.now);
  if (count === 0) return;
  await recordAudit(tx, caller, {
    action: 'customer_links.revoked',
    subjectKind: 'contact',
    subjectId: rootId,
    details: { count },
  });
}

function shapeCustomerLink(row: CustomerLinkRow, asOf: Date): CustomerLink {
  return {
    id: toPublicId('customerLink', row.id),
    contact_id: toPublicId('contact', row.contact_id),
    state: customerLinkState(row, asOf),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    opened_at: row.opened_at?.toISOString() ?? null,
  };
}
