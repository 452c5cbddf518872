import { holdsCardNumber } from '../foundation/card-number.ts';
import { Failure } from '../foundation/failure.ts';
import type { Billing } from './api.ts';

export const NO_BILLING: Billing = Object.freeze({
  line1: null,
  line2: null,
  city: null,
  region: null,
  postal_code: null,
  tax_id: null,
});

export type CustomValues = Readonly<Record<string, string | number | boolean>>;

/** What a person fills in about a contact. */
export interface ContactFields {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly companyId: string | null;
  readonly ownerMemberId: string | null;
  readonly country: string | null;
  readonly billing: Billing;
  readonly currency: string | null;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly custom: CustomValues;
  readonly externalRef: string | null;
}

export const EMPTY_CONTACT: ContactFields = Object.freeze({
  name: '',
  email: null,
  phone: null,
  companyId: null,
  ownerMemberId: null,
  country: null,
  billing: NO_BILLING,
  currency: null,
  locale: null,
  timeZone: null,
  custom: {},
  externalRef: null,
});

/** Address lines as they are kept: only what is filled in. */
export function filledBilling(billing: Billing): Partial<Billing> {
  return Object.fromEntries(Object.entries(billing).filter(([, value]) => value !== null && value !== ''));
}

/** Throws card_number_refused naming the first field whose text looks like one. Absent values are fine. */
export function refuseCardNumbers(texts: Readonly<Record<string, string | null | undefined>>): void {
  for (const [path, text] of Object.entries(texts)) {
    if (text && holdsCardNumber(text)) throw cardNumberIn(path);
  }
}

/** The same over everything in a contact that is free text, custom values included. */
export function refuseCardNumbersInContact(fields: ContactFields): void {
  if (fields.phone && isCardNumberInPhone(fields.phone)) throw cardNumberIn('phone');
  refuseCardNumbers({
    name: fields.name,
    email: fields.email,
    external_ref: fields.externalRef,
    ...Object.fromEntries(Object.entries(fields.billing).map(([part, text]) => [`billing.${part}`, text])),
    ...Object.fromEntries(Object.entries(fields.custom).map(([key, value]) => [`custom.${key}`, String(value)])),
  });
}

/**
 * Every tenth telephone number of 13 digits passes Luhn's check, and China and Germany have such numbers, so an
 * international number (with its +) of up to 13 digits is believed; no card with 13 digits is issued any more.
 */
export function isCardNumberInPhone(phone: string): boolean {
  if (phone.trimStart().startsWith('+') && phone.replace(/\D/g, '').length <= 13) return false;
  return holdsCardNumber(phone);
}

function cardNumberIn(path: string): Failure {
  return new Failure('card_number_refused', undefined, {
    fields: [{ path, message: 'Leave the card number out; cards are added through the payment form.' }],
  });
}

/** What somebody changes: absent fields stay, null empties; parts of billing and custom values likewise. */
export type ContactFieldChanges = Partial<Omit<ContactFields, 'billing' | 'custom'>> & {
  readonly billing?: Partial<Billing>;
};

/** `before` with the changes applied; custom values are changed by changeCustomValues(), which knows the fields. */
export function changeContactFields(before: ContactFields, changes: ContactFieldChanges): ContactFields {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const parts = Object.entries(changes.billing ?? {}).map(([part, text]) => [part, text === '' ? null : text]);
  return { ...before, ...given, billing: { ...before.billing, ...Object.fromEntries(parts) } };
}

/** Names of the fields that differ, as the API calls them: for the audit log, which keeps no values of people. */
export function changedFields(before: ContactFields, after: ContactFields): string[] {
  const names: Record<keyof ContactFields, string> = {
    name: 'name',
    email: 'email',
    phone: 'phone',
    companyId: 'company_id',
    ownerMemberId: 'owner_id',
    country: 'country',
    billing: 'billing',
    currency: 'currency',
    locale: 'locale',
    timeZone: 'time_zone',
    custom: 'custom',
    externalRef: 'external_ref',
  };
  return (Object.keys(names) as (keyof ContactFields)[])
    .filter((field) => canonical(before[field]) !== canonical(after[field]))
    .map((field) => names[field]);
}

/** Text that is equal for equal values, whatever order their keys came in. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
