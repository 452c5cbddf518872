import type { WorkspaceTx } from '../../foundation/database.ts';
import { jsonRows } from '../../foundation/json-rows.ts';
import type { Movement, MovementStatus } from './movement.ts';

interface MovementRow {
  idempotency_key: string;
  ref: string;
  kind: Movement['kind'];
  parent_ref: string | null;
  method_ref: string | null;
  amount_minor: bigint;
  currency: string;
  status: MovementStatus;
  code: string | null;
  fee_minor: bigint;
  input_hash: string;
  created_at: Date;
  next_status: MovementStatus | null;
  next_at: Date | null;
}

const COLUMNS = `idempotency_key, ref, kind, parent_ref, method_ref, amount_minor, currency, status, code, fee_minor,
  input_hash, created_at, next_status, next_at`;

function movementOf(row: MovementRow): Movement {
  return {
    idempotencyKey: row.idempotency_key,
    ref: row.ref,
    kind: row.kind,
    parentRef: row.parent_ref,
    methodRef: row.method_ref,
    amountMinor: row.amount_minor,
    currency: row.currency,
    status: row.status,
    code: row.code,
    feeMinor: row.fee_minor,
    inputHash: row.input_hash,
    createdAt: row.created_at,
    nextStatus: row.next_status,
    nextAt: row.next_at,
  };
}

export async function readMovementsByKey(tx: WorkspaceTx, keys: readonly string[]): Promise<Map<string, Movement>> {
  const rows = await tx.many<MovementRow>({
    name: 'scripted_movements_by_key',
    text: `SELECT ${COLUMNS} FROM scripted_movements WHERE workspace_id = $1 AND idempotency_key = ANY($2::text[])`,
    values: [tx.workspaceId, keys],
  });
  return new Map(rows.map((row) => [row.idempotency_key, movementOf(row)]));
}

export async function readMovementByRef(tx: WorkspaceTx, ref: string): Promise<Movement | null> {
  const row = await tx.maybe<MovementRow>({
    name: 'scripted_movement_by_ref',
    text: `SELECT ${COLUMNS} FROM scripted_movements WHERE workspace_id = $1 AND ref = $2`,
    values: [tx.workspaceId, ref],
  });
  return row && movementOf(row);
}

/** Refunds that count against a charge at the gateway's own side. */
export async function sumRefunds(tx: WorkspaceTx, chargeRef: string): Promise<bigint> {
  const row = await tx.one<{ sum: bigint }>({
    name: 'scripted_refund_sum',
    text: `SELECT coalesce(sum(amount_minor), 0)::bigint AS sum FROM scripted_movements
           WHERE workspace_id = $1 AND parent_ref = $2 AND kind = 'refund' AND status IN ('settled', 'pending')`,
    values: [tx.workspaceId, chargeRef],
  });
  return row.sum;
}

/** Locks one charge so that two refunds of it are decided one after the other. */
export async function lockMovement(tx: WorkspaceTx, ref: string): Promise<Movement | null> {
  const row = await tx.maybe<MovementRow>({
    name: 'scripted_movement_lock',
    text: `SELECT ${COLUMNS} FROM scripted_movements WHERE workspace_id = $1 AND ref = $2 FOR UPDATE`,
    values: [tx.workspaceId, ref],
  });
  return row && movementOf(row);
}

/** Adds movements that are not there yet; returns the keys that were new. */
export async function insertMovements(tx: WorkspaceTx, movements: readonly Movement[]): Promise<Set<string>> {
  const rows = await tx.many<{ idempotency_key: string }>({
    name: 'scripted_insert_movements',
    text: `INSERT INTO scripted_movements (workspace_id, ${COLUMNS})
           SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
             $9::text[], $10::text[], $11::bigint[], $12::text[], $13::timestamptz[], $14::text[], $15::timestamptz[])
           ON CONFLICT (workspace_id, idempotency_key) DO NOTHING RETURNING idempotency_key`,
    values: [
      tx.workspaceId,
      movements.map((movement) => movement.idempotencyKey),
      movements.map((movement) => movement.ref),
      movements.map((movement) => movement.kind),
      movements.map((movement) => movement.parentRef),
      movements.map((movement) => movement.methodRef),
      movements.map((movement) => movement.amountMinor),
      movements.map((movement) => movement.currency),
      movements.map((movement) => movement.status),
      movements.map((movement) => movement.code),
      movements.map((movement) => movement.feeMinor),
      movements.map((movement) => movement.inputHash),
      movements.map((movement) => movement.createdAt),
      movements.map((movement) => movement.nextStatus),
      movements.map((movement) => movement.nextAt),
    ],
  });
  return new Set(rows.map((row) => row.idempotency_key));
}

/** What a charge becomes at once, and nothing after that. */
export interface PlainStep {
  readonly status: MovementStatus;
  readonly code: string | null;
}

/**
 * Takes charges in one call as long as nothing stands in the way: a scripted fault that waits, a method that is detached or
 * has no plain step, a key that is known. Returns what became of those that were taken; the others are decided under locks.
 */
