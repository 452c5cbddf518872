import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { SeriesKind } from './number-series.ts';

export interface SeriesRow {
  readonly id: string;
  readonly kind: SeriesKind;
  readonly name: string;
  readonly pattern: string;
  readonly restarts_yearly: boolean;
  readonly is_default: boolean;
  readonly closed_at: Date | null;
}

export function readSeries(tx: WorkspaceTx): Promise<SeriesRow[]> {
  return tx.many({
    name: 'number_series_read',
    text: `SELECT id, kind, name, pattern, restarts_yearly, is_default, closed_at FROM number_series
           WHERE workspace_id = $1 ORDER BY kind, is_default DESC, name`,
    values: [tx.workspaceId],
  });
}

/** Adds a series; a second default of a kind made at the same moment is left out (the caller reads back). */
export function insertSeries(tx: WorkspaceTx, row: Omit<SeriesRow, 'closed_at'>, at: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO number_series (workspace_id, id, kind, name, pattern, restarts_yearly, is_default, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    values: [tx.workspaceId, row.id, row.kind, row.name, row.pattern, row.restarts_yearly, row.is_default, at],
  });
}

export function updateSeries(tx: WorkspaceTx, row: SeriesRow): Promise<number> {
  return tx.run({
    text: `UPDATE number_series SET name = $3, pattern = $4, is_default = $5, closed_at = $6 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, row.id, row.name, row.pattern, row.is_default, row.closed_at],
  });
}

/**
 * Takes `count` numbers of a series in a year and holds them until the end of the transaction: the first of them. A
 * transaction that fails gives them back, so there is never a gap. The date must not lie before the last one given out.
 */
export async function takeNumbers(
  tx: WorkspaceTx,
  take: { seriesId: string; year: number; count: number; issuedOn: LocalDate },
): Promise<bigint> {
  const row = await tx.one<{ next_number: bigint }>({
    name: 'number_series_take',
    text: `INSERT INTO number_series_years AS kept (workspace_id, series_id, year, next_number, last_issued_on)
           VALUES ($1, $2, $3, 1 + $4::bigint, $5::date)
           ON CONFLICT (workspace_id, series_id, year) DO UPDATE SET next_number = kept.next_number + excluded.next_number - 1,
             last_issued_on = CASE WHEN kept.last_issued_on > excluded.last_issued_on THEN kept.last_issued_on
               ELSE excluded.last_issued_on END
           RETURNING next_number`,
    values: [tx.workspaceId, take.seriesId, take.year, take.count, take.issuedOn],
  });
  return row.next_number - BigInt(take.count);
}

/**
 * As takeNumbers(), unless a document of the series has a later date than this: then nothing is taken, the series is held
 * all the same, and null comes back.
 */
export async function takeNumbersInOrder(
  tx: WorkspaceTx,
  take: { seriesId: string; year: number; count: number; issuedOn: LocalDate },
): Promise<bigint | null> {
  const row = await tx.maybe<{ next_number: bigint }>({
    name: 'number_series_take_in_order',
    text: `INSERT INTO number_series_years AS kept (workspace_id, series_id, year, next_number, last_issued_on)
           VALUES ($1, $2, $3, 1 + $4::bigint, $5::date)
           ON CONFLICT (workspace_id, series_id, year) DO UPDATE SET next_number = kept.next_number + excluded.next_number - 1,
             last_issued_on = excluded.last_issued_on
           WHERE kept.last_issued_on IS NULL OR kept.last_issued_on <= excluded.last_issued_on
           RETURNING next_number`,
    values: [tx.workspaceId, take.seriesId, take.year, take.count, take.issuedOn],
  });
  return row && row.next_number - BigInt(take.count);
}

/** The date of the newest document of a series in a year; null when it has none. */
export async function readLastIssuedOn(tx: WorkspaceTx, seriesId: string, year: number): Promise<LocalDate | null> {
  const row = await tx.maybe<{ last_issued_on: LocalDate | null }>({
    name: 'number_series_last',
    text: `SELECT last_issued_on FROM number_series_years WHERE workspace_id = $1 AND series_id = $2 AND year = $3 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, seriesId, year],
  });
  return row?.last_issued_on ?? null;
}

/** What each series gives out next, per year it has been used in. */
export function readNextNumbers(tx: WorkspaceTx): Promise<{ series_id: string; year: number; next_number: bigint }[]> {
  return tx.many({
    text: `SELECT series_id, year, next_number FROM number_series_years WHERE workspace_id = $1`,
    values: [tx.workspaceId],
  });
}

export function takeDefaultFromSeries(tx: WorkspaceTx, kind: SeriesKind): Promise<number> {
  return tx.run({
    text: `UPDATE number_series SET is_default = false WHERE workspace_id = $1 AND kind = $2 AND is_default`,
    values: [tx.workspaceId, kind],
  });
}
