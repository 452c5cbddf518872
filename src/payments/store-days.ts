import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { FilterConditions } from './payment-filter.ts';

/** A day with payments of a filter, and how many. */
export interface DayCount {
  readonly day: string;
  readonly count: bigint;
}

const VALUES = sql.raw('kind, status, currency, method_kind, gateway, source');

/**
 * The newest days, up to `dayCountMax` and not after `until`, that hold payments with such values (conditions on the value
 * columns of `p`), from the totals per day. The combinations of values that exist are few, whatever the number of days;
 * they are found by stepping from one to the next along payment_day_totals_by_values, and each has its days in order.
 */
export function readNewestDays(
  tx: WorkspaceTx,
  values: FilterConditions,
  days: { readonly from: string | null; readonly until: string | null },
  dayCountMax: number,
): Promise<DayCount[]> {
  const within = (column: RawBuilder<unknown>) =>
    sql`${days.from === null ? sql`` : sql`AND ${column} >= ${days.from}::date`}
      ${days.until === null ? sql`` : sql`AND ${column} <= ${days.until}::date`}`;
  const suited = values.length === 0 ? sql`true` : sql.join(values, sql` AND `);
  return tx.many(sql<DayCount>`WITH RECURSIVE combination AS (
      (SELECT ${VALUES} FROM payment_day_totals WHERE workspace_id = ${tx.workspaceId}::uuid ORDER BY ${VALUES} LIMIT 1)
      UNION ALL
      SELECT n.* FROM combination c CROSS JOIN LATERAL (
        SELECT ${VALUES} FROM payment_day_totals t WHERE t.workspace_id = ${tx.workspaceId}::uuid
          AND (t.kind, t.status, t.currency, t.method_kind, t.gateway, t.source) > (c.kind, c.status, c.currency, c.method_kind, c.gateway, c.source)
        ORDER BY ${VALUES} LIMIT 1) n)
    SELECT found.day, sum(found.count)::bigint AS count FROM (
      SELECT d.day, d.count FROM combination p CROSS JOIN LATERAL (
        SELECT t.day, sum(t.count) AS count FROM payment_day_totals t
        WHERE t.workspace_id = ${tx.workspaceId}::uuid
          AND t.kind = p.kind AND t.status = p.status AND t.currency = p.currency
          AND t.method_kind = p.method_kind AND t.gateway = p.gateway AND t.source = p.source ${within(sql`t.day`)}
        GROUP BY t.day HAVING sum(t.count) > 0 ORDER BY t.day DESC LIMIT ${dayCountMax}) d
      WHERE ${suited}
      UNION ALL
      SELECT p.day, 1 FROM payments p
      WHERE p.workspace_id = ${tx.workspaceId}::uuid AND p.status = 'sent' AND p.resolve_after IS NOT NULL
        AND ${suited} ${within(sql`p.day`)}) found
    GROUP BY found.day ORDER BY found.day DESC LIMIT ${dayCountMax}`);
}
