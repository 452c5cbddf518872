import type { LocalDate } from '../foundation/local-date.ts';
import type { Account, MoneyAccount } from './accounts.ts';
import type { Entry, Transfer } from './entry.ts';

/**
 * One pure function per money event. Each is shown with its table in docs/bookings/. Amounts are gross minor units;
 * tax is the part of the amount that is owed on to the tax office, fee what the gateway keeps of it.
 */
export interface BookedMoment {
  /** Calendar day in the business's zone. */
  readonly effectiveOn: LocalDate;
  readonly effectiveAt: Date;
  readonly recordedAt: Date;
}

export interface MoneyEvent extends BookedMoment {
  readonly entryId: string;
  readonly paymentId: string;
  readonly contactId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly account: MoneyAccount;
}

/** Money came in for something sold: revenue by the amount, of which tax; the gateway keeps its fee. */
export function chargeSettled(event: MoneyEvent & { taxMinor: bigint; feeMinor: bigint }): Entry {
  return entry('charge_settled', 'settled', event, [
    { debit: event.account, credit: 'revenue', amountMinor: event.amountMinor },
    { debit: 'revenue', credit: 'tax_payable', amountMinor: event.taxMinor },
    { debit: 'gateway_fees', credit: 'gateway_clearing', amountMinor: event.feeMinor },
  ]);
}

/** Money went back to the customer; `taxMinor` of it is no longer owed to the tax office. */
export function refundSettled(event: MoneyEvent & { taxMinor: bigint }): Entry {
  return entry('refund_settled', 'settled', event, [
    { debit: 'refunds', credit: event.account, amountMinor: event.amountMinor },
    { debit: 'tax_payable', credit: 'refunds', amountMinor: event.taxMinor },
  ]);
}

/** The gateway took disputed money out of our clearing account, and its dispute fee. */
export function disputeWithdrawn(event: MoneyEvent & { feeMinor: bigint }): Entry {
  return entry('dispute_withdrawn', 'withdrawn', event, [
    { debit: 'dispute_losses', credit: 'gateway_clearing', amountMinor: event.amountMinor },
    { debit: 'gateway_fees', credit: 'gateway_clearing', amountMinor: event.feeMinor },
  ]);
}

/** Money came in that pays invoices, or waits for them: it is the customer's until it is allocated. */
export function moneyReceivedOnAccount(event: MoneyEvent & { feeMinor: bigint }): Entry {
  return entry('money_received_on_account', 'settled', event, [
    { debit: event.account, credit: 'customer_credit', amountMinor: event.amountMinor },
    { debit: 'gateway_fees', credit: 'gateway_clearing', amountMinor: event.feeMinor },
  ]);
}

/** Money on account went back to the customer; it must not be allocated any more. */
export function accountRefunded(event: MoneyEvent): Entry {
  return entry('account_refunded', 'settled', event, [
    { debit: 'refunds', credit: event.account, amountMinor: event.amountMinor },
    { debit: 'customer_credit', credit: 'refunds', amountMinor: event.amountMinor },
  ]);
}

/** A credit note that stands alone was paid out: what it took from receivables is given back in money. */
export function creditNoteRefunded(event: MoneyEvent & { readonly creditNoteId: string }): Entry {
  return entry('credit_note_refunded', 'settled', event, [
    { debit: 'refunds', credit: event.account, amountMinor: event.amountMinor },
    { debit: 'receivables', credit: 'refunds', amountMinor: event.amountMinor, documentId: event.creditNoteId },
  ]);
}

/**
 * The gateway took disputed money that had come in on account: what it had paid was taken back before, so the customer
 * owes it again and the loss is theirs until somebody writes it off.
 */
export function accountDisputeWithdrawn(event: MoneyEvent & { feeMinor: bigint }): Entry {
  return entry('account_dispute_withdrawn', 'withdrawn', event, [
    { debit: 'dispute_losses', credit: 'gateway_clearing', amountMinor: event.amountMinor },
    { debit: 'customer_credit', credit: 'dispute_losses', amountMinor: event.amountMinor },
    { debit: 'gateway_fees', credit: 'gateway_clearing', amountMinor: event.feeMinor },
  ]);
}

/** What one invoice or credit note says, as the ledger needs it. Amounts in minor units. */
export interface DocumentEvent extends BookedMoment {
  readonly entryId: string;
  /** What the entry records: the document itself, an allocation, a write-off. */
  readonly sourceId: string;
  /** The invoice whose receivable moves; a credit note that stands alone is its own. */
  readonly invoiceId: string;
  readonly contactId: string;
  readonly currency: string;
}

interface BilledAmounts {
  /** After discounts, without tax. */
  readonly netMinor: bigint;
  readonly taxes: readonly { readonly code: string; readonly taxMinor: bigint }[];
}

