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

type Facts = Pick<RecurringRow, 'recurrence' | 'last_number' | 'ended_at'>;

/** What is billed for a period that begins on `on`: the last revision that begins by then, or else the first. */
export function contentOn(revisions: readonly Revision[], on: LocalDate): RecurringContent {
  return (revisions.filter(({ from }) => from <= on).at(-1) ?? revisions[0]!).content;
}

/** Whether a pause without end keeps the schedule from going on. */
export function isOnHold({ recurrence, last_number }: Facts): boolean {
  const open = recurrence.pauses.find(({ to }) => to === null);
  return open !== undefined && dateOfOccurrence(recurrence, last_number + 1) >= open.from;
}

/** The date of the next invoice; null: none until somebody acts. */
export function nextOnOf(facts: Facts): LocalDate | null {
  return facts.ended_at === null ? (nextOccurrence(facts.recurrence, facts.last_number)?.on ?? null) : null;
}

/** Whether nothing will ever come any more: not on hold, and no occurrence left. */
export function isOver(facts: Facts): boolean {
  return nextOccurrence(facts.recurrence, facts.last_number) === null && !isOnHold(facts);
}

export function recurringStatus(row: RecurringRow, today: LocalDate): RecurringStatus {
  if (row.ended_at !== null) return 'ended';
  if (row.held_until !== null) return 'waiting';
  const { pauses, trialUntil } = row.recurrence;
  if (pauses.some(({ from, to }) => today >= from && (to === null || today < to))) return 'paused';
  return trialUntil !== null && today < trialUntil ? 'trial' : 'active';
}
