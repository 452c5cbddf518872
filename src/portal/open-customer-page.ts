import { contactIdsOfRoot, readContact, rootOf } from '../contacts/read-contact.ts';
import { writeNote } from '../contacts/write-note.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret } from '../foundation/id.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { customerLinkState } from './customer-link.ts';
import type { PortalDependencies } from './open-card-link.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { findCustomerLinkPlace, readCustomerLink, setCustomerLinkOpened } from './store-customer-links.ts';

/**
 * Follows the secret of a customer's link. Throws link_not_valid for one that nobody has, one that was revoked, used or has
 * expired, and where the contact is archived or payments are switched off.
 */
export async function openCustomerLink(
  { payments, clock }: PortalDependencies,
  token: string,
  ip: string | null,
): Promise<OpenedCustomer> {
  const { database } = payments;
  const place = await database.inGlobal((tx) => findCustomerLinkPlace(tx, hashSecret(token)));
  const facts = place && (await readWorkspaceFacts(database, place.workspace_id));
  if (!place || !facts?.switches.payments_and_ltv) throw new Failure('link_not_valid');
  const system = systemCaller(facts, clock.now());
  return database.inWorkspace(facts.id, async (tx) => {
    const link = await readCustomerLink(tx, place.link_id);
    if (!link || customerLinkState(link, system.now) !== 'open') throw new Failure('link_not_valid');
    const contactId = await rootOf(tx, link.contact_id).catch(() => {
      throw new Failure('link_not_valid');
    });
    const contact = await readContact(tx, contactId);
    if (contact.archived_at) throw new Failure('link_not_valid');
    return {
      caller: { ...system, name: `${contact.name}, by link`, ip },
      link,
      contactId,
      contactIds: await contactIdsOfRoot(tx, contactId),
      contact,
      locale: contact.locale ?? facts.locale,
    };
  });
}

/** The same for what is on the page alone: a link that confirms an address opens no account. */
export async function openCustomerPage(
  dependencies: PortalDependencies,
  token: string,
  ip: string | null,
): Promise<OpenedCustomer> {
  const opened = await openCustomerLink(dependencies, token, ip);
  if (opened.link.new_email !== null) throw new Failure('link_not_valid');
  return opened;
}

/** Keeps that a person saw the page; the first time by this link it stands on the contact's timeline. */
export async function noteCustomerSeen(
  { payments }: PortalDependencies,
  { caller, link, contactId }: OpenedCustomer,
): Promise<void> {
  if (link.opened_at) return;
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    if ((await setCustomerLinkOpened(tx, link.id, caller.now)) === 1)
      await writeNote(tx, caller, contactId, 'Opened their own page.');
  });
}
