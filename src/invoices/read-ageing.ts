import type { z } from 'zod';
import { decodeCursor, encodeCursor, foreignCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { isUuid, toPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import { readingWholeTables } from '../foundation/whole-tables.ts';
import type { Caller } from '../workspace/caller.ts';
import type { Ageing, AgeingRow, AgeingTotal, ageingFilter, ageingQuery } from './api-ageing.ts';
import { refused } from './create-invoice.ts';
import { type AgedPosition, type AgedRow, declareAgeing, fetchAgeing, selectAgeing } from './store-ageing.ts';

/** Before anything that a book could hold; further back the calendar itself becomes a question. */
const EARLIEST: LocalDate = '1900-01-01';

/**
 * What customers owed at the end of a day, by how long it had been due, and the account it must agree with. Read from the
 * ledger until that day: asked again later it is the same, unless something was recorded with a date of then. Throws
 * invalid_request on a day to come and on a foreign cursor.
 */
export async function readAgeing(
  tx: WorkspaceTx,
  caller: Caller,
  query: z.output<typeof ageingQuery>,
): Promise<Ageing> {
  const day = dayOf(caller, query.as_of);
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const page = { currency: query.currency ?? null, after, limit: query.limit + 1 };
  const found = await readingWholeTables(tx, () => selectAgeing(tx, day, page));
  const rows = found.filter((row) => row.contact_id !== null);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    as_of: day,
    totals: found.filter((row) => row.contact_id === null).map(totalOf),
    data: shown.map(rowOf),
    next_cursor: last ? encodeCursor([last.currency, String(last.open_minor), last.contact_id]) : null,
  };
}

/** Every row, `count` at a time, in the caller's transaction. Throws as readAgeing. */
export async function* streamAgeing(
  tx: WorkspaceTx,
  caller: Caller,
  query: z.output<typeof ageingFilter>,
  count: number,
): AsyncGenerator<{ readonly asOf: LocalDate; readonly rows: readonly AgeingRow[] }> {
  const day = dayOf(caller, query.as_of);
  await readingWholeTables(tx, () => declareAgeing(tx, day, query.currency ?? null));
  for (;;) {
    const rows = await fetchAgeing(tx, count);
    yield { asOf: day, rows: rows.map(rowOf) };
    if (rows.length < count) return;
  }
}

function dayOf(caller: Caller, asked: LocalDate | undefined): LocalDate {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const day = asked ?? today;
  if (day < EARLIEST || day > today)
    throw refused([{ path: 'as_of', message: `A day from ${EARLIEST} until today (${today}).` }]);
  return day;
}

function positionOf(cursor: string): AgedPosition {
  const [currency, open, contactId] = decodeCursor(cursor, 3);
  if (typeof currency !== 'string' || typeof open !== 'string' || !/^-?\d{1,18}$/.test(open)) throw foreignCursor();
  if (typeof contactId !== 'string' || !isUuid(contactId)) throw foreignCursor();
  return { currency, openMinor: BigInt(open), contactId };
}

function rowOf(row: AgedRow): AgeingRow {
  return { contact: { id: toPublicId('contact', row.contact_id!), name: row.contact_name! }, ...amountsOf(row) };
}

function totalOf(row: AgedRow): AgeingTotal {
  return {
    ...amountsOf(row),
    receivables_account_minor: minorToJson(row.account_minor!),
    agrees: row.open_minor === row.account_minor,
  };
}

function amountsOf(row: AgedRow): Omit<AgeingRow, 'contact'> {
  return {
    currency: row.currency,
    open_minor: minorToJson(row.open_minor),
    not_due_minor: minorToJson(row.not_due_minor),
    overdue_1_30_minor: minorToJson(row.overdue_1_30_minor),
    overdue_31_60_minor: minorToJson(row.overdue_31_60_minor),
    overdue_61_90_minor: minorToJson(row.overdue_61_90_minor),
    overdue_over_90_minor: minorToJson(row.overdue_over_90_minor),
    on_account_minor: minorToJson(row.on_account_minor),
  };
}
