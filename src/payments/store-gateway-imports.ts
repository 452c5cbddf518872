import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { BalanceLine } from '../gateways/history.ts';

export interface GatewayImportRow {
  readonly id: string;
  readonly gateway: string;
  readonly account_ref: string;
  readonly status: 'running' | 'done' | 'failed' | 'canceled';
  readonly step: string;
  readonly page_cursor: string | null;
  /** Step → what was seen, written, there already and left out. */
  readonly counts: Readonly<Record<string, StepCounts>>;
  readonly tie_out: TieOut | null;
  readonly failure: string | null;
  readonly started_by: string;
  readonly started_at: Date;
  readonly updated_at: Date;
  readonly finished_at: Date | null;
}

export interface StepCounts {
  readonly seen: number;
  readonly written: number;
  readonly already_there: number;
  /** Reason → how many. */
  readonly left_out: Readonly<Record<string, number>>;
}

/** What the gateway's own ledger and the book say of the same thing. Minor units as JSON numbers. */
export interface TieOutLine {
  readonly kind: string;
  readonly currency: string;
  readonly theirs_minor: number;
  readonly ours_minor: number;
  /** Why they differ, where they do. */
  readonly why: readonly string[];
}
export interface TieOut {
  readonly lines: readonly TieOutLine[];
  readonly equal: boolean;
}

const COLUMNS = `id, gateway, account_ref, status, step, page_cursor, counts, tie_out, failure, started_by, started_at, updated_at,
  finished_at`;

/** Begins an import; false when one of this gateway is running. */
export async function insertGatewayImport(
  tx: WorkspaceTx,
  row: { id: string; gateway: string; accountRef: string; step: string; by: string; at: Date },
): Promise<boolean> {
  const count = await tx.run({
    text: `INSERT INTO gateway_imports (workspace_id, id, gateway, account_ref, status, step, started_by, started_at, updated_at)
           VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    values: [tx.workspaceId, row.id, row.gateway, row.accountRef, row.step, row.by, row.at],
  });
  return count === 1;
}

export function lockGatewayImport(tx: WorkspaceTx, id: string): Promise<GatewayImportRow | null> {
  return tx.maybe({
    name: 'gateway_import_lock',
    text: `SELECT ${COLUMNS} FROM gateway_imports WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export function readGatewayImports(tx: WorkspaceTx, countMax: number): Promise<GatewayImportRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM gateway_imports WHERE workspace_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2`,
    values: [tx.workspaceId, countMax],
  });
}

export function updateGatewayImport(
  tx: WorkspaceTx,
  row: GatewayImportRow,
  claimedUntil: Date | null,
): Promise<number> {
  return tx.run({
    name: 'gateway_import_update',
    text: `UPDATE gateway_imports SET status = $3, step = $4, page_cursor = $5, counts = $6, tie_out = $7, failure = $8, updated_at = $9,
             finished_at = $10, claimed_until = $11 WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.status,
      row.step,
      row.page_cursor,
      JSON.stringify(row.counts),
      row.tie_out && JSON.stringify(row.tie_out),
      row.failure,
      row.updated_at,
      row.finished_at,
      claimedUntil,
    ],
  });
}

/** Takes a running import for this server until a moment; false when another one has it in hand. */
export async function claimGatewayImport(tx: WorkspaceTx, id: string, now: Date, until: Date): Promise<boolean> {
  const count = await tx.run({
    text: `UPDATE gateway_imports SET claimed_until = $4
           WHERE workspace_id = $1 AND id = $2 AND status = 'running' AND (claimed_until IS NULL OR claimed_until <= $3)`,
    values: [tx.workspaceId, id, now, until],
  });
  return count === 1;
}

/** Lets any server go on with an import. */
export function releaseGatewayImport(tx: WorkspaceTx, id: string): Promise<number> {
  return tx.run({
    text: 'UPDATE gateway_imports SET claimed_until = NULL WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, id],
  });
}

/** Imports that are under way; seen through the policy for exactly these rows. */
export function listRunningGatewayImports(tx: Tx): Promise<{ workspace_id: string; id: string }[]> {
  return tx.many({ text: `SELECT workspace_id, id FROM gateway_imports WHERE status = 'running'` });
}

