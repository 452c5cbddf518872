import { z } from 'zod';
import {
  currencyCode,
  givenDate,
  lineOfText,
  localDate,
  moment,
  page,
  pageQuery,
  publicId,
  sumMinor,
  textBlock,
} from '../foundation/api.ts';
import {
  contactIdOf,
  discount,
  invoiceId,
  invoicePreview,
  invoiceStatusName,
  LINES_MAX,
  NOTES_LENGTH_MAX,
  newLine,
  quantityText,
  recurringId,
  taxCode,
  termsBody,
  termsId,
  unitCode,
  unitPriceText,
} from './api.ts';

/** Recurring invoices and usage. Pure: the web program imports these too. */

/** Three years: no trial and no pause is longer, so that the next invoice is always found. */
export const LEFT_OUT_DAYS_MAX = 1_095;
/** How many invoices ahead are shown. */
export const UPCOMING_COUNT = 5;
/** More pauses than this is a schedule that should be ended. */
export const PAUSES_MAX = 100;
/** Prices of the past that are kept with the schedule. */
export const REVISIONS_MAX = 200;
const METERS_MAX = 20;

export const recurrenceUnit = z.enum(['day', 'week', 'month', 'quarter', 'year']);

const scheduleFields = {
  unit: recurrenceUnit,
  /** Every so many units. */
  every: z.number().int().min(1).max(366),
  /** Date of the first invoice, and what every other date is counted from: the 31st stays the 31st. */
  starts_on: givenDate,
  /** Nothing is billed for periods that begin before this date. */
  trial_until: givenDate.nullable(),
  /** The number of the last period; null: without end. */
  count_max: z.number().int().min(1).max(10_000).nullable(),
  /** No invoice on or after this date. */
  ends_on: givenDate.nullable(),
};
export const schedule = z.strictObject({
  ...scheduleFields,
  every: scheduleFields.every.default(1),
  trial_until: scheduleFields.trial_until.default(null),
  count_max: scheduleFields.count_max.default(null),
  ends_on: scheduleFields.ends_on.default(null),
});
export type ScheduleBody = z.output<typeof schedule>;

/** Something that is counted during a period and billed after it. */
export const meter = z.strictObject({
  /** What usage is told under. */
  code: lineOfText(40).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'Letters, digits, _ . - such as api_calls.'),
  name: lineOfText(300).min(1, 'What is counted?'),
  unit: lineOfText(20).default(''),
  unit_code: unitCode.default('C62'),
  unit_price: unitPriceText,
  taxes: z.array(taxCode).max(4, 'At most four taxes on one line.').default([]),
});
export type Meter = z.output<typeof meter>;

const contentFields = {
  lines: z.array(newLine).max(LINES_MAX - METERS_MAX, `At most ${LINES_MAX - METERS_MAX} lines in one schedule.`),
  meters: z.array(meter).max(METERS_MAX, `At most ${METERS_MAX} meters.`),
  discount: discount.nullable(),
  notes: textBlock(NOTES_LENGTH_MAX),
  reference: lineOfText(100).nullable(),
};

export const newRecurringInvoice = z.strictObject({
  contact_id: contactIdOf,
  name: lineOfText(120).min(1, 'A name for the schedule.'),
  currency: currencyCode.optional(),
  schedule,
  lines: contentFields.lines.default([]),
  meters: contentFields.meters.default([]),
  discount: contentFields.discount.default(null),
  notes: contentFields.notes.default(''),
  reference: contentFields.reference.default(null),
  terms: termsBody.nullable().default(null),
  terms_id: termsId.nullable().default(null),
  auto_issue: z.boolean().default(true),
  auto_send: z.boolean().default(true),
  auto_charge: z.boolean().default(false),
  /** A document whose files go with every invoice. */
  files_of: invoiceId.optional(),
});
export type NewRecurringInvoice = z.output<typeof newRecurringInvoice>;
export type NewRecurringInvoiceBody = z.input<typeof newRecurringInvoice>;

export const recurringChanges = z.strictObject({
  name: lineOfText(120).min(1).optional(),
  /** Unit, every and start may change until the first invoice is made. */
  schedule: z.strictObject(scheduleFields).partial().optional(),
  lines: contentFields.lines.optional(),
  meters: contentFields.meters.optional(),
  discount: contentFields.discount.optional(),
  notes: contentFields.notes.optional(),
  reference: contentFields.reference.optional(),
  /** From which date lines, meters, discount, notes and reference hold; absent: from the next invoice on. */
  from: givenDate.optional(),
  /**
   * From today on, within a period that is billed: the days that are left are credited at the old price and billed at the
   * new one. Without it a period that has begun is not divided.
   */
  prorate: z.boolean().default(false),
  terms: termsBody.nullable().optional(),
  terms_id: termsId.nullable().optional(),
  auto_issue: z.boolean().optional(),
  auto_send: z.boolean().optional(),
  auto_charge: z.boolean().optional(),
});
export type RecurringChanges = z.output<typeof recurringChanges>;
export type RecurringChangesBody = z.input<typeof recurringChanges>;

