/**
 * The one table of ISO 4217 currencies and their exponents (digits after the decimal mark).
 * Source: ISO 4217 list one, active codes that a business can charge in. Funds codes, metals and
 * test codes are left out on purpose: nobody owes anybody XAU here.
 */
const CODES_BY_EXPONENT: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW',
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const exponents = new Map<string, number>();
for (const [exponent, codes] of Object.entries(CODES_BY_EXPONENT)) {
  for (const code of codes.split(' ')) exponents.set(code, Number(exponent));
}

/** An ISO 4217 alphabetic code that stands in the table, upper case. */
export type CurrencyCode = string;

/** Whether `code` is a currency this program can keep books in. */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/** Digits after the decimal mark: JPY 0, USD 2, KWD 3. Throws a RangeError on an unknown code. */
export function exponentOf(code: CurrencyCode): number {
  const exponent = exponents.get(code);
  if (exponent === undefined) throw new RangeError(`${code} is not an ISO 4217 currency known here`);
  return exponent;
}

/** All codes with their exponents, sorted by code; also what the `currencies` table is filled from. */
export function allCurrencies(): { code: CurrencyCode; exponent: number }[] {
  return [...exponents].map(([code, exponent]) => ({ code, exponent })).sort((a, b) => (a.code < b.code ? -1 : 1));
}
