import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { AllocationRow } from './allocation.ts';

const COLUMNS =
  'id, payment_id, invoice_id, currency, amount_minor, discount_minor, reverses_id, why, allocated_on, created_at, created_by';

export function insertAllocations(tx: WorkspaceTx, rows: readonly AllocationRow[]): Promise<number> {
  return tx.run({
    name: 'allocations_insert',
    text: `INSERT INTO allocations (workspace_id, ${COLUMNS})
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[],
             $9::text[], $10::date[], $11::timestamptz[], $12::text[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.payment_id),
      rows.map((row) => row.invoice_id),
      rows.map((row) => row.currency),
      rows.map((row) => row.amount_minor),
      rows.map((row) => row.discount_minor),
      rows.map((row) => row.reverses_id),
      rows.map((row) => row.why),
      rows.map((row) => row.allocated_on),
      rows.map((row) => row.created_at),
      rows.map((row) => row.created_by),
    ],
  });
}

/** Allocations of these payments, taken-back ones and their opposites too, oldest first. */
export function readAllocationsOfPayments(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<AllocationRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM allocations WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[]) ORDER BY created_at, id`,
    values: [tx.workspaceId, paymentIds],
  });
}

export function readAllocationsOfInvoice(tx: WorkspaceTx, invoiceId: string): Promise<AllocationRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM allocations WHERE workspace_id = $1 AND invoice_id = $2 ORDER BY created_at, id`,
    values: [tx.workspaceId, invoiceId],
  });
}

export function readAllocation(tx: WorkspaceTx, id: string): Promise<AllocationRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM allocations WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

/** The last day on which something that invoices had been paid was taken back; invoices without any are absent. */
export async function readLastTakenBack(
  tx: WorkspaceTx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, LocalDate>> {
  const rows = await tx.many<{ invoice_id: string; last_on: LocalDate }>({
    name: 'allocations_last_taken_back',
    text: `SELECT invoice_id, max(allocated_on) AS last_on FROM allocations
           WHERE workspace_id = $1 AND invoice_id = ANY($2::uuid[]) AND reverses_id IS NOT NULL GROUP BY invoice_id`,
    values: [tx.workspaceId, invoiceIds],
  });
  return new Map(rows.map((row) => [row.invoice_id, row.last_on]));
}

export interface IntendedRow {
  readonly payment_id: string;
  readonly invoice_id: string;
  readonly amount_minor: bigint;
}

export function insertIntended(tx: WorkspaceTx, rows: readonly IntendedRow[]): Promise<number> {
  return tx.run({
    name: 'intended_insert',
    text: `INSERT INTO intended_allocations (workspace_id, payment_id, invoice_id, amount_minor)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.payment_id),
      rows.map((row) => row.invoice_id),
      rows.map((row) => row.amount_minor),
    ],
  });
}

/** What payments on their way are meant for, and those that failed were meant for, by payment. */
export function readIntendedOfPayments(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<IntendedRow[]> {
  return tx.many({
    name: 'intended_of_payments',
    text: `SELECT payment_id, invoice_id, amount_minor FROM intended_allocations
           WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[]) ORDER BY payment_id, invoice_id`,
    values: [tx.workspaceId, paymentIds],
  });
}

/** Money on its way for these invoices, added up per invoice; invoices without any are absent. */
export async function sumIntended(
  tx: WorkspaceTx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.many<{ invoice_id: string; amount_minor: bigint }>({
    name: 'intended_of_invoices',
    text: `SELECT invoice_id, sum(amount_minor)::bigint AS amount_minor FROM intended_allocations
           WHERE workspace_id = $1 AND invoice_id = ANY($2::uuid[]) AND NOT given_up GROUP BY invoice_id`,
    values: [tx.workspaceId, invoiceIds],
  });
  return new Map(rows.map((row) => [row.invoice_id, row.amount_minor]));
}

/** The payments failed: nothing is on its way any more, and what they were meant for is remembered. */
export function giveUpIntended(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<number> {
  return tx.run({
    name: 'intended_give_up',
    text: `UPDATE intended_allocations SET given_up = true WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, paymentIds],
  });
}

/** What payments were meant for is done. */
export function deleteIntended(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<number> {
  return tx.run({
    name: 'intended_delete',
    text: `DELETE FROM intended_allocations WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, paymentIds],
  });
}
