import type { LocalDate } from '../foundation/local-date.ts';
import type { TaxRounding } from './invoice-amounts.ts';
import type { WrittenLine } from './invoice-content.ts';

export type WorkKind = 'appointment' | 'deal';
export type WorkStatus = 'planned' | 'done' | 'cancelled';

/** What a work item is worth, written as in a draft; `work_items.content`. */
export interface WorkContent {
  readonly lines: readonly WrittenLine[];
  readonly tax_rounding: TaxRounding;
}

/** A row of `work_items`. Amounts in minor units; see the migration for what each column says. */
export interface WorkItemRow {
  readonly id: string;
  readonly kind: WorkKind;
  readonly contact_id: string;
  readonly title: string;
  readonly planned_on: LocalDate | null;
  /** "14:30" as the business's clock shows it. */
  readonly planned_time: string | null;
  readonly done_on: LocalDate | null;
  readonly done_by: string | null;
  readonly cancelled_at: Date | null;
  readonly currency: string;
  readonly content: WorkContent;
  readonly net_minor: bigint;
  readonly tax_minor: bigint;
  readonly total_minor: bigint;
  readonly billable: boolean;
  readonly note: string;
  readonly external_ref: string | null;
  readonly invoice_id: string | null;
  readonly created_on: LocalDate;
  /** The day it stands under in lists: done, planned or made on. */
  readonly listed_on: LocalDate;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly version: number;
}

/** The invoice that work was put on last, as far as the work depends on it. */
export interface InvoiceOfWork {
  readonly id: string;
  readonly number: string | null;
  readonly issued_at: Date | null;
  readonly voided_at: Date | null;
}

export function workStatus(row: Pick<WorkItemRow, 'done_on' | 'cancelled_at'>): WorkStatus {
  if (row.cancelled_at !== null) return 'cancelled';
  return row.done_on === null ? 'planned' : 'done';
}

/** Whether an invoice that is alive bills the work: a draft or an issued one, and not a void one. */
export function isInvoiced(invoice: InvoiceOfWork | null): boolean {
  return invoice !== null && invoice.voided_at === null;
}

/** Done, to be billed, and on no invoice that is alive. The same words in SQL: store-work.ts. */
export function isToInvoice(
  row: Pick<WorkItemRow, 'done_on' | 'cancelled_at' | 'billable'>,
  invoice: InvoiceOfWork | null,
): boolean {
  return workStatus(row) === 'done' && row.billable && !isInvoiced(invoice);
}
