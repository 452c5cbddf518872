import { check } from '../foundation/assert.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { parseExactDecimal } from '../foundation/money.ts';
import type { TermsBody } from './api.ts';
import { type Discount, discountOn, PERCENT_DECIMALS } from './invoice-amounts.ts';
import type { WrittenDiscount } from './invoice-content.ts';
import {
  type BusinessCalendar,
  type DueRule,
  type InstalmentPart,
  type Schedule,
  scheduleOf,
  type Terms,
} from './terms.ts';

/** Terms as the API writes them, and what they mean. */

/** Where a workspace has set no terms: due in a fortnight, as most do. */
export const TERMS_BY_DEFAULT: TermsBody = { due: { kind: 'net', days: 14 }, early_discount: null, shift: 'none' };

type DueBody = Exclude<TermsBody['due'], { kind: 'instalments' }>;

/** "20" → 200000n. The schemas have accepted the text. */
export function percentOf(text: string): bigint {
  const read = parseExactDecimal(text, PERCENT_DECIMALS);
  check(read.ok && read.scaled >= 0n, 'a percentage that was accepted can be read');
  return read.scaled;
}

/** What is wrong with terms that the schema accepts, with its path; null when nothing is. */
export function termsProblem(terms: TermsBody): { path: string; message: string } | null {
  const percents = [
    ...(terms.due.kind === 'instalments'
      ? terms.due.parts.map((part, index) => ({ path: `due.parts[${index}].percent`, text: part.percent }))
      : []),
    { path: 'early_discount.percent', text: terms.early_discount?.percent },
  ];
  for (const { path, text } of percents) {
    if (text === undefined) continue;
    const read = parseExactDecimal(text, PERCENT_DECIMALS);
    if (!read.ok) return { path, message: read.reason };
    if (read.scaled > 1_000_000n) return { path, message: 'At most 100 per cent.' };
  }
  return null;
}

/** Terms of the API as the calendar counts with them. */
export function termsFrom(body: TermsBody): Terms {
  return {
    due:
      body.due.kind === 'instalments'
        ? {
            kind: 'instalments',
            parts: body.due.parts.map(
              (part): InstalmentPart => ({
                percent: part.percent === undefined ? null : percentOf(part.percent),
                amountMinor: part.amount_minor === undefined ? null : BigInt(part.amount_minor),
                due: dueFrom(part.due),
              }),
            ),
          }
        : dueFrom(body.due),
    earlyDiscount:
      body.early_discount === null
        ? null
        : { percent: percentOf(body.early_discount.percent), days: body.early_discount.days },
    shift: body.shift,
  };
}

function dueFrom(due: DueBody): DueRule {
  switch (due.kind) {
    case 'end_of_month':
      return { kind: due.kind, plusDays: due.plus_days };
    case 'day_of_month':
      return { kind: due.kind, day: due.day, monthsAhead: due.months_ahead };
    default:
      return due;
  }
}

export function discountFrom(written: WrittenDiscount): Discount {
  return written.amount_minor === undefined
    ? { kind: 'percent', percent: percentOf(written.percent ?? '0') }
    : { kind: 'amount', amountMinor: BigInt(written.amount_minor) };
}

/**
 * The due dates of a document: the deposit at once, what is left by the terms. The dates of both add up to the total; a
 * deposit and an instalment of the same day stay two.
 */
export function dueDatesOf(
  document: { readonly terms: TermsBody; readonly deposit: WrittenDiscount | null },
  issuedOn: LocalDate,
  totalMinor: bigint,
  calendar: BusinessCalendar,
): Schedule {
  const terms = termsFrom(document.terms);
  if (document.deposit === null) return scheduleOf(terms, issuedOn, totalMinor, calendar);
  const depositMinor = discountOn(totalMinor, discountFrom(document.deposit));
  const rest = scheduleOf(terms, issuedOn, totalMinor - depositMinor, calendar);
  const instalments = [{ dueOn: issuedOn, amountMinor: depositMinor }, ...rest.instalments].filter(
    ({ amountMinor }) => amountMinor > 0n,
  );
  return {
    instalments: instalments.length > 0 ? instalments : rest.instalments,
    earlyDiscount: scheduleOf(terms, issuedOn, totalMinor, calendar).earlyDiscount,
  };
}

/** Terms in the words of an invoice: "Net 30 days; 2 % off if paid within 10 days". */
export function termsWords(body: TermsBody): string {
  const rule = (due: DueBody): string => {
    switch (due.kind) {
      case 'immediate':
        return 'due at once';
      case 'net':
        return `due within ${due.days} days`;
      case 'end_of_month':
        return due.plus_days === 0
          ? 'due at the end of the month'
          : `due ${due.plus_days} days after the end of the month`;
      case 'day_of_month':
        return `due on day ${due.day} of ${due.months_ahead === 0 ? 'the month' : due.months_ahead === 1 ? 'the next month' : `the month ${due.months_ahead} months on`}`;
    }
  };
  const due = body.due.kind === 'instalments' ? `${body.due.parts.length} instalments` : rule(body.due);
  const early = body.early_discount
    ? `; ${body.early_discount.percent} % off if paid within ${body.early_discount.days} days`
    : '';
  return `${due.charAt(0).toUpperCase()}${due.slice(1)}${early}`;
}
