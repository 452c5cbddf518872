import { readContact, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret, toPublicId } from '../foundation/id.ts';
import { declineWords } from '../gateways/decline-words.ts';
import { fill } from '../invoices/document-words.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { cardMessageWords } from '../payments/card-message-words.ts';
import { readRow } from '../payments/read-payment.ts';
import { failedChargeWords, greetingOf } from '../payments/write-card-message.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { CardLink, NewCardLink } from './api.ts';
import { type CardLinkRow, LINK_HOURS_DEFAULT, linkState } from './card-link.ts';
import { insertCardLink } from './store.ts';

export interface CardLinkInput {
  /** Where a failed charge is named, its contact is the link's. */
  readonly contactId: string | null;
  readonly paymentId: string | null;
  readonly hours: number | null;
}

/** Statuses of a charge that a new card can make good. */
const FAILED = new Set<PaymentRow['status']>(['declined', 'returned', 'canceled', 'needs_customer']);
const HOUR_MS = 3_600_000;

/**
 * Makes a link by which a customer saves a card, and the message that carries it. The address is given this once. Throws
 * not_found, contact_archived, payment_state_conflict, invalid_request.
 */
export async function makeCardLink(
  tx: WorkspaceTx,
  caller: Caller,
  input: CardLinkInput,
  publicUrl: string,
): Promise<NewCardLink> {
  const payment = input.paymentId === null ? null : await readRow(tx, input.paymentId);
  if (payment && (payment.kind !== 'charge' || !FAILED.has(payment.status)))
    throw new Failure('payment_state_conflict', 'There is nothing to ask the customer about this payment.');
  const rootId = await rootOf(tx, input.contactId ?? payment!.contact_id);
  if (payment && input.contactId !== null && (await rootOf(tx, payment.contact_id)) !== rootId) {
    const message = 'This is not a payment of the contact.';
    throw new Failure('invalid_request', `payment_id: ${message}`, { fields: [{ path: 'payment_id', message }] });
  }
  const contact = await readContact(tx, rootId);
  if (contact.archived_at) throw new Failure('contact_archived');
  const token = newSecret();
  const row: CardLinkRow = {
    id: newId(),
    contact_id: rootId,
    payment_id: payment?.id ?? null,
    created_by: caller.name,
    created_at: caller.now,
    expires_at: new Date(caller.now.getTime() + (input.hours ?? LINK_HOURS_DEFAULT) * HOUR_MS),
    revoked_at: null,
    revoked_by: null,
    opened_at: null,
    visit_hash: null,
    visit_until: null,
    card_form_id: null,
    used_at: null,
    payment_method_id: null,
  };
  await insertCardLink(tx, row, hashSecret(token));
  await recordAudit(tx, caller, {
    action: 'card_link.made',
    subjectKind: 'contact',
    subjectId: rootId,
    details: { card_link_id: toPublicId('cardLink', row.id), expires_at: row.expires_at.toISOString() },
  });
  const url = `${publicUrl}/card/${token}`;
  return {
    ...shapeCardLink(row, caller.now),
    url,
    message: messageOf(caller, contact, payment, { url, expiresAt: row.expires_at }),
  };
}

/** A link as the API gives it at `asOf`. */
export function shapeCardLink(row: CardLinkRow, asOf: Date): CardLink {
  return {
    id: toPublicId('cardLink', row.id),
    contact_id: toPublicId('contact', row.contact_id),
    payment_id: row.payment_id && toPublicId('payment', row.payment_id),
    state: linkState(row, asOf),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    opened_at: row.opened_at?.toISOString() ?? null,
    used_at: row.used_at?.toISOString() ?? null,
    payment_method_id: row.payment_method_id && toPublicId('paymentMethod', row.payment_method_id),
  };
}

function messageOf(
  { workspace }: Caller,
  contact: { readonly name: string; readonly email: string | null; readonly locale: string | null },
  payment: PaymentRow | null,
  link: { readonly url: string; readonly expiresAt: Date },
): NewCardLink['message'] {
  const locale = contact.locale ?? workspace.locale;
  const words = cardMessageWords(locale);
  const business = workspace.name;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: workspace.timeZone });
  return {
    to: contact.email,
    subject: fill(payment ? words.failedSubject : words.cardSubject, { business }),
    body: [
      greetingOf(contact.name, locale),
      payment ? aboutPayment(payment, locale) : fill(words.ask, { business }),
      fill(words.here, { link: link.url }),
      fill(words.until, { day: day.format(link.expiresAt) }),
      fill(words.thanks, { business }),
    ].join('\n\n'),
  };
}

function aboutPayment(payment: PaymentRow, locale: string): string {
  const failed = failedChargeWords(payment, locale);
  return payment.decline_code === null ? failed : `${failed} ${declineWords(payment.decline_code, locale)}`;
}
