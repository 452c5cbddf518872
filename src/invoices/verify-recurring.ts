import type { WorkspaceTx } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { BooksDifference } from '../ledger/verify-books.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { billedNumbers, dateOfOccurrence } from './recurrence.ts';
import { contentOn, type RecurringRow } from './recurring-invoice.ts';
import { readMadeNumbers, readRecurringAfter } from './store-recurring.ts';

const PAGE_SIZE = 500;
const DIFFERENCES_LISTED_MAX = 100;

/**
 * Every occurrence of every schedule that has come, and was to be billed, has its one invoice; none is billed that is yet to
 * come. A period without lines is billed by its usage alone, and so by nothing where there was none.
 */
export async function verifyRecurring(tx: WorkspaceTx): Promise<BooksDifference[]> {
  const { timeZone } = await readFacts(tx);
  const found: BooksDifference[] = [];
  for (let after: string | null = null; found.length < DIFFERENCES_LISTED_MAX; ) {
    const rows: RecurringRow[] = await readRecurringAfter(tx, after, PAGE_SIZE);
    if (rows.length === 0) break;
    const made = new Map(
      (
        await readMadeNumbers(
          tx,
          rows.map(({ id }) => id),
        )
      ).map((one) => [one.recurring_id, one.numbers]),
    );
    for (const row of rows) found.push(...differencesOf(row, made.get(row.id) ?? [], timeZone));
    after = rows.at(-1)!.id;
  }
  return found.slice(0, DIFFERENCES_LISTED_MAX);
}

function differencesOf(row: RecurringRow, numbers: readonly number[], timeZone: string): BooksDifference[] {
  const there = new Set(numbers);
  const setUpOn = localDateOf(row.created_at, timeZone);
  const isWhole = numbers.filter((number) => number <= row.last_number).length === row.last_number;
  const missing = (isWhole ? [] : billedNumbers(row.recurrence, row.last_number)).filter((number) => {
    const on = dateOfOccurrence(row.recurrence, number);
    // What began before somebody set it up is nobody's to bill.
    return on >= setUpOn && !there.has(number) && contentOn(row.revisions, on).lines.length > 0;
  });
  // The last one may bill usage after the last occurrence.
  const tooMany = numbers.filter((number) => number > row.last_number + 1);
  const of = `“${row.name}” (schedule ${row.id})`;
  return [
    ...missing.map((number) => ({ what: `invoice ${number} of ${of}`, kept: 'has come', readded: 'no invoice' })),
    ...tooMany.map((number) => ({
      what: `invoice ${number} of ${of}`,
      kept: `${row.last_number} have come`,
      readded: 'an invoice',
    })),
  ];
}
