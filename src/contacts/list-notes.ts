import { decodeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid } from '../foundation/id.ts';
import type { Note } from './api.ts';
import { noteAnswer } from './note.ts';
import { contactIdsOfRoot, rootOf } from './read-contact.ts';
import { type NoteRow, readNotes } from './store-notes.ts';

/** Where a page of something ordered by time, newest first, goes on. */
export interface TimePosition {
  readonly at: Date;
  readonly id: string;
}

/** Notes of these contacts (one contact and those merged into it), newest first: one strand of the timeline. */
export function listNotes(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  before: TimePosition | null,
  limit: number,
): Promise<NoteRow[]> {
  return readNotes(tx, contactIds, before, limit);
}

/** One page of a contact's notes and of those merged into it, newest first. Throws not_found. */
export async function listNotesOfContact(
  tx: WorkspaceTx,
  contactId: string,
  request: { cursor?: string; limit: number },
): Promise<{ data: Note[]; next_cursor: string | null }> {
  const before = request.cursor === undefined ? null : positionOf(request.cursor);
  const ids = await contactIdsOfRoot(tx, await rootOf(tx, contactId));
  const rows = await readNotes(tx, ids, before, request.limit + 1);
  const page = rows.slice(0, request.limit);
  const last = page.at(-1);
  return {
    data: page.map(noteAnswer),
    next_cursor: rows.length > request.limit && last ? encodeCursor([last.created_at.toISOString(), last.id]) : null,
  };
}

function positionOf(cursor: string): TimePosition {
  const [at, id] = decodeCursor(cursor, 2);
  const moment = new Date(String(at));
  if (typeof id === 'string' && isUuid(id) && !Number.isNaN(moment.getTime())) return { at: moment, id };
  throw new Failure('invalid_request', undefined, {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
