import { check } from '../foundation/assert.ts';
import { parseExactDecimal } from '../foundation/money.ts';
import type { TermsBody } from './api.ts';
import { type DocumentWords, documentWords, fill } from './document-words.ts';
import { type Discount, PERCENT_DECIMALS } from './invoice-amounts.ts';
import type { WrittenDiscount } from './invoice-content.ts';
import type { DueRule, InstalmentPart, Terms } from './terms.ts';

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

/** Terms in the words of an invoice, in the language of `locale`: "Due within 30 days; 2 % off if paid within 10 days". With a deposit they are about the rest. */
export function termsWords(body: TermsBody, locale = 'en', withDeposit = false): string {
  const { terms } = documentWords(locale);
  const rest = dueWords(terms, body.due);
  const due = withDeposit ? fill(terms.afterDeposit, { terms: rest }) : rest;
  if (!body.early_discount) return due;
  const { percent, days } = body.early_discount;
  return `${due}; ${fill(terms.early, { percent, days })}`;
}

function dueWords(terms: DocumentWords['terms'], due: TermsBody['due']): string {
  switch (due.kind) {
    case 'immediate':
      return terms.immediate;
    case 'net':
      return fill(terms.net, { days: due.days });
    case 'end_of_month':
      return due.plus_days === 0 ? terms.endOfMonth : fill(terms.afterEndOfMonth, { days: due.plus_days });
    case 'day_of_month': {
      const { day, months_ahead: months } = due;
      if (months === 0) return fill(terms.dayOfThisMonth, { day });
      return months === 1 ? fill(terms.dayOfNextMonth, { day }) : fill(terms.dayOfLaterMonth, { day, months });
    }
    case 'instalments':
      return fill(terms.instalments, { count: due.parts.length });
  }
}
