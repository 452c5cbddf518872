import { addDays, daysBetween } from '../../src/foundation/local-date.ts';
import type { Ageing } from '../../src/invoices/api-ageing.ts';
import { ask, type History, passTime } from './history.ts';

/** The ageing of a past day, as it was told at some moment of a history. */
export interface RememberedAgeing {
  readonly day: string;
  /** Ledger lines about customers' accounts of that day and before, when it was told: more of them later were dated back. */
  readonly lineCount: number;
  readonly totals: string[];
}

/** At the end every age occurs: what is open is older than two months by then. */
const DAYS_BACK_AT_END = 75;

/** A day goes by, and the ageing of its end is kept as it is told then. */
export async function rememberAgeing(history: History): Promise<void> {
  await passTime(history, 86_400);
  const today = await ask<Ageing>(history, 'GET', '/v1/ageing');
  if (!today) return;
  const day = addDays(today.as_of, -1);
  history.ageings.push({ day, lineCount: await countLines(history, day), totals: await totalsOf(history, day) });
}

/**
 * What the ageing says of remembered days now: the same as then when nothing was dated back since, and in any case what
 * comes of counting ledger lines and due dates one by one, as of today and of one more day. Returns what differs.
 */
export async function recountAgeings(history: History): Promise<string[]> {
  const found: string[] = [];
  const days = new Map<string, string[]>();
  for (const { day, lineCount, totals } of history.ageings) {
    const now = days.get(day) ?? (await totalsOf(history, day));
    days.set(day, now);
    if ((await countLines(history, day)) === lineCount && now.join() !== totals.join())
      found.push(`ageing of ${day} was ${totals.join(', ')} and is ${now.join(', ')}`);
  }
  const { as_of: today } = (await ask<Ageing>(history, 'GET', '/v1/ageing'))!;
  for (const back of [0, history.random.below(DAYS_BACK_AT_END)]) {
    const day = addDays(today, -back);
    days.set(day, await totalsOf(history, day));
  }
  for (const [day, now] of days) {
    const counted = await countOneByOne(history, day);
    if (counted.join() !== now.join())
      found.push(`ageing of ${day} is ${now.join(', ')}, counted ${counted.join(', ')}`);
  }
  return found;
}

async function totalsOf(history: History, day: string): Promise<string[]> {
  const { data, totals, next_cursor } = (await ask<Ageing>(history, 'GET', `/v1/ageing?as_of=${day}&limit=200`))!;
  if (next_cursor !== null) history.wrongs.push('a history has no more customers than a page');
  for (const { currency, open_minor, agrees } of totals) {
    const ofRows = data.reduce((sum, row) => sum + (row.currency === currency ? row.open_minor : 0), 0);
    if (!agrees || ofRows !== open_minor)
      history.wrongs.push(`ageing of ${day} in ${currency}: rows ${ofRows}, total ${open_minor}, agrees ${agrees}`);
  }
  return totals.map(
    (row) =>
      `${row.currency} ${row.not_due_minor} ${row.overdue_1_30_minor} ${row.overdue_31_60_minor} ${row.overdue_61_90_minor} ${row.overdue_over_90_minor} on account ${row.on_account_minor}`,
  );
}

async function countLines({ server, workspace }: History, day: string): Promise<number> {
  const [row] = await server.database.asOwner<{ count: string }>(
    `SELECT count(*)::text AS count FROM ledger_transfers t JOIN ledger_entries e ON e.workspace_id = $1 AND e.id = t.entry_id
     WHERE t.workspace_id = $1 AND e.effective_on <= $2
       AND ARRAY['receivables', 'customer_credit'] && ARRAY[t.debit_account, t.credit_account]`,
    [workspace.id, day],
  );
  return Number(row!.count);
}

/** The same from rows: what each invoice owes put to its dates, the latest first, without the program's own sums. */
async function countOneByOne({ server, workspace }: History, day: string): Promise<string[]> {
  const lines = await server.database.asOwner<{
    document_id: string | null;
    currency: string;
    debit_account: string;
    credit_account: string;
    amount: string;
  }>(
    `SELECT t.document_id, t.currency, t.debit_account, t.credit_account, t.amount_minor::text AS amount
     FROM ledger_transfers t JOIN ledger_entries e ON e.workspace_id = $1 AND e.id = t.entry_id
     WHERE t.workspace_id = $1 AND e.effective_on <= $2`,
    [workspace.id, day],
  );
  const invoices = await server.database.asOwner<{
    id: string;
    snapshot: { instalments: { due_on: string; amount_minor: number }[] };
  }>('SELECT id, snapshot FROM invoices WHERE workspace_id = $1 AND issued_at IS NOT NULL', [workspace.id]);
  const datesOf = new Map(invoices.map(({ id, snapshot }) => [id, snapshot.instalments]));
  const signOf = (line: (typeof lines)[number], account: string) =>
    line.debit_account === account ? 1 : line.credit_account === account ? -1 : 0;
  const sums = new Map<string, number[]>();
  const sumsOf = (currency: string) => {
    if (!sums.has(currency)) sums.set(currency, [0, 0, 0, 0, 0, 0]);
    return sums.get(currency)!;
  };
  const owed = new Map<string, number>();
  for (const line of lines) {
    sumsOf(line.currency)[5]! -= signOf(line, 'customer_credit') * Number(line.amount);
    const key = `${line.document_id} ${line.currency}`;
    owed.set(key, (owed.get(key) ?? 0) + signOf(line, 'receivables') * Number(line.amount));
  }
  for (const [key, amount] of owed) {
    const [id, currency] = key.split(' ') as [string, string];
    let left = amount;
    for (const { due_on, amount_minor } of (datesOf.get(id) ?? []).toReversed()) {
      const part = Math.min(left, amount_minor);
      const late = daysBetween(due_on, day);
      sumsOf(currency)[late <= 0 ? 0 : Math.min(4, Math.ceil(late / 30))]! += part;
      left -= part;
    }
    if (left !== 0) sumsOf(currency)[5] = Number.NaN;
  }
  return [...sums]
    .filter(([, parts]) => parts.some((part) => part !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, parts]) => `${currency} ${parts.slice(0, 5).join(' ')} on account ${parts[5]}`);
}
