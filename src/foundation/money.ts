import { type CurrencyCode, exponentOf, isCurrency } from './currency.ts';

/**
 * An amount in whole minor units (cents, yen, fils) with its currency. There is no default currency and
 * no arithmetic across currencies; this file and currency.ts are the only ones that know decimal points.
 */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

/**
 * The largest amount one transaction may carry, in minor units. JSON numbers are exact only up to 2^53 − 1,
 * and sums of a million such amounts must still fit PostgreSQL's bigint.
 */
export const AMOUNT_MINOR_MAX = 999_999_999_999n;

/** Makes a frozen Money. Throws a RangeError on a currency that is not in the table. */
export function money(amountMinor: bigint, currency: CurrencyCode): Money {
  if (!isCurrency(currency)) throw new RangeError(`${currency} is not an ISO 4217 currency known here`);
  return Object.freeze({ amountMinor, currency });
}

/** Sum of two amounts of one currency. Throws a RangeError when the currencies differ: they are never added. */
export function add(left: Money, right: Money): Money {
  if (left.currency !== right.currency) {
    throw new RangeError(`${left.currency} and ${right.currency} cannot be added: currencies are never mixed`);
  }
  return money(left.amountMinor + right.amountMinor, left.currency);
}

/** The safe integer that JSON carries. Throws a RangeError beyond ±(2^53 − 1): better loud than rounded. */
export function minorToJson(amountMinor: bigint): number {
  const number = Number(amountMinor);
  if (!Number.isSafeInteger(number))
    throw new RangeError(`${amountMinor} minor units do not fit a JSON number exactly`);
  return number;
}

export type ParsedDecimal = { ok: true; amountMinor: bigint } | { ok: false; reason: string };

/**
 * Reads what a person types or a CSV cell holds: "1200.5", "1,200.50", "1.200,50", "1 200,50", "(12.00)", "−3".
 * A single mark followed by exactly three digits is read as a thousands mark only when the currency cannot have
 * three decimals ("1,200" USD is twelve hundred; "1.200" KWD is one dinar and 200 fils).
 * Refuses more decimals than the currency has rather than rounding them away.
 */
