import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import type { Stretch } from './day-stretches.ts';
import type { FilterConditions } from './payment-filter.ts';
import { paymentColumnsOf } from './store.ts';

/** occurred_us: the moment to the microsecond, as text, for cursors; a Date would cut it to milliseconds. */
export type ListedPayment = PaymentRow & { readonly occurred_us: string };

/** Rows that meet all conditions, newest first, after the cursor's position. */
export function selectPayments(
  tx: WorkspaceTx,
  conditions: FilterConditions,
  position: RawBuilder<unknown> | null,
  countMax: number,
): Promise<ListedPayment[]> {
  const all = position ? [...conditions, position] : conditions;
  return tx.many(sql<ListedPayment>`SELECT ${sql.raw(paymentColumnsOf('p'))},
      to_char(p.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_us
    FROM payments p WHERE p.workspace_id = ${tx.workspaceId}::uuid ${and(all)}
    ORDER BY p.occurred_at DESC, p.id DESC LIMIT ${countMax}`);
}

/**
 * The same as selectPayments(), with the rows found by id first. A range of amounts that few have is then sorted within
 * payments_by_amount, which holds all that is asked, and only the rows of the page are read: 2 ms instead of 20 where
 * twelve thousand of ten million are in the range.
 */
export function selectFoundPayments(
  tx: WorkspaceTx,
  conditions: FilterConditions,
  position: RawBuilder<unknown> | null,
  countMax: number,
): Promise<ListedPayment[]> {
  const all = position ? [...conditions, position] : conditions;
  return tx.many(sql<ListedPayment>`WITH found AS MATERIALIZED (SELECT p.id FROM payments p
      WHERE p.workspace_id = ${tx.workspaceId}::uuid ${and(all)} ORDER BY p.occurred_at DESC, p.id DESC LIMIT ${countMax})
    SELECT ${sql.raw(paymentColumnsOf('p'))},
      to_char(p.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_us
    FROM found CROSS JOIN LATERAL (
      SELECT * FROM payments p WHERE p.workspace_id = ${tx.workspaceId}::uuid AND p.id = found.id LIMIT 1) p
    ORDER BY p.occurred_at DESC, p.id DESC`);
}

/** The same as selectPayments(), read from these stretches only; they do not overlap. */
export function selectPaymentsWithin(
  tx: WorkspaceTx,
  conditions: FilterConditions,
  position: RawBuilder<unknown> | null,
  stretches: readonly Stretch[],
  countMax: number,
): Promise<ListedPayment[]> {
  const [only] = stretches;
  if (only && stretches.length === 1) {
    const within = [sql`p.occurred_at >= ${only.from}::timestamptz`, sql`p.occurred_at < ${only.to}::timestamptz`];
    return selectPayments(tx, [...conditions, ...within], position, countMax);
  }
  const all = position ? [...conditions, position] : conditions;
  return tx.many(sql<ListedPayment>`SELECT ${sql.raw(paymentColumnsOf('p'))},
      to_char(p.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_us
    FROM unnest(${stretches.map((stretch) => stretch.from)}::timestamptz[], ${stretches.map((stretch) => stretch.to)}::timestamptz[])
      AS stretch (from_at, to_at)
    CROSS JOIN LATERAL (
      SELECT * FROM payments p WHERE p.workspace_id = ${tx.workspaceId}::uuid
        AND p.occurred_at >= stretch.from_at AND p.occurred_at < stretch.to_at ${and(all)}
      ORDER BY p.occurred_at DESC, p.id DESC LIMIT ${countMax}) p
    ORDER BY p.occurred_at DESC, p.id DESC LIMIT ${countMax}`);
}

export interface SumRow {
  readonly currency: string;
  readonly count: bigint;
  readonly charged_minor: bigint;
  readonly refunded_minor: bigint;
  readonly disputed_minor: bigint;
}

const SUMS =
  sql.raw(`coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'charge' AND p.status = 'settled'), 0)::bigint AS charged_minor,
  coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'refund' AND p.status = 'settled'), 0)::bigint AS refunded_minor,
  coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost')), 0)::bigint AS disputed_minor`);

/**
 * From the sums per day: some hundred rows for years of payments. Payments that are on their way (sent, no answer yet) are
 * not in them and are added from the few there are, by payments_unresolved.
 */
export function sumDayTotals(tx: WorkspaceTx, conditions: FilterConditions): Promise<SumRow[]> {
  return tx.many(sql<SumRow>`SELECT p.currency, sum(p.count)::bigint AS count, ${SUMS} FROM (
      SELECT p.currency, p.kind, p.status, p.count, p.amount_minor FROM payment_day_totals p
      WHERE p.workspace_id = ${tx.workspaceId}::uuid ${and(conditions)}
      UNION ALL
      SELECT p.currency, p.kind, p.status, 1, p.amount_minor FROM payments p
      WHERE p.workspace_id = ${tx.workspaceId}::uuid AND p.status = 'sent' AND p.resolve_after IS NOT NULL ${and(conditions)}) p
    GROUP BY p.currency HAVING sum(p.count) <> 0 ORDER BY p.currency`);
}

/** From the payments themselves, for filters by contact, amount or need. */
export function sumPayments(tx: WorkspaceTx, conditions: FilterConditions): Promise<SumRow[]> {
  return tx.many(sql<SumRow>`SELECT p.currency, count(*) AS count, ${SUMS}
    FROM payments p WHERE p.workspace_id = ${tx.workspaceId}::uuid ${and(conditions)}
    GROUP BY p.currency ORDER BY p.currency`);
}

/** What is left per currency when the rows that `less` adds up are taken away; currencies without rows go. */
export function subtractSums(all: readonly SumRow[], less: readonly SumRow[]): SumRow[] {
  const taken = new Map(less.map((row) => [row.currency, row]));
  return all
    .map((row) => {
      const away = taken.get(row.currency);
      if (!away) return row;
      return {
        currency: row.currency,
        count: row.count - away.count,
        charged_minor: row.charged_minor - away.charged_minor,
        refunded_minor: row.refunded_minor - away.refunded_minor,
        disputed_minor: row.disputed_minor - away.disputed_minor,
      };
    })
    .filter((row) => row.count > 0n);
}

function and(conditions: FilterConditions): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`AND ${sql.join(conditions, sql` AND `)}`;
}

/** Names of contacts by id, for rows that show them. */
export async function readContactNames(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.many<{ id: string; name: string }>({
    name: 'payments_contact_names',
    text: 'SELECT id, name FROM contacts WHERE workspace_id = $1 AND id = ANY($2::uuid[])',
    values: [tx.workspaceId, contactIds],
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Descriptions lately used for a contact and in the workspace, newest first, each once. */
export async function readRecentDescriptions(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  countMax: number,
): Promise<string[]> {
  const rows = await tx.many<{ description: string }>({
    text: `SELECT description FROM (
             SELECT description, occurred_at FROM (SELECT description, occurred_at FROM payments WHERE workspace_id = $1
               AND contact_id = ANY($2::uuid[]) AND kind = 'charge' AND description <> '' ORDER BY occurred_at DESC, id DESC LIMIT 50) own
             UNION ALL
             SELECT description, occurred_at - interval '10 years' FROM (SELECT description, occurred_at FROM payments WHERE workspace_id = $1
               AND source = 'charge_now' ORDER BY occurred_at DESC, id DESC LIMIT 50) others WHERE description <> '') recent
           GROUP BY description ORDER BY max(occurred_at) DESC LIMIT $3`,
    values: [tx.workspaceId, contactIds, countMax],
  });
  return rows.map((row) => row.description);
}
