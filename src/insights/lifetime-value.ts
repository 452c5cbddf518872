import { proportionHalfUp } from '../foundation/allocate.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import { type ContactSums, NO_SUMS } from '../ledger/accounts.ts';
import type { LifetimeValue } from './api.ts';

/** Months of the sparkline: a year shows a season and still fits beside the figure. */
export const MONTH_COUNT = 12;

/** What a customer was worth in one currency until now, from the ledger's kept sums and the ends of their history. */
export interface ValueParts {
  readonly currency: string;
  readonly sums: ContactSums;
  /** Moments of the first and last charge that stands; null when there is none. */
  readonly firstPaymentAt: Date | null;
  readonly lastPaymentAt: Date | null;
  /** Net minor units by month ("2026-11"); months without money may be absent. */
  readonly months: ReadonlyMap<string, bigint>;
}

/** received − refunded − disputes lost, minor units: the one definition. Fees and tax are shown beside it, not taken off. */
export function ltvMinor(sums: ContactSums): bigint {
  return sums.receivedMinor - sums.refundedMinor - sums.disputeLostMinor;
}

/** The figure with its parts as the API shows it; `today` (business's zone) says which months are the last twelve. */
export function lifetimeValueOf(parts: ValueParts, today: LocalDate): LifetimeValue {
  const { sums } = parts;
  const ltv = ltvMinor(sums);
  const count = sums.paymentCount;
  return {
    currency: parts.currency,
    ltv_minor: minorToJson(ltv),
    received_minor: minorToJson(sums.receivedMinor),
    refunded_minor: minorToJson(sums.refundedMinor),
    dispute_lost_minor: minorToJson(sums.disputeLostMinor),
    fee_minor: minorToJson(sums.feeMinor),
    tax_minor: minorToJson(sums.taxMinor),
    gross_minor: minorToJson(sums.receivedMinor),
    net_of_fees_minor: minorToJson(ltv - sums.feeMinor),
    ex_tax_minor: minorToJson(ltv - sums.taxMinor),
    payment_count: minorToJson(count),
    average_minor: count > 0n ? minorToJson(proportionHalfUp(sums.receivedMinor, 1n, count)) : null,
    first_payment_at: parts.firstPaymentAt?.toISOString() ?? null,
    last_payment_at: parts.lastPaymentAt?.toISOString() ?? null,
    rhythm_days: rhythmDays(parts.firstPaymentAt, parts.lastPaymentAt, Number(count)),
    months: lastMonths(today, MONTH_COUNT).map((month) => ({
      month,
      net_minor: minorToJson(parts.months.get(month) ?? 0n),
    })),
  };
}

/**
 * All currencies of a contact, their own first and then by code. Somebody without money has one figure, 0, in
 * `ownCurrency`. Currencies stand beside each other and are never added.
 */
export function lifetimeValuesOf(all: readonly ValueParts[], ownCurrency: string, today: LocalDate): LifetimeValue[] {
  const withMoney = all.filter(({ sums }) => Object.values(sums).some((sum) => sum !== 0n));
  if (withMoney.length === 0) return [lifetimeValueOf(noMoney(ownCurrency), today)];
  const rank = (currency: string) => (currency === ownCurrency ? '' : currency);
  return withMoney
    .toSorted((a, b) => (rank(a.currency) < rank(b.currency) ? -1 : 1))
    .map((parts) => lifetimeValueOf(parts, today));
}

function noMoney(currency: string): ValueParts {
  return { currency, sums: NO_SUMS, firstPaymentAt: null, lastPaymentAt: null, months: new Map() };
}

const DAY_MS = 86_400_000;

/** Average days from one payment to the next, to a tenth; null below two payments. */
export function rhythmDays(first: Date | null, last: Date | null, paymentCount: number): number | null {
  if (!first || !last || paymentCount < 2) return null;
  return Math.round(((last.getTime() - first.getTime()) / DAY_MS / (paymentCount - 1)) * 10) / 10;
}

/** The `count` calendar months that end with the one of `today`, oldest first, as "2026-11". */
export function lastMonths(today: LocalDate, count: number): string[] {
  const [year, month] = today.split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, index) => {
    const months = year * 12 + (month - 1) - (count - 1 - index);
    return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
  });
}

/** First day of the oldest month that the sparkline shows. */
export function firstDayShown(today: LocalDate): LocalDate {
  return `${lastMonths(today, MONTH_COUNT)[0]}-01`;
}
