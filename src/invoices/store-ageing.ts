import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { customerAccountsUntil } from '../ledger/accounts-until.ts';

/** SQL of the ageing report. Nothing here reads what is kept of an invoice today: amounts are ledger lines until a day. */

export interface AgedRow {
  /** Null in the totals of a currency. */
  readonly contact_id: string | null;
  readonly contact_name: string | null;
  readonly currency: string;
  readonly open_minor: bigint;
  readonly not_due_minor: bigint;
  readonly overdue_1_30_minor: bigint;
  readonly overdue_31_60_minor: bigint;
  readonly overdue_61_90_minor: bigint;
  readonly overdue_over_90_minor: bigint;
  readonly on_account_minor: bigint;
  /** The account of receivables, in totals; null in rows. */
  readonly account_minor: bigint | null;
}

/** The last row of the page before: rows stand by currency, the largest open amount first. */
export interface AgedPosition {
  readonly currency: string;
  readonly openMinor: bigint;
  readonly contactId: string;
}

/** One page of customers, and in front of it the totals of every currency, of one reading of the ledger. */
export function selectAgeing(
  tx: WorkspaceTx,
  day: LocalDate,
  page: { readonly currency: string | null; readonly after: AgedPosition | null; readonly limit: number },
): Promise<AgedRow[]> {
  const { currency, after, limit } = page;
  const position =
    after === null
      ? sql`true`
      : sql`(a.currency, -a.open_minor, a.contact_id) > (${after.currency}, ${-after.openMinor}::bigint, ${after.contactId}::uuid)`;
  return tx.many<AgedRow>(
    sql`WITH ${agedOf(tx, day)},
          row AS (
            SELECT a.*, NULL::bigint AS account_minor FROM aged a
            WHERE ${currency === null ? sql`true` : sql`a.currency = ${currency}`} AND ${position}
            ORDER BY a.currency, -a.open_minor, a.contact_id LIMIT ${limit})
        SELECT NULL::uuid AS contact_id, NULL AS contact_name, t.*, 0 AS place FROM (${TOTALS}) t
        UNION ALL
        SELECT r.contact_id, (SELECT c.name FROM contacts c WHERE c.workspace_id = ${tx.workspaceId} AND c.id = r.contact_id),
          r.currency, ${SUMS}, r.account_minor, 1
        FROM row r
        ORDER BY place, currency, open_minor DESC, contact_id`,
  );
}

/** Totals per currency alone. */
export function sumAgeing(tx: WorkspaceTx, day: LocalDate): Promise<AgedRow[]> {
  return tx.many<AgedRow>(
    sql`WITH ${agedOf(tx, day)} SELECT NULL::uuid AS contact_id, NULL AS contact_name, t.* FROM (${TOTALS}) t ORDER BY currency`,
  );
}

/** What was open of one document at the end of a day, and for how long it had been due. */
export interface OpenDocumentRow {
  readonly id: string;
  readonly number: string | null;
  readonly issued_on: LocalDate | null;
  readonly due_on: LocalDate | null;
  readonly currency: string;
  readonly open_minor: bigint;
  readonly overdue_minor: bigint;
  readonly over_30_minor: bigint;
  readonly over_60_minor: bigint;
  readonly over_90_minor: bigint;
}

/** Of these contacts: what was due first stands in front. Credit that was left over in a credit note is below nothing. */
export function readOpenDocuments(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  day: LocalDate,
): Promise<OpenDocumentRow[]> {
  return tx.many<OpenDocumentRow>(
    sql`SELECT i.id, i.number, i.issued_on::text AS issued_on, i.due_on::text AS due_on, m.currency, m.owed_minor AS open_minor,
          (${dueFor(day, 0)})::bigint AS overdue_minor, (${dueFor(day, 30)})::bigint AS over_30_minor, (${dueFor(day, 60)})::bigint AS over_60_minor,
          (${dueFor(day, 90)})::bigint AS over_90_minor
        FROM (${customerAccountsUntil(tx.workspaceId, day)}) m
        JOIN invoices i ON i.workspace_id = ${tx.workspaceId} AND i.id = m.document_id
        WHERE m.contact_id = ANY(${contactIds}::uuid[]) AND m.owed_minor <> 0
        ORDER BY i.due_on, i.issued_on, i.id`,
  );
}

/** Opens a cursor over all rows, for a file; fetchAgeing() reads on. It ends with the transaction. */
export function declareAgeing(tx: WorkspaceTx, day: LocalDate, currency: string | null): Promise<number> {
  return tx.run(
    sql`DECLARE ageing NO SCROLL CURSOR FOR WITH ${agedOf(tx, day)}
        SELECT a.contact_id, c.name AS contact_name, a.currency, a.open_minor, a.not_due_minor, a.overdue_1_30_minor,
          a.overdue_31_60_minor, a.overdue_61_90_minor, a.overdue_over_90_minor, a.on_account_minor, NULL::bigint AS account_minor
        FROM aged a JOIN contacts c ON c.workspace_id = ${tx.workspaceId} AND c.id = a.contact_id
        WHERE ${currency === null ? sql`true` : sql`a.currency = ${currency}`}
        ORDER BY a.currency, a.open_minor DESC, a.contact_id`,
  );
}

