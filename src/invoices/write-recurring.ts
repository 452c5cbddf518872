import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import { addDays, type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import {
  type ChangePreview,
  LEFT_OUT_DAYS_MAX,
  type NewRecurringInvoice,
  PAUSES_MAX,
  REVISIONS_MAX,
  type RecurringChanges,
} from './api-recurring.ts';
import { copyFilesOfDocument } from './attach-recurring-file.ts';
import { previewInvoice, readWritingFacts, refused, type Writing, writeDocument } from './create-invoice.ts';
import { writingOfDraft } from './edit-invoice.ts';
import type { PaymentsOfInvoices } from './make-invoices-room.ts';
import { documentOf } from './make-recurring-document.ts';
import { readUpcoming } from './read-recurring.ts';
import { dateOfOccurrence, nextOccurrence, type Recurrence } from './recurrence.ts';
import { contentOn, isOver, nextOnOf, type RecurringContent, type RecurringRow } from './recurring-invoice.ts';
import { type PriceChange, planPriceChange, settlePriceChange } from './settle-price-change.ts';
import { insertRecurring, lockRecurringRow, readRecurringIdByKey, updateRecurring } from './store-recurring.ts';
import { readWaitingUsage } from './store-usage.ts';

const OCCURRENCES_LOOKED_AT = 20_000;

/**
 * Sets up a schedule; answers its id. Periods that began before today are nobody's to bill: the first invoice is that of the
 * first date from today on. Throws invalid_request, contact_archived, contact_merged.
 */
export async function createRecurring(
  tx: WorkspaceTx,
  caller: Caller,
  body: NewRecurringInvoice,
  key: string | null,
): Promise<string> {
  const today = todayOf(caller);
  const { schedule } = body;
  const recurrence: Recurrence = {
    unit: schedule.unit,
    every: schedule.every,
    startsOn: schedule.starts_on,
    trialUntil: schedule.trial_until,
    countMax: schedule.count_max,
    endsOn: schedule.ends_on,
    pauses: [],
    skips: [],
  };
  const content = contentFrom(body);
  if (content.lines.length === 0 && content.meters.length === 0) {
    throw refused([{ path: 'lines', message: 'A schedule needs a line, or a meter to bill usage by.' }]);
  }
  const contactId = fromPublicId('contact', body.contact_id);
  if (contactId === null) throw refused([{ path: 'contact_id', message: 'This contact does not exist.' }]);
  const row: RecurringRow = {
    id: newId(),
    contact_id: contactId,
    name: body.name,
    currency: body.currency ?? '',
    recurrence,
    revisions: [{ from: schedule.starts_on, content }],
    terms_id: body.terms_id === null ? null : fromPublicId('terms', body.terms_id),
    terms: body.terms,
    auto_issue: body.auto_issue,
    auto_send: body.auto_send,
    auto_charge: body.auto_charge,
    last_number: 0,
    next_on: null,
    held_until: null,
    held_reason: null,
    ended_at: null,
    created_at: caller.now,
    created_by: caller.name,
    updated_at: caller.now,
    version: 1,
  };
  const begun = { ...row, last_number: numberBefore(recurrence, today) };
  const currency = await checkWhole(tx, caller, begun, body.currency);
  const whole = { ...begun, currency };
  if (isOver(whole))
    throw refused([
      { path: 'schedule.ends_on', message: 'No invoice would ever be made: all its dates lie before today.' },
    ]);
  const added = await insertRecurring(tx, { ...whole, next_on: nextOnOf(whole) }, key);
  if (added === 0) {
    const known = key === null ? null : await readRecurringIdByKey(tx, key);
    check(known, 'a schedule that was not added was there by its key');
    return known;
  }
  if (body.files_of !== undefined) await copyFiles(tx, caller, body.files_of, row.id);
  await recordAudit(tx, caller, {
    action: 'recurring_invoice.created',
    subjectKind: 'recurring',
    subjectId: row.id,
  });
  return row.id;
}

async function copyFiles(tx: WorkspaceTx, caller: Caller, filesOf: string, recurringId: string): Promise<void> {
  const documentId = fromPublicId('invoice', filesOf);
  if (documentId === null) throw refused([{ path: 'files_of', message: 'This document does not exist.' }]);
  await copyFilesOfDocument(tx, caller, documentId, recurringId);
}

/**
 * Changes a schedule for invoices to come, and with `prorate` for the days that are left of the running period. Throws
 * not_found, edit_conflict, invalid_request, invoice_state_conflict, credit_above_billed.
 */
export async function editRecurring(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: RecurringChanges,
  version: number | null,
  payments: PaymentsOfInvoices,
): Promise<void> {
  const row = await lockRunning(tx, id, version);
  const { next, divided } = await changedRow(tx, caller, row, changes);
  if (divided) await settlePriceChange(tx, caller, next, divided, todayOf(caller), payments);
  await keep(tx, caller, next, 'recurring_invoice.changed');
}

/** What a change would do, without doing it. Throws as editRecurring(). */
export async function previewChange(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: RecurringChanges,
): Promise<ChangePreview> {
  const row = await lockRunning(tx, id, null);
  const { next, divided } = await changedRow(tx, caller, row, changes);
  const facts = await readWritingFacts(tx, [row.contact_id]);
  const preview = (writing: Writing | null) =>
    writing && previewInvoice(writeDocument(writing, facts, caller), facts, caller);
  const charge = preview(divided?.charge ?? null);
  const credited = divided && divided.credit.length > 0 ? divided : null;
  const credit = preview(
    credited && { ...writingOfDraft(credited.billedBy), lines: credited.credit, discount: null, deposit: null },
  );
  return {
    currency: row.currency,
    credit,
    charge,
    difference_minor: (charge?.total_minor ?? 0) - (credit?.total_minor ?? 0),
    upcoming: await readUpcoming(tx, caller, next),
  };
}

/** The schedule as it would be, checked as a whole, and what dividing the running period comes to. */
async function changedRow(
  tx: WorkspaceTx,
  caller: Caller,
  row: RecurringRow,
  changes: RecurringChanges,
): Promise<{ readonly next: RecurringRow; readonly divided: PriceChange | null }> {
  const today = todayOf(caller);
  if (changes.prorate && changes.from !== undefined && changes.from !== today) {
    const message = 'A period is divided on the day itself: leave “from” out, or change it from the next period on.';
    throw refused([{ path: 'from', message }]);
  }
  const { schedule } = changes;
  const begun = row.last_number > 0;
  if (
    schedule &&
    begun &&
    (schedule.unit !== undefined || schedule.every !== undefined || schedule.starts_on !== undefined)
  ) {
    throw refused([
      { path: 'schedule', message: 'Its dates are set once the first invoice is made: end it and set up another.' },
    ]);
  }
  const recurrence: Recurrence = {
    ...row.recurrence,
    ...(schedule?.unit === undefined ? {} : { unit: schedule.unit }),
    ...(schedule?.every === undefined ? {} : { every: schedule.every }),
    ...(schedule?.starts_on === undefined ? {} : { startsOn: schedule.starts_on }),
    ...(schedule?.trial_until === undefined ? {} : { trialUntil: schedule.trial_until }),
    ...(schedule?.count_max === undefined ? {} : { countMax: schedule.count_max }),
    ...(schedule?.ends_on === undefined ? {} : { endsOn: schedule.ends_on }),
  };
  const next: RecurringRow = {
    ...row,
    name: changes.name ?? row.name,
    recurrence,
    revisions: revised(row, recurrence, changes.prorate ? { ...changes, from: today } : changes, today),
    terms: changes.terms === undefined ? row.terms : changes.terms,
    terms_id:
      changes.terms_id === undefined
        ? row.terms_id
        : changes.terms_id === null
          ? null
          : fromPublicId('terms', changes.terms_id),
    auto_issue: changes.auto_issue ?? row.auto_issue,
    auto_send: changes.auto_send ?? row.auto_send,
    auto_charge: changes.auto_charge ?? row.auto_charge,
  };
  await checkWhole(tx, caller, next, row.currency);
  await checkMeters(tx, next);
  checkTrial(row, next);
  const divided = changes.prorate ? await planPriceChange(tx, row, contentOn(next.revisions, today), today) : null;
  return { next, divided };
}

/** Usage that waits is billed by a meter of its code: the last version of the schedule that has one cannot go. */
async function checkMeters(tx: WorkspaceTx, next: RecurringRow): Promise<void> {
  const known = new Set(next.revisions.flatMap(({ content }) => content.meters.map(({ code }) => code)));
  const waiting = await readWaitingUsage(tx, [next.id]);
  const lost = waiting.find(({ line }) => !known.has(line.meter))?.line.meter;
  if (lost !== undefined)
    throw refused([
      { path: 'meters', message: `Usage of “${lost}” waits to be billed: take it out from a later day on.` },
    ]);
}

/** A trial that is over stays as it was: what was free then is billed by nobody. */
function checkTrial({ recurrence, last_number }: RecurringRow, next: RecurringRow): void {
  const [before, after] = [recurrence.trialUntil, next.recurrence.trialUntil];
  if (before === null || last_number === 0 || (after !== null && after >= before)) return;
  if (dateOfOccurrence(recurrence, last_number) >= before)
    throw refused([{ path: 'schedule.trial_until', message: 'The trial is over: its days stay free.' }]);
}

/** What is billed from a date on, after what was billed before it. */
function revised(
  row: RecurringRow,
  recurrence: Recurrence,
  changes: RecurringChanges,
  today: LocalDate,
): RecurringRow['revisions'] {
  const { lines, meters, discount, notes, reference } = changes;
  if ([lines, meters, discount, notes, reference].every((one) => one === undefined)) return row.revisions;
  const from = changes.from ?? nextOccurrence(recurrence, row.last_number)?.on ?? today;
  if (from < today)
    throw refused([{ path: 'from', message: 'What is past is billed: a change holds from today on at the earliest.' }]);
  const before = contentOn(row.revisions, from);
  const content: RecurringContent = {
    lines: lines ?? before.lines,
    meters: meters ?? before.meters,
    discount: discount === undefined ? before.discount : discount,
    notes: notes ?? before.notes,
    reference: reference === undefined ? before.reference : reference,
  };
  const kept = row.revisions.filter((one) => one.from < from);
  // Nothing was billed before the first date: its content is simply another one.
  const revisions = [...kept, { from, content }];
  if (revisions.length > REVISIONS_MAX)
    throw refused([{ path: 'from', message: `At most ${REVISIONS_MAX} changes of price: end it and set up another.` }]);
  return revisions;
}

/** Leaves out invoices from a date on (today unless told), until another or until further notice. */
export async function pauseRecurring(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  pause: { readonly from?: LocalDate | undefined; readonly to: LocalDate | null },
): Promise<void> {
  const row = await lockRunning(tx, id, null);
  const from = pause.from ?? todayOf(caller);
  if (pause.to !== null && pause.to <= from)
    throw refused([{ path: 'to', message: 'The first day that is billed again lies after the pause.' }]);
  if (pause.to !== null && pause.to > addDays(from, LEFT_OUT_DAYS_MAX))
    throw refused([{ path: 'to', message: 'At most three years: leave it empty to pause until further notice.' }]);
  const { pauses } = row.recurrence;
  if (pauses.length >= PAUSES_MAX)
    throw refused([{ path: 'from', message: `At most ${PAUSES_MAX} pauses: end it and set up another.` }]);
  const overlaps = pauses.some(
    (one) => (one.to === null || from < one.to) && (pause.to === null || one.from < pause.to),
  );
  if (overlaps) throw new Failure('invoice_state_conflict', 'It is paused then already.');
  const paused = { ...row, recurrence: { ...row.recurrence, pauses: [...pauses, { from, to: pause.to }] } };
  await keep(tx, caller, paused, 'recurring_invoice.paused');
}

/** Ends the pause that holds on a date (today unless told): from that date on it is billed again. */
export async function resumeRecurring(tx: WorkspaceTx, caller: Caller, id: string, on?: LocalDate): Promise<void> {
  const row = await lockRunning(tx, id, null);
  const day = on ?? todayOf(caller);
  const running = row.recurrence.pauses.find((one) => one.to === null || one.to > day);
  if (!running) throw new Failure('invoice_state_conflict', 'It is not paused.');
  const pauses = row.recurrence.pauses.flatMap((one) => {
    if (one !== running) return [one];
    return day <= one.from ? [] : [{ from: one.from, to: day }];
  });
  await keep(tx, caller, { ...row, recurrence: { ...row.recurrence, pauses } }, 'recurring_invoice.resumed');
}

/** Leaves one invoice out, or bills it after all. Absent number: the next one. */
export async function skipRecurring(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  skip: { readonly number?: number | undefined; readonly skipped: boolean },
): Promise<void> {
  const row = await lockRunning(tx, id, null);
  const number = skip.number ?? nextOccurrence(row.recurrence, row.last_number)?.number;
  if (number === undefined || number <= row.last_number)
    throw refused([{ path: 'number', message: 'This invoice is not to come any more.' }]);
  const others = (row.recurrence.skips ?? []).filter((one) => one !== number);
  const skips = skip.skipped ? [...others, number].sort((a, b) => a - b) : others;
  await keep(tx, caller, { ...row, recurrence: { ...row.recurrence, skips } }, 'recurring_invoice.skipped');
}

/** No invoice on or after a date (today unless told). What was billed stays. */
export async function endRecurring(tx: WorkspaceTx, caller: Caller, id: string, on?: LocalDate): Promise<void> {
  const row = await lockRunning(tx, id, null);
  await keep(
    tx,
    caller,
    { ...row, recurrence: { ...row.recurrence, endsOn: on ?? todayOf(caller) } },
    'recurring_invoice.ended',
  );
}

async function keep(tx: WorkspaceTx, caller: Caller, row: RecurringRow, action: string): Promise<void> {
  const endedAt = isOver(row) ? caller.now : null;
  await updateRecurring(
    tx,
    { ...row, ended_at: endedAt, next_on: nextOnOf({ ...row, ended_at: endedAt }) },
    caller.now,
  );
  await recordAudit(tx, caller, { action, subjectKind: 'recurring', subjectId: row.id });
}

async function lockRunning(tx: WorkspaceTx, id: string, version: number | null): Promise<RecurringRow> {
  const row = await lockRecurringRow(tx, id);
  if (!row) throw new Failure('not_found');
  if (version !== null && version !== row.version) throw new Failure('edit_conflict');
  if (row.ended_at !== null) throw new Failure('invoice_state_conflict', 'This schedule has ended: set up another.');
  return row;
}

/** What the next invoice would be is written once without being kept, so that what cannot be billed is refused now. */
async function checkWhole(
  tx: WorkspaceTx,
  caller: Caller,
  row: RecurringRow,
  currency: string | undefined,
): Promise<string> {
  const facts = await readWritingFacts(tx, [row.contact_id]);
  const on = nextOccurrence(row.recurrence, row.last_number)?.on ?? row.recurrence.startsOn;
  const latest = row.revisions.at(-1)!;
  const content = latest.from > on ? latest.content : contentOn(row.revisions, on);
  const trial = documentOf({ ...row, revisions: [{ from: on, content }] }, on, fullMeters(row, content));
  check(trial, 'every meter at one makes a line');
  const { currency: _unset, ...writing } = trial;
  const written = writeDocument(currency ? { ...writing, currency } : writing, facts, caller);
  return written.currency;
}

/** Usage of one on every meter: prices and taxes of meters are read as those of lines are. */
function fullMeters(row: RecurringRow, content: RecurringContent) {
  return content.meters.map(({ code }) => ({
    ...{ id: row.id, recurring_id: row.id, usage_key: code, on_date: row.recurrence.startsOn },
    ...{ line: { meter: code, quantity: '1' }, invoice_id: null, created_at: row.created_at },
  }));
}

function contentFrom({ lines, meters, discount, notes, reference }: NewRecurringInvoice): RecurringContent {
  return { lines, meters, discount, notes, reference };
}

/** The number of the last occurrence before `today`; 0 when the first is yet to come. */
function numberBefore(recurrence: Recurrence, today: LocalDate): number {
  let number = 0;
  while (number < OCCURRENCES_LOOKED_AT && dateOfOccurrence(recurrence, number + 1) < today) number += 1;
  if (number >= OCCURRENCES_LOOKED_AT)
    throw refused([{ path: 'schedule.starts_on', message: 'This lies too far back.' }]);
  return number;
}

function todayOf(caller: Caller): LocalDate {
  return localDateOf(caller.now, caller.workspace.timeZone);
}
