import type { z } from 'zod';
import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import { decodeTimeCursor, encodeCursor } from '../foundation/cursor.ts';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { addDays } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import type { Caller } from '../workspace/caller.ts';
import type { listPaymentsQuery, Payment, PaymentTotals, paymentFilter } from './api.ts';
import type { PaymentRow } from './attempt.ts';
import { stretchesOf } from './day-stretches.ts';
import {
  type FilterConditions,
  isFoundByDays,
  isFoundInIndex,
  isOfTotalsOnly,
  momentConditions,
  paymentConditions,
} from './payment-filter.ts';
import { shapePayment } from './shape-payment.ts';
import { readReceiptPaymentIds } from './store.ts';
import { type DayCount, readNewestDays } from './store-days.ts';
import { readDisputeTasks, readFraudWarnings } from './store-disputes.ts';
import {
  type ListedPayment,
  readContactNames,
  type SumRow,
  selectFoundPayments,
  selectPayments,
  selectPaymentsWithin,
  subtractSums,
  sumDayTotals,
  sumPayments,
} from './store-list.ts';

export type PaymentFilter = z.output<typeof paymentFilter>;

/** One page of Transactions, newest first. Throws invalid_request on a foreign cursor or a contact that does not exist. */
export async function listPayments(
  tx: WorkspaceTx,
  caller: Caller,
  query: z.output<typeof listPaymentsQuery>,
): Promise<{ data: Payment[]; next_cursor: string | null }> {
  const after = query.cursor === undefined ? null : decodeTimeCursor(query.cursor);
  const rows = await selectPage(tx, query, after, query.limit + 1);
  const data = rows.slice(0, query.limit);
  const last = data.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return {
    data: await shapePayments(tx, caller, data),
    next_cursor: more ? encodeCursor([last.occurred_us, last.id]) : null,
  };
}

async function selectPage(
  tx: WorkspaceTx,
  filter: PaymentFilter,
  after: { at: string; id: string } | null,
  countMax: number,
): Promise<ListedPayment[]> {
  const conditions = [...(await conditionsOf(tx, filter)), ...momentConditions(filter)];
  const position = after && sql`(p.occurred_at, p.id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  if (isFoundByDays(filter)) {
    const days = await daysAfter(tx, filter, after, countMax);
    const stretches = stretchesOf(days, countMax);
    if (stretches.length === 0) return [];
    const rows = await selectPaymentsWithin(tx, conditions, position, stretches, countMax);
    const counted = days.reduce((sum, day) => sum + day.count, 0n);
    // A page that is short although the days hold enough: a payment has moved on since they were counted.
    if (rows.length === countMax || counted < countMax) return rows;
  }
  const select = isFoundInIndex(filter) ? selectFoundPayments : selectPayments;
  return select(tx, conditions, position, countMax);
}

/** The newest days with payments of the filter. On those around the cursor nobody knows how many are left: they count 0. */
async function daysAfter(
  tx: WorkspaceTx,
  filter: PaymentFilter,
  after: { at: string } | null,
  countMax: number,
): Promise<DayCount[]> {
  const { from = null, to = null, ...values } = filter;
  const cursorDay = after?.at.slice(0, 10) ?? null;
  const last = cursorDay && addDays(cursorDay, 1);
  const until = last !== null && (to === null || last < to) ? last : to;
  const days = await readNewestDays(tx, paymentConditions(values, null), { from, until }, countMax + DAYS_AT_CURSOR);
  return days.map((day) => (cursorDay !== null && day.day >= addDays(cursorDay, -1) ? { ...day, count: 0n } : day));
}

/** The UTC day of the cursor and those beside it, whatever the business's zone. */
const DAYS_AT_CURSOR = 3;

/** Rows with what they need to be shown, in the order given. */
export async function shapePayments(tx: WorkspaceTx, caller: Caller, rows: readonly PaymentRow[]): Promise<Payment[]> {
  if (rows.length === 0) return [];
  const disputes = rows.filter((row) => row.kind === 'dispute').map((row) => row.id);
  // Settled money that needs somebody has been warned of.
  const warned = rows.filter((row) => row.kind === 'charge' && row.status === 'settled' && row.needs_action);
  const [names, receipts, tasks, warnings] = await Promise.all([
    readContactNames(tx, [...new Set(rows.map((row) => row.contact_id))]),
    readReceiptPaymentIds(
      tx,
      rows.map((row) => row.id),
    ),
    disputes.length > 0 ? readDisputeTasks(tx, disputes) : null,
    warned.length > 0
      ? readFraudWarnings(
          tx,
          warned.map((row) => row.id),
        )
      : null,
  ]);
  const test = caller.workspace.mode === 'sandbox';
  return rows.map((row) =>
    shapePayment(row, {
      contactName: names.get(row.contact_id) ?? '',
      hasReceipt: receipts.has(row.id),
      test,
      task: tasks?.get(row.id),
      fraudWarnedAt: warnings?.get(row.id),
    }),
  );
}

/** Sums per currency over everything the filter matches, whatever page is shown. */
export async function totalPayments(tx: WorkspaceTx, filter: PaymentFilter): Promise<PaymentTotals> {
  const sums = await sumsOf(tx, filter);
  return { data: sums.map(shapeTotals) };
}

/** From the sums per day where they know everything that is asked; from as few payments as possible otherwise. */
async function sumsOf(tx: WorkspaceTx, filter: PaymentFilter): Promise<SumRow[]> {
  if (isOfTotalsOnly(filter)) return sumDayTotals(tx, await conditionsOf(tx, filter));
  const { needs_action: needsAction, ...others } = filter;
  if (needsAction === 'false' && isOfTotalsOnly(others)) {
    // Nearly everything: all, less the few that need somebody.
    const [all, needing] = await Promise.all([
      sumsOf(tx, others),
      sumsOf(tx, { ...others, needs_action: 'true' as const }),
    ]);
    return subtractSums(all, needing);
  }
  return sumPayments(tx, [...(await conditionsOf(tx, filter)), ...momentConditions(filter)]);
}

/** The filter as conditions on `payments p`; a contact stands for everybody merged into it. */
async function conditionsOf(tx: WorkspaceTx, filter: PaymentFilter): Promise<FilterConditions> {
  return paymentConditions(filter, filter.contact === undefined ? null : await contactIds(tx, filter.contact));
}

async function contactIds(tx: WorkspaceTx, publicId: string): Promise<string[]> {
  const id = fromPublicId('contact', publicId);
  if (id === null)
    throw new Failure('invalid_request', undefined, {
      fields: [{ path: 'contact', message: 'This contact does not exist.' }],
    });
  return contactIdsOfRoot(tx, await rootOf(tx, id));
}

function shapeTotals(row: SumRow) {
  return {
    currency: row.currency,
    count: Number(row.count),
    charged_minor: minorToJson(row.charged_minor),
    refunded_minor: minorToJson(row.refunded_minor),
    disputed_minor: minorToJson(row.disputed_minor),
    net_minor: minorToJson(row.charged_minor - row.refunded_minor - row.disputed_minor),
  };
}
