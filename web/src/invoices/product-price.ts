import { exponentOf } from '../../../src/foundation/currency.ts';
import { parseExactDecimal, roundToMinor } from '../../../src/foundation/money.ts';
import { UNIT_PRICE_EXTRA_DECIMALS } from '../../../src/invoices/invoice-amounts.ts';

/** A unit price of the API ("49.90") in minor units, for showing: what is finer than the currency is rounded. */
export function decimalMinor(unitPrice: string, currency: string): bigint {
  const decimals = exponentOf(currency) + UNIT_PRICE_EXTRA_DECIMALS;
  const read = parseExactDecimal(unitPrice, decimals);
  return read.ok ? roundToMinor(read.scaled, decimals, currency) : 0n;
}

/** A unit price as it is read beside others: with all the digits of the currency, and more where it has more. */
export function priceText(unitPrice: string, currency: string, mark: '.' | ','): string {
  const [whole = '0', fraction = ''] = unitPrice.split('.');
  const digits = fraction.padEnd(exponentOf(currency), '0');
  return digits === '' ? whole : `${whole}${mark}${digits}`;
}
