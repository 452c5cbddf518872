import { allocateByWeight, proportionHalfUp } from '../foundation/allocate.ts';
import { check } from '../foundation/assert.ts';
import { addDays, addMonths, dayOfWeek, endOfMonth, type LocalDate, onDayOfMonth } from '../foundation/local-date.ts';

/** When an invoice is to be paid: calendar dates in the business's zone, never moments. */

/** One due date, counted from the date of the invoice. */
export type DueRule =
  | { readonly kind: 'immediate' }
  | { readonly kind: 'net'; readonly days: number }
  /** End of the invoice's month, and `plusDays` after it ("EOM + 10"). */
  | { readonly kind: 'end_of_month'; readonly plusDays: number }
  /** The `day` of the month `monthsAhead` months on (1: next month); a day the month lacks is its last one. */
  | { readonly kind: 'day_of_month'; readonly day: number; readonly monthsAhead: number };

export interface InstalmentPart {
  /** Per cent with PERCENT_DECIMALS, or minor units; exactly one of the two. */
  readonly percent: bigint | null;
  readonly amountMinor: bigint | null;
  readonly due: DueRule;
}

export interface EarlyDiscount {
  /** Per cent of the total with PERCENT_DECIMALS. */
  readonly percent: bigint;
  /** Paid within so many days of the invoice's date. */
  readonly days: number;
}

/** What happens to a due date that is no business day. */
export type DayShift = 'none' | 'next' | 'previous';

export interface Terms {
  readonly due: DueRule | { readonly kind: 'instalments'; readonly parts: readonly InstalmentPart[] };
  readonly earlyDiscount: EarlyDiscount | null;
  readonly shift: DayShift;
}

/** Which days are no business days. */
export interface BusinessCalendar {
  /** ISO days of the week (1 Monday … 7 Sunday) on which nothing is due. */
  readonly weekend: readonly number[];
  readonly holidays: ReadonlySet<LocalDate>;
}

export const NO_CLOSED_DAYS: BusinessCalendar = { weekend: [], holidays: new Set() };

export interface Instalment {
  readonly dueOn: LocalDate;
  readonly amountMinor: bigint;
}

export interface Schedule {
  /** In order of their dates; the amounts add up to the total exactly. */
  readonly instalments: readonly Instalment[];
  readonly earlyDiscount: { readonly untilOn: LocalDate; readonly amountMinor: bigint } | null;
}

/** One hundred per cent with PERCENT_DECIMALS. */
const PERCENT_WHOLE = 1_000_000n;

/** A year of closed days in a row is a calendar filled in wrongly, not a holiday. */
const CLOSED_DAYS_MAX = 366;

/** Terms that many businesses use; a workspace's own stand beside them. */
export const COMMON_TERMS: readonly { readonly code: string; readonly terms: Terms }[] = [
  { code: 'immediate', terms: simple({ kind: 'immediate' }) },
  { code: 'net_7', terms: simple({ kind: 'net', days: 7 }) },
  { code: 'net_14', terms: simple({ kind: 'net', days: 14 }) },
  { code: 'net_30', terms: simple({ kind: 'net', days: 30 }) },
  { code: 'net_60', terms: simple({ kind: 'net', days: 60 }) },
  { code: 'end_of_month', terms: simple({ kind: 'end_of_month', plusDays: 0 }) },
  { code: 'end_of_month_10', terms: simple({ kind: 'end_of_month', plusDays: 10 }) },
  {
    code: '2_10_net_30',
    terms: { ...simple({ kind: 'net', days: 30 }), earlyDiscount: { percent: 20_000n, days: 10 } },
  },
];

function simple(due: DueRule): Terms {
  return { due, earlyDiscount: null, shift: 'none' };
}

