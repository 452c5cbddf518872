import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { InvoiceOfWork, WorkItemRow } from './work-item.ts';

const COLUMNS = `id, kind, contact_id, title, planned_on, planned_time, done_on, done_by, cancelled_at, currency, content, net_minor,
  tax_minor, total_minor, billable, note, external_ref, invoice_id, created_on, listed_on, created_at, created_by, updated_at, version`;

/** Adds a work item; 0 when its key or external reference is taken. */
export function insertWorkItem(
  tx: WorkspaceTx,
  row: Omit<WorkItemRow, 'listed_on' | 'invoice_id' | 'cancelled_at' | 'updated_at' | 'version'>,
  key: string | null,
): Promise<number> {
  return tx.run({
    text: `INSERT INTO work_items (workspace_id, id, kind, contact_id, title, planned_on, planned_time, done_on, done_by, currency, content,
             net_minor, tax_minor, total_minor, billable, note, external_ref, created_on, created_at, created_by, updated_at, idempotency_key)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $19, $21)
           ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.kind,
      row.contact_id,
      row.title,
      row.planned_on,
      row.planned_time,
      row.done_on,
      row.done_by,
      row.currency,
      JSON.stringify(row.content),
      row.net_minor,
      row.tax_minor,
      row.total_minor,
      row.billable,
      row.note,
      row.external_ref,
      row.created_on,
      row.created_at,
      row.created_by,
      key,
    ],
  });
}

/** Writes everything that a person may change; the caller holds the row. */
export function updateWorkItem(tx: WorkspaceTx, row: WorkItemRow, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE work_items SET kind = $3, contact_id = $4, title = $5, planned_on = $6, planned_time = $7, done_on = $8, done_by = $9,
             cancelled_at = $10, currency = $11, content = $12, net_minor = $13, tax_minor = $14, total_minor = $15, billable = $16,
             note = $17, external_ref = $18, invoice_id = $19, updated_at = $20, version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.kind,
      row.contact_id,
      row.title,
      row.planned_on,
      row.planned_time,
      row.done_on,
      row.done_by,
      row.cancelled_at,
      row.currency,
      JSON.stringify(row.content),
      row.net_minor,
      row.tax_minor,
      row.total_minor,
      row.billable,
      row.note,
      row.external_ref,
      row.invoice_id,
      at,
    ],
  });
}

export function readWorkItemRow(tx: WorkspaceTx, id: string): Promise<WorkItemRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM work_items WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

export async function readWorkItemIdByKey(tx: WorkspaceTx, key: string): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>({
    text: `SELECT id FROM work_items WHERE workspace_id = $1 AND idempotency_key = $2`,
    values: [tx.workspaceId, key],
  });
  return row?.id ?? null;
}

export async function readWorkItemIdByReference(tx: WorkspaceTx, reference: string): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>({
    text: `SELECT id FROM work_items WHERE workspace_id = $1 AND external_ref = $2`,
    values: [tx.workspaceId, reference],
  });
  return row?.id ?? null;
}

/** Locks work in id order, whoever asks. */
export function lockWorkItems(tx: WorkspaceTx, ids: readonly string[]): Promise<WorkItemRow[]> {
  return tx.many({
    name: 'work_items_lock',
    text: `SELECT ${COLUMNS} FROM work_items WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [tx.workspaceId, ids],
  });
}

export function readInvoicesOfWork(tx: WorkspaceTx, invoiceIds: readonly string[]): Promise<InvoiceOfWork[]> {
  return tx.many({
    text: `SELECT id, number, issued_at, voided_at FROM invoices WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, invoiceIds],
  });
}

/** Puts work on an invoice; the caller holds its rows and has seen that no other one bills it. */
export function putWorkOnInvoice(
  tx: WorkspaceTx,
  ids: readonly string[],
  invoiceId: string,
  at: Date,
): Promise<number> {
  return tx.run({
    text: `UPDATE work_items SET invoice_id = $3, updated_at = $4, version = version + 1
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, invoiceId, at],
  });
}

