import { z } from 'zod';
import { currencyCode, lineOfText, localDate, moment, page, pageQuery, publicId, sumMinor, textBlock } from '../foundation/api.ts';
import { contactIdOf, discount, invoiceRow, LINES_MAX, NOTES_LENGTH_MAX, newLine, recurringId, termsBody, termsId } from './api.ts';

/** Recurring invoices and usage. Pure: the web program imports these too. */

/** Three years of days: no trial and no pause is longer, so that the next invoice is always found. */
export const LEFT_OUT_DAYS_MAX = 1_095;
/** How many invoices ahead are shown. */
export const UPCOMING_COUNT = 5;

export const recurrenceUnit = z.enum(['day', 'week', 'month', 'quarter', 'year']);
export const schedule = z.strictObject({
  unit: recurrenceUnit,
  /** Every so many units. */
  every: z.number().int().min(1).max(366).default(1),
  /** Date of the first invoice, and what every other date is counted from: the 31st stays the 31st. */
  starts_on: localDate,
  /** Nothing is billed for periods that begin before this date. */
  trial_until: localDate.nullable().default(null),
  /** The number of the last period; null: without end. */
  count_max: z.number().int().min(1).max(10_000).nullable().default(null),
  /** No invoice on or after this date. */
  ends_on: localDate.nullable().default(null),
});

const contentFields = {
  lines: z.array(newLine).min(1, 'At least one line.').max(LINES_MAX, `At most ${LINES_MAX} lines in one document.`),
  discount: discount.nullable(),
  notes: textBlock(NOTES_LENGTH_MAX),
  reference: lineOfText(100).nullable(),
};

export const newRecurringInvoice = z.strictObject({
  contact_id: contactIdOf,
  name: lineOfText(120).min(1, 'A name for the schedule.'),
  currency: currencyCode.optional(),
  schedule,
  lines: contentFields.lines,
  discount: contentFields.discount.default(null),
  notes: contentFields.notes.default(''),
  reference: contentFields.reference.default(null),
  terms: termsBody.nullable().default(null),
  terms_id: termsId.nullable().default(null),
  auto_issue: z.boolean().default(true),
  auto_send: z.boolean().default(true),
  auto_charge: z.boolean().default(false),
});
export type NewRecurringInvoice = z.output<typeof newRecurringInvoice>;
export type NewRecurringInvoiceBody = z.input<typeof newRecurringInvoice>;

export const recurringChanges = z.strictObject({
  name: lineOfText(120).min(1).optional(),
  /** Unit, every and start may change until the first invoice is made. */
  schedule: z
    .strictObject({
      unit: recurrenceUnit,
      every: z.number().int().min(1).max(366),
      starts_on: localDate,
      trial_until: localDate.nullable(),
      count_max: z.number().int().min(1).max(10_000).nullable(),
      ends_on: localDate.nullable(),
    })
    .partial()
    .optional(),
  lines: contentFields.lines.optional(),
  discount: contentFields.discount.optional(),
  notes: contentFields.notes.optional(),
  reference: contentFields.reference.optional(),
  /** From which date lines, discount, notes and reference hold; absent: from the next invoice on. */
  from: localDate.optional(),
  /** In the middle of a period that is billed: credit the days that are left at the old price, bill them at the new one. */
  prorate: z.boolean().default(true),
  terms: termsBody.nullable().optional(),
  terms_id: termsId.nullable().optional(),
  auto_issue: z.boolean().optional(),
  auto_send: z.boolean().optional(),
  auto_charge: z.boolean().optional(),
});
export type RecurringChanges = z.output<typeof recurringChanges>;

export const newPause = z.strictObject({
  /** Absent: today. */
  from: localDate.optional(),
  /** The first day that is billed again; null: until it is resumed. */
  to: localDate.nullable().default(null),
});
export const resumption = z.strictObject({ on: localDate.optional() });
export const newSkip = z.strictObject({ number: z.number().int().min(1).max(100_000).optional() });
export const ending = z.strictObject({
  /** No invoice on or after this date; absent: today. */
  on: localDate.optional(),
});

