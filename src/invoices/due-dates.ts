import type { LocalDate } from '../foundation/local-date.ts';
import type { TermsBody } from './api.ts';
import { discountOn } from './invoice-amounts.ts';
import type { WrittenDiscount } from './invoice-content.ts';
import { type BusinessCalendar, type Schedule, scheduleOf } from './terms.ts';
import { discountFrom, termsFrom } from './written-terms.ts';

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