export function parseDecimal(text: string, currency: CurrencyCode): ParsedDecimal {
  const exponent = exponentOf(currency);
  let rest = text.normalize('NFKC').replace(/[\s\u00a0\u202f'’]/g, '');
  if (rest === '') return { ok: false, reason: 'Enter an amount.' };
  let negative = false;
  if (/^\(.*\)$/.test(rest)) {
    negative = true;
    rest = rest.slice(1, -1);
  }
  if (/^[-−–]/.test(rest)) {
    negative = !negative;
    rest = rest.slice(1);
  } else if (rest.startsWith('+')) rest = rest.slice(1);
  if (!/^[0-9.,]+$/.test(rest) || !/[0-9]/.test(rest))
    return { ok: false, reason: `“${text.trim().slice(0, 40)}” is not an amount.` };

  const decimalAt = decimalMarkIndex(rest, exponent);
  const grouped = decimalAt === -1 ? rest : rest.slice(0, decimalAt);
  const whole = grouped.replace(/[.,]/g, '');
  // Marks that stand elsewhere than between groups are a slip of the pen, and nobody knows which: 12.3.4 is no amount.
  if (grouped !== whole && !/^\d{1,3}([.,]\d{2,3})*[.,]\d{3}$/.test(grouped))
    return { ok: false, reason: `“${text.trim().slice(0, 40)}” is not an amount.` };
  const fraction = decimalAt === -1 ? '' : rest.slice(decimalAt + 1);
  if (/[.,]/.test(fraction)) return { ok: false, reason: `“${text.trim().slice(0, 40)}” is not an amount.` };
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) {
    const places = exponent === 0 ? 'no decimals' : `at most ${exponent} decimals`;
    return { ok: false, reason: `${currency} has ${places}.` };
  }
  const minor = BigInt((whole || '0') + fraction.slice(0, exponent).padEnd(exponent, '0'));
  if (minor > AMOUNT_MINOR_MAX) return { ok: false, reason: 'That amount is larger than this program accepts.' };
  return { ok: true, amountMinor: negative ? -minor : minor };
}

/** Index of the decimal mark in a string of digits, dots and commas; −1 when every mark groups thousands. */
function decimalMarkIndex(digits: string, exponent: number): number {
  const lastDot = digits.lastIndexOf('.');
  const lastComma = digits.lastIndexOf(',');
  const last = Math.max(lastDot, lastComma);
  if (last === -1) return -1;
  if (lastDot !== -1 && lastComma !== -1) return last;
  const mark = digits[last]!;
  const repeated = digits.indexOf(mark) !== last;
  if (repeated) return -1;
  const groupsThousands = digits.length - last - 1 === 3 && last > 0 && exponent !== 3;
  return groupsThousands ? -1 : last;
}

export type ParsedExact = { ok: true; scaled: bigint } | { ok: false; reason: string };

/** Longest number read exactly: 15 digits before the mark are a thousand times AMOUNT_MINOR_MAX. */
const EXACT_WHOLE_DIGITS_MAX = 15;

/**
 * Reads a decimal number whose decimal mark is known, exactly: "2.55" with 4 decimals is 25500n. The other mark, spaces
 * and apostrophes group thousands; a sign, a currency sign or brackets for negative are understood. Refuses more decimals than
 * `decimals` rather than rounding them away.
 */
export function parseExactDecimal(text: string, decimals: number, mark: '.' | ',' = '.'): ParsedExact {
  // What nearly every cell of a file looks like, without the cost of the general case.
  const plain = mark === '.' ? /^(-?)(\d{1,12})(?:\.(\d*))?$/.exec(text) : null;
  if (plain && (plain[3] ?? '').length <= decimals) {
    const magnitude = BigInt(plain[2] + (plain[3] ?? '').padEnd(decimals, '0'));
    return { ok: true, scaled: plain[1] === '-' ? -magnitude : magnitude };
  }
  const shown = `“${text.trim().slice(0, 40)}”`;
  let rest = text.normalize('NFKC').replace(/[\s'’\p{Sc}]/gu, '');
  let negative = false;
  if (/^\(.*\)$/.test(rest)) {
    negative = true;
    rest = rest.slice(1, -1);
  }
  const sign = /^[-−–]|[-−–]$/.exec(rest);
  if (sign) {
    negative = !negative;
    rest = sign.index === 0 ? rest.slice(1) : rest.slice(0, -1);
  } else if (rest.startsWith('+')) rest = rest.slice(1);
  const [whole = '', fraction = '', more] = rest.split(mark);
  const digits = whole.replaceAll(mark === '.' ? ',' : '.', '');
  const grouped = digits === whole || /^\d{1,3}([.,]\d{2,3})*[.,]\d{3}$/.test(whole);
  if (more !== undefined || !grouped || !/^\d*$/.test(digits) || !/^\d*$/.test(fraction) || digits + fraction === '') {
    return { ok: false, reason: rest === '' ? 'A number is expected.' : `${shown} is not a number.` };
  }
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) return { ok: false, reason: `${shown} has more than ${decimals} decimals.` };
  if (digits.replace(/^0+/, '').length > EXACT_WHOLE_DIGITS_MAX) return { ok: false, reason: `${shown} is too large.` };
  const magnitude = BigInt(digits + significant.padEnd(decimals, '0'));
  return { ok: true, scaled: negative ? -magnitude : magnitude };
}

/** A number kept exactly with `decimals` places as plain text without idle zeros: 83000658140n with 4 → "8300065.814". */
export function exactDecimalText(scaled: bigint, decimals: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** `scaled` with `decimals` places in minor units of `currency`, rounded once, half away from zero. */
export function roundToMinor(scaled: bigint, decimals: number, currency: CurrencyCode): bigint {
  const exponent = exponentOf(currency);
  if (decimals <= exponent) return scaled * 10n ** BigInt(exponent - decimals);
  const unit = 10n ** BigInt(decimals - exponent);
  const half = unit / 2n;
  return scaled >= 0n ? (scaled + half) / unit : -((-scaled + half) / unit);
}

/** Minor units as a number kept with `decimals` places, exactly; `decimals` is at least the currency's own. */
export function scaleMinor(amountMinor: bigint, decimals: number, currency: CurrencyCode): bigint {
  return amountMinor * 10n ** BigInt(decimals - exponentOf(currency));
}

/** Plain decimal text with a dot and the currency's digits, no grouping: 120000n USD → "1200.00". For CSV and ledgers. */
export function toDecimalText(amountMinor: bigint, currency: CurrencyCode): string {
  const exponent = exponentOf(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

const formatters = new Map<string, Intl.NumberFormat>();

/** As the locale writes it: 120000 USD en-US → "$1,200.00". Exact: Intl formats the decimal string, not a float. */
export function formatMinor(amountMinor: bigint | number, currency: CurrencyCode, locale = 'en-US'): string {
  const key = `${locale} ${currency}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    const digits = exponentOf(currency);
    formatter = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formatters.set(key, formatter);
  }
  return formatter.format(toDecimalText(BigInt(amountMinor), currency) as Intl.StringNumericLiteral);
}
