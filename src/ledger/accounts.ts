/**
 * The chart of accounts of a workspace and the only transfers allowed between them. A transfer that is not declared
 * here (or is not the exact opposite of a declared one, as a correction) cannot be posted.
 */
export const ACCOUNTS = {
  gateway_clearing: { kind: 'asset', label: 'Gateway clearing' },
  bank: { kind: 'asset', label: 'Bank' },
  cash: { kind: 'asset', label: 'Cash' },
  receivables: { kind: 'asset', label: 'Receivables' },
  customer_credit: { kind: 'liability', label: 'Customers’ money on account' },
  tax_payable: { kind: 'liability', label: 'Tax payable' },
  revenue: { kind: 'income', label: 'Revenue' },
  late_fees: { kind: 'income', label: 'Late fees' },
  refunds: { kind: 'income', label: 'Refunds' },
  discounts: { kind: 'expense', label: 'Discounts for early payment' },
  write_offs: { kind: 'expense', label: 'Bad debts written off' },
  dispute_losses: { kind: 'expense', label: 'Dispute losses' },
  gateway_fees: { kind: 'expense', label: 'Gateway fees' },
  exchange: { kind: 'expense', label: 'Exchange' },
} as const satisfies Record<string, { kind: 'asset' | 'liability' | 'income' | 'expense'; label: string }>;

export type Account = keyof typeof ACCOUNTS;

/** Accounts that money can be received on and paid back from. */
export type MoneyAccount = 'gateway_clearing' | 'bank' | 'cash';

/** Kept sums of one contact in one currency: the columns of ledger_contact_sums, minor units (and one count). */
export interface ContactSums {
  readonly receivedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly disputeLostMinor: bigint;
  readonly feeMinor: bigint;
  readonly taxMinor: bigint;
  readonly paymentCount: bigint;
}

export type SumName = keyof ContactSums;

export const NO_SUMS: ContactSums = Object.freeze({
  receivedMinor: 0n,
  refundedMinor: 0n,
  disputeLostMinor: 0n,
  feeMinor: 0n,
  taxMinor: 0n,
  paymentCount: 0n,
});

interface DeclaredTransfer {
  readonly debit: Account;
  readonly credit: Account;
  /** The kept sum that grows by the amount; its opposite shrinks it. Null: money only changes its place or currency. */
  readonly moves: Exclude<SumName, 'paymentCount'> | null;
  readonly movesSign: 1n | -1n;
  /** Whether this transfer is the receipt of a payment (and so counts one). */
  readonly counts: boolean;
}

const declared = (
  debit: Account,
  credit: Account,
  moves: DeclaredTransfer['moves'],
  sign: 1n | -1n = 1n,
  counts = false,
) => ({ debit, credit, moves, movesSign: sign, counts }) satisfies DeclaredTransfer;

export const DECLARED_TRANSFERS: readonly DeclaredTransfer[] = [
  declared('gateway_clearing', 'revenue', 'receivedMinor', 1n, true),
  declared('bank', 'revenue', 'receivedMinor', 1n, true),
  declared('cash', 'revenue', 'receivedMinor', 1n, true),
  declared('revenue', 'tax_payable', 'taxMinor'),
  declared('gateway_fees', 'gateway_clearing', 'feeMinor'),
  declared('refunds', 'gateway_clearing', 'refundedMinor'),
  declared('refunds', 'bank', 'refundedMinor'),
  declared('refunds', 'cash', 'refundedMinor'),
  declared('tax_payable', 'refunds', 'taxMinor', -1n),
  declared('dispute_losses', 'gateway_clearing', 'disputeLostMinor'),
  // Invoices: what is billed, and the money that pays it by way of the customer's account. What a customer is worth moves
  // when money comes in or goes out, never by billing.
  declared('receivables', 'revenue', null),
  declared('receivables', 'tax_payable', null),
  declared('receivables', 'late_fees', null),
  declared('gateway_clearing', 'customer_credit', 'receivedMinor', 1n, true),
  declared('bank', 'customer_credit', 'receivedMinor', 1n, true),
  declared('cash', 'customer_credit', 'receivedMinor', 1n, true),
  declared('customer_credit', 'receivables', null),
  declared('discounts', 'receivables', null),
  declared('write_offs', 'receivables', null),
  declared('customer_credit', 'refunds', null),
  declared('receivables', 'refunds', null),
  declared('customer_credit', 'dispute_losses', null),
  declared('bank', 'gateway_clearing', null),
  declared('exchange', 'gateway_clearing', null),
];

/** What one transfer does to the kept sums: the name (null: none of them) with +1 or −1. */
export interface SumEffect {
  readonly sum: Exclude<SumName, 'paymentCount'> | null;
  readonly sign: 1n | -1n;
  readonly count: 1n | 0n | -1n;
}

const effects = new Map<string, SumEffect>();
for (const transfer of DECLARED_TRANSFERS) {
  const { debit, credit, moves, movesSign, counts } = transfer;
  effects.set(`${debit}>${credit}`, { sum: moves, sign: movesSign, count: counts ? 1n : 0n });
  effects.set(`${credit}>${debit}`, { sum: moves, sign: movesSign === 1n ? -1n : 1n, count: counts ? -1n : 0n });
}

/** The effect of a transfer between these accounts, or null when it is not declared. */
export function effectOf(debit: Account, credit: Account): SumEffect | null {
  return effects.get(`${debit}>${credit}`) ?? null;
}

/** Every allowed (debit, credit) with its effect: for re-adding in SQL. */
export function allEffects(): { debit: string; credit: string; effect: SumEffect }[] {
  return [...effects].map(([pair, effect]) => {
    const [debit, credit] = pair.split('>') as [string, string];
    return { debit, credit, effect };
  });
}
