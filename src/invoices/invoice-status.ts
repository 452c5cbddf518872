import type { LocalDate } from '../foundation/local-date.ts';
import type { InvoiceStatus, QuoteStatus } from './status-names.ts';
import { dueState, type Instalment } from './terms.ts';

/** What the status is derived from. Amounts in minor units. */
export interface InvoiceFacts {
  readonly issued: boolean;
  readonly voided: boolean;
  readonly disputed: boolean;
  readonly totalMinor: bigint;
  readonly lateFeeMinor: bigint;
  readonly creditedMinor: bigint;
  readonly paidMinor: bigint;
  readonly discountedMinor: bigint;
  readonly writtenOffMinor: bigint;
  readonly openMinor: bigint;
  readonly instalments: readonly Instalment[];
  /** Payments that are on their way would cover what is due. */
  readonly processing: boolean;
}

/**
 * The one word for an invoice on `today` (the business's calendar day). From top to bottom, the first that holds:
 * what cannot change any more, then what somebody must look at, then how far it is paid. An invoice becomes overdue once,
 * when the day after its due date begins.
 */
export function invoiceStatus(facts: InvoiceFacts, today: LocalDate): InvoiceStatus {
  if (!facts.issued) return 'draft';
  if (facts.voided) return 'void';
  if (facts.openMinor <= 0n) return facts.writtenOffMinor > 0n ? 'written_off' : 'paid';
  if (facts.disputed) return 'disputed';
  if (facts.processing) return 'processing';
  if (overdueOf(facts, today).overdueMinor > 0n) return 'overdue';
  return facts.paidMinor > 0n ? 'partly_paid' : 'open';
}

/**
 * What is overdue of it: credit and discounts meet the earliest dates first, as payments do; late fees were due on the
 * last date.
 */
export function overdueOf(
  facts: Pick<
    InvoiceFacts,
    'instalments' | 'lateFeeMinor' | 'paidMinor' | 'creditedMinor' | 'discountedMinor' | 'writtenOffMinor'
  >,
  today: LocalDate,
): ReturnType<typeof dueState> {
  const met = facts.paidMinor + facts.creditedMinor + facts.discountedMinor + facts.writtenOffMinor;
  const last = facts.instalments.at(-1);
  const fee = last && facts.lateFeeMinor > 0n ? [{ dueOn: last.dueOn, amountMinor: facts.lateFeeMinor }] : [];
  return dueState([...facts.instalments, ...fee], met, today);
}

export interface QuoteFacts {
  readonly issued: boolean;
  readonly accepted: boolean;
  readonly declined: boolean;
  readonly invoiced: boolean;
  readonly validUntil: LocalDate | null;
}

/** The one word for a quote on `today`. An accepted quote does not expire. */
export function quoteStatus(facts: QuoteFacts, today: LocalDate): QuoteStatus {
  if (!facts.issued) return 'draft';
  if (facts.invoiced) return 'invoiced';
  if (facts.accepted) return 'accepted';
  if (facts.declined) return 'declined';
  return facts.validUntil !== null && today > facts.validUntil ? 'expired' : 'sent';
}