export const upcomingInvoice = z.object({
  number: z.number().int(),
  on: localDate,
  until: localDate,
  due_on: localDate.nullable(),
  net_minor: sumMinor,
  tax_minor: sumMinor,
  total_minor: sumMinor,
  /** Usage that is known by now; more may come until that day. */
  usage_minor: sumMinor,
});
export type UpcomingInvoice = z.infer<typeof upcomingInvoice>;

export const recurringRow = z.object({
  id: recurringId,
  name: z.string(),
  status: z.enum(['active', 'trial', 'paused', 'waiting', 'ended']),
  contact: z.object({ id: contactIdOf, name: z.string() }),
  currency: z.string(),
  /** What the next invoice comes to without usage, minor units; null when there is none. */
  amount_minor: sumMinor.nullable(),
  schedule: z.object({
    unit: recurrenceUnit,
    every: z.number().int(),
    starts_on: localDate,
    trial_until: localDate.nullable(),
    count_max: z.number().int().nullable(),
    ends_on: localDate.nullable(),
  }),
  next_invoice_on: localDate.nullable(),
  /** Why an invoice that is due could not be made, and when it is tried again. */
  held: z.object({ reason: z.string(), until: localDate }).nullable(),
  auto_issue: z.boolean(),
  auto_send: z.boolean(),
  auto_charge: z.boolean(),
  created_at: moment,
  version: z.number().int(),
});
export type RecurringRowAnswer = z.infer<typeof recurringRow>;

const contentAnswer = z.object({
  lines: z.array(
    z.object({
      product_id: z.string().optional(),
      name: z.string(),
      description: z.string(),
      quantity: z.string(),
      unit: z.string(),
      unit_code: z.string(),
      unit_price: z.string(),
      discount: z.object({ percent: z.string().optional(), amount_minor: z.number().optional() }).nullable(),
      taxes: z.array(z.string()),
    }),
  ),
  discount: z.object({ percent: z.string().optional(), amount_minor: z.number().optional() }).nullable(),
  notes: z.string(),
  reference: z.string().nullable(),
});

export const recurringInvoice = recurringRow.extend({
  revisions: z.array(contentAnswer.extend({ from: localDate, proration: z.enum(['none', 'due', 'done']) })),
  terms: termsBody.nullable(),
  terms_id: termsId.nullable(),
  pauses: z.array(z.object({ from: localDate, to: localDate.nullable() })),
  skips: z.array(z.number().int()),
  upcoming: z.array(upcomingInvoice),
  /** The newest ones. */
  made: z.array(invoiceRow),
  usage_waiting: z.number().int(),
  ended_at: moment.nullable(),
  created_by: z.string(),
});
export type RecurringInvoice = z.infer<typeof recurringInvoice>;

export const recurringPreview = z.object({ currency: z.string(), upcoming: z.array(upcomingInvoice) });
export type RecurringPreview = z.infer<typeof recurringPreview>;

export const listRecurringQuery = z
  .object({
    contact: contactIdOf.optional(),
    ended: z.enum(['true', 'false']).optional(),
  })
  .extend(pageQuery.shape);
export const recurringList = page(recurringRow);

export const newUsage = z.strictObject({
  /** Told once: the same key again is the same usage. */
  usage_key: lineOfText(120).min(1, 'A key of your own for this usage.'),
  /** The day it was used; absent: today. */
  on: localDate.optional(),
  line: newLine,
});
export type NewUsage = z.output<typeof newUsage>;
export const usage = z.object({
  id: publicId('usg'),
  usage_key: z.string(),
  on: localDate,
  /** The day of the invoice that bills it. */
  billed_on: localDate,
  line: contentAnswer.shape.lines.element,
  created_at: moment,
});
export type Usage = z.infer<typeof usage>;
