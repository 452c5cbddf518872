import { z } from 'zod';
import { currencyCode, moment, page, pageQuery, publicId } from '../foundation/api.ts';
import { PAID_BY, SALES_AS } from './import.ts';

/** What the imports room takes and answers. Pure: the web program imports these too. */

export const importId = publicId('imp');
export const importKind = z.enum(['contacts', 'payments', 'sales_lines']);
export const importStatus = z.enum([
  'uploaded',
  'checking',
  'checked',
  'committing',
  'committed',
  'failed',
  'undoing',
  'undone',
]);

const encoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']);
const separator = z.enum([',', ';', '\t', '|']);
const dateOrder = z.enum(['ymd', 'dmy', 'mdy', 'unix']);
const decimalMark = z.enum(['.', ',']);
/** What sales lines become: payments only, or invoices and credit notes with the money that paid them, or open. */
const salesAs = z.enum(SALES_AS);
const paidBy = z.enum(PAID_BY);
/** Target field → column number from 0. */
const mapping = z.record(z.string().max(80), z.number().int().min(0).max(10_000));

export const importSettings = z.object({
  encoding,
  separator,
  has_header: z.boolean(),
  columns: z.array(z.string()),
  mapping,
  currency: z.string(),
  time_zone: z.string(),
  date_order: dateOrder,
  decimal_mark: decimalMark,
  /** Null for what is no file of sales lines. */
  sales_as: salesAs.nullable(),
  /** How documents were paid that were. */
  paid_by: paidBy,
});

/** Exact decimal text: sums of a file may have more decimals than their currency. */
const exact = z.string();
const count = z.number().int();

export const moneySummary = z.object({
  currency: z.string(),
  source: exact,
  charge_count: count,
  charges_minor: z.number().int(),
  credit_count: count,
  credits_minor: z.number().int(),
  net_minor: z.number().int(),
  left_out: exact,
  refused: exact,
  rounding: exact,
  ties: z.boolean(),
});

export const importSummary = z.object({
  lines: z.object({ read: count, used: count, left_out: count, refused: count }),
  money: z.array(moneySummary),
  contacts: z.object({ in_file: count, already_there: count }),
  /** Companies of contacts: by name, once each; `to_add` are made together with the contacts that belong to them. */
  companies: z.object({ in_file: count, already_there: count, to_add: count }),
  payments: z.object({ in_file: count, already_there: count, zero_value: count }),
  /** Invoices and credit notes of a file of sales lines that become such; of them `about_sales` credit notes name an invoice. */
  documents: z
    .object({ invoices: count, credit_notes: count, lines: count, about_sales: count, already_there: count })
    .nullable(),
  reasons: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['refused', 'left_out', 'note']),
      title: z.string(),
      lines: count,
      values: z.record(z.string(), exact),
    }),
  ),
  reports_not_kept: count,
  ties: z.boolean(),
  written: z
    .object({ contacts: count, companies: count, payments: count, documents: count, already_there: count })
    .nullable(),
  taken_back: z
    .object({
      contacts: count,
      contacts_kept: count,
      companies: count,
      companies_kept: count,
      payments: count,
      payments_kept: count,
      documents: count,
      documents_kept: count,
    })
    .nullable(),
});
export type ImportSummaryJson = z.infer<typeof importSummary>;

export const importRecord = z.object({
  id: importId,
  kind: importKind,
  status: importStatus,
  file_name: z.string(),
  file_bytes: count,
  file_hash: z.string(),
  settings: importSettings,
  progress: z.object({
    phase: z.enum(['reading', 'contacts', 'payments', 'documents', 'undoing', 'done']),
    lines_read: count,
    /** Of the file as it was sent: what a bar of the reading can show. */
    bytes_read: count,
    rows_done: count,
    rows_total: count,
  }),
  summary: importSummary.nullable(),
  failure: z.string().nullable(),
  created_by: z.string(),
  created_at: moment,
  updated_at: moment,
  committed_at: moment.nullable(),
  undone_at: moment.nullable(),
  /** When its file is taken off the server unless somebody works on it before; null where no file is waiting. */
  file_kept_until: moment.nullable(),
  /** When its file was taken off without being used: send it again. */
  file_removed_at: moment.nullable(),
});
export type ImportRecord = z.infer<typeof importRecord>;

export const importPage = page(importRecord);
export const importListQuery = pageQuery;
export const importParams = z.object({ id: z.string() });
export const uploadQuery = z.strictObject({ kind: importKind });

export const importChanges = z.strictObject({
  mapping: mapping.optional(),
  encoding: encoding.optional(),
  separator: separator.optional(),
  has_header: z.boolean().optional(),
  currency: currencyCode.optional(),
  time_zone: z.string().max(64).optional(),
  date_order: dateOrder.optional(),
  decimal_mark: decimalMark.optional(),
  sales_as: salesAs.optional(),
  paid_by: paidBy.optional(),
});
export type ImportChanges = z.infer<typeof importChanges>;

export const importPreview = z.object({
  columns: z.array(z.string()),
  /** What a column can be, for the kind of this import. */
  fields: z.array(z.object({ name: z.string(), label: z.string(), required: z.boolean() })),
  missing: z.array(z.object({ path: z.string(), message: z.string() })),
  rows: z.array(
    z.object({
      line: count,
      cells: z.array(z.string()),
      /** Field → how its cell is understood; null where it cannot be. */
      parsed: z.record(z.string(), z.string().nullable()),
      /** Fields whose value is not there yet and would be made: a company by a new name. */
      makes: z.array(z.string()),
      problems: z.array(z.object({ column: z.string(), severity: z.string(), message: z.string() })),
    }),
  ),
});
export type ImportPreview = z.infer<typeof importPreview>;
