import { exponentOf, isCurrency } from '../../foundation/currency.ts';

/**
 * Stripe's own decimals, where they are not those of ISO 4217. Source: Stripe's page on supported currencies, November
 * 2026. MGA is charged in whole ariary. ISK and UGX have no decimals any more, and are still written with two that must be
 * 00 (UGX stands in the list of zero-decimal currencies as well; the special case is what its requests take). HUF and TWD
 * are whole only in payouts made by hand, which this program does not make.
 */
const DECIMALS: Readonly<Record<string, number>> = { MGA: 0, ISK: 2, UGX: 2 };

/** Amounts have to be a multiple of this, in Stripe's unit. Three-decimal amounts end in 0. */
const STEPS: Readonly<Record<string, bigint>> = { ISK: 100n, UGX: 100n };
const THREE_DECIMAL_STEP = 10n;

/** Eight digits, Stripe's limit for most currencies, would refuse some amounts that it takes; more than these fit no field. */
const AMOUNT_MAX = 999_999_999_999n;

function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? exponentOf(currency);
}

/**
 * Our minor units → the integer that Stripe takes for `currency`; null when Stripe cannot express the amount (a fraction of
 * a króna, the last digit of a dinar).
 */
export function toStripeAmount(amountMinor: bigint, currency: string): number | null {
  const shift = decimalsOf(currency) - exponentOf(currency);
  const amount = shift >= 0 ? amountMinor * power(shift) : amountMinor / power(-shift);
  if (shift < 0 && amount * power(-shift) !== amountMinor) return null;
  const step = STEPS[currency] ?? (decimalsOf(currency) === 3 ? THREE_DECIMAL_STEP : 1n);
  if (amount % step !== 0n || amount > AMOUNT_MAX || amount < -AMOUNT_MAX) return null;
  return Number(amount);
}

/** Stripe's integer → our minor units. Stripe writes currencies in lower case. */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const code = currencyOf(currency);
  const shift = decimalsOf(code) - exponentOf(code);
  // What Stripe reports in fractions that the currency does not have (fees in UGX, say) is cut, never guessed up.
  return shift >= 0 ? BigInt(amount) / power(shift) : BigInt(amount) * power(-shift);
}

/** `usd` → `USD`. Throws a RangeError for what this program keeps no books in. */
export function currencyOf(currency: string): string {
  const code = currency.toUpperCase();
  if (!isCurrency(code)) throw new RangeError(`Stripe speaks of ${code}, which is no currency known here`);
  return code;
}

function power(digits: number): bigint {
  let product = 1n;
  for (let digit = 0; digit < digits; digit += 1) product *= 10n;
  return product;
}
