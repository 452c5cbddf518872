import { BrokenAssumption } from '../foundation/assert.ts';
import { type Database, sqlStateOf, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { addDays, type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { type Caller, isSwitchOn, systemCaller } from '../workspace/caller.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { atOnceElseInSteps, type Way, type WriteRequest, writeGroup } from './make-invoices-room.ts';
import { billableUsage, closingDocumentOf, closingUsage, documentOf } from './make-recurring-document.ts';
import { dateOfOccurrence, nextOccurrence, type Occurrence } from './recurrence.ts';
import { closingOn, hasMeters, isOver, nextOnOf, type RecurringRow } from './recurring-invoice.ts';
import {
  advanceRecurring,
  claimDueRecurring,
  listRecurringWorkspaces,
  type RecurringProgress,
} from './store-recurring.ts';
import { markUsageBilled, readWaitingUsage, type UsageRow } from './store-usage.ts';

/** Invoices made in one transaction: numbers of a series are taken once for all of them. */
const GROUP_SIZE = 250;
const NAME = 'Recurring invoices';

/**
 * Makes every invoice that is due in every workspace, until `signal` stops it between two groups. What stops in the middle
 * is gone on with at the next run: an occurrence and how far its schedule has come are written in one transaction, and the
 * database holds one invoice for each occurrence at most.
 */
export async function runRecurring(
  database: Database,
  systemNow: Date,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const workspaceIds = await database.acrossWorkspaces((tx) => listRecurringWorkspaces(tx, systemNow));
  for (const workspaceId of workspaceIds) {
    if (signal.aborted) return;
    await runRecurringOf(database, workspaceId, systemNow, signal).catch(onError);
  }
}

/**
 * The same for one workspace; answers how many invoices were made. A schedule that cannot be written at all waits like one
 * that is refused, so that it holds nobody else up; what was wrong with it is thrown at the end.
 */
export async function runRecurringOf(
  database: Database,
  workspaceId: string,
  systemNow: Date,
  signal?: AbortSignal,
): Promise<number> {
  let made = 0;
  let broken: unknown = null;
  for (let size = GROUP_SIZE; !signal?.aborted; ) {
    try {
      const group = await atOnceElseInSteps((way) =>
        database.inWorkspace(workspaceId, async (tx) => {
          const caller = systemCaller(await readFacts(tx), systemNow, NAME);
          // While payments are switched off nothing is billed; what was missed is made when they are on again.
          return isSwitchOn(caller, 'payments_and_ltv') ? makeGroup(tx, caller, { size, way }) : NOTHING;
        }),
      );
      made += group.made;
      if (group.looked === 0) break;
      // A group that held one up has passed it: the others go together again.
      size = GROUP_SIZE;
    } catch (error) {
      if (size > 1) {
        // One of them cannot be issued, and nothing of the group was kept: one by one, to find which.
        size = 1;
        continue;
      }
      if (!(error instanceof Failure)) {
        if (!isItsOwnFault(error)) throw error;
        broken ??= error;
      }
      const reason =
        error instanceof Failure ? error.message : 'It could not be written. The log of the server says why.';
      await database.inWorkspace(workspaceId, (tx) => holdFirst(tx, systemNow, reason));
    }
  }
  if (broken !== null) throw broken;
  return made;
}

/** What lies in the one schedule that was being written, not in the database being away: data that breaks a rule of ours. */
function isItsOwnFault(error: unknown): boolean {
  return error instanceof BrokenAssumption || /^2[23]/.test(sqlStateOf(error) ?? '');
}

const NOTHING = { looked: 0, made: 0 };

async function makeGroup(
  tx: WorkspaceTx,
  caller: Caller,
  { size, way }: { readonly size: number; readonly way: Way },
): Promise<{ looked: number; made: number }> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const rows = await claimDueRecurring(tx, today, size);
  if (rows.length === 0) return NOTHING;
  const waiting = await readWaitingUsage(
    tx,
    rows.filter(hasMeters).map(({ id }) => id),
  );
  const plans = rows.map((row) => planOf(row, today, waiting));
  const requests = plans.flatMap(({ request }) => (request ? [{ ...request, caller }] : []));
  const results = requests.length > 0 ? await writeGroup(tx, requests, way) : [];

  const progress: RecurringProgress[] = [];
  const billed: { id: string; invoiceId: string }[] = [];
  const toSend: string[] = [];
  let place = 0;
  let made = 0;
  for (const { row, occurrence, closes, request, usage } of plans) {
    const result = request ? results[place++]! : null;
    if (result && 'failure' in result) {
      progress.push({ ...row, held_until: addDays(today, 1), held_reason: result.failure.message });
      continue;
    }
    const come = { ...row, last_number: occurrence?.number ?? row.last_number };
    const endedAt = closes || isOver(come) ? caller.now : null;
    progress.push({
      ...come,
      next_on: nextOnOf({ ...come, ended_at: endedAt }),
      ended_at: endedAt,
      held_until: null,
      held_reason: null,
    });
    if (!result) continue;
    made += 1;
    billed.push(...usage.map(({ id }) => ({ id, invoiceId: result.id })));
    if (row.auto_issue && row.auto_send && result.created) toSend.push(result.id);
  }
  await advanceRecurring(tx, progress);
  if (billed.length > 0) await markUsageBilled(tx, billed);
  await writeOutbox(
    tx,
    toSend.map((id) => ({ topic: 'invoice.to_send', payload: { invoice_id: toPublicId('invoice', id) } })),
    caller.now,
  );
  return { looked: rows.length, made };
}

interface Plan {
  readonly row: RecurringRow;
  /** Null: the schedule has none left. */
  readonly occurrence: Occurrence | null;
  /** It ends with this: no occurrence is left, and usage is billed that no other invoice will bill. */
  readonly closes: boolean;
  /** Null: there is nothing to bill. */
  readonly request: Omit<WriteRequest, 'caller'> | null;
  readonly usage: readonly UsageRow[];
}

/** The next occurrence of a schedule; of one that missed several, the first of them: the others come with the next groups. */
function planOf(row: RecurringRow, today: LocalDate, waiting: readonly UsageRow[]): Plan {
  const occurrence = nextOccurrence(row.recurrence, row.last_number);
  if (!occurrence) return closingPlanOf(row, today, waiting);
  if (occurrence.on > today) return { row, occurrence: null, closes: false, request: null, usage: [] };
  const usage = billableUsage(row, occurrence.on, waiting);
  const writing = documentOf(row, occurrence.on, usage);
  if (!writing) return { row, occurrence, closes: false, request: null, usage: [] };
  const origin = {
    source: 'recurring',
    recurring: { id: row.id, number: occurrence.number },
    period: { from: occurrence.on, until: occurrence.until },
  } as const;
  // Dated the day it is issued: numbers and dates of a series run together, also when the program was off for days.
  return { row, occurrence, closes: false, request: { writing, origin, issue: issueOf(row) }, usage };
}

function closingPlanOf(row: RecurringRow, today: LocalDate, waiting: readonly UsageRow[]): Plan {
  const on = closingOn(row);
  const nothing = { row, occurrence: null, request: null, usage: [] };
  if (on === null || on > today) return { ...nothing, closes: false };
  const usage = closingUsage(row, on, waiting);
  const writing = closingDocumentOf(row, on, usage);
  if (!writing) return { ...nothing, closes: true };
  const number = row.last_number + 1;
  const begun = dateOfOccurrence(row.recurrence, Math.max(1, row.last_number));
  const period = begun < on ? { from: begun, until: on } : null;
  const origin = { source: 'recurring', recurring: { id: row.id, number }, period } as const;
  return { row, occurrence: null, closes: true, request: { writing, origin, issue: issueOf(row) }, usage };
}

function issueOf(row: RecurringRow): WriteRequest['issue'] {
  return row.auto_issue ? { issuedOn: null, seriesId: null } : null;
}

/** The first that is due waits until tomorrow, with the reason beside it. */
async function holdFirst(tx: WorkspaceTx, systemNow: Date, reason: string): Promise<void> {
  const caller = systemCaller(await readFacts(tx), systemNow, NAME);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const rows = await claimDueRecurring(tx, today, 1);
  await advanceRecurring(
    tx,
    rows.map((row) => ({ ...row, held_until: addDays(today, 1), held_reason: reason })),
  );
}
