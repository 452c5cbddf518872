import type { LocalDate } from '../foundation/local-date.ts';
import type { Party } from './invoice-snapshot.ts';

/** What moved a customer's account. */
export const MOVEMENT_KINDS = [
  'invoice',
  'credit_note',
  'late_fee',
  'payment',
  'refund',
  'discount',
  'write_off',
  'dispute',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** The kinds of the ledger's bookings; none other touches what a customer owes. */
const OF_BOOKING: Readonly<Record<string, MovementKind>> = {
  invoice_issued: 'invoice',
  invoice_credited: 'credit_note',
  late_fee_charged: 'late_fee',
  money_received_on_account: 'payment',
  money_allocated: 'discount',
  account_refunded: 'refund',
  credit_note_refunded: 'refund',
  invoice_written_off: 'write_off',
  account_dispute_withdrawn: 'dispute',
};

const REVERSED = /(_reversed)+$/;

/** What a booking is called, and whether it takes an earlier one back. */
export function movementKind(booking: string): { readonly kind: MovementKind; readonly isReversal: boolean } {
  const turns = REVERSED.exec(booking)?.[0].split('_').length ?? 1;
  return { kind: OF_BOOKING[booking.replace(REVERSED, '')] ?? 'payment', isReversal: turns % 2 === 0 };
}

export interface StatementMovement {
  readonly on: LocalDate;
  readonly kind: MovementKind;
  /** It takes back what was booked before: a payment that was returned, a document that was made void. */
  readonly isReversal: boolean;
  readonly document: { readonly id: string; readonly number: string } | null;
  /** Plus is owed, minus was paid, credited or written off. */
  readonly amountMinor: bigint;
  /** After it. */
  readonly balanceMinor: bigint;
}

export interface StatementOpen {
  readonly id: string;
  readonly number: string;
  readonly issuedOn: LocalDate | null;
  readonly dueOn: LocalDate | null;
  readonly openMinor: bigint;
  readonly overdueMinor: bigint;
}

/** One currency of a statement, in its minor units. */
export interface StatementAccount {
  readonly currency: string;
  readonly openingMinor: bigint;
  readonly movements: readonly StatementMovement[];
  readonly closingMinor: bigint;
  /** Documents of which something was open at the end of the last day. */
  readonly open: readonly StatementOpen[];
  /** By how long it had been due, in the order of AGES. */
  readonly ages: readonly bigint[];
  /** Money of the customer that paid nothing yet: what is open less this is the closing balance. */
  readonly onAccountMinor: bigint;
}

/** A customer's account from one day to another, both in it; its paper is made from this and the logo alone. */
export interface AccountStatement {
  readonly contactId: string;
  readonly contactName: string;
  readonly test: boolean;
  readonly locale: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly seller: Party;
  readonly buyer: Party;
  readonly accounts: readonly StatementAccount[];
  readonly footer: string;
  readonly colour: string;
  readonly paymentDetails: Readonly<Record<string, string>>;
}
