import type { LocalDate } from '../foundation/local-date.ts';
import type { TermsBody } from './api.ts';
import type { InvoiceContent, WrittenDiscount } from './invoice-content.ts';
import { invoiceStatus, overdueOf, quoteStatus } from './invoice-status.ts';
import type { InvoiceStatus, QuoteStatus } from './status-names.ts';
import type { Instalment } from './terms.ts';

export type DocumentKind = 'invoice' | 'credit_note' | 'quote';
export type InvoiceSource = 'manual' | 'api' | 'recurring' | 'quote' | 'import' | 'sample';

/** The terms as they were chosen, kept with the document. */
export interface WrittenTerms {
  readonly name: string;
  readonly terms: TermsBody;
  readonly late_fee_text: string;
}

/** Everything that is written before a document is issued; `invoices.content`. */
export interface KeptContent extends InvoiceContent {
  readonly terms: WrittenTerms;
  readonly deposit: WrittenDiscount | null;
  /** Date to issue it on; null: the day it is issued. */
  readonly issue_on: LocalDate | null;
}

/** A row of `invoices`. Amounts in minor units; see the migration for what each column says. */
export interface InvoiceRow {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly contact_id: string;
  readonly currency: string;
  readonly content: KeptContent;
  readonly net_minor: bigint;
  readonly tax_minor: bigint;
  readonly total_minor: bigint;
  readonly reference: string | null;
  readonly series_id: string | null;
  readonly number: string | null;
  readonly series_year: number | null;
  readonly series_number: bigint | null;
  readonly issued_on: LocalDate | null;
  readonly due_on: LocalDate | null;
  readonly instalments: readonly { readonly due_on: LocalDate; readonly amount_minor: number }[] | null;
  readonly early_until: LocalDate | null;
  readonly early_discount_minor: bigint;
  readonly issued_at: Date | null;
  readonly issued_by: string | null;
  readonly credited_minor: bigint;
  readonly paid_minor: bigint;
  readonly discounted_minor: bigint;
  readonly written_off_minor: bigint;
  readonly late_fee_minor: bigint;
  readonly open_minor: bigint;
  readonly next_due_on: LocalDate | null;
  readonly settled_on: LocalDate | null;
  readonly voided_at: Date | null;
  readonly void_reason: string | null;
  readonly disputed_at: Date | null;
  readonly dispute_words: string | null;
  readonly promised_on: LocalDate | null;
  readonly sent_at: Date | null;
  readonly opened_at: Date | null;
  readonly accepted_at: Date | null;
  readonly accepted_by: string | null;
  readonly declined_at: Date | null;
  readonly valid_until: LocalDate | null;
  readonly made_from_id: string | null;
  readonly replaces_id: string | null;
  readonly recurring_id: string | null;
  readonly recurring_number: number | null;
  readonly source: InvoiceSource;
  readonly external_ref: string | null;
  readonly import_id: string | null;
  readonly auto_charge: boolean;
  readonly idempotency_key: string | null;
  /** The business's day it stands under in lists: of its making, then of its issue. */
  readonly listed_on: LocalDate;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly version: number;
  /** A credit note that moves no invoice's balance: a receivable of its own, below zero, until it is paid out. */
  readonly stands_alone: boolean;
  /** When the import that brought it was undone. */
  readonly withdrawn_at: Date | null;
}

export function instalmentsOf(row: Pick<InvoiceRow, 'instalments'>): Instalment[] {
  return (row.instalments ?? []).map(({ due_on, amount_minor }) => ({
    dueOn: due_on,
    amountMinor: BigInt(amount_minor),
  }));
}

type StatusColumns = Pick<
  InvoiceRow,
  | 'kind'
  | 'issued_at'
  | 'voided_at'
  | 'disputed_at'
  | 'total_minor'
  | 'late_fee_minor'
  | 'credited_minor'
  | 'paid_minor'
  | 'discounted_minor'
  | 'written_off_minor'
  | 'open_minor'
  | 'instalments'
  | 'accepted_at'
  | 'declined_at'
  | 'valid_until'
>;

/** What else a status depends on: whether money is on its way, and whether a quote became an invoice. */
export interface Surroundings {
  readonly processing: boolean;
  readonly invoiced: boolean;
}

/** The word for a row on `today`; a credit note that was issued has done all it does. */
export function statusOf(
  row: StatusColumns,
  { processing, invoiced }: Surroundings,
  today: LocalDate,
): InvoiceStatus | QuoteStatus {
  if (row.kind === 'quote') {
    return quoteStatus(
      {
        issued: row.issued_at !== null,
        accepted: row.accepted_at !== null,
        declined: row.declined_at !== null,
        invoiced,
        validUntil: row.valid_until,
      },
      today,
    );
  }
  return invoiceStatus(
    {
      issued: row.issued_at !== null,
      voided: row.voided_at !== null,
      disputed: row.disputed_at !== null,
      totalMinor: row.total_minor,
      lateFeeMinor: row.late_fee_minor,
      creditedMinor: row.credited_minor,
      paidMinor: row.paid_minor,
      discountedMinor: row.discounted_minor,
      writtenOffMinor: row.written_off_minor,
      openMinor: row.open_minor,
      instalments: instalmentsOf(row),
      processing,
    },
    today,
  );
}

/** What is overdue of a row on `today`, minor units, and since when; nothing for what is not an open invoice. */
export function overdueOfRow(row: StatusColumns, today: LocalDate): ReturnType<typeof overdueOf> {
  if (row.kind !== 'invoice' || row.open_minor <= 0n) return { nextDueOn: null, overdueMinor: 0n, overdueSince: null };
  return overdueOf(factsOf(row), today);
}

type BalanceColumns = Pick<
  InvoiceRow,
  'instalments' | 'late_fee_minor' | 'paid_minor' | 'credited_minor' | 'discounted_minor' | 'written_off_minor'
>;

/** The earliest date of a row that is not met; null when nothing is open. */
export function nextDueOf(row: BalanceColumns): LocalDate | null {
  return overdueOf(factsOf(row), '0001-01-01').nextDueOn;
}

function factsOf(row: BalanceColumns) {
  return {
    instalments: instalmentsOf(row),
    lateFeeMinor: row.late_fee_minor,
    paidMinor: row.paid_minor,
    creditedMinor: row.credited_minor,
    discountedMinor: row.discounted_minor,
    writtenOffMinor: row.written_off_minor,
  };
}