/** An invoice was issued: the customer owes it, the business has earned it and owes each tax. */
export function invoiceIssued(event: DocumentEvent & BilledAmounts): Entry {
  return documentEntry('invoice_issued', 'issued', event, [
    { debit: 'receivables', credit: 'revenue', amountMinor: event.netMinor },
    ...event.taxes.map(({ code, taxMinor }) => ({
      debit: 'receivables' as const,
      credit: 'tax_payable' as const,
      amountMinor: taxMinor,
      detail: code,
    })),
  ]);
}

/** A credit note was issued: so much less is owed, earned and taxed. */
export function invoiceCredited(event: DocumentEvent & BilledAmounts): Entry {
  return documentEntry('invoice_credited', 'issued', event, [
    { debit: 'revenue', credit: 'receivables', amountMinor: event.netMinor },
    ...event.taxes.map(({ code, taxMinor }) => ({
      debit: 'tax_payable' as const,
      credit: 'receivables' as const,
      amountMinor: taxMinor,
      detail: code,
    })),
  ]);
}

/** Money on account pays an invoice; a discount for early payment makes up for what was not paid. */
export function moneyAllocated(event: DocumentEvent & { amountMinor: bigint; discountMinor: bigint }): Entry {
  return documentEntry('money_allocated', 'allocated', event, [
    { debit: 'customer_credit', credit: 'receivables', amountMinor: event.amountMinor },
    { debit: 'discounts', credit: 'receivables', amountMinor: event.discountMinor },
  ]);
}

/** Nobody expects this part of an invoice any more. */
export function invoiceWrittenOff(event: DocumentEvent & { amountMinor: bigint }): Entry {
  return documentEntry('invoice_written_off', 'written_off', event, [
    { debit: 'write_offs', credit: 'receivables', amountMinor: event.amountMinor },
  ]);
}

/** A fee for paying late is added to what an invoice asks for. */
export function lateFeeCharged(event: DocumentEvent & { amountMinor: bigint }): Entry {
  return documentEntry('late_fee_charged', 'charged', event, [
    { debit: 'receivables', credit: 'late_fees', amountMinor: event.amountMinor },
  ]);
}

function documentEntry(booking: string, event: string, about: DocumentEvent, transfers: Transfer[]): Entry {
  return entry(
    booking,
    event,
    { ...about, paymentId: about.sourceId },
    transfers.map((transfer) => ({ ...transfer, documentId: about.invoiceId })),
  );
}

/** The gateway told its fee after the money was booked, or corrected it: less than before is a negative fee. */
export function feeCharged(event: MoneyEvent): Entry {
  return entry('fee_charged', 'fee', event, [inOrder('gateway_fees', 'gateway_clearing', event.amountMinor)]);
}

/** Money of one currency was given for that of another: this much left gateway clearing. `exchangeReceived` is its other half. */
export function exchangeGiven(event: MoneyEvent): Entry {
  return entry('exchange_given', 'exchange given', event, [
    { debit: 'exchange', credit: 'gateway_clearing', amountMinor: event.amountMinor },
  ]);
}

/** The other half of `exchangeGiven`: what came for it, in its own currency. */
export function exchangeReceived(event: MoneyEvent): Entry {
  return entry('exchange_received', 'exchange received', event, [
    { debit: 'gateway_clearing', credit: 'exchange', amountMinor: event.amountMinor },
  ]);
}

/** The gateway paid out to the bank account; a negative amount was drawn from it. Nobody's money in particular. */
export function payoutPaid(
  event: Omit<MoneyEvent, 'paymentId' | 'contactId' | 'account'> & { payoutId: string },
): Entry {
  return entry('payout_paid', 'paid', { ...event, paymentId: event.payoutId, contactId: null }, [
    inOrder('bank', 'gateway_clearing', event.amountMinor),
  ]);
}

/** A transfer whose amount may be negative: then it is the opposite one. */
function inOrder(debit: Account, credit: Account, amountMinor: bigint): Transfer {
  return amountMinor >= 0n
    ? { debit, credit, amountMinor }
    : { debit: credit, credit: debit, amountMinor: -amountMinor };
}

type About = Omit<MoneyEvent, 'amountMinor' | 'contactId' | 'account'> & { readonly contactId: string | null };

function entry(booking: string, event: string, about: About, transfers: Transfer[]): Entry {
  return {
    id: about.entryId,
    booking,
    sourceId: about.paymentId,
    event,
    contactId: about.contactId,
    currency: about.currency,
    effectiveOn: about.effectiveOn,
    effectiveAt: about.effectiveAt,
    recordedAt: about.recordedAt,
    reversesId: null,
    transfers: transfers.filter((transfer) => transfer.amountMinor > 0n),
  };
}
