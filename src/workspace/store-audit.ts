import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { AuditRow, SealedColumns } from './audit.ts';

/** SQL of `audit_log`, `audit_seals` and `audit_heads`; none is ever changed, only added to. */

export async function insertAuditRows(
  tx: WorkspaceTx,
  rows: readonly (AuditRow & { readonly id: string })[],
): Promise<void> {
  await tx.run({
    name: 'insert_audit_rows',
    text: `INSERT INTO audit_log
        (workspace_id, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, details, ip)
      SELECT $1, * FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::uuid[], $10::jsonb[], $11::text[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.at),
      rows.map((row) => row.actorKind),
      rows.map((row) => row.actorId),
      rows.map((row) => row.actorName),
      rows.map((row) => row.action),
      rows.map((row) => row.subjectKind),
      rows.map((row) => row.subjectId),
      rows.map((row) => JSON.stringify(row.details ?? {})),
      rows.map((row) => row.ip),
    ],
  });
}

export interface LoggedRow {
  readonly id: string;
  readonly at: Date;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly action: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly details: Record<string, unknown>;
  readonly ip: string | null;
  readonly seal_seq: bigint | null;
}

export interface AuditFilter {
  readonly subjectId?: string;
  readonly actorId?: string;
  /** A whole action, or the part before the dot. */
  readonly action?: string;
  readonly before?: { readonly at: Date; readonly id: string };
  readonly limit: number;
}

/** Newest first, with the number of each row's seal once it has one. */
export function listAuditRows(tx: WorkspaceTx, filter: AuditFilter): Promise<LoggedRow[]> {
  const conditions = [sql`a.workspace_id = ${tx.workspaceId}`];
  if (filter.subjectId) conditions.push(sql`a.subject_id = ${filter.subjectId}`);
  if (filter.actorId) conditions.push(sql`a.actor_id = ${filter.actorId}`);
  if (filter.action) conditions.push(sql`(a.action = ${filter.action} OR a.action LIKE ${`${filter.action}.%`})`);
  if (filter.before) conditions.push(sql`(a.at, a.id) < (${filter.before.at}, ${filter.before.id})`);
  return tx.many(sql`
    SELECT a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.subject_kind, a.subject_id, a.details, a.ip,
      s.seq AS seal_seq
    FROM audit_log a LEFT JOIN audit_seals s ON s.workspace_id = ${tx.workspaceId} AND s.audit_id = a.id
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY a.at DESC, a.id DESC LIMIT ${filter.limit}`);
}

/** Every column in the form the chain hashes. */
const SEALED = `a.id, (extract(epoch FROM a.at) * 1000000)::bigint AS at_us, a.actor_kind, a.actor_id, a.actor_name,
  a.action, a.subject_kind, a.subject_id, a.details::text AS details_text, a.ip`;

/** How far the chain reaches. */
export interface AuditHead {
  readonly seq: bigint;
  readonly hash: string;
  /** Of the newest row that is sealed. */
  readonly at: Date;
}

/** The newest head that was kept; it stays where it is when the end of log and seals is cut off. */
export function readHead(tx: WorkspaceTx): Promise<AuditHead | null> {
  return tx.maybe({
    name: 'audit_head',
    text: 'SELECT seq, hash, at FROM audit_heads WHERE workspace_id = $1 ORDER BY seq DESC LIMIT 1',
    values: [tx.workspaceId],
  });
}

export async function insertHead(tx: WorkspaceTx, { seq, hash, at }: AuditHead): Promise<void> {
  await tx.run({
    name: 'insert_audit_head',
    text: 'INSERT INTO audit_heads (workspace_id, seq, hash, at) VALUES ($1, $2, $3, $4)',
    values: [tx.workspaceId, seq.toString(), hash, at],
  });
}

export function readSealHash(tx: WorkspaceTx, seq: bigint): Promise<{ hash: string } | null> {
  return tx.maybe({
    text: 'SELECT hash FROM audit_seals WHERE workspace_id = $1 AND seq = $2',
    values: [tx.workspaceId, seq.toString()],
  });
}

/** For workspaces whose log was sealed before heads were kept. */
export function readNewestSeal(tx: WorkspaceTx): Promise<AuditHead | null> {
  return tx.maybe({
    name: 'newest_seal',
    text: `SELECT s.seq, s.hash, a.at FROM audit_seals s
      JOIN audit_log a ON a.workspace_id = $1 AND a.id = s.audit_id
      WHERE s.workspace_id = $1 ORDER BY s.seq DESC LIMIT 1`,
    values: [tx.workspaceId],
  });
}

/** Rows without a seal from `since` on (null: from the beginning), oldest first. */
export function readUnsealed(tx: WorkspaceTx, since: Date | null, limit: number): Promise<SealedColumns[]> {
  return tx.many({
    name: 'unsealed_rows',
    text: `SELECT ${SEALED} FROM audit_log a
      WHERE a.workspace_id = $1 AND a.at >= $2
        AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.workspace_id = $1 AND s.audit_id = a.id)
      ORDER BY a.at, a.id LIMIT $3`,
    values: [tx.workspaceId, since ?? new Date(0), limit],
  });
}

export async function insertSeals(
  tx: WorkspaceTx,
  seals: readonly { seq: bigint; auditId: string; hash: string }[],
): Promise<void> {
  await tx.run({
    name: 'insert_seals',
    text: `INSERT INTO audit_seals (workspace_id, seq, audit_id, hash)
      SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::text[])`,
    values: [
      tx.workspaceId,
      seals.map((seal) => seal.seq.toString()),
      seals.map((seal) => seal.auditId),
      seals.map((seal) => seal.hash),
    ],
  });
}

export interface ChainLink extends SealedColumns {
  readonly seq: bigint;
  readonly hash: string;
  readonly sealed_id: string;
}

/** Seals in their order with the rows they cover; the row's columns are null when the row is gone. */
export function readChain(tx: WorkspaceTx, afterSeq: bigint, limit: number): Promise<ChainLink[]> {
  return tx.many({
    text: `SELECT s.seq, s.hash, s.audit_id AS sealed_id, ${SEALED} FROM audit_seals s
      LEFT JOIN audit_log a ON a.workspace_id = $1 AND a.id = s.audit_id
      WHERE s.workspace_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3`,
    values: [tx.workspaceId, afterSeq.toString(), limit],
  });
}

/** The newest flip of each switch. */
export function readSwitchChanges(tx: WorkspaceTx): Promise<{ switch: string; at: Date; actor_name: string }[]> {
  return tx.many({
    text: `SELECT DISTINCT ON (details->>'switch') details->>'switch' AS switch, at, actor_name FROM audit_log
      WHERE workspace_id = $1 AND subject_id = $1 AND action = 'switch.changed'
      ORDER BY details->>'switch', at DESC, id DESC`,
    values: [tx.workspaceId],
  });
}
