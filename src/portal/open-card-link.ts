import { contactIdsOfRoot, readContact, rootOf } from '../contacts/read-contact.ts';
import type { Clock } from '../foundation/clock.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, hashSecret, newSecret } from '../foundation/id.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { openCardForm, readCardForm } from '../payments/add-card.ts';
import type { CardForm, PaymentMethod } from '../payments/api.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { consentText } from '../payments/consent-languages.ts';
import { listMethodRows, listPaymentRows } from '../payments/list-payment-rows.ts';
import type { PaymentsRoom } from '../payments/make-payments-room.ts';
import { shapeMethod } from '../payments/shape-payment.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type CardLinkRow, isVisit, linkState, VISIT_MS } from './card-link.ts';
import { findCardLinkPlace, readCardLink, setOpened, setUsed, setVisit } from './store.ts';

export interface PortalDependencies {
  readonly payments: PaymentsRoom;
  readonly messages: MessagesRoom;
  readonly clock: Clock;
  readonly publicUrl: () => string;
}

/** Who stands at the door with a link: from where, and with which visit, as their browser says. */
export interface Visitor {
  readonly ip: string | null;
  readonly visit: string | null;
}

/** A link that leads somewhere, and who follows it. */
export interface OpenedLink {
  readonly caller: Caller;
  readonly link: CardLinkRow;
  /** Whether this browser is the one that agreed, and may go on after the link is used. */
  readonly isVisit: boolean;
  /** Of what is written for the customer. */
  readonly locale: string;
}

/** Failed charges offered to be paid: what fits a telephone. */
const OFFERED_MAX = 20;
const PAYABLE = new Set<PaymentRow['status']>(['declined', 'returned', 'canceled']);

/**
 * Follows a link's secret. Throws link_not_valid for one that nobody has, and for one that is revoked, expired or used,
 * except in the browser that used it, for as long as its visit lasts.
 */
export async function openCardLink(
  { payments, clock }: PortalDependencies,
  token: string,
  visitor: Visitor,
): Promise<OpenedLink> {
  const { database } = payments;
  const place = await database.inGlobal((tx) => findCardLinkPlace(tx, hashSecret(token)));
  const facts = place && (await readWorkspaceFacts(database, place.workspace_id));
  if (!place || !facts) throw new Failure('link_not_valid');
  const system = systemCaller(facts, clock.now());
  return database.inWorkspace(facts.id, async (tx) => {
    const link = await readCardLink(tx, place.card_link_id);
    if (!link) throw new Failure('link_not_valid');
    const going = isVisit(link, visitor.visit === null ? null : hashSecret(visitor.visit), system.now);
    const state = linkState(link, system.now);
    if (state !== 'open' && !going) throw new Failure('link_not_valid');
    const contact = await readContact(tx, await rootOf(tx, link.contact_id));
    if (contact.archived_at || !facts.switches.payments_and_ltv) throw new Failure('link_not_valid');
    return {
      caller: { ...system, name: `${contact.name}, by link`, ip: visitor.ip },
      link,
      isVisit: going,
      locale: contact.locale ?? facts.locale,
    };
  });
}

/** Notes that the page was seen. */
export function noteOpened({ payments }: PortalDependencies, { caller, link }: OpenedLink): Promise<unknown> {
  if (link.opened_at) return Promise.resolve();
  return payments.database.inWorkspace(caller.workspace.id, (tx) => setOpened(tx, link.id, caller.now));
}

/**
 * The customer has agreed to the words: opens the gateway's form and begins their visit, whose secret goes to this browser
 * only. Throws what openCardForm throws.
 */
export async function beginVisit(
  dependencies: PortalDependencies,
  { caller, link, locale }: OpenedLink,
  returnUrl: string,
): Promise<{ readonly form: CardForm; readonly visit: string }> {
  const { payments } = dependencies;
  const textVersion = consentText('', locale).version;
  const given = { at: caller.now, ip: caller.ip, textVersion, returnUrl };
  const contactId = await payments.database.inWorkspace(caller.workspace.id, (tx) => rootOf(tx, link.contact_id));
  const form = await openCardForm(payments, caller, contactId, { channel: 'web', label: null, given });
  const visit = newSecret();
  const until = new Date(caller.now.getTime() + VISIT_MS);
  await payments.database.inWorkspace(caller.workspace.id, (tx) =>
    setVisit(tx, link.id, { hash: hashSecret(visit), until, cardFormId: fromPublicId('cardForm', form.id)! }),
  );
  return { form, visit };
}

/** Where the form of this link stands; a card that was saved by it uses the link up. Null when no form was opened yet. */
export async function followForm(
  { payments }: PortalDependencies,
  { caller, link }: OpenedLink,
): Promise<CardForm | null> {
  if (link.card_form_id === null) return null;
  const form = await readCardForm(payments, caller, link.card_form_id);
  const methodId = form.payment_method && fromPublicId('paymentMethod', form.payment_method.id);
  if (methodId && methodId !== link.payment_method_id) {
    await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
      await setUsed(tx, link.id, methodId, caller.now);
      await recordAudit(tx, caller, {
        action: 'card_link.used',
        subjectKind: 'contact',
        subjectId: link.contact_id,
        details: { method: `${form.payment_method!.brand} ${form.payment_method!.last4}` },
      });
    });
  }
  return form;
}

/** What is shown after a card was saved: the card, and failed charges that can be paid with it now. */
export async function readOffer(
  tx: WorkspaceTx,
  { caller, link }: OpenedLink,
): Promise<{ readonly method: PaymentMethod | null; readonly failed: readonly PaymentRow[] }> {
  const contactIds = await contactIdsOfRoot(tx, await rootOf(tx, link.contact_id));
  const [methods, rows] = await Promise.all([
    listMethodRows(tx, contactIds),
    listPaymentRows(tx, { contactIds, failedCharges: true, limit: OFFERED_MAX }),
  ]);
  const method = methods.find((row) => row.id === link.payment_method_id);
  const mayPay = caller.workspace.switches.charge_customers_directly;
  return {
    method: method ? shapeMethod(method, caller.now) : null,
    failed: mayPay ? rows.filter((row) => row.kind === 'charge' && PAYABLE.has(row.status)) : [],
  };
}
