import type { WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Contact } from './api.ts';
import { lockForEdit } from './edit-contact.ts';
import { readContact } from './read-contact.ts';
import { setArchived } from './store.ts';

/** Takes a contact off the lists and from being charged; nothing is lost. Doing it twice is fine. Throws not_found, contact_merged. */
export function archiveContact(tx: WorkspaceTx, caller: Caller, id: string): Promise<Contact> {
  return setArchival(tx, caller, id, caller.now);
}

/** Brings an archived contact back. Doing it twice is fine. Throws not_found, contact_merged. */
export function restoreContact(tx: WorkspaceTx, caller: Caller, id: string): Promise<Contact> {
  return setArchival(tx, caller, id, null);
}

async function setArchival(tx: WorkspaceTx, caller: Caller, id: string, at: Date | null): Promise<Contact> {
  await lockForEdit(tx, id);
  if ((await setArchived(tx, id, at, caller.now)) > 0) {
    const action = at ? 'contact.archived' : 'contact.restored';
    await recordAudit(tx, caller, { action, subjectKind: 'contact', subjectId: id });
  }
  return readContact(tx, id);
}
