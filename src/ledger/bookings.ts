import type { LocalDate } from '../foundation/local-date.ts';
import type { MoneyAccount } from './accounts.ts';
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

function entry(booking: string, event: string, about: MoneyEvent, transfers: Transfer[]): Entry {
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
