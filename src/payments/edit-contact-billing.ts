import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import {
  type AutoChargeConsent,
  readBilling,
  readUsableTerms,
  writeBilling,
} from '../invoices/edit-contact-billing.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { ContactBilling, ContactBillingChanges } from './api-billing.ts';
import { AUTO_CHARGE_TEXT_VERSION } from './consent.ts';
import { methodLabel, methodState } from './payment-method.ts';
import { resumeAutoCharges } from './store-auto-charges.ts';
import { readMethods } from './store-methods.ts';

/** How a contact is billed: the usual terms, and whether invoices are charged by themselves. Throws not_found. */
export async function readContactBilling(tx: WorkspaceTx, contactId: string, asOf: Date): Promise<ContactBilling> {
  const row = await readBilling(tx, await rootOf(tx, contactId));
  const [method] = row.auto_charge_method_id === null ? [] : await readMethods(tx, [row.auto_charge_method_id]);
  const consent = row.auto_charge_consent as AutoChargeConsent | null;
  return {
    terms_id: row.terms_id === null ? null : toPublicId('terms', row.terms_id),
    auto_charge:
      method === undefined || consent === null
        ? null
        : {
            payment_method_id: toPublicId('paymentMethod', method.id),
            method_label: methodLabel(method),
            method_problem: methodState(method, asOf).reason,
            consent_channel: consent.channel,
            agreed_on: consent.agreedOn ?? consent.at.slice(0, 10),
            consent_text_version: consent.textVersion ?? null,
            consent_at: consent.at,
            by: consent.by,
          },
  };
}

/**
 * Changes it. The consent is kept with its words, the day, and when and by whom it was noted; a method that was not agreed
 * to before is charged for what could not be charged by itself. Throws not_found, invalid_request (terms or a method that
 * cannot be used, a day to come), contact_merged.
 */
export async function editContactBilling(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  changes: ContactBillingChanges,
): Promise<ContactBilling> {
  const root = await rootOf(tx, contactId);
  if (root !== contactId)
    throw new Failure('contact_merged', undefined, { facts: { merged_into: toPublicId('contact', root) } });
  const row = await readBilling(tx, root);
  const next = { ...row };
  if (changes.terms_id !== undefined) {
    const id = changes.terms_id === null ? null : fromPublicId('terms', changes.terms_id);
    const exists = id === null || (await readUsableTerms(tx)).some((one) => one.id === id);
    if (changes.terms_id !== null && (id === null || !exists)) throw wrong('terms_id', 'These terms do not exist.');
    next.terms_id = id;
  }
  if (changes.auto_charge !== undefined) {
    next.auto_charge_method_id =
      changes.auto_charge === null ? null : await usableMethod(tx, caller, root, changes.auto_charge.payment_method_id);
    next.auto_charge_consent = changes.auto_charge === null ? null : consentOf(caller, changes.auto_charge);
  }
  await writeBilling(tx, next);
  const { auto_charge_method_id: agreed } = next;
  if (agreed !== null && agreed !== row.auto_charge_method_id)
    await resumeAutoCharges(tx, await contactIdsOfRoot(tx, root), caller.now);
  await recordAudit(tx, caller, {
    action: 'contact.billing_changed',
    subjectKind: 'contact',
    subjectId: root,
    details: { auto_charge: next.auto_charge_method_id !== null },
  });
  return readContactBilling(tx, root, caller.now);
}

function consentOf(caller: Caller, agreed: NonNullable<ContactBillingChanges['auto_charge']>): AutoChargeConsent {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const agreedOn = agreed.agreed_on ?? today;
  if (agreedOn > today) throw wrong('auto_charge.agreed_on', `Not after today (${today}).`);
  return {
    channel: agreed.consent_channel,
    at: caller.now.toISOString(),
    by: caller.name,
    agreedOn,
    textVersion: AUTO_CHARGE_TEXT_VERSION,
  };
}

async function usableMethod(tx: WorkspaceTx, caller: Caller, root: string, publicId: string): Promise<string> {
  const id = fromPublicId('paymentMethod', publicId);
  const [method] = id === null ? [] : await readMethods(tx, [id]);
  const owners = await contactIdsOfRoot(tx, root);
  if (!method || !owners.includes(method.contact_id))
    throw wrong('auto_charge.payment_method_id', 'This contact has no such card.');
  if (methodState(method, caller.now).state !== 'usable')
    throw wrong('auto_charge.payment_method_id', 'This card cannot be charged.');
  return method.id;
}

function wrong(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}
