import { z } from 'zod';
import {
  amountMinor,
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
import { AMOUNT_MINOR_MAX } from '../foundation/money.ts';
import { ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX } from './attachment.ts';
import { TAX_CATEGORIES } from './invoice-amounts.ts';
import { INVOICE_STATUSES, QUOTE_STATUSES } from './status-names.ts';

/** What the invoices room takes and answers. Pure: the web program imports these too. */

export const invoiceId = publicId('inv');
export const contactIdOf = publicId('con');
export const termsId = publicId('trm');
export const seriesId = publicId('ser');
export const recurringId = publicId('rec');

/** A document with more lines is a data export: it is refused, and the PDF of this many still fits an e-mail. */
export const LINES_MAX = 500;
export const NOTES_LENGTH_MAX = 4_000;
export const PARTS_MAX = 24;

const decimalText = (lengthMax: number, what: string) =>
  z
    .string()
    .max(lengthMax, `At most ${lengthMax} characters.`)
    .regex(/^\d+(\.\d+)?$/, what);

export const percentText = decimalText(9, 'A percentage is text such as "20" or "8.875".');
export const quantityText = decimalText(20, 'A quantity is text such as "3" or "1.5", more than zero.');
export const unitPriceText = decimalText(24, 'A unit price is text such as "49.90", not less than zero.');

export const discount = z
  .strictObject({
    percent: percentText.optional(),
    amount_minor: z.number().int().min(0).max(Number(AMOUNT_MINOR_MAX)).optional(),
  })
  .refine((given) => (given.percent === undefined) !== (given.amount_minor === undefined), {
    message: 'A discount has a percent or an amount_minor, one of the two.',
  });

export const taxCode = lineOfText(24).regex(/^[A-Z0-9][A-Z0-9_.-]*$/, 'Capital letters, digits, _ . - such as VAT20.');
/** UN/ECE recommendation 20 codes have two or three characters: C62 is one piece, HUR an hour. */
export const unitCode = z.string().regex(/^[A-Z0-9]{2,3}$/, 'A unit code has two or three characters, such as HUR.');

export const newLine = z.strictObject({
  product_id: publicId('prd').optional(),
  name: lineOfText(300).min(1, 'What is it for?'),
  description: textBlock(2_000).default(''),
  quantity: quantityText.default('1'),
  unit: lineOfText(20).default(''),
  unit_code: unitCode.default('C62'),
  unit_price: unitPriceText,
  discount: discount.nullable().default(null),
  taxes: z.array(taxCode).max(4, 'At most four taxes on one line.').default([]),
});

const dueRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('immediate') }),
  z.strictObject({ kind: z.literal('net'), days: z.number().int().min(0).max(730) }),
  z.strictObject({ kind: z.literal('end_of_month'), plus_days: z.number().int().min(0).max(120) }),
  z.strictObject({
    kind: z.literal('day_of_month'),
    day: z.number().int().min(1).max(31),
    months_ahead: z.number().int().min(0).max(24),
  }),
]);

const instalmentPart = z
  .strictObject({
    percent: percentText.optional(),
    amount_minor: amountMinor.optional(),
    due: dueRule,
  })
  .refine((part) => (part.percent === undefined) !== (part.amount_minor === undefined), {
    message: 'A part has a percent or an amount_minor, one of the two.',
  });

export const termsBody = z.strictObject({
  due: z.discriminatedUnion('kind', [
    ...dueRule.options,
    z.strictObject({ kind: z.literal('instalments'), parts: z.array(instalmentPart).min(1).max(PARTS_MAX) }),
  ]),
  early_discount: z
    .strictObject({ percent: percentText, days: z.number().int().min(0).max(365) })
    .nullable()
    .default(null),
  shift: z.enum(['none', 'next', 'previous']).default('none'),
});
export type TermsBody = z.output<typeof termsBody>;