/** Keeps lines of the gateway's own ledger; returns how many were new. */
export function insertBalanceLines(tx: WorkspaceTx, gateway: string, lines: readonly BalanceLine[]): Promise<number> {
  return tx.run({
    name: 'gateway_balance_lines_insert',
    text: `INSERT INTO gateway_balance_lines (workspace_id, gateway, balance_ref, kind, category, source_ref, amount_minor, fee_minor,
             net_minor, currency, created_at)
           SELECT $1::uuid, $2::text, * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
             $10::text[], $11::timestamptz[])
           ON CONFLICT (workspace_id, gateway, balance_ref) DO NOTHING`,
    values: [
      tx.workspaceId,
      gateway,
      lines.map((line) => line.balanceRef),
      lines.map((line) => line.kind),
      lines.map((line) => line.category),
      lines.map((line) => line.sourceRef),
      lines.map((line) => line.amountMinor),
      lines.map((line) => line.feeMinor),
      lines.map((line) => line.netMinor),
      lines.map((line) => line.currency),
      lines.map((line) => line.createdAt),
    ],
  });
}

export interface SideSum {
  readonly kind: string;
  readonly currency: string;
  readonly amount_minor: bigint;
}

/** The gateway's own ledger, added up per kind and currency. Fees of other lines count as fees. */
export function addUpBalanceLines(tx: WorkspaceTx, gateway: string): Promise<SideSum[]> {
  return tx.many({
    text: `SELECT kind, currency, sum(amount)::bigint AS amount_minor FROM (
             SELECT CASE kind WHEN 'dispute_reversal' THEN 'dispute' ELSE kind END AS kind, currency, amount_minor AS amount
             FROM gateway_balance_lines WHERE workspace_id = $1 AND gateway = $2 AND kind <> 'fee'
             UNION ALL
             SELECT 'fee', currency, CASE kind WHEN 'fee' THEN amount_minor ELSE -fee_minor END
             FROM gateway_balance_lines WHERE workspace_id = $1 AND gateway = $2 AND (kind = 'fee' OR fee_minor <> 0)) AS lines
           GROUP BY kind, currency ORDER BY kind, currency`,
    values: [tx.workspaceId, gateway],
  });
}

/**
 * The book's side of the same: what its ledger has on gateway clearing of this gateway's payments and payouts, by what it
 * was. Money in is positive, as the gateway writes it. An exchange stands with what was exchanged, in the currency that
 * the account is settled in.
 */
export function addUpBook(tx: WorkspaceTx, gateway: string): Promise<SideSum[]> {
  return tx.many({
    text: `WITH moved AS (
             SELECT e.source_id, e.booking, t.currency,
               CASE WHEN t.debit_account = 'gateway_fees' OR t.credit_account = 'gateway_fees' THEN 'fee' ELSE 'movement' END AS part,
               CASE WHEN t.debit_account = 'gateway_clearing' THEN t.amount_minor ELSE -t.amount_minor END AS amount
             FROM ledger_entries e
             JOIN ledger_transfers t ON t.workspace_id = $1 AND t.entry_id = e.id
             WHERE e.workspace_id = $1 AND (t.debit_account = 'gateway_clearing' OR t.credit_account = 'gateway_clearing'))
           SELECT kind, currency, sum(amount)::bigint AS amount_minor FROM (
             SELECT CASE m.part WHEN 'fee' THEN 'fee' ELSE p.kind END AS kind, m.currency, m.amount
             FROM moved m JOIN payments p ON p.workspace_id = $1 AND p.id = m.source_id AND p.gateway = $2
             UNION ALL
             SELECT 'payout', m.currency, m.amount
             FROM moved m JOIN gateway_payouts o ON o.workspace_id = $1 AND o.id = m.source_id AND o.gateway = $2) AS both_sides
           GROUP BY kind, currency HAVING sum(amount) <> 0 ORDER BY kind, currency`,
    values: [tx.workspaceId, gateway],
  });
}

/** Lines of the gateway's ledger that nothing in the book stands for, by kind, currency and the gateway's own word. */
export function listUnmatchedLines(
  tx: WorkspaceTx,
  gateway: string,
): Promise<{ kind: string; currency: string; category: string; count: bigint; amount_minor: bigint }[]> {
  return tx.many({
    text: `SELECT l.kind, l.currency, l.category, count(*) AS count, sum(l.amount_minor)::bigint AS amount_minor
           FROM gateway_balance_lines l
           LEFT JOIN payment_settlements s ON s.workspace_id = $1 AND s.balance_ref = l.balance_ref
           LEFT JOIN gateway_payouts o ON o.workspace_id = $1 AND o.gateway = $2 AND o.payout_ref = l.source_ref AND o.booked
           WHERE l.workspace_id = $1 AND l.gateway = $2 AND s.payment_id IS NULL AND o.id IS NULL
             AND l.kind NOT IN ('dispute', 'dispute_reversal')
           GROUP BY l.kind, l.currency, l.category ORDER BY l.kind, l.currency, l.category`,
    values: [tx.workspaceId, gateway],
  });
}