export const newPause = z.strictObject({
  /** Absent: today. */
  from: givenDate.optional(),
  /** The first day that is billed again; null: until it is resumed. */
  to: givenDate.nullable().default(null),
});
export const resumption = z.strictObject({ on: givenDate.optional() });
export const newSkip = z.strictObject({
  /** Absent: the next one. */
  number: z.number().int().min(1).max(100_000).optional(),
  /** False: it is billed after all. */
  skipped: z.boolean().default(true),
});
export const ending = z.strictObject({
  /** No invoice on or after this date; absent: today. */
  on: givenDate.optional(),
});

export const upcomingInvoice = z.object({
  number: z.number().int(),
  on: localDate,
  /** The first day after its period. */
  until: localDate,
  due_on: localDate.nullable(),
  net_minor: sumMinor,
  tax_minor: sumMinor,
  total_minor: sumMinor,
  /** How many reports of usage are in it by now; more may come until that day. */
  usage_count: z.number().int(),
});
export type UpcomingInvoice = z.infer<typeof upcomingInvoice>;

export const RECURRING_STATUSES = ['active', 'trial', 'paused', 'waiting', 'ended'] as const;

export const recurringRow = z.object({
  id: recurringId,
  name: z.string(),
  status: z.enum(RECURRING_STATUSES),
  contact: z.object({ id: contactIdOf, name: z.string() }),
  currency: z.string(),
  /** What one invoice comes to at today's price, without usage, minor units. */
  amount_minor: sumMinor,
  schedule: z.object(scheduleFields),
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
  lines: z.array(newLine),
  meters: z.array(meter),
  discount: discount.nullable(),
  notes: z.string(),
  reference: z.string().nullable(),
});

export const recurringInvoice = recurringRow.extend({
  revisions: z.array(contentAnswer.extend({ from: localDate })),
  terms: termsBody.nullable(),
  terms_id: termsId.nullable(),
  pauses: z.array(z.object({ from: localDate, to: localDate.nullable() })),
  skips: z.array(z.number().int()),
  upcoming: z.array(upcomingInvoice),
  /** The newest ones. */
  made: z.array(
    z.object({
      id: invoiceId,
      number: z.string().nullable(),
      status: invoiceStatusName,
      kind: z.enum(['invoice', 'credit_note', 'quote']),
      period: z.object({ from: localDate, until: localDate }).nullable(),
      total_minor: sumMinor,
      open_minor: sumMinor,
      issued_on: localDate.nullable(),
      due_on: localDate.nullable(),
    }),
  ),
  usage_waiting: z.number().int(),
  ended_at: moment.nullable(),
  created_by: z.string(),
});
export type RecurringInvoice = z.infer<typeof recurringInvoice>;

/** What a change would do: the two documents of the running period, each null where there is none, and what comes next. */
export const changePreview = z.object({
  currency: z.string(),
  credit: invoicePreview.nullable(),
  charge: invoicePreview.nullable(),
  /** What is charged less what is credited, minor units. */
  difference_minor: sumMinor,
  upcoming: z.array(upcomingInvoice),
});
export type ChangePreview = z.infer<typeof changePreview>;

export const listRecurringQuery = z
  .object({ contact: contactIdOf.optional(), ended: z.enum(['true', 'false']).optional() })
  .extend(pageQuery.shape);
export const recurringList = page(recurringRow);
export type RecurringList = z.infer<typeof recurringList>;

export const newUsage = z.strictObject({
  /** Your own key for this report: the same key again is the same usage. */
  external_id: lineOfText(120).min(1, 'A key of your own for this usage.'),
  quantity: quantityText,
  /** The day it was used; absent: today. */
  on: givenDate.optional(),
  /** The code of the meter; absent where the schedule has only one. */
  meter: lineOfText(40).optional(),
});
export type NewUsage = z.output<typeof newUsage>;
export const usage = z.object({
  id: publicId('usg'),
  external_id: z.string(),
  meter: z.string(),
  quantity: z.string(),
  on: localDate,
  /** The invoice that bills it; null: the next one will, whenever the usage was. */
  invoice_id: invoiceId.nullable(),
  created_at: moment,
});
export type Usage = z.infer<typeof usage>;
