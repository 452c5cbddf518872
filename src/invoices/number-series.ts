import type { LocalDate } from '../foundation/local-date.ts';

/** Numbers of documents: one series per kind (or several), without gaps, per year where the pattern names one. */
export const SERIES_KINDS = ['invoice', 'credit_note', 'quote'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

export const PATTERNS_BY_DEFAULT: Readonly<Record<SeriesKind, string>> = {
  invoice: 'INV-{YYYY}-{0000}',
  credit_note: 'CN-{YYYY}-{0000}',
  quote: 'Q-{YYYY}-{0000}',
};

/** Documents of tax offices and banks take no longer ones: EN 16931 has no limit, SEPA references have 35 characters. */
export const NUMBER_LENGTH_MAX = 30;

const COUNTER = /\{0{1,10}\}/;

/** What is wrong with a pattern, in one sentence; null when nothing is. */
export function patternProblem(pattern: string): string | null {
  if ((pattern.match(/\{0+\}/g) ?? []).length !== 1 || !COUNTER.test(pattern)) {
    return 'A pattern has the running number once, such as {0000}.';
  }
  const rest = pattern.replace(COUNTER, '').replaceAll('{YYYY}', '').replaceAll('{YY}', '');
  if (!/^[A-Za-z0-9./_-]*$/.test(rest)) return 'Letters, digits, . / _ - and {YYYY}, {YY}, {0000} are accepted.';
  return numberText(pattern, '2026-01-01', 1n).length > NUMBER_LENGTH_MAX
    ? `At most ${NUMBER_LENGTH_MAX} characters.`
    : null;
}

/** "INV-{YYYY}-{0000}" on 2026-11-25, the 7th → "INV-2026-0007". A number longer than its zeros keeps all digits. */
export function numberText(pattern: string, issuedOn: LocalDate, number: bigint): string {
  const year = issuedOn.slice(0, 4);
  return pattern
    .replaceAll('{YYYY}', year)
    .replaceAll('{YY}', year.slice(2))
    .replace(COUNTER, (zeros) => number.toString().padStart(zeros.length - 2, '0'));
}

/** The year whose counter a document takes its number from; 0 where the series never restarts. */
export function seriesYear(restartsYearly: boolean, issuedOn: LocalDate): number {
  return restartsYearly ? Number(issuedOn.slice(0, 4)) : 0;
}
