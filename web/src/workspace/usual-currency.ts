/** Regions whose currency is offered first; elsewhere one chooses from the list. Only a suggestion, never a default. */
const REGIONS_BY_CURRENCY: Record<string, string> = {
  EUR: 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK',
  USD: 'US PR EC SV',
  GBP: 'GB',
  AUD: 'AU',
  CAD: 'CA',
  CHF: 'CH LI',
  DKK: 'DK',
  INR: 'IN',
  JPY: 'JP',
  MXN: 'MX',
  NOK: 'NO',
  NZD: 'NZ',
  PLN: 'PL',
  SEK: 'SE',
  SGD: 'SG',
  BRL: 'BR',
  ZAR: 'ZA',
  KWD: 'KW',
  AED: 'AE',
};

/** The currency mostly used where `locale` ("en-GB") is spoken; null where that is not known. */
export function usualCurrencyOf(locale: string): string | null {
  const region = new Intl.Locale(locale).region;
  if (!region) return null;
  return (
    Object.keys(REGIONS_BY_CURRENCY).find((code) => REGIONS_BY_CURRENCY[code]!.split(' ').includes(region)) ?? null
  );
}
