import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, isUuid, toPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import {
  type RecurringInvoice,
  type RecurringList,
  type RecurringRowAnswer,
  UPCOMING_COUNT,
  type UpcomingInvoice,
} from './api-recurring.ts';
import { previewInvoice, readWritingFacts, type WritingFacts, writeDocument } from './create-invoice.ts';
import { billableUsage, documentOf } from './make-recurring-document.ts';
import { shapeInvoiceRows } from './read-invoice.ts';
import { nextOccurrence } from './recurrence.ts';
import { contentOn, type RecurringRow, recurringStatus } from './recurring-invoice.ts';
import { listRecurringRows, readMadeInvoices, readRecurringRow } from './store-recurring.ts';
import { readWaitingUsage, type UsageRow } from './store-usage.ts';

/** As many invoices as stand on a schedule's page; all of them are in the list of the contact. */
const MADE_SHOWN_MAX = 24;

/** One schedule with what comes next and what was made. Throws not_found. */
export async function readRecurring(tx: WorkspaceTx, caller: Caller, id: string): Promise<RecurringInvoice> {
  const row = await readRecurringRow(tx, id);
  if (!row) throw new Failure('not_found');
  const [facts, waiting, madeRows] = await Promise.all([
    readWritingFacts(tx, [row.contact_id]),
    readWaitingUsage(tx, [id]),
    readMadeInvoices(tx, id, MADE_SHOWN_MAX),
  ]);
  const made = await shapeInvoiceRows(tx, caller, madeRows);
  return {
    ...shapeRow(row, facts, caller),
    revisions: row.revisions.map(({ from, content }) => ({ from, ...content, meters: [...content.meters] })),
    terms: row.terms,
    terms_id: row.terms_id === null ? null : toPublicId('terms', row.terms_id),
    pauses: row.recurrence.pauses.map(({ from, to }) => ({ from, to })),
    skips: [...(row.recurrence.skips ?? [])],
    upcoming: row.ended_at === null ? upcomingOf(row, facts, caller, waiting) : [],
    made: made.map((one, place) => ({
      id: one.id,
      number: one.number,
      status: one.status,
      kind: one.kind,
      period: madeRows[place]!.content.period,
      total_minor: one.total_minor,
      open_minor: one.open_minor,
      issued_on: one.issued_on,
      due_on: one.due_on,
    })),
    usage_waiting: waiting.length,
    ended_at: row.ended_at?.toISOString() ?? null,
    created_by: row.created_by,
  };
}

/** One page of schedules, the newest first. Throws invalid_request on a foreign cursor, not_found. */
export async function listRecurring(
  tx: WorkspaceTx,
  caller: Caller,
  query: {
    readonly contact?: string | undefined;
    readonly ended?: 'true' | 'false' | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
): Promise<RecurringList> {
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const contactIds = query.contact === undefined ? null : await idsOf(tx, query.contact);
  const ended = query.ended === undefined ? null : query.ended === 'true';
  const rows = await listRecurringRows(tx, { contactIds, ended }, after, query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const facts = await readWritingFacts(
    tx,
    shown.map((row) => row.contact_id),
  );
  const last = shown.at(-1);
  return {
    data: shown.map((row) => shapeRow(row, facts, caller)),
    next_cursor: rows.length > query.limit && last ? encodeCursor([last.created_at.toISOString(), last.id]) : null,
  };
}

async function idsOf(tx: WorkspaceTx, publicId: string): Promise<string[]> {
  const id = fromPublicId('contact', publicId);
  const root = id === null ? null : await rootOf(tx, id);
  if (root === null) throw new Failure('not_found');
  return contactIdsOfRoot(tx, root);
}

function positionOf(cursor: string): { at: string; id: string } {
  const [at, id] = decodeCursor(cursor, 2);
  if (typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof id === 'string' && isUuid(id))
    return { at, id };
  throw foreignCursor();
}

function shapeRow(row: RecurringRow, facts: WritingFacts, caller: Caller): RecurringRowAnswer {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const { unit, every, startsOn, trialUntil, countMax, endsOn } = row.recurrence;
  const contact = facts.contacts.get(row.contact_id);
  return {
    id: toPublicId('recurring', row.id),
    name: row.name,
    status: recurringStatus(row, today),
    contact: { id: toPublicId('contact', row.contact_id), name: contact?.name ?? '' },
    currency: row.currency,
    amount_minor: amountOf(row, today, facts, caller),
    schedule: { unit, every, starts_on: startsOn, trial_until: trialUntil, count_max: countMax, ends_on: endsOn },
    next_invoice_on: row.next_on,
    held: row.held_until === null ? null : { reason: row.held_reason ?? '', until: row.held_until },
    auto_issue: row.auto_issue,
    auto_send: row.auto_send,
    auto_charge: row.auto_charge,
    created_at: row.created_at.toISOString(),
    version: row.version,
  };
}

/** What one invoice comes to at today's price without usage; 0 where it bills usage alone, or cannot be written just now. */
function amountOf(row: RecurringRow, today: LocalDate, facts: WritingFacts, caller: Caller): number {
  const content = contentOn(row.revisions, today);
  if (content.lines.length === 0) return 0;
  return previewOn({ ...row, revisions: [{ from: today, content }] }, today, facts, caller, [])?.total_minor ?? 0;
}

/** What a schedule, also one that is not kept like this, bills next. */
export async function readUpcoming(tx: WorkspaceTx, caller: Caller, row: RecurringRow): Promise<UpcomingInvoice[]> {
  const [facts, waiting] = await Promise.all([readWritingFacts(tx, [row.contact_id]), readWaitingUsage(tx, [row.id])]);
  return upcomingOf(row, facts, caller, waiting);
}

function upcomingOf(
  row: RecurringRow,
  facts: WritingFacts,
  caller: Caller,
  waiting: readonly UsageRow[],
): UpcomingInvoice[] {
  const upcoming: UpcomingInvoice[] = [];
  let number = row.last_number;
  let left: readonly UsageRow[] = waiting;
  while (upcoming.length < UPCOMING_COUNT) {
    const occurrence = nextOccurrence(row.recurrence, number);
    if (!occurrence) break;
    number = occurrence.number;
    const usage = billableUsage(row, occurrence.on, left);
    const preview = previewOn(row, occurrence.on, facts, caller, usage);
    left = left.filter((one) => !usage.includes(one));
    upcoming.push({
      number,
      on: occurrence.on,
      until: occurrence.until,
      due_on: preview?.instalments.at(-1)?.due_on ?? null,
      net_minor: preview?.net_minor ?? 0,
      tax_minor: preview?.tax_minor ?? 0,
      total_minor: preview?.total_minor ?? 0,
      usage_count: usage.length,
    });
  }
  return upcoming;
}

function previewOn(row: RecurringRow, on: LocalDate, facts: WritingFacts, caller: Caller, usage: readonly UsageRow[]) {
  const writing = documentOf(row, on, usage);
  if (!writing) return null;
  try {
    return previewInvoice(writeDocument({ ...writing, issued_on: on }, facts, caller), facts, caller);
  } catch (error) {
    // Its contact is archived or a tax is gone: the schedule says so when the invoice is due.
    if (error instanceof Failure) return null;
    throw error;
  }
}
