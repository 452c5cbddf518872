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
export function payoutPaid(event: Omit<MoneyEvent, 'paymentId' | 'contactId' | 'account'> & { payoutId: string }): Entry {
  return entry('payout_paid', 'paid', { ...event, paymentId: event.payoutId, contactId: null }, [
    inOrder('bank', 'gateway_clearing', event.amountMinor),
  ]);
}

/** A transfer whose amount may be negative: then it is the opposite one. */
function inOrder(debit: Account, credit: Account, amountMinor: bigint): Transfer {
  return amountMinor >= 0n ? { debit, credit, amountMinor } : { debit: credit, credit: debit, amountMinor: -amountMinor };
}

type About = Omit<MoneyEvent, 'contactId' | 'account'> & { readonly contactId: string | null };

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
