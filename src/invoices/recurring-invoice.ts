import type { LocalDate } from '../foundation/local-date.ts';
import type { NewInvoice, TermsBody } from './api.ts';
import { dateOfOccurrence, nextOccurrence, type Occurrence, type Recurrence } from './recurrence.ts';

/** What every invoice of a schedule says from a date on. Taxes are codes: each invoice is written with the rates of its day. */
export type RecurringContent = Pick<NewInvoice, 'lines' | 'discount' | 'notes' | 'reference'>;

export interface Revision {
  readonly from: LocalDate;
  readonly content: RecurringContent;
  /** Whether the days of the running period from `from` on are to be credited at the old price and billed at the new one. */
  readonly proration: 'none' | 'due' | 'done';
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

/** The revision that waits to be prorated next; null when none does. */
export function dueProration({ revisions }: Pick<RecurringRow, 'revisions'>): Revision | null {
  return revisions.find(({ proration }) => proration === 'due') ?? null;
}

/** The period that `day` lies in, among those whose occurrence was looked at already; null when no such period has it. */
export function madePeriodOf({ recurrence, last_number }: Facts, day: LocalDate): Occurrence | null {
  for (let number = last_number; number >= 1; number -= 1) {
    const on = dateOfOccurrence(recurrence, number);
    const until = dateOfOccurrence(recurrence, number + 1);
    if (day >= on) return day < until ? { number, on, until } : null;
  }
  return null;
}

/** The day on which a schedule without further occurrences is over: its last period has passed, or its end has come. */
export function closingDate({ recurrence, last_number }: Facts): LocalDate {
  const after = dateOfOccurrence(recurrence, last_number + 1);
  return recurrence.endsOn !== null && recurrence.endsOn < after ? recurrence.endsOn : after;
}

/** Whether a pause without end keeps the schedule from going on. */
export function isOnHold({ recurrence, last_number }: Facts): boolean {
  const open = recurrence.pauses.find(({ to }) => to === null);
  return open !== undefined && dateOfOccurrence(recurrence, last_number + 1) >= open.from;
}

/** The day on which something is to be done next: an invoice, a change of price, the end. Null: nothing until somebody acts. */
export function nextOnOf(facts: Facts): LocalDate | null {
  if (facts.ended_at !== null) return null;
  const next = nextOccurrence(facts.recurrence, facts.last_number);
  const proration = dueProration(facts);
  const made = next?.on ?? (isOnHold(facts) ? null : closingDate(facts));
  if (proration === null) return made;
  return made === null || proration.from < made ? proration.from : made;
}

export function recurringStatus(row: RecurringRow, today: LocalDate): RecurringStatus {
  if (row.ended_at !== null) return 'ended';
  if (row.held_until !== null) return 'waiting';
  const { pauses, trialUntil } = row.recurrence;
  if (pauses.some(({ from, to }) => today >= from && (to === null || today < to))) return 'paused';
  return trialUntil !== null && today < trialUntil ? 'trial' : 'active';
}
