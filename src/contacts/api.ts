import { z } from 'zod';
import {
  currencyCode,
  emailAddress,
  lineOfText,
  moment,
  page,
  pageQuery,
  publicId,
  sumMinor,
  textBlock,
} from '../foundation/api.ts';
import { isCountry } from './country.ts';

/** What the contacts room takes and answers. Pure: the web program imports these too. */

export const contactId = publicId('con');
export const companyId = publicId('com');
export const noteId = publicId('not');
export const mergeId = publicId('mrg');
export const customFieldId = publicId('fld');
export const ownerId = publicId('mem');

/** A workspace has a working set of tags, not one per contact: more than this is a custom field in disguise. */
export const TAGS_MAX = 50;
export const NAME_LENGTH_MAX = 200;
export const NOTE_LENGTH_MAX = 10_000;
export const CUSTOM_TEXT_LENGTH_MAX = 500;
export const CHOICES_MAX = 100;

const requiredLine = (lengthMax: number, what: string) => lineOfText(lengthMax).min(1, `${what} is needed.`);

export const contactName = requiredLine(NAME_LENGTH_MAX, 'A name');

export const countryCode = z
  .string()
  .length(2, 'A country has two letters, such as US.')
  .refine(isCountry, 'This is not an ISO 3166 country code (upper case, such as US).');

/** Between 4 and 15 digits (E.164 allows no more), with the marks that people write between them. */
export const phoneNumber = lineOfText(40).refine(
  (text) => /^\+?[0-9 ()./\-\u00a0]+$/.test(text) && /^\d{4,15}$/.test(text.replace(/\D/g, '')),
  'A telephone number has 4 to 15 digits, with spaces or dashes between them, such as +44 20 7946 0018.',
);

export const localeTag = z.string().max(35).refine(isLocale, 'A language tag is expected, such as en-GB.');
export const timeZoneName = z
  .string()
  .max(64)
  .refine(isZone, 'A time zone of the IANA list is expected, such as Europe/London.');

/** Tags are lower case, so that “VIP” and “vip” are one. */
export const tagName = requiredLine(40, 'A tag')
  .refine((tag) => !tag.includes(','), 'A tag has no comma in it.')
  .transform((tag) => tag.toLowerCase());

export const externalRef = requiredLine(120, 'A reference');

const billingLine = lineOfText(200).nullable();

/** Address and tax id as printed on receipts; the country stands on the contact itself. */
export const billing = z.strictObject({
  line1: billingLine,
  line2: billingLine,
  city: billingLine,
  region: billingLine,
  postal_code: lineOfText(20).nullable(),
  tax_id: lineOfText(40).nullable(),
});
export type Billing = z.infer<typeof billing>;

/** Value of a custom field; which of these is accepted depends on the field's type. */
export const customValue = z.union([z.string().max(CUSTOM_TEXT_LENGTH_MAX), z.number(), z.boolean()]);

const editableFields = {
  email: emailAddress.nullable(),
  phone: phoneNumber.nullable(),
  company_id: companyId.nullable(),
  owner_id: ownerId.nullable(),
  country: countryCode.nullable(),
  /** Parts that are left out stay as they are; null empties a part. */
  billing: billing.partial(),
  currency: currencyCode.nullable(),
  locale: localeTag.nullable(),
  time_zone: timeZoneName.nullable(),
  /** Custom field key → value. Keys that are left out stay as they are; null empties one. */
  custom: z.record(z.string().max(60), customValue.nullable()),
  external_ref: externalRef.nullable(),
};

export const newContact = z.strictObject({
  name: contactName,
  ...z.object(editableFields).partial().shape,
  tags: z.array(tagName).max(TAGS_MAX, `At most ${TAGS_MAX} tags.`).optional(),
});
export type NewContact = z.infer<typeof newContact>;

export const contactChanges = z.strictObject({ name: contactName, ...editableFields }).partial();
export type ContactChanges = z.infer<typeof contactChanges>;

