import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { YearMonth } from './card-expiry.ts';
import type { MethodRow } from './payment-method.ts';
import { methodColumnsOf } from './store-methods.ts';

/** SQL of looking after saved cards: what expires, what was asked and warned. */

export interface NeededCardRow extends MethodRow {
  readonly root_id: string;
  readonly contact_name: string;
  readonly has_failed_charge: boolean;
  readonly charged_at: Date | null;
}

/**
 * Cards that expire in these months and are needed: the default of a contact charged since a moment, or any of a contact
 * with a failed charge that is open. In the order of payment_methods_by_expiry, so that a short list ends early.
 */
export function readNeededCards(
  tx: WorkspaceTx,
  months: { first: YearMonth; last: YearMonth },
  chargedSince: Date,
  countMax: number,
): Promise<NeededCardRow[]> {
  return tx.many({
    text: `SELECT ${methodColumnsOf('m')}, r.id AS root_id, r.name AS contact_name, f.failed AS has_failed_charge, l.charged_at
           FROM payment_methods m
           JOIN contacts c ON c.workspace_id = $1 AND c.id = m.contact_id
           JOIN contacts r ON r.workspace_id = $1 AND r.id = c.root_id
           CROSS JOIN LATERAL (SELECT EXISTS (
             SELECT 1 FROM contacts g JOIN payments p ON p.workspace_id = $1 AND p.contact_id = g.id
             WHERE g.workspace_id = $1 AND g.root_id = r.id AND p.needs_action AND p.kind = 'charge' AND p.status <> 'settled'
           ) AS failed) f
           CROSS JOIN LATERAL (
             SELECT max(p.occurred_at) AS charged_at FROM contacts g JOIN payments p ON p.workspace_id = $1 AND p.contact_id = g.id
             WHERE g.workspace_id = $1 AND g.root_id = r.id AND p.occurred_at >= $6 AND p.kind = 'charge' AND p.status || '' = 'settled'
           ) l
           WHERE m.workspace_id = $1 AND m.removed_at IS NULL AND r.archived_at IS NULL AND r.deleted_at IS NULL
             AND (m.exp_year, m.exp_month) >= ($2::smallint, $3::smallint)
             AND (m.exp_year, m.exp_month) <= ($4::smallint, $5::smallint)
             AND (f.failed OR (m.is_default AND l.charged_at IS NOT NULL))
           ORDER BY m.exp_year, m.exp_month, m.contact_id LIMIT $7`,
    values: [
      tx.workspaceId,
      months.first.year,
      months.first.month,
      months.last.year,
      months.last.month,
      chargedSince,
      countMax,
    ],
  });
}

/** Cards of these expiry months that their gateway was not asked about since a moment. */
export function readUncheckedCards(
  tx: WorkspaceTx,
  months: { first: YearMonth; last: YearMonth },
  checkedBefore: Date,
  countMax: number,
): Promise<{ id: string; gateway: string; gateway_method_ref: string }[]> {
  return tx.many({
    text: `SELECT id, gateway, gateway_method_ref FROM payment_methods
           WHERE workspace_id = $1 AND removed_at IS NULL AND (checked_at IS NULL OR checked_at < $6)
             AND (exp_year, exp_month) >= ($2::smallint, $3::smallint) AND (exp_year, exp_month) <= ($4::smallint, $5::smallint)
           ORDER BY exp_year, exp_month, contact_id LIMIT $7`,
    values: [
      tx.workspaceId,
      months.first.year,
      months.first.month,
      months.last.year,
      months.last.month,
      checkedBefore,
      countMax,
    ],
  });
}

export function setChecked(tx: WorkspaceTx, methodId: string, at: Date): Promise<number> {
  return tx.run({
    text: 'UPDATE payment_methods SET checked_at = $3 WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, methodId, at],
  });
}

export interface ExpiryWarning {
  readonly methodId: string;
  readonly expiry: YearMonth;
  readonly daysAhead: number;
}

/** Keeps warnings that were not given yet; the ids of their cards come back. */
export async function insertExpiryWarnings(
  tx: WorkspaceTx,
  warnings: readonly ExpiryWarning[],
  at: Date,
): Promise<{ payment_method_id: string; days_ahead: number }[]> {
  return tx.many({
    text: `INSERT INTO card_expiry_warnings (workspace_id, payment_method_id, exp_year, exp_month, days_ahead, warned_at)
           SELECT $1::uuid, w.*, $6::timestamptz FROM unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::smallint[]) AS w
           ON CONFLICT (workspace_id, payment_method_id, exp_year, exp_month, days_ahead) DO NOTHING
           RETURNING payment_method_id, days_ahead`,
    values: [
      tx.workspaceId,
      warnings.map((warning) => warning.methodId),
      warnings.map((warning) => warning.expiry.year),
      warnings.map((warning) => warning.expiry.month),
      warnings.map((warning) => warning.daysAhead),
      at,
    ],
  });
}

/** The day until which this workspace's cards have been looked after; null before the first. */
export async function readUpkeepDay(tx: WorkspaceTx): Promise<LocalDate | null> {
  const row = await tx.maybe<{ looked_after_on: LocalDate }>({
    text: 'SELECT looked_after_on FROM card_upkeep WHERE workspace_id = $1',
    values: [tx.workspaceId],
  });
  return row?.looked_after_on ?? null;
}

export function setUpkeepDay(tx: WorkspaceTx, day: LocalDate): Promise<number> {
  return tx.run({
    text: `INSERT INTO card_upkeep (workspace_id, looked_after_on) VALUES ($1, $2)
           ON CONFLICT (workspace_id) DO UPDATE SET looked_after_on = excluded.looked_after_on`,
    values: [tx.workspaceId, day],
  });
}
