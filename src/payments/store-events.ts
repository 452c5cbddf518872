import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { GatewayEvent } from '../gateways/gateway.ts';
import type { PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

export interface WaitingEvent {
  readonly id: string;
  readonly gateway: string;
  readonly about: GatewayEvent['about'];
}

/** Stores a message once; null when it was told before. What it is about is kept beside the body, so that a repair needs no signature. */
export async function insertEvent(
  tx: WorkspaceTx,
  message: { id: string; gateway: string; event: GatewayEvent; rawBody: string; receivedAt: Date },
): Promise<string | null> {
  const { event } = message;
  const row = await tx.maybe<{ id: string }>({
    text: `INSERT INTO gateway_events (workspace_id, id, gateway, event_ref, type, object_ref, body, received_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, gateway, event_ref) DO NOTHING RETURNING id`,
    values: [
      tx.workspaceId,
      message.id,
      message.gateway,
      event.eventRef,
      event.type,
      JSON.stringify(event.about),
      message.rawBody,
      message.receivedAt,
    ],
  });
  return row?.id ?? null;
}

export function finishEvent(
  tx: WorkspaceTx,
  id: string,
  paymentId: string | null,
  result: string,
  at: Date,
): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_events SET processed_at = $3, payment_id = $4, result = $5 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, at, paymentId, result],
  });
}

/** Workspaces with events that nobody has processed; seen through the policy for exactly these rows. */
export async function listWaitingWorkspaces(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: 'SELECT DISTINCT workspace_id FROM gateway_events WHERE processed_at IS NULL',
  });
  return rows.map((row) => row.workspace_id);
}

export async function readWaitingEvents(tx: WorkspaceTx, countMax: number): Promise<WaitingEvent[]> {
  const rows = await tx.many<{ id: string; gateway: string; object_ref: string }>({
    text: `SELECT id, gateway, object_ref FROM gateway_events WHERE workspace_id = $1 AND processed_at IS NULL
           ORDER BY received_at LIMIT $2`,
    values: [tx.workspaceId, countMax],
  });
  return rows.map((row) => ({
    id: row.id,
    gateway: row.gateway,
    about: JSON.parse(row.object_ref) as GatewayEvent['about'],
  }));
}

export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly received_at: Date;
  readonly result: string | null;
}

export function readEventsOf(tx: WorkspaceTx, paymentId: string): Promise<EventRow[]> {
  return tx.many({
    text: `SELECT id, type, received_at, result FROM gateway_events WHERE workspace_id = $1 AND payment_id = $2 ORDER BY received_at, id`,
    values: [tx.workspaceId, paymentId],
  });
}

export function readPaymentByGatewayRef(tx: WorkspaceTx, gateway: string, ref: string): Promise<PaymentRow | null> {
  return tx.maybe({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE workspace_id = $1 AND gateway = $2 AND gateway_ref = $3`,
    values: [tx.workspaceId, gateway, ref],
  });
}