const billingAnswer = z.object({
  line1: z.string().nullable(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postal_code: z.string().nullable(),
  tax_id: z.string().nullable(),
});

const named = z.object({ id: z.string(), name: z.string() });

export const contact = z.object({
  id: contactId,
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  company: named.nullable(),
  owner: named.nullable(),
  /** Those of the contact and of the contacts merged into it, sorted. */
  tags: z.array(z.string()),
  country: z.string().nullable(),
  billing: billingAnswer,
  currency: z.string().nullable(),
  locale: z.string().nullable(),
  time_zone: z.string().nullable(),
  custom: z.record(z.string(), customValue),
  external_ref: z.string().nullable(),
  created_at: moment,
  updated_at: moment,
  archived_at: moment.nullable(),
  /** The surviving contact, when this one was merged into another. */
  merged_into: contactId.nullable(),
  /** Also the ETag, `"v<version>"`: send it as If-Match with changes. */
  version: z.number().int(),
});
export type Contact = z.infer<typeof contact>;

/** Lifetime value in one currency: received less refunded less lost disputes. Currencies are never added. */
export const lifetimeValueRow = z.object({ currency: z.string(), amount_minor: sumMinor });

export const contactRow = contact.extend({
  /** One row per currency, most first; absent while payments are switched off or without the right to see them. */
  ltv: z.array(lifetimeValueRow).optional(),
});
export type ContactRow = z.infer<typeof contactRow>;

export const contactPage = page(contactRow);

/**
 * `search` finds contacts that have a word beginning with each typed word, in name, e-mail, telephone number, company
 * or reference. `sort` is name unless asked otherwise; with a search those whose name begins with what was typed come
 * first, then those found by another word, in the order of that word. created is newest first; ltv needs `currency`, most
 * first, and then those without money in it by name.
 */
export const contactListQuery = z.strictObject({
  ...pageQuery.shape,
  search: z.string().max(200).optional(),
  sort: z.enum(['name', 'created', 'ltv']).default('name'),
  currency: currencyCode.optional(),
  archived: z.enum(['no', 'only', 'all']).default('no'),
  tag: tagName.optional(),
  owner: ownerId.optional(),
  country: countryCode.optional(),
  company: companyId.optional(),
});
export type ContactListQuery = z.infer<typeof contactListQuery>;

export const contactParams = z.object({ id: z.string() });
export const tagParams = z.object({ id: z.string(), tag: tagName });
export const tagList = z.object({ data: z.array(z.string()) });

export const note = z.object({
  id: noteId,
  contact_id: contactId,
  body: z.string(),
  author_name: z.string(),
  author_id: z.string().nullable(),
  created_at: moment,
  edited_at: moment.nullable(),
  deleted_at: moment.nullable(),
  version: z.number().int(),
});
export type Note = z.infer<typeof note>;

export const notePage = page(note);
export const noteBody = z.strictObject({
  body: textBlock(NOTE_LENGTH_MAX).refine((text) => text.trim() !== '', 'A note has some text.'),
});

export const newMerge = z.strictObject({ merged_contact_id: contactId });
export const merge = z.object({
  id: mergeId,
  /** The contact that stays. */
  kept: named,
  /** The contact that was merged into it. */
  merged: named,
  merged_at: moment,
  merged_by: z.string(),
  unmerged_at: moment.nullable(),
  unmerged_by: z.string().nullable(),
});
export type Merge = z.infer<typeof merge>;
export const mergeList = z.object({ data: z.array(merge) });

export const DUPLICATE_REASONS = ['email', 'phone', 'name'] as const;
export const duplicateList = z.object({
  data: z.array(
    z.object({
      id: contactId,
      name: z.string(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      company: named.nullable(),
      created_at: moment,
      archived_at: moment.nullable(),
      reasons: z.array(z.enum(DUPLICATE_REASONS)),
    }),
  ),
});
export type Duplicate = z.infer<typeof duplicateList>['data'][number];

const companyName = requiredLine(NAME_LENGTH_MAX, 'A name');
export const newCompany = z.strictObject({ name: companyName });
export const companyChanges = z.strictObject({ name: companyName, archived: z.boolean() }).partial();
export const company = z.object({
  id: companyId,
  name: z.string(),
  created_at: moment,
  archived_at: moment.nullable(),
  version: z.number().int(),
});
export type Company = z.infer<typeof company>;
export const companyPage = page(company);
export const companyListQuery = z.strictObject({
  ...pageQuery.shape,
  /** Beginning of the name. */
  search: z.string().max(200).optional(),
  archived: z.enum(['no', 'only', 'all']).default('no'),
});

export const CUSTOM_FIELD_TYPES = ['text', 'number', 'date', 'choice', 'yes_no'] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

const customFieldLabel = requiredLine(60, 'A label');
const choices = z.array(requiredLine(100, 'A choice')).max(CHOICES_MAX, `At most ${CHOICES_MAX} choices.`);

export const newCustomField = z.strictObject({
  label: customFieldLabel,
  /** Made from the label when left out. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/, 'A key has lower-case letters, digits and underscores, and begins with a letter.')
    .optional(),
  type: z.enum(CUSTOM_FIELD_TYPES),
  choices: choices.optional(),
});
export const customFieldChanges = z
  .strictObject({ label: customFieldLabel, choices, position: z.number().int().min(0).max(1000) })
  .partial();
export const customField = z.object({
  id: customFieldId,
  key: z.string(),
  label: z.string(),
  type: z.enum(CUSTOM_FIELD_TYPES),
  choices: z.array(z.string()),
  position: z.number().int(),
  created_at: moment,
  version: z.number().int(),
});
export type CustomField = z.infer<typeof customField>;
export const customFieldList = z.object({ data: z.array(customField) });

/** An answer without a body. */
export const nothing = z.null();

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Names only: Intl would also take offsets such as +01:00, which forget about summer time. */
function isZone(name: string): boolean {
  try {
    return (
      /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
}
