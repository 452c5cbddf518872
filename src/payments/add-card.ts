import { contactIdsOfRoot, readContactForCharge } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { GatewayMethod } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { CardForm } from './api.ts';
import { mergedInto } from './charge-saved-method.ts';
import { CONSENT_TEXT_VERSION } from './consent.ts';
import { type MethodRow, methodLabel, methodState } from './payment-method.ts';
import { shapeMethod } from './shape-payment.ts';
import {
  type CardFormRow,
  finishCardForm,
  insertCardForm,
  insertMethod,
  lockCardForm,
  readCustomerRef,
  readLastFailure,
  readMethods,
  readMethodsOfContacts,
  updateMethod,
} from './store-methods.ts';

/** Who removed a card that was saved anew. */
const REPLACED = 'Replaced by the same card';

/** A form left open is closed after this long. */
const FORM_OPEN_MS = 60 * 60_000;

export interface CardDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
}

export interface ConsentInput {
  readonly channel: 'web' | 'phone' | 'paper';
  readonly label: string | null;
  /** Where the customer agreed by themselves: when, from where, to which words. Otherwise the caller vouches, now. */
  readonly given?: {
    readonly at: Date;
    readonly ip: string | null;
    readonly textVersion: string;
    /** Where a form that is a page of its own sends them back to. */
    readonly returnUrl?: string;
  };
}

/** Opens the gateway's own form for a new card of this contact. Throws contact_archived, card_number_refused, gateway_refused. */
export async function openCardForm(
  { database, gateways }: CardDependencies,
  caller: Caller,
  contactId: string,
  consent: ConsentInput,
  /** Where the card is to be kept; the workspace's choice when absent. */
  gatewayName: string | null = null,
): Promise<CardForm> {
  refuseCardNumber(consent.label);
  const gateway = await gateways.forNewCards(caller.workspace, gatewayName);
  if (!gateway && gatewayName !== null) {
    throw new Failure('gateway_not_connected', undefined, {
      fields: [{ path: 'gateway', message: 'Not connected in this workspace.' }],
    });
  }
  if (!gateway)
    throw new Failure('gateway_refused', 'No payment gateway is connected; connect one in Settings → Payments.');
  const { contact, customerRef } = await database.inWorkspace(caller.workspace.id, async (tx) => ({
    contact: await chargeableContact(tx, contactId),
    customerRef: await readCustomerRef(tx, [contactId], gateway.name),
  }));
  const context = { workspaceId: caller.workspace.id, now: caller.now };
  const { formRef, url } = await gateway.openCardForm(context, {
    customerRef,
    contactRef: contactId,
    contactName: contact.name,
    email: contact.email,
    ...(consent.given?.returnUrl === undefined ? {} : { returnUrl: consent.given.returnUrl }),
  });
  const row: CardFormRow = {
    id: newId(),
    contact_id: contactId,
    gateway: gateway.name,
    gateway_form_ref: formRef,
    consent_channel: consent.channel,
    label: consent.label,
    opened_by: caller.name,
    opened_at: caller.now,
    expires_at: new Date(caller.now.getTime() + FORM_OPEN_MS),
    payment_method_id: null,
    refused_reason: null,
    consent_at: consent.given?.at ?? null,
    consent_ip: consent.given?.ip ?? null,
    consent_text_version: consent.given?.textVersion ?? null,
  };
  await database.inWorkspace(caller.workspace.id, (tx) => insertCardForm(tx, row));
  return {
    id: toPublicId('cardForm', row.id),
    url,
    display: gateway.cardFormDisplay,
    status: 'open',
    refused_reason: null,
    payment_method: null,
    duplicate: false,
  };
}

