import { editContact } from '../contacts/edit-contact.ts';
import { writeNote } from '../contacts/write-note.ts';
import { Failure } from '../foundation/failure.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import { fillWords } from '../messages/message-template.ts';
import { queueMessage } from '../messages/queue-message.ts';
import { ASKED_HOURS } from './customer-link.ts';
import { readCustomerPage } from './edit-customer-page.ts';
import { writeCustomerLink } from './make-customer-link.ts';
import type { PortalDependencies } from './open-card-link.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { setCustomerLinkUsed } from './store-customer-links.ts';

/** What a customer may change of themselves; empty text empties. */
export interface CustomerDetails {
  readonly name: string;
  readonly phone: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly region: string;
  readonly postal_code: string;
  readonly tax_id: string;
}

/** Changes them and writes what was and what is on the timeline. Throws forbidden where the workspace does not allow it, and what editContact() throws. */
export async function editCustomerDetails(
  { payments }: PortalDependencies,
  { caller, contactId, contact }: OpenedCustomer,
  { name, phone, ...billing }: CustomerDetails,
): Promise<void> {
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    if (!(await readCustomerPage(tx)).edits_details) throw new Failure('not_found');
    const before = { name: contact.name, phone: contact.phone, ...contact.billing };
    const after = await editContact(tx, caller, contactId, { name, phone: phone || null, billing }, null);
    const now: Record<string, string | null> = { name: after.name, phone: after.phone, ...after.billing };
    const changed = Object.entries(before).filter(([field, value]) => (now[field] ?? '') !== (value ?? ''));
    if (changed.length === 0) return;
    const said = changed.map(([field, value]) => `${LABELS[field] ?? field}: ${value || '–'} → ${now[field] || '–'}`);
    await writeNote(tx, caller, contactId, `Changed on their own page:\n${said.join('\n')}`);
  });
}

const LABELS: Readonly<Record<string, string>> = {
  name: 'Name',
  phone: 'Phone',
  line1: 'Address',
  line2: 'Address, second line',
  city: 'City',
  region: 'Region',
  postal_code: 'Postal code',
  tax_id: 'Tax id',
};

/** Sends a link to a new address, by which it is confirmed. Nothing changes before that. Throws not_found where details cannot be changed. */
export async function sendAddressConfirmation(
  { payments, messages }: PortalDependencies,
  { caller, contactId, contact, locale }: OpenedCustomer,
  email: string,
): Promise<void> {
  if (contact.email?.toLowerCase() === email.toLowerCase()) return;
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    if (!(await readCustomerPage(tx)).edits_details) throw new Failure('not_found');
    const { row, url } = await writeCustomerLink(
      tx,
      caller,
      { contactId, hours: ASKED_HOURS, newEmail: email },
      messages,
    );
    const words = await readMessageWords(tx, 'address_confirmation', locale);
    await queueMessage(messages, tx, caller, {
      kind: 'address_confirmation',
      dedupeKey: `address confirmation ${row.id}`,
      to: email,
      contactId,
      about: null,
      words: fillWords(words, {
        business: caller.workspace.legal.name || caller.workspace.name,
        customer: contact.name,
        link: url,
      }),
      button: { label: words.button, url },
      locale,
    });
  });
}

/** The customer holds the link that went to their new address. Used once. Throws link_not_valid. */
export async function confirmAddress({ payments }: PortalDependencies, opened: OpenedCustomer): Promise<void> {
  const { caller, contact, contactId, link } = opened;
  const { new_email: email } = link;
  if (email === null) throw new Failure('link_not_valid');
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    if ((await setCustomerLinkUsed(tx, link.id, caller.now)) === 0) throw new Failure('link_not_valid');
    await editContact(tx, caller, contactId, { email }, null);
    await writeNote(tx, caller, contactId, `Confirmed a new e-mail address: ${contact.email ?? '–'} → ${email}`);
  });
}
