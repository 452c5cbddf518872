import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow, PaymentStatus } from './attempt.ts';

/**
 * Sums per day and kind of payment, so that totals of ten million rows are read from some hundred. One bucket is several
 * rows: each server process adds to the slot it drew at start, and readers add the slots up.
 */
export interface TotalsDelta {
  readonly day: string;
  readonly kind: string;
  readonly status: PaymentStatus;
  readonly currency: string;
  readonly methodKind: string;
  readonly gateway: string;
  readonly source: string;
  readonly count: bigint;
  readonly amountMinor: bigint;
}

export const TOTALS_SLOTS = 16;

type Counted = Pick<PaymentRow, 'day' | 'kind' | 'currency' | 'method_kind' | 'gateway' | 'source' | 'amount_minor'>;

/** The delta of one payment entering (+1) or leaving (−1) a status. */
export function totalsDelta(row: Counted, status: PaymentStatus, sign: 1n | -1n): TotalsDelta {
  return {
    day: row.day,
    kind: row.kind,
    status,
    currency: row.currency,
    methodKind: row.method_kind,
    gateway: row.gateway,
    source: row.source,
    count: sign,
    amountMinor: sign * row.amount_minor,
  };
}

/** Merged and in key order, so that two transactions lock the buckets in one order. */
export function mergeTotals(deltas: readonly TotalsDelta[]): TotalsDelta[] {
  const merged = new Map<string, TotalsDelta>();
  for (const delta of deltas) {
    const key = [
      delta.day,
      delta.kind,
      delta.status,
      delta.currency,
      delta.methodKind,
      delta.gateway,
      delta.source,
    ].join('|');
    const before = merged.get(key);
    merged.set(
      key,
      before
        ? { ...delta, count: before.count + delta.count, amountMinor: before.amountMinor + delta.amountMinor }
        : delta,
    );
  }
  return [...merged]
    .filter(([, delta]) => delta.count !== 0n || delta.amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, delta]) => delta);
}

/** A delta under the names of its columns. */
export interface TotalsRow extends Omit<TotalsDelta, 'methodKind' | 'amountMinor'> {
  readonly method_kind: string;
  readonly amount_minor: bigint;
}

/** What mergeTotals gives, for whoever writes it with other rows. */
export function totalsRows(deltas: readonly TotalsDelta[]): TotalsRow[] {
  return mergeTotals(deltas).map(({ methodKind, amountMinor, ...rest }) => ({
    ...rest,
    method_kind: methodKind,
    amount_minor: amountMinor,
  }));
}

/** Adds deltas. */
export async function addToDayTotals(tx: WorkspaceTx, deltas: readonly TotalsDelta[], slot: number): Promise<void> {
  const rows = mergeTotals(deltas);
  if (rows.length === 0) return;
  await tx.run({
    name: 'payment_day_totals_add',
    text: `INSERT INTO payment_day_totals AS kept (workspace_id, slot, day, kind, status, currency, method_kind, gateway, source, count, amount_minor)
           SELECT $1::uuid, $2::smallint, * FROM unnest($3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[])
           ON CONFLICT (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot) DO UPDATE SET
             count = kept.count + excluded.count, amount_minor = kept.amount_minor + excluded.amount_minor`,
    values: [
      tx.workspaceId,
      slot,
      rows.map((row) => row.day),
      rows.map((row) => row.kind),
      rows.map((row) => row.status),
      rows.map((row) => row.currency),
      rows.map((row) => row.methodKind),
      rows.map((row) => row.gateway),
      rows.map((row) => row.source),
      rows.map((row) => row.count),
      rows.map((row) => row.amountMinor),
    ],
  });
}
