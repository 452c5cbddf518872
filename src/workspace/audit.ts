import { createHash } from 'node:crypto';
import { maskCardNumbers } from '../foundation/card-number.ts';
import { type IdKind, isUuid } from '../foundation/id.ts';
import type { Caller } from './caller.ts';

/** Values of an audit row's details: plain JSON, snake_case names, money in minor units as numbers. */
export type AuditDetail =
  | string
  | number
  | boolean
  | null
  | readonly AuditDetail[]
  | { readonly [name: string]: AuditDetail };
export type AuditDetails = Readonly<Record<string, AuditDetail>>;

/** What happened, as the room that did it tells it. */
export interface AuditEvent {
  /** noun.verb in the past: `switch.changed`, `contact.archived`, `charge.confirmed`. */
  readonly action: string;
  readonly subjectKind: IdKind | null;
  readonly subjectId: string | null;
  readonly details?: AuditDetails;
}

/** An event with who, when and from where: one row of the audit log. */
export interface AuditRow extends AuditEvent {
  readonly at: Date;
  readonly actorKind: 'member' | 'api_key' | 'system' | 'gateway';
  readonly actorId: string | null;
  readonly actorName: string;
  readonly ip: string | null;
}

/** A row of the log under the names of its columns. */
export type AuditRecord = Readonly<Record<string, unknown>>;

/** The row for something that `caller` does, at the workspace's own now. */
export function auditRow(caller: Caller, event: AuditEvent): AuditRow {
  return {
    ...event,
    at: caller.now,
    actorKind: caller.kind,
    actorId: caller.id,
    actorName: caller.name,
    ip: caller.ip,
  };
}

/** Details with card numbers masked in every text: the log is kept for ever and read by many. */
export function maskDetails(detail: AuditDetail): AuditDetail {
  if (typeof detail === 'string') return isUuid(detail) ? detail : maskCardNumbers(detail);
  if (detail === null || typeof detail !== 'object') return detail;
  if (Array.isArray(detail)) return detail.map(maskDetails);
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, maskDetails(value)]));
}

/** A row as the chain sees it: every column, in texts that the database gives the same way each time. */
export interface SealedColumns {
  readonly id: string;
  /** Microseconds since 1970, so that no change of `at` is too small to show. */
  readonly at_us: bigint;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly action: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  /** The jsonb as text: PostgreSQL keeps its keys in one order. */
  readonly details_text: string;
  readonly ip: string | null;
}

/** What the first seal of a workspace stands on. */
export const FIRST_HASH = '0'.repeat(64);

/** Hash of a link: of the one before and of every column of the row. */
export function linkHash(previousHash: string, row: SealedColumns): string {
  const columns = [
    row.id,
    row.at_us.toString(),
    row.actor_kind,
    row.actor_id,
    row.actor_name,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.details_text,
    row.ip,
  ];
  return createHash('sha256').update(previousHash).update('\n').update(JSON.stringify(columns)).digest('hex');
}
