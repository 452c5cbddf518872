import { z } from 'zod';
import { contactListQuery } from '../contacts/api.ts';
import { publicId } from '../foundation/api.ts';
import { invoiceFilter } from '../invoices/api.ts';
import { ageingFilter } from '../invoices/api-ageing.ts';
import { workFilter } from '../invoices/api-work.ts';
import { paymentFilter } from '../payments/api.ts';

/** What exports are asked for: the filters of the lists they come from, without pages. */

/** With `bom` the file begins with the mark by which older spreadsheets know UTF-8. */
const bom = z.enum(['true', 'false']).default('false');

export const exportTransactionsQuery = paymentFilter.extend({ bom });
export type ExportTransactionsQuery = z.output<typeof exportTransactionsQuery>;

export const exportContactsQuery = contactListQuery.omit({ cursor: true, limit: true }).extend({
  bom,
  /** The contacts that this smart list holds, instead of the other filters. */
  smart_list: publicId('lst').optional(),
});
export type ExportContactsQuery = z.output<typeof exportContactsQuery>;

export const exportInvoicesQuery = invoiceFilter.extend({ bom });
export type ExportInvoicesQuery = z.output<typeof exportInvoicesQuery>;

export const exportWorkItemsQuery = workFilter.extend({ bom });
export type ExportWorkItemsQuery = z.output<typeof exportWorkItemsQuery>;
export const exportAgeingQuery = ageingFilter.extend({ bom });
export type ExportAgeingQuery = z.output<typeof exportAgeingQuery>;
