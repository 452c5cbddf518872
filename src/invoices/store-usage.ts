import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';

export interface UsageRow {
  readonly id: string;
  readonly recurring_id: string;
  readonly usage_key: string;
  readonly on_date: LocalDate;
  /** Which meter counted, and how much: a decimal as it was told. */
  readonly line: { readonly meter: string; readonly quantity: string };
  readonly invoice_id: string | null;
  readonly created_at: Date;
}

const COLUMNS = 'id, recurring_id, usage_key, on_date, line, invoice_id, created_at';

/** Adds usage; 0 when its key was told before. */
export function insertUsage(tx: WorkspaceTx, row: UsageRow): Promise<number> {
  return tx.run({
    name: 'usage_insert',
    text: `INSERT INTO usage_lines (workspace_id, id, recurring_id, usage_key, on_date, line, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.recurring_id,
      row.usage_key,
      row.on_date,
      JSON.stringify(row.line),
      row.created_at,
    ],
  });
}

export function readUsageByKey(tx: WorkspaceTx, recurringId: string, key: string): Promise<UsageRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM usage_lines WHERE workspace_id = $1 AND recurring_id = $2 AND usage_key = $3`,
    values: [tx.workspaceId, recurringId, key],
  });
}

/** What is not billed yet of these schedules, in order of date. */
export function readWaitingUsage(tx: WorkspaceTx, recurringIds: readonly string[]): Promise<UsageRow[]> {
  return tx.many({
    name: 'usage_waiting',
    text: `SELECT ${COLUMNS} FROM usage_lines WHERE workspace_id = $1 AND recurring_id = ANY($2::uuid[]) AND invoice_id IS NULL
           ORDER BY recurring_id, on_date, created_at, id`,
    values: [tx.workspaceId, recurringIds],
  });
}

/** Says which invoice bills which usage. */
export function markUsageBilled(
  tx: WorkspaceTx,
  rows: readonly { readonly id: string; readonly invoiceId: string }[],
): Promise<number> {
  return tx.run({
    name: 'usage_billed',
    text: `UPDATE usage_lines u SET invoice_id = n.invoice_id FROM unnest($2::uuid[], $3::uuid[]) AS n (id, invoice_id)
           WHERE u.workspace_id = $1 AND u.id = n.id AND u.id = ANY($2::uuid[]) AND u.invoice_id IS NULL`,
    values: [tx.workspaceId, rows.map((row) => row.id), rows.map((row) => row.invoiceId)],
  });
}

/** The draft that billed usage is thrown away: the usage waits for the next one. */
export function freeUsage(tx: WorkspaceTx, invoiceId: string): Promise<number> {
  return tx.run({
    text: `UPDATE usage_lines SET invoice_id = NULL WHERE workspace_id = $1 AND invoice_id = $2`,
    values: [tx.workspaceId, invoiceId],
  });
}