const documentFields = {
  contact_id: contactIdOf,
  currency: currencyCode,
  lines: z.array(newLine).min(1, 'At least one line.').max(LINES_MAX, `At most ${LINES_MAX} lines in one document.`),
  discount: discount.nullable(),
  notes: textBlock(NOTES_LENGTH_MAX),
  reference: lineOfText(100).nullable(),
  /** Absent: the contact's terms, or else the workspace's. */
  terms: termsBody.nullable(),
  terms_id: termsId.nullable(),
  /** Due when the document is issued, ahead of what the terms say about the rest. */
  deposit: discount.nullable(),
  /** Date of the document; absent: the day it is issued. */
  issued_on: givenDate.nullable(),
  valid_until: givenDate.nullable(),
  auto_charge: z.boolean(),
};

export const newInvoice = z.strictObject({
  kind: z.enum(['invoice', 'quote']).default('invoice'),
  contact_id: documentFields.contact_id,
  currency: documentFields.currency.optional(),
  lines: documentFields.lines,
  discount: documentFields.discount.default(null),
  notes: documentFields.notes.default(''),
  reference: documentFields.reference.default(null),
  terms: documentFields.terms.default(null),
  terms_id: documentFields.terms_id.default(null),
  deposit: documentFields.deposit.default(null),
  issued_on: documentFields.issued_on.default(null),
  valid_until: documentFields.valid_until.default(null),
  auto_charge: documentFields.auto_charge.default(false),
  external_ref: lineOfText(120).min(1).optional(),
  /** Issue it at once, in the same step. */
  issue: z.boolean().default(false),
  series_id: seriesId.optional(),
});
export type NewInvoice = z.output<typeof newInvoice>;
/** As it is sent: what has a default may be left out. */
export type NewInvoiceBody = z.input<typeof newInvoice>;

export const invoiceChanges = z.strictObject(documentFields).partial();
export type InvoiceChanges = z.output<typeof invoiceChanges>;

export const issuance = z.strictObject({ issued_on: givenDate.optional(), series_id: seriesId.optional() });
export const voiding = z.strictObject({ reason: lineOfText(500).min(1, 'Why is it void?') });
export const writeOff = z.strictObject({
  amount_minor: amountMinor.optional(),
  reason: lineOfText(500).min(1, 'Why is it written off?'),
});

/** Lines absent: everything that is not credited yet. It is issued at once, so that its files come with it. */
export const newCreditNote = z.strictObject({
  lines: documentFields.lines.optional(),
  reason: lineOfText(500).min(1, 'Why is it credited?'),
  attachments: z
    .array(
      z.strictObject({
        name: lineOfText(255).min(1),
        /** Base 64. */
        content: z
          .string()
          .min(1)
          .max(Math.ceil(ATTACHMENT_BYTES_MAX / 3) * 4, 'At most 10 MB.'),
      }),
    )
    .max(ATTACHMENTS_MAX)
    .default([]),
});

const lineAnswer = z.object({
  product_id: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  quantity: z.string(),
  unit: z.string(),
  unit_code: z.string(),
  unit_price: z.string(),
  discount: z.object({ percent: z.string().optional(), amount_minor: z.number().optional() }).nullable(),
  taxes: z.array(z.string()),
  gross_minor: sumMinor,
  discount_minor: sumMinor,
  net_minor: sumMinor,
});

const taxAnswer = z.object({
  code: z.string(),
  label: z.string(),
  rate: z.string(),
  inclusive: z.boolean(),
  category: z.enum(TAX_CATEGORIES),
  base_minor: sumMinor,
  tax_minor: sumMinor,
});

const instalmentAnswer = z.object({ due_on: localDate, amount_minor: sumMinor });
export const invoiceStatusName = z.enum([...INVOICE_STATUSES, ...QUOTE_STATUSES]);

export const invoiceRow = z.object({
  id: invoiceId,
  kind: z.enum(['invoice', 'credit_note', 'quote']),
  number: z.string().nullable(),
  status: invoiceStatusName,
  contact: z.object({ id: contactIdOf, name: z.string() }),
  currency: z.string(),
  total_minor: sumMinor,
  open_minor: sumMinor,
  paid_minor: sumMinor,
  overdue_minor: sumMinor,
  /** Since when; the day after it the invoice was overdue. */
  overdue_since: localDate.nullable(),
  issued_on: localDate.nullable(),
  due_on: localDate.nullable(),
  next_due_on: localDate.nullable(),
  reference: z.string().nullable(),
  sent_at: moment.nullable(),
  created_at: moment,
  test: z.boolean(),
  version: z.number().int(),
});
export type InvoiceRowAnswer = z.infer<typeof invoiceRow>;

