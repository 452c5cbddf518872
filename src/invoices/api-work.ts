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
import { contactIdOf, invoiceId, newLine } from './api.ts';

/** Work: appointments and deals, and billing what is done. Pure: the web program imports these too. */

export const workItemId = publicId('wrk');

/** An appointment or deal with more lines is a project: write its invoice instead. */
export const WORK_LINES_MAX = 50;
const WORK_NOTE_LENGTH_MAX = 2_000;
/** What is put on one invoice at once; a year of weekly appointments is 52. */
export const WORK_PER_INVOICE_MAX = 100;
/** Items shown below one contact of the list to invoice; the rest follows when these are invoiced. */
export const ITEMS_PER_CONTACT_MAX = 50;
/** Contacts on one page of it. */
const CONTACTS_PER_PAGE_MAX = 50;

export const workKind = z.enum(['appointment', 'deal']);
/** A time of day as the business's clock shows it. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is text such as "14:30".');

const workFields = {
  kind: workKind,
  contact_id: contactIdOf,
  title: lineOfText(200).min(1, 'What is it?'),
  planned_on: givenDate.nullable(),
  /** In the business's time zone; needs planned_on. */
  planned_time: timeOfDay.nullable(),
  currency: currencyCode,
  lines: z.array(newLine).max(WORK_LINES_MAX, `At most ${WORK_LINES_MAX} lines in one appointment or deal.`),
  /** False: it is done for nothing, and never waits for an invoice. */
  billable: z.boolean(),
  note: textBlock(WORK_NOTE_LENGTH_MAX),
  /** Your own reference, unique in the workspace. */
  external_ref: lineOfText(120).min(1).nullable(),
};

export const newWorkItem = z.strictObject({
  ...workFields,
  kind: workFields.kind.default('appointment'),
  planned_on: workFields.planned_on.default(null),
  planned_time: workFields.planned_time.default(null),
  /** Absent: the contact's currency, or else the workspace's. */
  currency: workFields.currency.optional(),
  lines: workFields.lines.default([]),
  billable: workFields.billable.default(true),
  note: workFields.note.default(''),
  external_ref: workFields.external_ref.default(null),
  /** The day it was done, for work that is told afterwards. */
  done_on: givenDate.nullable().default(null),
});
export type NewWorkItem = z.output<typeof newWorkItem>;
export type NewWorkItemBody = z.input<typeof newWorkItem>;

export const workItemChanges = z.strictObject(workFields).partial();
export type WorkItemChanges = z.output<typeof workItemChanges>;
export type WorkItemChangesBody = z.input<typeof workItemChanges>;

export const workCompletion = z.strictObject({
  /** Absent: today. */
  done_on: givenDate.optional(),
});
export const workInvoicing = z.strictObject({
  /** In the order in which their lines are to stand. */
  work_item_ids: z
    .array(workItemId)
    .min(1, 'Choose what is to be invoiced.')
    .max(WORK_PER_INVOICE_MAX, `At most ${WORK_PER_INVOICE_MAX} on one invoice.`)
    .refine((ids) => new Set(ids).size === ids.length, 'The same work stands here twice.'),
});

export const workItem = z.object({
  id: workItemId,
  kind: workKind,
  /** Who is billed: where contacts were merged, the one that stayed. */
  contact: z.object({ id: contactIdOf, name: z.string() }),
  title: z.string(),
  status: z.enum(['planned', 'done', 'cancelled']),
  planned_on: localDate.nullable(),
  planned_time: z.string().nullable(),
  done_on: localDate.nullable(),
  done_by: z.string().nullable(),
  currency: z.string(),
  lines: z.array(newLine),
  /** What an invoice about this alone would come to, minor units. */
  net_minor: sumMinor,
  tax_minor: sumMinor,
  total_minor: sumMinor,
  billable: z.boolean(),
  note: z.string(),
  external_ref: z.string().nullable(),
  /** Done, billable, and on no invoice that is alive. */
  to_invoice: z.boolean(),
  /** The invoice it was put on last; a void one bills nothing any more. */
  invoice: z
    .object({ id: invoiceId, number: z.string().nullable(), status: z.enum(['draft', 'issued', 'void']) })
    .nullable(),
  cancelled_at: moment.nullable(),
  created_at: moment,
  created_by: z.string(),
  updated_at: moment,
  version: z.number().int(),
});
export type WorkItem = z.infer<typeof workItem>;

export const WORK_FILTER_STATUSES = ['planned', 'done', 'cancelled', 'to_invoice', 'invoiced'] as const;

export const workFilter = z.object({
  /** One of the statuses; of what is done, `to_invoice` and `invoiced` tell apart what is billed. */
  status: z.enum(WORK_FILTER_STATUSES).optional(),
  kind: workKind.optional(),
  contact: contactIdOf.optional(),
  /** Done on this day or later. */
  done_from: givenDate.optional(),
  /** The work on one invoice. */
  invoice: invoiceId.optional(),
});
export const listWorkQuery = workFilter.extend(pageQuery.shape);
export const workList = page(workItem);
export type WorkList = z.infer<typeof workList>;

export const toInvoiceQuery = z.object({
  cursor: pageQuery.shape.cursor,
  limit: z.coerce.number().int().min(1).max(CONTACTS_PER_PAGE_MAX).default(25),
});

/** What one contact has had done that nobody was billed for. */
export const contactToInvoice = z.object({
  contact: z.object({ id: contactIdOf, name: z.string(), archived: z.boolean() }),
  values: z.array(z.object({ currency: z.string(), count: z.number().int(), total_minor: sumMinor })),
  oldest_done_on: localDate,
  count: z.number().int(),
  /** The oldest ones. */
  items: z.array(workItem),
});
export type ContactToInvoice = z.infer<typeof contactToInvoice>;
export const toInvoiceList = page(contactToInvoice);
export type ToInvoiceList = z.infer<typeof toInvoiceList>;
