import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Note } from './api.ts';
import { refuseCardNumbers } from './contact.ts';
import { lockForEdit } from './edit-contact.ts';
import { noteAnswer } from './note.ts';
import { insertNote, lockNote, type NoteRow, updateNote } from './store-notes.ts';

/** Writes a note on a contact. Throws not_found, contact_merged, card_number_refused. */
export async function writeNote(tx: WorkspaceTx, caller: Caller, contactId: string, body: string): Promise<Note> {
  refuseCardNumbers({ body });
  await lockForEdit(tx, contactId);
  const authorId = caller.id === null ? null : toPublicId(caller.kind === 'api_key' ? 'apiKey' : 'member', caller.id);
  const row = await insertNote(tx, {
    id: newId(),
    contactId,
    body,
    authorName: caller.name,
    authorId,
    createdAt: caller.now,
  });
  await record(tx, caller, 'note.written', row);
  return noteAnswer(row);
}

/** Replaces the text of a note. Throws not_found (deleted ones too), edit_conflict, card_number_refused. */
export async function editNote(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  body: string,
  expectedVersion: number | null,
): Promise<Note> {
  refuseCardNumbers({ body });
  const before = await lockNote(tx, id);
  if (!before || before.deleted_at) throw new Failure('not_found');
  if (expectedVersion !== null && before.version !== expectedVersion) throw new Failure('edit_conflict');
  if (before.body === body) return noteAnswer(before);
  return change(tx, caller, 'note.edited', { id, body, editedAt: caller.now, deletedAt: null });
}

/** Takes a note away; restoreNote() brings it back unchanged. Doing it twice is fine. Throws not_found. */
export async function deleteNote(tx: WorkspaceTx, caller: Caller, id: string): Promise<Note> {
  const before = await lockNote(tx, id);
  if (!before) throw new Failure('not_found');
  if (before.deleted_at) return noteAnswer(before);
  return change(tx, caller, 'note.deleted', {
    id,
    body: before.body,
    editedAt: before.edited_at,
    deletedAt: caller.now,
  });
}

/** Brings a deleted note back. Doing it twice is fine. Throws not_found. */
export async function restoreNote(tx: WorkspaceTx, caller: Caller, id: string): Promise<Note> {
  const before = await lockNote(tx, id);
  if (!before) throw new Failure('not_found');
  if (!before.deleted_at) return noteAnswer(before);
  return change(tx, caller, 'note.restored', { id, body: before.body, editedAt: before.edited_at, deletedAt: null });
}

async function change(
  tx: WorkspaceTx,
  caller: Caller,
  action: string,
  note: Parameters<typeof updateNote>[1],
): Promise<Note> {
  const row = await updateNote(tx, note);
  await record(tx, caller, action, row);
  return noteAnswer(row);
}

/** Audited under the contact, where people look for what happened; the log keeps no text of notes. */
function record(tx: WorkspaceTx, caller: Caller, action: string, row: NoteRow): Promise<void> {
  return recordAudit(tx, caller, {
    action,
    subjectKind: 'contact',
    subjectId: row.contact_id,
    details: { note_id: toPublicId('note', row.id) },
  });
}
