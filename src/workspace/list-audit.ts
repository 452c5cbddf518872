import { decodeTimeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { anyFromPublicId } from '../foundation/id.ts';
import { type LoggedRow, listAuditRows } from './store-audit.ts';

export interface AuditQuery {
  /** Public id of what it happened to. */
  readonly subject?: string;
  /** Public id of who did it. */
  readonly actor?: string;
  readonly action?: string;
  readonly cursor?: string;
  readonly limit: number;
}

/** One page of the audit log, newest first. */
export async function listAudit(
  database: Database,
  workspaceId: string,
  query: AuditQuery,
): Promise<{ rows: LoggedRow[]; nextCursor: string | null }> {
  const rows = await database.inWorkspace(workspaceId, (tx) =>
    listAuditRows(tx, {
      subjectId: uuidOf(query.subject, 'subject'),
      actorId: uuidOf(query.actor, 'actor'),
      action: query.action,
      before: query.cursor === undefined ? undefined : positionOf(query.cursor),
      limit: query.limit + 1,
    }),
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { rows: page, nextCursor: more ? encodeCursor([last.at.toISOString(), last.id]) : null };
}

function positionOf(cursor: string): { at: Date; id: string } {
  const { at, id } = decodeTimeCursor(cursor);
  return { at: new Date(at), id };
}

function uuidOf(publicId: string | undefined, path: string): string | undefined {
  if (publicId === undefined) return undefined;
  const known = anyFromPublicId(publicId);
  if (known) return known.uuid;
  throw new Failure('invalid_request', undefined, { fields: [{ path, message: 'This id does not exist.' }] });
}