export const invoice = invoiceRow.extend({
  lines: z.array(lineAnswer),
  discount: z.object({ percent: z.string().optional(), amount_minor: z.number().optional() }).nullable(),
  net_minor: sumMinor,
  document_discount_minor: sumMinor,
  taxes: z.array(taxAnswer),
  tax_minor: sumMinor,
  credited_minor: sumMinor,
  discounted_minor: sumMinor,
  written_off_minor: sumMinor,
  late_fee_minor: sumMinor,
  instalments: z.array(instalmentAnswer),
  early_discount: z.object({ until_on: localDate, amount_minor: sumMinor }).nullable(),
  terms: z.object({ name: z.string(), terms: termsBody, late_fee_text: z.string() }),
  deposit: z.object({ percent: z.string().optional(), amount_minor: z.number().optional() }).nullable(),
  notes: z.string(),
  period: z.object({ from: localDate, until: localDate }).nullable(),
  /** The date that a draft is to bear; null: the day it is issued. */
  issue_on: localDate.nullable(),
  valid_until: localDate.nullable(),
  auto_charge: z.boolean(),
  voided_at: moment.nullable(),
  void_reason: z.string().nullable(),
  disputed_at: moment.nullable(),
  dispute_words: z.string().nullable(),
  promised_on: localDate.nullable(),
  opened_at: moment.nullable(),
  accepted_at: moment.nullable(),
  accepted_by: z.string().nullable(),
  declined_at: moment.nullable(),
  made_from: z.object({ id: invoiceId, number: z.string().nullable() }).nullable(),
  replaces: z.object({ id: invoiceId, number: z.string().nullable() }).nullable(),
  /** Credit notes of an invoice, invoices of a quote. */
  followed_by: z.array(z.object({ id: invoiceId, kind: z.string(), number: z.string().nullable() })),
  recurring_id: recurringId.nullable(),
  settled_on: localDate.nullable(),
  issued_at: moment.nullable(),
  created_by: z.string(),
});
export type Invoice = z.infer<typeof invoice>;

export const invoiceFilter = z.object({
  kind: z.enum(['invoice', 'credit_note', 'quote']).optional(),
  /** One of the statuses, or `outstanding`: everything of which something is open, whatever it is called. */
  status: z.enum(['outstanding', ...INVOICE_STATUSES]).optional(),
  contact: contactIdOf.optional(),
  currency: currencyCode.optional(),
  number: z.string().max(40).optional(),
  from: givenDate.optional(),
  to: givenDate.optional(),
  amount_min: z.coerce.number().int().min(0).optional(),
  amount_max: z.coerce.number().int().min(0).optional(),
});
export const listInvoicesQuery = invoiceFilter.extend(pageQuery.shape);
export const invoiceList = page(invoiceRow);

export const invoiceTotals = z.object({
  data: z.array(
    z.object({
      currency: z.string(),
      count: z.number().int(),
      total_minor: sumMinor,
      open_minor: sumMinor,
      overdue_minor: sumMinor,
    }),
  ),
});
export type InvoiceTotals = z.infer<typeof invoiceTotals>;
export const invoicePreview = z.object({
  currency: z.string(),
  lines: z.array(z.object({ gross_minor: sumMinor, discount_minor: sumMinor, net_minor: sumMinor })),
  net_minor: sumMinor,
  document_discount_minor: sumMinor,
  taxes: z.array(taxAnswer),
  tax_minor: sumMinor,
  total_minor: sumMinor,
  instalments: z.array(instalmentAnswer),
  early_discount: z.object({ until_on: localDate, amount_minor: sumMinor }).nullable(),
});
export type InvoicePreview = z.infer<typeof invoicePreview>;

export const newCopy = z.strictObject({
  /** Whether it stands in for the first, which was voided. */
  replaces: z.boolean().default(false),
});
export const quoteAnswer = z.strictObject({
  answer: z.enum(['accepted', 'declined']),
  /** Who of the customer's said it. */
  by: lineOfText(200).min(1).optional(),
});
export const nothing = z.null();
export const idParams = z.object({ id: z.string().max(60) });
