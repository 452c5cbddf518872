import { contactIdsOfRoot, readContact, rootOf } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { markInvoiceOpened } from '../invoices/mark-invoice-opened.ts';
import { listAttachments } from '../invoices/read-attachments.ts';
import { readInvoice, readIssuedDocument } from '../invoices/read-invoice.ts';
import { readBusinessLogo } from '../invoices/read-logo.ts';
import { resolveDocumentLink } from '../messages/make-document-link.ts';
import type { PaymentMethod } from '../payments/api.ts';
import { listMethodRows } from '../payments/list-payment-rows.ts';
import { shapeMethod } from '../payments/shape-payment.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import type { PortalDependencies } from './open-card-link.ts';
import { openCustomerPage } from './open-customer-page.ts';
import { canBePaid, type OpenedDocument } from './opened-document.ts';

/**
 * Follows the secret of a document's link. Throws link_not_valid for one that nobody has, one that was revoked, and where
 * the contact is archived or the business has switched payments off.
 */
export async function openDocument(
  { payments, clock }: PortalDependencies,
  token: string,
  ip: string | null,
): Promise<OpenedDocument> {
  const { database } = payments;
  const { workspaceId, linkId, about } = await resolveDocumentLink(database, token);
  const facts = await readWorkspaceFacts(database, workspaceId);
  if (!facts?.switches.payments_and_ltv || about.kind !== 'invoice') throw new Failure('link_not_valid');
  const system = systemCaller(facts, clock.now());
  return database.inWorkspace(workspaceId, async (tx) => {
    const opened = await readOpened(tx, system, about.id, linkId, ip);
    return { ...opened, isByCustomerLink: false };
  });
}

/**
 * A document of the customer who holds the secret of their own page. Throws link_not_valid, and not_found for drafts and for
 * what is somebody else's.
 */
export async function openCustomersDocument(
  dependencies: PortalDependencies,
  token: string,
  publicId: string,
  ip: string | null,
): Promise<OpenedDocument> {
  const { caller, contactId, link } = await openCustomerPage(dependencies, token, ip);
  const id = fromPublicId('invoice', publicId);
  if (id === null) throw new Failure('not_found');
  return dependencies.payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    const { contact, issued_at } = await readInvoice(tx, caller, id);
    const ownerId = fromPublicId('contact', contact.id)!;
    if (issued_at === null || (await rootOf(tx, ownerId)) !== contactId) throw new Failure('not_found');
    return { ...(await readOpened(tx, caller, id, link.id, ip)), isByCustomerLink: true };
  });
}

async function readOpened(
  tx: WorkspaceTx,
  system: Caller,
  invoiceId: string,
  linkId: string,
  ip: string | null,
): Promise<Omit<OpenedDocument, 'isByCustomerLink'>> {
  const invoice = await readInvoice(tx, system, invoiceId);
  const snapshot = await readIssuedDocument(tx, invoiceId);
  const ownerId = fromPublicId('contact', invoice.contact.id);
  check(ownerId, 'a document names its contact');
  const contactId = await rootOf(tx, ownerId);
  const contact = await readContact(tx, contactId);
  if (contact.archived_at) throw new Failure('link_not_valid');
  const caller = { ...system, name: `${contact.name}, by link`, ip };
  const methods = canBePaid(caller, invoice) ? await usableMethods(tx, contactId, caller.now) : [];
  const hasLogo = (await readBusinessLogo(tx)) !== null;
  const files = await listAttachments(tx, invoiceId);
  return { caller, linkId, invoiceId, contactId, invoice, snapshot, hasLogo, files, methods };
}

/** Notes that a person saw the page. */
export function noteDocumentSeen(
  { payments }: PortalDependencies,
  { caller, invoiceId, linkId, isByCustomerLink }: OpenedDocument,
) {
  return payments.database.inWorkspace(caller.workspace.id, (tx) =>
    markInvoiceOpened(tx, invoiceId, isByCustomerLink ? null : linkId, caller.now),
  );
}

async function usableMethods(tx: WorkspaceTx, contactId: string, asOf: Date): Promise<PaymentMethod[]> {
  const rows = await listMethodRows(tx, await contactIdsOfRoot(tx, contactId));
  return rows.map((row) => shapeMethod(row, asOf)).filter(({ state }) => state === 'usable');
}
