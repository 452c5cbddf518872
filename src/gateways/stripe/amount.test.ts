import { describe, expect, it } from 'vitest';
import { allCurrencies } from '../../foundation/currency.ts';
import { fromStripeAmount, toStripeAmount } from './amount.ts';

/** Ours in minor units of ISO 4217, Stripe's as its page on currencies says; null: cannot be said there. */
const CASES: readonly [currency: string, amountMinor: bigint, stripe: number | null][] = [
  ['USD', 1_000n, 1_000],
  ['USD', 1n, 1],
  ['EUR', 999_999_99n, 999_999_99],
  ['JPY', 500n, 500],
  ['KRW', 1n, 1],
  ['CLP', 12_345n, 12_345],
  ['VND', 10_000n, 10_000],
  ['XOF', 655n, 655],
  // Two decimals in ISO 4217, none at Stripe.
  ['MGA', 500_00n, 500],
  ['MGA', 500_20n, null],
  // None in ISO 4217, two zeros at Stripe.
  ['ISK', 5n, 500],
  ['UGX', 5n, 500],
  // Whole only in payouts.
  ['HUF', 10_45n, 1_045],
  ['TWD', 800_45n, 80_045],
  // Three decimals, the last of which is 0.
  ['KWD', 5_120n, 5_120],
  ['KWD', 5_124n, null],
  ['BHD', 10n, 10],
  ['JOD', 1n, null],
  ['OMR', 0n, 0],
  ['TND', -5_120n, -5_120],
  ['USD', 1_000_000_000_000n, null],
];

describe('an amount as Stripe writes it', () => {
  it.each(CASES)('%s %s → %s', (currency, amountMinor, stripe) => {
    expect(toStripeAmount(amountMinor, currency)).toBe(stripe);
    if (stripe !== null) expect(fromStripeAmount(stripe, currency.toLowerCase())).toBe(amountMinor);
  });

  it('comes back unchanged in every currency', () => {
    for (const { code } of allCurrencies()) {
      for (const amountMinor of [0n, 100n, 1_000n, 123_400n, -5_000n, 999_999_000n]) {
        const stripe = toStripeAmount(amountMinor, code);
        expect(stripe, code).not.toBeNull();
        expect(fromStripeAmount(stripe!, code), code).toBe(amountMinor);
      }
    }
  });

  it('in a currency nobody knows is an error and no amount', () => {
    expect(() => fromStripeAmount(100, 'zzz')).toThrow(RangeError);
  });
});