export function fetchAgeing(tx: WorkspaceTx, count: number): Promise<AgedRow[]> {
  return tx.many({ text: `FETCH FORWARD ${count} FROM ageing` });
}

const SUMS = sql.raw(
  'open_minor, not_due_minor, overdue_1_30_minor, overdue_31_60_minor, overdue_61_90_minor, overdue_over_90_minor, on_account_minor',
);

/** Of every currency: the account as the ledger has it, and what could be aged of it. Both of the same lines. */
const TOTALS = sql`
  SELECT l.currency, coalesce(s.open_minor, 0) AS open_minor, coalesce(s.not_due_minor, 0) AS not_due_minor,
    coalesce(s.overdue_1_30_minor, 0) AS overdue_1_30_minor, coalesce(s.overdue_31_60_minor, 0) AS overdue_31_60_minor,
    coalesce(s.overdue_61_90_minor, 0) AS overdue_61_90_minor, coalesce(s.overdue_over_90_minor, 0) AS overdue_over_90_minor,
    l.on_account_minor, l.account_minor
  FROM (
    SELECT currency, sum(owed_minor)::bigint AS account_minor, sum(on_account_minor)::bigint AS on_account_minor
    FROM movement GROUP BY currency) l
  LEFT JOIN (
    SELECT currency, sum(open_minor)::bigint AS open_minor, sum(not_due_minor)::bigint AS not_due_minor,
      sum(overdue_1_30_minor)::bigint AS overdue_1_30_minor, sum(overdue_31_60_minor)::bigint AS overdue_31_60_minor,
      sum(overdue_61_90_minor)::bigint AS overdue_61_90_minor, sum(overdue_over_90_minor)::bigint AS overdue_over_90_minor
    FROM aged GROUP BY currency) s ON s.currency = l.currency
  WHERE l.account_minor <> 0 OR l.on_account_minor <> 0 OR s.currency IS NOT NULL`;

/**
 * `movement` (what the ledger says of each document) and `aged` (each customer's parts, under the contact that stands for
 * them now). What cannot be aged, because its line names no invoice, is in the account and in no part: totals then disagree.
 */
function agedOf(tx: WorkspaceTx, day: LocalDate): RawBuilder<unknown> {
  return sql`movement AS MATERIALIZED (${customerAccountsUntil(tx.workspaceId, day)}),
    part AS (
      SELECT m.contact_id, m.currency, m.owed_minor, 0::bigint AS on_account_minor,
        ${dueFor(day, 0)} AS over_0, ${dueFor(day, 30)} AS over_30, ${dueFor(day, 60)} AS over_60, ${dueFor(day, 90)} AS over_90
      FROM movement m
      JOIN invoices i ON i.workspace_id = ${tx.workspaceId} AND i.id = m.document_id
      WHERE m.owed_minor <> 0
      UNION ALL
      SELECT contact_id, currency, 0, on_account_minor, 0, 0, 0, 0 FROM movement WHERE on_account_minor <> 0),
    aged AS MATERIALIZED (
      SELECT c.root_id AS contact_id, p.currency, sum(owed_minor)::bigint AS open_minor,
        sum(owed_minor - over_0)::bigint AS not_due_minor, sum(over_0 - over_30)::bigint AS overdue_1_30_minor,
        sum(over_30 - over_60)::bigint AS overdue_31_60_minor, sum(over_60 - over_90)::bigint AS overdue_61_90_minor,
        sum(over_90)::bigint AS overdue_over_90_minor, sum(on_account_minor)::bigint AS on_account_minor
      FROM part p
      JOIN contacts c ON c.workspace_id = ${tx.workspaceId} AND c.id = p.contact_id
      GROUP BY c.root_id, p.currency
      HAVING count(*) FILTER (WHERE owed_minor <> 0) > 0 OR sum(on_account_minor) <> 0)`;
}

/**
 * What of an invoice has been due for more than `days` days: all that is open once its last date has passed so long, else
 * what the dates that are to come leave over. Payments, credit and discounts meet the earliest dates first, and a late fee
 * belongs to the last one, as in payment-behaviour.ts.
 */
function dueFor(day: LocalDate, days: number): RawBuilder<unknown> {
  const before = sql`${day}::date - ${days}::int`;
  return sql`CASE WHEN i.due_on < ${before} THEN m.owed_minor
    WHEN jsonb_array_length(i.instalments) = 1 THEN 0
    ELSE greatest(0, least(m.owed_minor, i.total_minor) - (
      SELECT coalesce(sum((part->>'amount_minor')::bigint), 0) FROM jsonb_array_elements(i.instalments) part
      WHERE (part->>'due_on')::date >= ${before})) END`;
}
