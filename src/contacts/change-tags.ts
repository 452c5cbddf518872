import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type Contact, TAGS_MAX } from './api.ts';
import { refuseCardNumbers } from './contact.ts';
import { lockForEdit } from './edit-contact.ts';
import { contactIdsOfRoot, readContact } from './read-contact.ts';
import { touchContact } from './store.ts';
import { deleteTag, insertTags, readTags } from './store-tags.ts';

/** Puts a tag (lower case) on a contact; there already is fine. Throws not_found, contact_merged, invalid_request. */
export async function addTag(tx: WorkspaceTx, caller: Caller, id: string, tag: string): Promise<Contact> {
  refuseCardNumbers({ tag });
  await lockForEdit(tx, id);
  const tags = (await readTags(tx, [id])).get(id) ?? [];
  if (tags.includes(tag)) return readContact(tx, id);
  if (tags.length >= TAGS_MAX) {
    throw new Failure('invalid_request', undefined, {
      fields: [{ path: 'tag', message: `At most ${TAGS_MAX} tags.` }],
    });
  }
  await insertTags(tx, [{ contactId: id, tag }]);
  await afterChange(tx, caller, id, 'contact.tag_added', tag);
  return readContact(tx, id);
}

/** Takes a tag off a contact and off those merged into it; not there is fine. Throws not_found, contact_merged. */
export async function removeTag(tx: WorkspaceTx, caller: Caller, id: string, tag: string): Promise<Contact> {
  await lockForEdit(tx, id);
  const removed = await deleteTag(tx, await contactIdsOfRoot(tx, id), tag);
  if (removed > 0) await afterChange(tx, caller, id, 'contact.tag_removed', tag);
  return readContact(tx, id);
}

async function afterChange(tx: WorkspaceTx, caller: Caller, id: string, action: string, tag: string) {
  await touchContact(tx, id, caller.now);
  await recordAudit(tx, caller, { action, subjectKind: 'contact', subjectId: id, details: { tag } });
}
