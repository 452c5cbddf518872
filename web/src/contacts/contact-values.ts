import type { z } from 'zod';
import type { Contact, ContactChanges, CustomField, customValue, NewContact } from '../../../src/contacts/api.ts';

/** A contact as its form holds it: every field a text, empty when there is nothing. */
export interface ContactValues {
  name: string;
  email: string;
  phone: string;
  company_id: string;
  owner_id: string;
  country: string;
  currency: string;
  locale: string;
  time_zone: string;
  external_ref: string;
  tags: string[];
  billing: Record<BillingPart, string>;
  custom: Record<string, string>;
}

export const BILLING_PARTS = ['line1', 'line2', 'city', 'region', 'postal_code', 'tax_id'] as const;
export type BillingPart = (typeof BILLING_PARTS)[number];

const PLAIN = [
  'email',
  'phone',
  'company_id',
  'owner_id',
  'country',
  'currency',
  'locale',
  'time_zone',
  'external_ref',
] as const;

export const NO_VALUES: ContactValues = {
  name: '',
  email: '',
  phone: '',
  company_id: '',
  owner_id: '',
  country: '',
  currency: '',
  locale: '',
  time_zone: '',
  external_ref: '',
  tags: [],
  billing: { line1: '', line2: '', city: '', region: '', postal_code: '', tax_id: '' },
  custom: {},
};

/** The form of a contact that exists. Every custom field has a place in it, filled or not. */
export function valuesOf(contact: Contact, fields: readonly CustomField[]): ContactValues {
  return {
    name: contact.name,
    email: contact.email ?? '',
    phone: contact.phone ?? '',
    company_id: contact.company?.id ?? '',
    owner_id: contact.owner?.id ?? '',
    country: contact.country ?? '',
    currency: contact.currency ?? '',
    locale: contact.locale ?? '',
    time_zone: contact.time_zone ?? '',
    external_ref: contact.external_ref ?? '',
    tags: contact.tags,
    billing: {
      line1: contact.billing.line1 ?? '',
      line2: contact.billing.line2 ?? '',
      city: contact.billing.city ?? '',
      region: contact.billing.region ?? '',
      postal_code: contact.billing.postal_code ?? '',
      tax_id: contact.billing.tax_id ?? '',
    },
    custom: Object.fromEntries(fields.map((field) => [field.key, textOf(contact.custom[field.key])])),
  };
}

/** What changed between two states of the form, as the API takes it; null when nothing did. Tags go their own way. */
export function changesBetween(
  before: ContactValues,
  after: ContactValues,
  fields: readonly CustomField[],
): ContactChanges | null {
  const changes: ContactChanges = {};
  if (after.name.trim() !== before.name) changes.name = after.name.trim();
  for (const field of PLAIN) {
    if (after[field].trim() !== before[field]) changes[field] = after[field].trim() || null;
  }
  const billing = BILLING_PARTS.filter((part) => after.billing[part].trim() !== before.billing[part]);
  if (billing.length > 0) {
    changes.billing = Object.fromEntries(billing.map((part) => [part, after.billing[part].trim() || null]));
  }
  const custom = fields.filter((field) => (after.custom[field.key] ?? '') !== (before.custom[field.key] ?? ''));
  if (custom.length > 0) {
    changes.custom = Object.fromEntries(custom.map((field) => [field.key, typedValue(after.custom[field.key], field)]));
  }
  return Object.keys(changes).length === 0 ? null : changes;
}

/** A new contact as the API takes it: only what was filled in. */
export function newContactOf(values: ContactValues, fields: readonly CustomField[]): NewContact {
  return {
    name: values.name.trim(),
    ...changesBetween(NO_VALUES, { ...values, name: '' }, fields),
    ...(values.tags.length > 0 ? { tags: values.tags } : {}),
  };
}

/** A custom value in words for its form field. */
export function textOf(value: z.infer<typeof customValue> | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

/** What is no number goes to the server as the text it is, which says by field what it would take. */
function typedValue(text: string | undefined, field: CustomField): z.infer<typeof customValue> | null {
  const words = (text ?? '').trim();
  if (words === '') return null;
  if (field.type === 'yes_no') return words === 'yes';
  if (field.type === 'number') {
    const number = Number(words.replace(',', '.'));
    return Number.isFinite(number) ? number : words;
  }
  return words;
}