/** Where a form stands; when the gateway says it is completed, the card is saved (once, whoever asks). Throws not_found. */
export async function readCardForm(
  { database, gateways }: CardDependencies,
  caller: Caller,
  formId: string,
): Promise<CardForm> {
  const found = await database.inWorkspace(caller.workspace.id, (tx) => lockCardForm(tx, formId));
  if (!found) throw new Failure('not_found');
  const context = { workspaceId: caller.workspace.id, now: caller.now };
  const state = await gateways.named(found.gateway).readCardForm(context, found.gateway_form_ref);
  return database.inWorkspace(caller.workspace.id, async (tx) => {
    const form = await lockCardForm(tx, formId);
    check(form, 'a form that was read is still there');
    const shaped = {
      id: toPublicId('cardForm', form.id),
      url: '',
      display: gateways.named(form.gateway).cardFormDisplay,
      refused_reason: null,
      payment_method: null,
      duplicate: false,
    };
    if (form.payment_method_id !== null) {
      const [method] = await readMethods(tx, [form.payment_method_id]);
      check(method, 'a finished form has its method');
      // The card was there before this form: the gateway's reference is another one.
      const duplicate = state.status === 'completed' && method.gateway_method_ref !== state.method.methodRef;
      return { ...shaped, status: 'completed', payment_method: shapeMethod(method, caller.now), duplicate };
    }
    if (state.status === 'refused' || form.refused_reason !== null) {
      const reason = form.refused_reason ?? (state.status === 'refused' ? state.reason : '');
      if (form.refused_reason === null) await finishCardForm(tx, form.id, null, reason);
      return { ...shaped, status: 'refused', refused_reason: reason };
    }
    if (state.status === 'open') return { ...shaped, status: caller.now > form.expires_at ? 'expired' : 'open' };
    const { method, duplicate } = await saveMethod(tx, caller, form.contact_id, form.gateway, state.method, {
      channel: form.consent_channel,
      label: form.label,
      ...(form.consent_at === null
        ? {}
        : {
            given: {
              at: form.consent_at,
              ip: form.consent_ip,
              textVersion: form.consent_text_version ?? CONSENT_TEXT_VERSION,
            },
          }),
    });
    await finishCardForm(tx, form.id, method.id, null);
    return { ...shaped, status: 'completed', payment_method: shapeMethod(method, caller.now), duplicate };
  });
}

/**
 * Saves a method the gateway holds. A card that is saved already (same fingerprint) is given back instead of a second one;
 * one that is saved and cannot be charged is replaced by the new one, which begins unblocked.
 */
export async function saveMethod(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  gateway: string,
  found: GatewayMethod,
  consent: ConsentInput,
): Promise<{ method: MethodRow; duplicate: boolean }> {
  refuseCardNumber(consent.label);
  const contact = await chargeableContact(tx, contactId);
  const saved = await readMethodsOfContacts(tx, await contactIdsOfRoot(tx, contact.root_id));
  const live = saved.filter((method) => method.removed_at === null);
  const same = live.find((method) => method.gateway === gateway && method.fingerprint === found.fingerprint);
  if (same && methodState(same, caller.now).state === 'usable') return { method: same, duplicate: true };
  const replaced = live.filter((old) => old.gateway === gateway && old.fingerprint === found.fingerprint);
  for (const old of replaced) {
    await updateMethod(tx, { ...old, is_default: false, removed_at: caller.now, removed_by: REPLACED });
  }
  const kept = live.filter((other) => !replaced.includes(other));
  const method: MethodRow = {
    id: newId(),
    contact_id: contactId,
    gateway,
    gateway_customer_ref: found.customerRef,
    gateway_method_ref: found.methodRef,
    kind: found.kind,
    brand: found.brand,
    last4: found.last4,
    exp_month: found.expMonth,
    exp_year: found.expYear,
    fingerprint: found.fingerprint,
    label: consent.label,
    is_default: !kept.some((other) => other.is_default && other.contact_id === contactId),
    blocked_reason: null,
    failed_at: await readLastFailure(tx, gateway, found.fingerprint),
    retry_after: null,
    consent_text_version: consent.given?.textVersion ?? CONSENT_TEXT_VERSION,
    consent_channel: consent.channel,
    consent_at: consent.given?.at ?? caller.now,
    consent_ip: consent.given ? consent.given.ip : caller.ip,
    added_by: caller.name,
    added_at: caller.now,
    removed_at: null,
    removed_by: null,
    away_account: null,
  };
  await insertMethod(tx, method);
  await recordAudit(tx, caller, {
    action: 'payment_method.added',
    subjectKind: 'paymentMethod',
    subjectId: method.id,
    details: {
      contact_id: toPublicId('contact', contactId),
      method: methodLabel(method),
      consent_channel: consent.channel,
    },
  });
  return { method, duplicate: false };
}

async function chargeableContact(tx: WorkspaceTx, contactId: string) {
  // Held, so that two cards added at once see each other (one default, no duplicate).
  const contact = (await readContactForCharge(tx, [contactId], { lock: true })).get(contactId);
  if (!contact || contact.deleted_at) throw new Failure('not_found');
  if (contact.root_id !== contact.id) throw mergedInto(contact.root_id);
  if (contact.archived_at) throw new Failure('contact_archived');
  return contact;
}

function refuseCardNumber(label: string | null): void {
  if (label !== null && holdsCardNumber(label)) {
    throw new Failure('card_number_refused', undefined, {
      fields: [{ path: 'label', message: 'Leave card numbers out.' }],
    });
  }
}
