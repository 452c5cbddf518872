import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { GatewayPayout } from '../gateways/gateway.ts';

export interface PayoutRow {
  readonly id: string;
  readonly gateway: string;
  readonly payout_ref: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly status: GatewayPayout['status'];
  readonly arrives_on: LocalDate | null;
  readonly itemised: boolean | null;
  readonly booked: boolean;
  readonly version: number;
  readonly created_at: Date;
}

const COLUMNS =
  'id, gateway, payout_ref, amount_minor, currency, status, arrives_on, itemised, booked, version, created_at';

export function lockPayout(tx: WorkspaceTx, gateway: string, payoutRef: string): Promise<PayoutRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM gateway_payouts WHERE workspace_id = $1 AND gateway = $2 AND payout_ref = $3 FOR UPDATE`,
    values: [tx.workspaceId, gateway, payoutRef],
  });
}

/** Adds a payout that is not booked yet; null when somebody else added it meanwhile. */
export function insertPayout(
  tx: WorkspaceTx,
  added: { id: string; gateway: string; payout: GatewayPayout; createdAt: Date; now: Date },
): Promise<PayoutRow | null> {
  const { payout } = added;
  return tx.maybe({
    text: `INSERT INTO gateway_payouts (workspace_id, id, gateway, payout_ref, amount_minor, currency, status, arrives_on, itemised,
             created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (workspace_id, gateway, payout_ref) DO NOTHING RETURNING ${COLUMNS}`,
    values: [
      tx.workspaceId,
      added.id,
      added.gateway,
      payout.payoutRef,
      payout.amountMinor,
      payout.currency,
      payout.status,
      payout.arrivesOn,
      payout.itemised,
      added.createdAt,
      added.now,
    ],
  });
}

export function updatePayout(
  tx: WorkspaceTx,
  change: { id: string; payout: GatewayPayout; booked: boolean; version: number; now: Date },
): Promise<number> {
  const { payout } = change;
  return tx.run({
    text: `UPDATE gateway_payouts SET status = $3, arrives_on = $4, itemised = $5, booked = $6, version = $7, updated_at = $8
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      change.id,
      payout.status,
      payout.arrivesOn,
      payout.itemised,
      change.booked,
      change.version,
      change.now,
    ],
  });
}

/** Payouts newest first. */
export function readPayouts(tx: WorkspaceTx, gateway: string, countMax: number): Promise<PayoutRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM gateway_payouts WHERE workspace_id = $1 AND gateway = $2
           ORDER BY created_at DESC, id DESC LIMIT $3`,
    values: [tx.workspaceId, gateway, countMax],
  });
}
