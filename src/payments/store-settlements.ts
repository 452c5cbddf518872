import type { WorkspaceTx } from '../foundation/database.ts';
import type { MovementFacts } from '../gateways/gateway.ts';

export interface SettlementRow {
  readonly payment_id: string;
  readonly balance_ref: string | null;
  readonly settlement_currency: string;
  readonly gross_minor: bigint;
  readonly fee_minor: bigint;
  readonly net_minor: bigint;
  readonly exchange_rate: string | null;
  readonly payout_ref: string | null;
  readonly available_at: Date | null;
}

const COLUMNS = `payment_id, balance_ref, settlement_currency, gross_minor, fee_minor, net_minor, exchange_rate, payout_ref,
  available_at`;

/** Writes what gateways reported; what a later report leaves open (the payout) stays as an earlier one said it. */
export function upsertSettlements(
  tx: WorkspaceTx,
  rows: readonly { readonly paymentId: string; readonly facts: MovementFacts }[],
  at: Date,
): Promise<number> {
  return tx.run({
    name: 'payment_settlements_upsert',
    text: `INSERT INTO payment_settlements AS kept (workspace_id, ${COLUMNS}, recorded_at)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[],
             $9::text[], $10::timestamptz[], $11::timestamptz[])
           ON CONFLICT (workspace_id, payment_id) DO UPDATE SET
             balance_ref = coalesce(excluded.balance_ref, kept.balance_ref), settlement_currency = excluded.settlement_currency,
             gross_minor = excluded.gross_minor, fee_minor = excluded.fee_minor, net_minor = excluded.net_minor,
             exchange_rate = coalesce(excluded.exchange_rate, kept.exchange_rate),
             payout_ref = coalesce(excluded.payout_ref, kept.payout_ref),
             available_at = coalesce(excluded.available_at, kept.available_at), recorded_at = excluded.recorded_at`,
    values: [
      tx.workspaceId,
      rows.map(({ paymentId }) => paymentId),
      rows.map(({ facts }) => facts.balanceRef),
      rows.map(({ facts }) => facts.settlementCurrency),
      rows.map(({ facts }) => facts.grossMinor),
      rows.map(({ facts }) => facts.feeMinor),
      rows.map(({ facts }) => facts.netMinor),
      rows.map(({ facts }) => facts.exchangeRate),
      rows.map(({ facts }) => facts.payoutRef),
      rows.map(({ facts }) => facts.availableAt),
      rows.map(() => at),
    ],
  });
}

export function readSettlement(tx: WorkspaceTx, paymentId: string): Promise<SettlementRow | null> {
  return tx.maybe({
    name: 'payment_settlement_read',
    text: `SELECT ${COLUMNS} FROM payment_settlements WHERE workspace_id = $1 AND payment_id = $2`,
    values: [tx.workspaceId, paymentId],
  });
}

/** Ties payments to the payout that they were paid out with, by the gateway's own ledger lines. Returns how many. */
export function tieToPayout(tx: WorkspaceTx, balanceRefs: readonly string[], payoutRef: string): Promise<number> {
  return tx.run({
    text: `UPDATE payment_settlements SET payout_ref = $3
           WHERE workspace_id = $1 AND balance_ref = ANY($2::text[]) AND payout_ref IS DISTINCT FROM $3`,
    values: [tx.workspaceId, balanceRefs, payoutRef],
  });
}

/** The fee on a payment's own row, in its own currency; the caller holds its lock. */
export function updateFees(tx: WorkspaceTx, ids: readonly string[], fees: readonly bigint[]): Promise<number> {
  return tx.run({
    name: 'payments_update_fees',
    text: `UPDATE payments p SET fee_minor = c.fee FROM unnest($2::uuid[], $3::bigint[]) AS c (id, fee)
           WHERE p.workspace_id = $1 AND p.id = c.id AND p.id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, fees],
  });
}
