import { exponentOf, isCurrency } from '../../foundation/currency.ts';
import { parseExactDecimal, roundToMinor, toDecimalText } from '../../foundation/money.ts';

/** An amount as Mollie writes it: a decimal string with the currency's digits. */
export interface MollieAmount {
  readonly value: string;
  readonly currency: string;
}

export function toMollieAmount(amountMinor: bigint, currency: string): MollieAmount {
  return { value: toDecimalText(amountMinor, currency), currency };
}

/**
 * Minor units of an amount of Mollie's, exactly; null where it is not one that can be kept (an unknown currency, more
 * digits than the currency has).
 */
export function minorOfMollie(amount: MollieAmount | null | undefined): bigint | null {
  if (!amount || typeof amount.value !== 'string' || !isCurrency(amount.currency)) return null;
  const decimals = exponentOf(amount.currency);
  const parsed = parseExactDecimal(amount.value, decimals);
  return parsed.ok ? roundToMinor(parsed.scaled, decimals, amount.currency) : null;
}
