import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { RecurringRow } from './recurring-invoice.ts';

const COLUMNS = `id, contact_id, name, currency, recurrence, revisions, terms_id, terms, auto_issue, auto_send, auto_charge, last_number,
  next_on, held_until, held_reason, ended_at, created_at, created_by, updated_at, version`;

export function insertRecurring(tx: WorkspaceTx, row: RecurringRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO recurring_invoices (workspace_id, id, contact_id, name, currency, recurrence, revisions, terms_id, terms, auto_issue,
             auto_send, auto_charge, next_on, created_at, created_by, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14)`,
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
      row.next_on,
      row.created_at,
      row.created_by,
    ],
  });
}

/** Writes everything that a person may change, and what follows from it; the caller holds the row. */
export function updateRecurring(tx: WorkspaceTx, row: RecurringRow, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE recurring_invoices SET name = $3, recurrence = $4, revisions = $5, terms_id = $6, terms = $7, auto_issue = $8,
             auto_send = $9, auto_charge = $10, next_on = $11, held_until = NULL, held_reason = NULL, ended_at = $12, updated_at = $13,
             version = version + 1
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

export function lockRecurringRow(tx: WorkspaceTx, id: string): Promise<RecurringRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM recurring_invoices WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, id],
  });
}

/** Schedules on which something is due by `today`, the longest waiting first; those in another server's hand are passed over. */
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
  const rows = await tx.many<{ id: string }>({
    text: `SELECT w.id FROM workspaces w WHERE EXISTS (SELECT 1 FROM recurring_invoices r WHERE r.workspace_id = w.id
             AND r.next_on <= (($1::timestamptz + w.clock_offset_ms * interval '1 millisecond') AT TIME ZONE 'UTC' + interval '15 hours')::date)`,
    values: [systemNow],
  });
  return rows.map((row) => row.id);
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

/** Writes revisions after one of them was prorated; the caller holds the row. */
export function updateRevisions(tx: WorkspaceTx, row: Pick<RecurringRow, 'id' | 'revisions' | 'next_on'>): Promise<number> {
  return tx.run({
    text: `UPDATE recurring_invoices SET revisions = $3, next_on = $4, held_until = NULL, held_reason = NULL
           WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, row.id, JSON.stringify(row.revisions), row.next_on],
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
export function readMadeInvoices(
  tx: WorkspaceTx,
  recurringId: string,
  limit: number,
): Promise<{ id: string; recurring_number: number }[]> {
  return tx.many({
    text: `SELECT id, recurring_number FROM invoices WHERE workspace_id = $1 AND recurring_id = $2
           ORDER BY recurring_number DESC LIMIT $3`,
    values: [tx.workspaceId, recurringId, limit],
  });
}

export async function readMadeInvoice(tx: WorkspaceTx, recurringId: string, number: number): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>({
    text: `SELECT id FROM invoices WHERE workspace_id = $1 AND recurring_id = $2 AND recurring_number = $3`,
    values: [tx.workspaceId, recurringId, number],
  });
  return row?.id ?? null;
}
