import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { GatewayEvent } from '../gateways/gateway.ts';
import type { PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/** How a message came: told to us, found in the gateway's list, or a note of our own to ask again. */
export type FoundBy = 'message' | 'sweep' | 'reminder';

export interface NewEvent {
  readonly id: string;
  readonly gateway: string;
  readonly event: GatewayEvent;
  /** Byte for byte as it came; empty for what was not sent. */
  readonly rawBody: string;
  readonly receivedAt: Date;
  /** Since the gateway says it happened; null where it does not say. */
  readonly delayMs: number | null;
  readonly foundBy: FoundBy;
  /** Not to be worked on before this; null: at once. */
  readonly tryAfter: Date | null;
}

export interface WaitingEvent {
  readonly id: string;
  readonly gateway: string;
  readonly type: string;
  readonly about: GatewayEvent['about'];
  readonly foundBy: FoundBy;
  /** How often it was begun, this time included. */
  readonly attempts: number;
}

/** What is written beside a message that is about nothing of ours: it is done with as soon as it is stored. */
const NOTHING_TO_DO = 'nothing to do';

/**
 * Stores messages once by the gateway's own ids; returns those of ours that are new. What a message is about is kept
 * beside the body, so that a repair needs no signature.
 */
export async function insertEvents(tx: WorkspaceTx, events: readonly NewEvent[]): Promise<Set<string>> {
  const rows = await tx.many<{ id: string }>({
    name: 'gateway_events_insert',
    text: `INSERT INTO gateway_events (workspace_id, id, gateway, event_ref, type, object_ref, body, received_at, created_at, delay_ms,
             found_by, try_after, processed_at, result)
           SELECT $1::uuid, * FROM json_to_recordset($2::json) AS _ (id uuid, gateway text, event_ref text, type text, object_ref text,
             body text, received_at timestamptz, created_at timestamptz, delay_ms bigint, found_by text, try_after timestamptz,
             processed_at timestamptz, result text)
           ON CONFLICT (workspace_id, gateway, event_ref) DO NOTHING RETURNING id`,
    values: [tx.workspaceId, JSON.stringify(events.map(rowOfEvent))],
  });
  return new Set(rows.map((row) => row.id));
}

function rowOfEvent({ id, gateway, event, rawBody, receivedAt, delayMs, foundBy, tryAfter }: NewEvent) {
  const done = event.about.kind === 'other';
  return {
    id,
    gateway,
    event_ref: event.eventRef,
    type: event.type,
    object_ref: JSON.stringify(event.about),
    body: rawBody,
    received_at: receivedAt,
    created_at: event.createdAt,
    delay_ms: delayMs,
    found_by: foundBy,
    try_after: tryAfter,
    processed_at: done ? receivedAt : null,
    result: done ? NOTHING_TO_DO : null,
  };
}

export function finishEvents(
  tx: WorkspaceTx,
  ids: readonly string[],
  paymentId: string | null,
  result: string,
  at: Date,
): Promise<number> {
  return tx.run({
    name: 'gateway_events_finish',
    text: `UPDATE gateway_events SET processed_at = $3, payment_id = $4, result = $5 WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, at, paymentId, result],
  });
}

/** Leaves messages for later. */
export function putOffEvents(tx: WorkspaceTx, ids: readonly string[], tryAfter: Date, result: string): Promise<number> {
  return tx.run({
    text: `UPDATE gateway_events SET try_after = $3, result = $4
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND processed_at IS NULL`,
    values: [tx.workspaceId, ids, tryAfter, result],
  });
}

/** Workspaces with events that nobody has processed; seen through the policy for exactly these rows. */
export async function listWaitingWorkspaces(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: 'SELECT DISTINCT workspace_id FROM gateway_events WHERE processed_at IS NULL',
  });
  return rows.map((row) => row.workspace_id);
}

/** Takes messages that wait, oldest first, and keeps other servers off them until a moment. */
export async function claimEvents(
  tx: WorkspaceTx,
  now: Date,
  claimedUntil: Date,
  countMax: number,
): Promise<WaitingEvent[]> {
  const rows = await tx.many<{
    id: string;
    gateway: string;
    type: string;
    object_ref: string;
    found_by: FoundBy;
    attempts: number;
  }>({
    name: 'gateway_events_claim',
    text: `UPDATE gateway_events SET try_after = $3, attempts = attempts + 1
           WHERE workspace_id = $1 AND processed_at IS NULL AND id = ANY(ARRAY(
             SELECT id FROM gateway_events WHERE workspace_id = $1 AND processed_at IS NULL AND (try_after IS NULL OR try_after <= $2)
             ORDER BY received_at LIMIT $4 FOR UPDATE SKIP LOCKED))
           RETURNING id, gateway, type, object_ref, found_by, attempts`,
    values: [tx.workspaceId, now, claimedUntil, countMax],
  });
  return rows.map((row) => ({
    id: row.id,
    gateway: row.gateway,
    type: row.type,
    about: JSON.parse(row.object_ref) as GatewayEvent['about'],
    foundBy: row.found_by,
    attempts: row.attempts,
  }));
}

export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly received_at: Date;
  readonly result: string | null;
}

/** What a gateway told about a payment; notes of our own are left out. */
export function readEventsOf(tx: WorkspaceTx, paymentId: string): Promise<EventRow[]> {
  return tx.many({
    text: `SELECT id, type, received_at, result FROM gateway_events
           WHERE workspace_id = $1 AND payment_id = $2 AND found_by <> 'reminder' ORDER BY received_at, id`,
    values: [tx.workspaceId, paymentId],
  });
}

/** The gateway is a filter only: the list by gateway would read every payment of the workspace (docs/decisions/0015). */
export function readPaymentByGatewayRef(tx: WorkspaceTx, gateway: string, ref: string): Promise<PaymentRow | null> {
  return tx.maybe({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments WHERE workspace_id = $1 AND gateway || '' = $2 AND gateway_ref = $3`,
    values: [tx.workspaceId, gateway, ref],
  });
}

export type RefusalReason = 'not_believed' | 'unreadable' | 'repeated';

/** Counts messages that changed nothing. */
export function addRefusals(
  tx: WorkspaceTx,
  refusals: readonly { gateway: string; day: string; reason: RefusalReason; count: bigint; lastAt: Date }[],
): Promise<number> {
  return tx.run({
    name: 'gateway_event_refusals_add',
    text: `INSERT INTO gateway_event_refusals AS kept (workspace_id, gateway, day, reason, count, last_at)
           SELECT $1::uuid, * FROM unnest($2::text[], $3::date[], $4::text[], $5::bigint[], $6::timestamptz[])
           ON CONFLICT (workspace_id, gateway, day, reason) DO UPDATE SET count = kept.count + excluded.count,
             last_at = greatest(kept.last_at, excluded.last_at)`,
    values: [
      tx.workspaceId,
      refusals.map(({ gateway }) => gateway),
      refusals.map(({ day }) => day),
      refusals.map(({ reason }) => reason),
      refusals.map(({ count }) => count),
      refusals.map(({ lastAt }) => lastAt),
    ],
  });
}

/** Messages that changed nothing since a day, by reason. */
export function readRefusals(
  tx: WorkspaceTx,
  gateway: string,
  sinceDay: string,
): Promise<{ reason: RefusalReason; count: bigint; last_at: Date }[]> {
  return tx.many({
    text: `SELECT reason, sum(count)::bigint AS count, max(last_at) AS last_at FROM gateway_event_refusals
           WHERE workspace_id = $1 AND gateway = $2 AND day >= $3 GROUP BY reason ORDER BY reason`,
    values: [tx.workspaceId, gateway, sinceDay],
  });
}

export interface LastEventRow {
  readonly type: string;
  readonly received_at: Date;
  readonly delay_ms: bigint | null;
}

/** The last message that a gateway sent us itself. */
export function readLastEvent(tx: WorkspaceTx, gateway: string): Promise<LastEventRow | null> {
  return tx.maybe({
    text: `SELECT type, received_at, delay_ms FROM gateway_events
           WHERE workspace_id = $1 AND gateway = $2 AND found_by = 'message' ORDER BY received_at DESC, id DESC LIMIT 1`,
    values: [tx.workspaceId, gateway],
  });
}

/** Messages of a gateway since a moment: how many came, how many a sweep had to find, how many wait. */
export function countEvents(
  tx: WorkspaceTx,
  gateway: string,
  since: Date,
): Promise<{ received: bigint; found_by_sweep: bigint; waiting: bigint }> {
  return tx.one({
    text: `SELECT count(*) FILTER (WHERE found_by = 'message') AS received, count(*) FILTER (WHERE found_by = 'sweep') AS found_by_sweep,
             count(*) FILTER (WHERE processed_at IS NULL AND found_by <> 'reminder') AS waiting
           FROM gateway_events WHERE workspace_id = $1 AND gateway = $2 AND received_at >= $3`,
    values: [tx.workspaceId, gateway, since],
  });
}

/** The form that a gateway speaks of, by its own name for it. */
export async function readCardFormId(tx: WorkspaceTx, gateway: string, formRef: string): Promise<string | null> {
  const row = await tx.maybe<{ id: string }>({
    text: 'SELECT id FROM card_forms WHERE workspace_id = $1 AND gateway = $2 AND gateway_form_ref = $3',
    values: [tx.workspaceId, gateway, formRef],
  });
  return row?.id ?? null;
}
