import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { InvoiceRow } from './invoice.ts';
import type { RecurringRow } from './recurring-invoice.ts';
import { INVOICE_COLUMNS } from './store.ts';

const COLUMNS = `id, contact_id, name, currency, recurrence, revisions, terms_id, terms, auto_issue, auto_send, auto_charge,
  last_number, next_on, held_until, held_reason, ended_at, created_at, created_by, updated_at, version`;

/** Adds a schedule; 0 when its key was used before. */
export function insertRecurring(tx: WorkspaceTx, row: RecurringRow, key: string | null): Promise<number> {
  return tx.run({
    text: `INSERT INTO recurring_invoices (workspace_id, id, contact_id, name, currency, recurrence, revisions, terms_id, terms,
             auto_issue, auto_send, auto_charge, last_number, next_on, created_at, created_by, updated_at, idempotency_key)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15, $17) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.contact_id,
      row.name,
      row.currency,
      JSON.stringify(row.recurrence),
      JSON.stringify(row.revisions),
      row.terms_id,
      row.terms === null ? null : JSON.stringify(row.terms),
      row.auto_issue,
      row.auto_send,
      row.auto_charge,
      row.last_number,
      row.next_on,
      row.created_at,
      row.created_by,
      key,
    ],
  });
}

/** Writes everything that a person may change, and what follows from it; the caller holds the row. */
export function updateRecurring(tx: WorkspaceTx, row: RecurringRow, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE recurring_invoices SET name = $3, recurrence = $4, revisions = $5, terms_id = $6, terms = $7, auto_issue = $8,
             auto_send = $9, auto_charge = $10, next_on = $11, held_until = NULL, held_reason = NULL, ended_at = $12,
             last_number = $13, updated_at = $14, version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.name,
      JSON.stringify(row.recurrence),
      JSON.stringify(row.revisions),
      row.terms_id,
      row.terms === null ? null : JSON.stringify(row.terms),
      row.auto_issue,
      row.auto_send,
      row.auto_charge,
      row.next_on,
      row.ended_at,
      row.last_number,
      at,
    ],
  });
}

export function readRecurringRow(tx: WorkspaceTx, id: string): Promise<RecurringRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM recurring_invoices WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

export async function readRecurringIdByKey(tx: WorkspaceTx, key: string): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>({
    text: `SELECT id FROM recurring_invoices WHERE workspace_id = $1 AND idempotency_key = $2`,
    values: [tx.workspaceId, key],
  });
  return row?.id ?? null;
}

export function lockRecurringRow(tx: WorkspaceTx, id: string): Promise<RecurringRow | null> {
  return tx.maybe({
    name: 'recurring_lock',
    text: `SELECT ${COLUMNS} FROM recurring_invoices WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, id],
  });
}

/** Schedules with an invoice that is due by `today`; those that somebody has in hand just now are passed over. */
export function claimDueRecurring(tx: WorkspaceTx, today: LocalDate, countMax: number): Promise<RecurringRow[]> {
  return tx.many({
    name: 'recurring_claim',
    text: `SELECT ${COLUMNS} FROM recurring_invoices
           WHERE workspace_id = $1 AND next_on <= $2 AND (held_until IS NULL OR held_until <= $2)
           ORDER BY next_on, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
    values: [tx.workspaceId, today, countMax],
  });
}

/**
 * Workspaces with a schedule that may be due in their own zone by now. Calendar days differ by up to a day between zones, so
 * this is a hint; which ones are due is decided with the workspace's own day.
 */
export async function listRecurringWorkspaces(tx: Tx, systemNow: Date): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: `SELECT DISTINCT r.workspace_id FROM recurring_invoices r JOIN workspaces w ON w.id = r.workspace_id
           WHERE r.next_on <= (($1::timestamptz + w.clock_offset_ms * interval '1 millisecond') AT TIME ZONE 'UTC' + interval '15 hours')::date`,
    values: [systemNow],
  });
  return rows.map((row) => row.workspace_id);
}

export type RecurringProgress = Pick<
  RecurringRow,
  'id' | 'last_number' | 'next_on' | 'held_until' | 'held_reason' | 'ended_at'
>;

/** How far schedules have come, for any number of them; the caller holds the rows. */
export function advanceRecurring(tx: WorkspaceTx, rows: readonly RecurringProgress[]): Promise<number> {
  return tx.run({
    name: 'recurring_advance',
    text: `UPDATE recurring_invoices r SET last_number = n.last_number, next_on = n.next_on, held_until = n.held_until,
             held_reason = n.held_reason, ended_at = n.ended_at
           FROM unnest($2::uuid[], $3::int[], $4::date[], $5::date[], $6::text[], $7::timestamptz[])
             AS n (id, last_number, next_on, held_until, held_reason, ended_at)
           WHERE r.workspace_id = $1 AND r.id = n.id AND r.id = ANY($2::uuid[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.last_number),
      rows.map((row) => row.next_on),
      rows.map((row) => row.held_until),
      rows.map((row) => row.held_reason),
      rows.map((row) => row.ended_at),
    ],
  });
}

/** One page, newest first. `ended` null: both. */
export function listRecurringRows(
  tx: WorkspaceTx,
  filter: { readonly contactIds: readonly string[] | null; readonly ended: boolean | null },
  after: { readonly at: string; readonly id: string } | null,
  limit: number,
): Promise<RecurringRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM recurring_invoices
           WHERE workspace_id = $1 AND ($2::uuid[] IS NULL OR contact_id = ANY($2::uuid[]))
             AND ($3::boolean IS NULL OR (ended_at IS NOT NULL) = $3)
             AND ($4::timestamptz IS NULL OR (created_at, id) < ($4::timestamptz, $5::uuid))
           ORDER BY created_at DESC, id DESC LIMIT $6`,
    values: [tx.workspaceId, filter.contactIds, filter.ended, after?.at ?? null, after?.id ?? null, limit],
  });
}

/** Invoices that a schedule made, the newest first. */
export function readMadeInvoices(tx: WorkspaceTx, recurringId: string, limit: number): Promise<InvoiceRow[]> {
  return tx.many({
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND recurring_id = $2
           ORDER BY created_at DESC, recurring_number DESC NULLS FIRST, id DESC LIMIT $3`,
    values: [tx.workspaceId, recurringId, limit],
  });
}

/** Schedules in the order of their ids, those after `id`. */
export function readRecurringAfter(tx: WorkspaceTx, id: string | null, countMax: number): Promise<RecurringRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM recurring_invoices
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2::uuid) ORDER BY id LIMIT $3`,
    values: [tx.workspaceId, id, countMax],
  });
}

/** Which occurrences of these schedules have an invoice. */
export function readMadeNumbers(
  tx: WorkspaceTx,
  recurringIds: readonly string[],
): Promise<{ readonly recurring_id: string; readonly numbers: number[] }[]> {
  return tx.many({
    text: `SELECT recurring_id, array_agg(recurring_number) AS numbers FROM invoices
           WHERE workspace_id = $1 AND recurring_id = ANY($2::uuid[]) AND recurring_number IS NOT NULL
           GROUP BY recurring_id`,
    values: [tx.workspaceId, recurringIds],
  });
}