/** What was on one invoice is on another one (or on none) from now on; work that has moved on since stays where it is. */
export function moveWorkOfInvoice(tx: WorkspaceTx, fromId: string, toId: string | null, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE work_items SET invoice_id = $3, updated_at = $4, version = version + 1 WHERE workspace_id = $1 AND invoice_id = $2`,
    values: [tx.workspaceId, fromId, toId, at],
  });
}

export async function readWorkIdsOfInvoice(tx: WorkspaceTx, invoiceId: string): Promise<string[]> {
  const rows = await tx.many<{ id: string }>({
    text: `SELECT id FROM work_items WHERE workspace_id = $1 AND invoice_id = $2`,
    values: [tx.workspaceId, invoiceId],
  });
  return rows.map((row) => row.id);
}

/**
 * Ids of what isToInvoice() is true of, in two parts that each have their index: what was never on an invoice, and what was
 * on one that is void. However much was invoiced over the years, only these are looked at.
 */
const TO_INVOICE = (workspaceId: string) => sql`(
  SELECT n.id FROM work_items n
  WHERE n.workspace_id = ${workspaceId} AND n.done_on IS NOT NULL AND n.billable AND n.invoice_id IS NULL
  UNION ALL
  SELECT v.id FROM invoices i JOIN work_items v ON v.workspace_id = i.workspace_id AND v.invoice_id = i.id
  WHERE i.workspace_id = ${workspaceId} AND v.workspace_id = ${workspaceId} AND i.kind = 'invoice' AND i.voided_at IS NOT NULL
    AND v.done_on IS NOT NULL AND v.billable)`;

export interface WorkConditions {
  readonly status: 'planned' | 'done' | 'cancelled' | 'to_invoice' | 'invoiced' | null;
  readonly kind: string | null;
  readonly contactIds: readonly string[] | null;
  readonly doneFrom: LocalDate | null;
  readonly invoiceId: string | null;
}

function conditionsOf(tx: WorkspaceTx, filter: WorkConditions): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [sql`w.workspace_id = ${tx.workspaceId}`];
  if (filter.status !== null) conditions.push(statusCondition(tx, filter.status));
  if (filter.kind !== null) conditions.push(sql`w.kind = ${filter.kind}`);
  if (filter.contactIds !== null) conditions.push(sql`w.contact_id = ANY(${filter.contactIds}::uuid[])`);
  if (filter.doneFrom !== null) conditions.push(sql`w.done_on >= ${filter.doneFrom}::date`);
  if (filter.invoiceId !== null) conditions.push(sql`w.invoice_id = ${filter.invoiceId}::uuid`);
  return conditions;
}

function statusCondition(tx: WorkspaceTx, status: NonNullable<WorkConditions['status']>): RawBuilder<unknown> {
  switch (status) {
    case 'planned':
      return sql`w.done_on IS NULL AND w.cancelled_at IS NULL`;
    case 'cancelled':
      return sql`w.cancelled_at IS NOT NULL`;
    case 'done':
      return sql`w.done_on IS NOT NULL`;
    case 'to_invoice':
      return sql`w.id IN ${TO_INVOICE(tx.workspaceId)}`;
    case 'invoiced':
      return sql`EXISTS (SELECT 1 FROM invoices i
        WHERE i.workspace_id = ${tx.workspaceId} AND i.id = w.invoice_id AND i.voided_at IS NULL)`;
  }
}

/** One page: newest first, or with `oldestFirst` by the day it was done. `after` is the day and id of the row before it. */
export function selectWorkItems(
  tx: WorkspaceTx,
  filter: WorkConditions,
  oldestFirst: boolean,
  after: { readonly day: string; readonly id: string } | null,
  limit: number,
): Promise<WorkItemRow[]> {
  const position =
    after === null
      ? []
      : oldestFirst
        ? [sql`(w.done_on, w.id) > (${after.day}::date, ${after.id}::uuid)`]
        : [sql`(w.listed_on, w.id) < (${after.day}::date, ${after.id}::uuid)`];
  const where = sql.join([...conditionsOf(tx, filter), ...position], sql` AND `);
  const by = oldestFirst ? sql`w.done_on, w.id` : sql`w.listed_on DESC, w.id DESC`;
  return tx.many<WorkItemRow>(
    sql`SELECT ${sql.raw(COLUMNS)} FROM work_items w WHERE ${where} ORDER BY ${by} LIMIT ${limit}`,
  );
}

export interface WaitingSum {
  readonly contact_id: string;
  readonly currency: string;
  readonly count: number;
  readonly total_minor: bigint;
  readonly oldest_done_on: LocalDate;
}

/** What waits for an invoice, per contact and currency. */
export function sumWaitingWork(tx: WorkspaceTx): Promise<WaitingSum[]> {
  return tx.many<WaitingSum>(
    sql`SELECT w.contact_id, w.currency, count(*)::int AS count, sum(w.total_minor)::bigint AS total_minor, min(w.done_on) AS oldest_done_on
        FROM work_items w WHERE w.workspace_id = ${tx.workspaceId} AND w.id IN ${TO_INVOICE(tx.workspaceId)}
        GROUP BY w.contact_id, w.currency`,
  );
}

/** The oldest of what waits for an invoice, at most `each` of every contact. */
export function selectWaitingWork(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  each: number,
): Promise<WorkItemRow[]> {
  return tx.many<WorkItemRow>(
    sql`SELECT ${sql.raw(COLUMNS)} FROM (
          SELECT w.*, row_number() OVER (PARTITION BY w.contact_id ORDER BY w.done_on, w.id) AS place
          FROM work_items w WHERE w.workspace_id = ${tx.workspaceId} AND w.contact_id = ANY(${contactIds}::uuid[])
            AND w.id IN ${TO_INVOICE(tx.workspaceId)}) AS placed
        WHERE place <= ${each} ORDER BY done_on, id`,
  );
}