/** The due dates of an invoice of `totalMinor` (zero or more) dated `issuedOn`. */
export function scheduleOf(
  terms: Terms,
  issuedOn: LocalDate,
  totalMinor: bigint,
  calendar: BusinessCalendar = NO_CLOSED_DAYS,
): Schedule {
  const dateOf = (rule: DueRule) => shifted(dueDate(rule, issuedOn), terms.shift, calendar);
  const due = terms.due;
  const instalments =
    due.kind === 'instalments'
      ? partAmounts(due.parts, totalMinor)
          .map((amountMinor, index) => ({ dueOn: dateOf(due.parts[index]!.due), amountMinor }))
          .filter(({ amountMinor }) => amountMinor > 0n)
          .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
      : [{ dueOn: dateOf(due), amountMinor: totalMinor }];
  const early = terms.earlyDiscount;
  return {
    instalments: instalments.length > 0 ? instalments : [{ dueOn: issuedOn, amountMinor: totalMinor }],
    earlyDiscount:
      early === null
        ? null
        : {
            untilOn: addDays(issuedOn, early.days),
            amountMinor: proportionHalfUp(totalMinor, early.percent, PERCENT_WHOLE),
          },
  };
}

/** The date a rule names, before closed days are looked at. */
export function dueDate(rule: DueRule, issuedOn: LocalDate): LocalDate {
  switch (rule.kind) {
    case 'immediate':
      return issuedOn;
    case 'net':
      return addDays(issuedOn, rule.days);
    case 'end_of_month':
      return addDays(endOfMonth(issuedOn), rule.plusDays);
    case 'day_of_month': {
      const date = onDayOfMonth(addMonths(issuedOn, rule.monthsAhead), rule.day);
      // "The 15th" of this month, written on the 20th, is the next one that comes.
      return date < issuedOn ? onDayOfMonth(addMonths(issuedOn, rule.monthsAhead + 1), rule.day) : date;
    }
  }
}

function shifted(date: LocalDate, shift: DayShift, calendar: BusinessCalendar): LocalDate {
  if (shift === 'none') return date;
  const step = shift === 'next' ? 1 : -1;
  let day = date;
  for (let moved = 0; isClosed(day, calendar); moved += 1) {
    check(moved < CLOSED_DAYS_MAX, 'a business is open on some day of the year');
    day = addDays(day, step);
  }
  return day;
}

function isClosed(day: LocalDate, { weekend, holidays }: BusinessCalendar): boolean {
  return holidays.has(day) || weekend.includes(dayOfWeek(day));
}

/**
 * Amounts of the parts, exactly the total: fixed amounts first (never more than is left), what remains is split over the
 * percentages in their proportion, and with no percentages the last part takes it.
 */
function partAmounts(parts: readonly InstalmentPart[], totalMinor: bigint): bigint[] {
  check(parts.length > 0, 'instalments have at least one part');
  let left = totalMinor;
  const amounts = parts.map((part) => {
    if (part.amountMinor === null) return 0n;
    const amount = part.amountMinor < left ? part.amountMinor : left;
    left -= amount;
    return amount;
  });
  const weights = parts.map((part) => part.percent ?? 0n);
  if (weights.some((weight) => weight > 0n)) {
    const shares = allocateByWeight(left, weights);
    return amounts.map((amount, index) => amount + shares[index]!);
  }
  const last = amounts.length - 1;
  return amounts.map((amount, index) => (index === last ? amount + left : amount));
}

/**
 * What of a schedule is overdue at the end of the day before `today`, when `paidMinor` has been paid: payments meet the
 * earliest dates first. `nextDueOn` is the earliest date that is not met; null when everything is.
 */
export function dueState(
  instalments: readonly Instalment[],
  paidMinor: bigint,
  today: LocalDate,
): { readonly nextDueOn: LocalDate | null; readonly overdueMinor: bigint; readonly overdueSince: LocalDate | null } {
  let covered = paidMinor;
  let nextDueOn: LocalDate | null = null;
  let overdueSince: LocalDate | null = null;
  let overdueMinor = 0n;
  for (const { dueOn, amountMinor } of instalments) {
    const met = covered < amountMinor ? covered : amountMinor;
    covered -= met;
    const open = amountMinor - met;
    if (open <= 0n) continue;
    nextDueOn ??= dueOn;
    if (dueOn < today) {
      overdueSince ??= dueOn;
      overdueMinor += open;
    }
  }
  return { nextDueOn, overdueMinor, overdueSince };
}
