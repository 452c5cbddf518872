import type { LocalDate } from '../foundation/local-date.ts';
import type { NewInvoice, TermsBody } from './api.ts';
import type { Meter } from './api-recurring.ts';
import { dateOfOccurrence, nextOccurrence, type Recurrence } from './recurrence.ts';

/** What every invoice of a schedule says from a date on. Taxes are codes: each invoice is written with the rates of its day. */
export type RecurringContent = Pick<NewInvoice, 'lines' | 'discount' | 'notes' | 'reference'> & {
  readonly meters: readonly Meter[];
};

export interface Revision {
  readonly from: LocalDate;
  readonly content: RecurringContent;
}

/** A row of `recurring_invoices`. */
export interface RecurringRow {
  readonly id: string;
  readonly contact_id: string;
  readonly name: string;
  readonly currency: string;
  readonly recurrence: Recurrence;
  /** In order of their dates; never empty. */
  readonly revisions: readonly Revision[];
  readonly terms_id: string | null;
  readonly terms: TermsBody | null;
  readonly auto_issue: boolean;
  readonly auto_send: boolean;
  readonly auto_charge: boolean;
  /** Occurrences up to this one are made or left out. */
  readonly last_number: number;
  readonly next_on: LocalDate | null;
  readonly held_until: LocalDate | null;
  readonly held_reason: string | null;
  readonly ended_at: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly version: number;
}

export type RecurringStatus = 'active' | 'trial' | 'paused' | 'waiting' | 'ended';

type Facts = Pick<RecurringRow, 'recurrence' | 'revisions' | 'last_number' | 'ended_at'>;

/** What is billed for a period that begins on `on`: the last revision that begins by then, or else the first. */
export function contentOn(revisions: readonly Revision[], on: LocalDate): RecurringContent {
  return (revisions.filter(({ from }) => from <= on).at(-1) ?? revisions[0]!).content;
}

/**
 * The meters that a document of this day bills usage by: those that hold on it and, for usage that still waits, those that
 * were taken out before, at their latest price.
 */
export function metersOn(revisions: readonly Revision[], on: LocalDate): Meter[] {
  const meters = new Map(contentOn(revisions, on).meters.map((meter) => [meter.code, meter]));
  for (const { content } of [...revisions].reverse()) {
    for (const meter of content.meters) if (!meters.has(meter.code)) meters.set(meter.code, meter);
  }
  return [...meters.values()];
}

/** Whether a pause without end keeps the schedule from going on. */
export function isOnHold({ recurrence, last_number }: Facts): boolean {
  const open = recurrence.pauses.find(({ to }) => to === null);
  return open !== undefined && dateOfOccurrence(recurrence, last_number + 1) >= open.from;
}

export function hasMeters({ revisions }: Pick<RecurringRow, 'revisions'>): boolean {
  return revisions.some(({ content }) => content.meters.length > 0);
}

/**
 * The day on which the usage of the last period is billed, for a schedule with meters that has no occurrence left: the day
 * after that period, or the day it was ended on. Null while something else comes, and without meters.
 */
export function closingOn(facts: Facts): LocalDate | null {
  if (facts.ended_at !== null || !hasMeters(facts) || isOnHold(facts)) return null;
  const { recurrence, last_number } = facts;
  if (nextOccurrence(recurrence, last_number) !== null) return null;
  const after = dateOfOccurrence(recurrence, last_number + 1);
  return recurrence.endsOn !== null && recurrence.endsOn < after ? recurrence.endsOn : after;
}

/** The date of the next invoice; null: none until somebody acts. */
export function nextOnOf(facts: Facts): LocalDate | null {
  if (facts.ended_at !== null) return null;
  return nextOccurrence(facts.recurrence, facts.last_number)?.on ?? closingOn(facts);
}

/** Whether nothing will ever come any more: not on hold, no occurrence left, no usage to be billed after the last one. */
export function isOver(facts: Facts): boolean {
  return nextOccurrence(facts.recurrence, facts.last_number) === null && !isOnHold(facts) && closingOn(facts) === null;
}

export function recurringStatus(row: RecurringRow, today: LocalDate): RecurringStatus {
  if (row.ended_at !== null) return 'ended';
  if (row.held_until !== null) return 'waiting';
  const { pauses, trialUntil } = row.recurrence;
  if (pauses.some(({ from, to }) => today >= from && (to === null || today < to))) return 'paused';
  return trialUntil !== null && today < trialUntil ? 'trial' : 'active';
}
