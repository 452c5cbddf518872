import { exponentOf } from '../foundation/currency.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { toDecimalText } from '../foundation/money.ts';

/** How a document writes amounts, quantities and days: by its locale, with the digits of its typefaces. */
export interface DocumentFigures {
  /** "1.234,50": without a currency, where a column says it once. */
  amount(amountMinor: number | bigint): string;
  /** "1.234,50 EUR": the code and no sign, because half the world's signs are $. */
  money(amountMinor: number | bigint): string;
  /** A decimal kept as text, in the locale's marks and with all its places: "1.5" → "1,5". */
  decimal(text: string): string;
  /** A price per unit: at least the places of the currency. */
  price(text: string): string;
  day(date: LocalDate): string;
  /** From one day to another, both in it; what both have in common is said once: "1 – 28 February 2026". */
  days(from: LocalDate, to: LocalDate): string;
}

const known = new Map<string, DocumentFigures>();

/**
 * Figures for a locale and currency. Days are written out in `language`, the one of the document's words, so that no
 * month stands in a language that the rest is not in.
 */
export function documentFigures(locale: string, language: string, currency: string): DocumentFigures {
  const key = `${locale} ${language} ${currency}`;
  const figures = known.get(key) ?? makeFigures(locale, language, currency);
  known.set(key, figures);
  return figures;
}

function makeFigures(locale: string, language: string, currency: string): DocumentFigures {
  const places = exponentOf(currency);
  const format = (least: number, most: number) => {
    const formatter = new Intl.NumberFormat(locale, {
      numberingSystem: 'latn',
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
    // Exact: a decimal given as text is never a float.
    return (text: string) => formatter.format(text as Intl.StringNumericLiteral);
  };
  const [ofMinor, ofDecimal, ofPrice] = [format(places, places), format(0, 20), format(places, 20)];
  const isOwnLanguage = locale.toLowerCase().split(/[-_]/)[0] === language;
  const day = new Intl.DateTimeFormat(isOwnLanguage ? locale : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
    calendar: 'gregory',
    numberingSystem: 'latn',
  });
  // Locales begin what is negative with a hyphen, which is shorter than a figure; a minus is as wide as a plus.
  const amount = (amountMinor: number | bigint) =>
    ofMinor(toDecimalText(BigInt(amountMinor), currency)).replace('-', '−');
  const midnight = (date: LocalDate) => new Date(`${date}T00:00:00Z`);
  return {
    amount,
    money: (amountMinor) => `${amount(amountMinor)} ${currency}`,
    decimal: ofDecimal,
    price: ofPrice,
    day: (date) => day.format(midnight(date)),
    // Thin spaces around the dash are no characters of most typefaces.
    days: (from, to) => day.formatRange(midnight(from), midnight(to)).replace(/\u2009/g, ' '),
  };
}
