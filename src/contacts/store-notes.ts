import { sql, type WorkspaceTx } from '../foundation/database.ts';

export interface NoteRow {
  readonly id: string;
  readonly contact_id: string;
  readonly body: string;
  readonly author_name: string;
  /** Public id of the member or API key; null for the program itself. */
  readonly author_id: string | null;
  readonly created_at: Date;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
  readonly version: number;
}

const COLUMNS = 'id, contact_id, body, author_name, author_id, created_at, edited_at, deleted_at, version';

export function insertNote(
  tx: WorkspaceTx,
  note: { id: string; contactId: string; body: string; authorName: string; authorId: string | null; createdAt: Date },
): Promise<NoteRow> {
  return tx.one({
    text: `INSERT INTO contact_notes (workspace_id, id, contact_id, body, author_name, author_id, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
    values: [tx.workspaceId, note.id, note.contactId, note.body, note.authorName, note.authorId, note.createdAt],
  });
}

/** Notes that came with a sample or a file: nobody signed them, which is how they are told from what people wrote. */
export function insertUnsignedNotes(
  tx: WorkspaceTx,
  notes: readonly { id: string; contactId: string; body: string; authorName: string; at: Date }[],
): Promise<number> {
  return tx.run({
    text: `INSERT INTO contact_notes (workspace_id, id, contact_id, body, author_name, author_id, created_at)
           SELECT $1::uuid, n.id, n.contact_id, n.body, n.author_name, NULL, n.at
           FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) AS n (id, contact_id, body, author_name, at)`,
    values: [
      tx.workspaceId,
      notes.map((note) => note.id),
      notes.map((note) => note.contactId),
      notes.map((note) => note.body),
      notes.map((note) => note.authorName),
      notes.map((note) => note.at),
    ],
  });
}

/** A note, deleted ones too, held for a change. */
export function lockNote(tx: WorkspaceTx, id: string): Promise<NoteRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM contact_notes WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export function updateNote(
  tx: WorkspaceTx,
  note: { id: string; body: string; editedAt: Date | null; deletedAt: Date | null },
): Promise<NoteRow> {
  return tx.one({
    text: `UPDATE contact_notes SET body = $3, edited_at = $4, deleted_at = $5, version = version + 1
           WHERE workspace_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    values: [tx.workspaceId, note.id, note.body, note.editedAt, note.deletedAt],
  });
}

/** Notes of these contacts, newest first, from before the position on. */
export function readNotes(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<NoteRow[]> {
  const position = before ? sql`AND (created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)` : sql``;
  return tx.many(sql`SELECT ${sql.raw(COLUMNS)} FROM contact_notes
    WHERE workspace_id = ${tx.workspaceId} AND contact_id = ANY(${contactIds}::uuid[]) AND deleted_at IS NULL ${position}
    ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
}
