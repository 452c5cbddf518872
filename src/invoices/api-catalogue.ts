import { z } from 'zod';
import {
  currencyCode,
  givenDate,
  lineOfText,
  localDate,
  page,
  pageQuery,
  publicId,
  textBlock,
} from '../foundation/api.ts';
import { percentText, taxCode, termsBody, termsId, unitCode, unitPriceText } from './api.ts';
import { TAX_CATEGORIES } from './invoice-amounts.ts';
import { SERIES_KINDS } from './number-series.ts';

/** What documents are written from: taxes, products, terms, series, and how the business invoices. Pure. */

export const taxId = publicId('tax');
export const newTax = z.strictObject({
  code: taxCode,
  label: lineOfText(60).min(1, 'A name as it stands on invoices, such as VAT 20 %.'),
  rate: percentText,
  inclusive: z.boolean().default(false),
  category: z.enum(TAX_CATEGORIES).default('S'),
  exemption_reason: lineOfText(200).nullable().default(null),
  is_default: z.boolean().default(false),
});
export const taxChanges = z
  .strictObject({ label: lineOfText(60).min(1), is_default: z.boolean(), exemption_reason: lineOfText(200).nullable() })
  .partial();
export const tax = z.object({
  id: taxId,
  code: z.string(),
  label: z.string(),
  rate: z.string(),
  inclusive: z.boolean(),
  category: z.enum(TAX_CATEGORIES),
  exemption_reason: z.string().nullable(),
  is_default: z.boolean(),
});
export type TaxAnswer = z.infer<typeof tax>;
export const taxList = z.object({ data: z.array(tax) });

export const productId = publicId('prd');
const productFields = {
  name: lineOfText(300).min(1, 'A name is needed.'),
  description: textBlock(2_000),
  sku: lineOfText(60).nullable(),
  unit: lineOfText(20),
  unit_code: unitCode,
  unit_price: unitPriceText,
  currency: currencyCode,
  taxes: z.array(taxCode).max(4),
};
export const newProduct = z.strictObject({
  ...productFields,
  description: productFields.description.default(''),
  sku: productFields.sku.default(null),
  unit: productFields.unit.default(''),
  unit_code: productFields.unit_code.default('C62'),
  taxes: productFields.taxes.default([]),
});
export const productChanges = z.strictObject(productFields).partial();
export const product = z.object({
  id: productId,
  name: z.string(),
  description: z.string(),
  sku: z.string().nullable(),
  unit: z.string(),
  unit_code: z.string(),
  unit_price: z.string(),
  currency: z.string(),
  taxes: z.array(z.string()),
  version: z.number().int(),
});
export type Product = z.infer<typeof product>;
export const productList = page(product);
export const listProductsQuery = pageQuery.extend({ q: z.string().max(100).optional() });

export const newTerms = z.strictObject({
  name: lineOfText(60).min(1, 'A name is needed.'),
  terms: termsBody,
  late_fee_text: textBlock(500).default(''),
  is_default: z.boolean().default(false),
});
export const termsChanges = newTerms.partial();
export const terms = z.object({
  id: termsId,
  name: z.string(),
  terms: termsBody,
  /** The same in words, as invoices print it. */
  words: z.string(),
  late_fee_text: z.string(),
  is_default: z.boolean(),
});
export type TermsAnswer = z.infer<typeof terms>;
export const termsList = z.object({ data: z.array(terms) });
export const termsPreviewBody = z.strictObject({
  terms: termsBody,
  issued_on: givenDate.optional(),
  total_minor: z.number().int().min(0).max(999_999_999_999),
});
export const termsPreview = z.object({
  words: z.string(),
  instalments: z.array(z.object({ due_on: localDate, amount_minor: z.number().int() })),
  early_discount: z.object({ until_on: localDate, amount_minor: z.number().int() }).nullable(),
});

export const newSeries = z.strictObject({
  kind: z.enum(SERIES_KINDS),
  name: lineOfText(60).min(1, 'A name is needed.'),
  pattern: z.string().max(60),
  restarts_yearly: z.boolean().default(true),
  is_default: z.boolean().default(false),
});
/** A series that was used keeps its pattern; closing is for good. */
export const seriesChanges = z
  .strictObject({ name: lineOfText(60).min(1), is_default: z.literal(true), closed: z.literal(true) })
  .partial();
export const series = z.object({
  id: publicId('ser'),
  kind: z.enum(SERIES_KINDS),
  name: z.string(),
  pattern: z.string(),
  /** What the next document would be called. */
  next: z.string(),
  restarts_yearly: z.boolean(),
  is_default: z.boolean(),
  closed: z.boolean(),
});
export const seriesList = z.object({ data: z.array(series) });

const party = z.strictObject({
  name: lineOfText(200),
  line1: lineOfText(200),
  line2: lineOfText(200),
  city: lineOfText(100),
  region: lineOfText(100),
  postal_code: lineOfText(20),
  country: z.string().regex(/^([A-Z]{2})?$/, 'Two letters, such as DE.'),
  tax_id: lineOfText(40),
  registration: lineOfText(100),
  email: lineOfText(254),
  endpoint: lineOfText(100),
  endpoint_scheme: z.string().regex(/^(\d{4}|EM)?$/, 'Four digits of the EAS list, such as 0088, or EM.'),
});
const paymentDetails = z.strictObject({
  account_holder: lineOfText(70),
  iban: z
    .string()
    .regex(/^([A-Z]{2}\d{2}[A-Z0-9]{10,30})?$/, 'An IBAN without spaces, such as DE89370400440532013000.'),
  bic: z.string().regex(/^([A-Z0-9]{8}([A-Z0-9]{3})?)?$/, 'A BIC of 8 or 11 characters.'),
  bank: lineOfText(100),
  instructions: textBlock(500),
});
const settingsFields = {
  tax_rounding: z.enum(['document', 'line']),
  /** ISO days on which nothing is due: 6 Saturday, 7 Sunday. */
  weekend: z.array(z.number().int().min(1).max(7)).max(6),
  holidays: z.array(givenDate).max(400),
  colour: z.string().regex(/^#[0-9a-f]{6}$/, 'A colour such as #1f2937.'),
  footer: textBlock(500),
  payment_details: paymentDetails.partial(),
  seller: party.partial(),
};
export const invoicingSettings = z.object({ ...settingsFields, has_logo: z.boolean(), version: z.number().int() });
export type InvoicingSettings = z.infer<typeof invoicingSettings>;
export const invoicingSettingsChanges = z.strictObject(settingsFields).partial();

/** PNG or JPEG as base 64. */
export const newLogo = z.strictObject({ logo: z.base64().max(300_000).nullable() });