export async function takePlainCharges(
  tx: WorkspaceTx,
  movements: readonly Omit<Movement, 'status' | 'code'>[],
  steps: Readonly<Record<string, PlainStep>>,
): Promise<Map<string, PlainStep>> {
  const rows = await tx.many<{ taken_key: string; taken_status: MovementStatus; taken_code: string | null }>({
    name: 'scripted_take_charges',
    text: 'SELECT taken_key, taken_status, taken_code FROM scripted_take_charges($1, $2, $3, $4)',
    values: [
      tx.workspaceId,
      movements.map(({ methodRef }) => methodRef),
      jsonRows(
        movements.map((movement) => ({
          idempotency_key: movement.idempotencyKey,
          ref: movement.ref,
          method_ref: movement.methodRef,
          amount_minor: movement.amountMinor,
          currency: movement.currency,
          fee_minor: movement.feeMinor,
          input_hash: movement.inputHash,
          created_at: movement.createdAt,
        })),
      ),
      JSON.stringify(steps),
    ],
  });
  return new Map(rows.map((row) => [row.taken_key, { status: row.taken_status, code: row.taken_code }]));
}

export function updateMovement(
  tx: WorkspaceTx,
  ref: string,
  change: Pick<Movement, 'status' | 'code' | 'nextStatus' | 'nextAt'>,
): Promise<number> {
  return tx.run({
    name: 'scripted_update_movement',
    text: `UPDATE scripted_movements SET status = $3, code = $4, next_status = $5, next_at = $6
           WHERE workspace_id = $1 AND ref = $2`,
    values: [tx.workspaceId, ref, change.status, change.code, change.nextStatus, change.nextAt],
  });
}

/** Movements whose time has come, locked; a second server passes over them. */
export async function lockDueMovements(tx: WorkspaceTx, now: Date, countMax: number): Promise<Movement[]> {
  const rows = await tx.many<MovementRow>({
    text: `SELECT ${COLUMNS} FROM scripted_movements WHERE workspace_id = $1 AND next_at <= $2
           ORDER BY next_at, ref LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [tx.workspaceId, now, countMax],
  });
  return rows.map(movementOf);
}

export interface ScriptedMethodRow {
  readonly ref: string;
  readonly customer_ref: string;
  readonly test_method: string;
  readonly created_at: Date;
  readonly detached_at: Date | null;
}

export async function readMethods(tx: WorkspaceTx, refs: readonly string[]): Promise<Map<string, ScriptedMethodRow>> {
  const rows = await tx.many<ScriptedMethodRow>({
    name: 'scripted_methods',
    text: `SELECT ref, customer_ref, test_method, created_at, detached_at FROM scripted_methods
           WHERE workspace_id = $1 AND ref = ANY($2::text[])`,
    values: [tx.workspaceId, refs],
  });
  return new Map(rows.map((row) => [row.ref, row]));
}

export function insertMethod(
  tx: WorkspaceTx,
  method: { ref: string; customerRef: string; testMethod: string; at: Date },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO scripted_methods (workspace_id, ref, customer_ref, test_method, created_at) VALUES ($1, $2, $3, $4, $5)`,
    values: [tx.workspaceId, method.ref, method.customerRef, method.testMethod, method.at],
  });
}

export function detachMethod(tx: WorkspaceTx, ref: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE scripted_methods SET detached_at = $3 WHERE workspace_id = $1 AND ref = $2 AND detached_at IS NULL`,
    values: [tx.workspaceId, ref, at],
  });
}

export interface FormRow {
  readonly ref: string;
  readonly customer_ref: string;
  readonly status: 'open' | 'completed' | 'refused' | 'expired';
  readonly method_ref: string | null;
  readonly secret_hash: string;
}

export function insertForm(
  tx: WorkspaceTx,
  form: { ref: string; secretHash: string; customerRef: string; at: Date },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO scripted_forms (workspace_id, ref, secret_hash, customer_ref, status, created_at) VALUES ($1, $2, $3, $4, 'open', $5)`,
    values: [tx.workspaceId, form.ref, form.secretHash, form.customerRef, form.at],
  });
}

export function readForm(tx: WorkspaceTx, ref: string): Promise<FormRow | null> {
  return tx.maybe({
    text: `SELECT ref, customer_ref, status, method_ref, secret_hash FROM scripted_forms WHERE workspace_id = $1 AND ref = $2 FOR UPDATE`,
    values: [tx.workspaceId, ref],
  });
}

export function closeForm(
  tx: WorkspaceTx,
  ref: string,
  status: 'completed' | 'refused',
  methodRef: string | null,
): Promise<number> {
  return tx.run({
    text: `UPDATE scripted_forms SET status = $3, method_ref = $4 WHERE workspace_id = $1 AND ref = $2 AND status = 'open'`,
    values: [tx.workspaceId, ref, status, methodRef],
  });
}

export interface FaultRow {
  readonly id: string;
  readonly operation: string;
  readonly fault: string;
  readonly remaining: number;
}

/** Faults waiting for the next calls, locked so that each is used as often as it says. */
export function lockFaults(tx: WorkspaceTx): Promise<FaultRow[]> {
  return tx.many({
    name: 'scripted_faults',
    text: `SELECT id, operation, fault, remaining FROM scripted_faults WHERE workspace_id = $1 AND remaining > 0
           ORDER BY created_at, id FOR UPDATE`,
    values: [tx.workspaceId],
  });
}

export function spendFaults(tx: WorkspaceTx, ids: readonly string[], counts: readonly number[]): Promise<number> {
  return tx.run({
    text: `UPDATE scripted_faults f SET remaining = f.remaining - used.count
           FROM unnest($2::uuid[], $3::int[]) AS used (id, count) WHERE f.workspace_id = $1 AND f.id = used.id`,
    values: [tx.workspaceId, ids, counts],
  });
}

export function insertFault(
  tx: WorkspaceTx,
  fault: { id: string; operation: string; fault: string; count: number; at: Date },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO scripted_faults (workspace_id, id, operation, fault, remaining, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [tx.workspaceId, fault.id, fault.operation, fault.fault, fault.count, fault.at],
  });
}
