import { check } from '../foundation/assert.ts';
import { constraintOf, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Contact } from './api.ts';
import { checkContact, referenceTaken } from './check-contact.ts';
import { type ContactFieldChanges, type ContactFields, changeContactFields, changedFields } from './contact.ts';
import { fieldsFor } from './create-contact.ts';
import { changeCustomValues } from './custom-field.ts';
import { readContact } from './read-contact.ts';
import { termsOf } from './search-terms.ts';
import { type ContactRecord, lockContact, readContactRecords, replaceSearchTerms, updateContact } from './store.ts';

export type ContactEdit = ContactFieldChanges & {
  readonly customChanges?: Readonly<Record<string, string | number | boolean | null>>;
};

/**
 * Changes fields of one contact; what is absent stays. Nothing is written when nothing differs. Throws not_found,
 * contact_merged, edit_conflict when `expectedVersion` is not the newest, and what createContact() throws.
 */
export async function editContact(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  edit: ContactEdit,
  expectedVersion: number | null,
): Promise<Contact> {
  const { customChanges = {}, ...changes } = edit;
  await lockForEdit(tx, id, expectedVersion);
  const record = (await readContactRecords(tx, [id])).get(id);
  check(record, 'a locked contact is there');
  const before = fieldsOf(record);
  const custom = changeCustomValues(await fieldsFor(tx, customChanges), before.custom, customChanges);
  const after = { ...changeContactFields(before, changes), custom };
  const changed = changedFields(before, after);
  if (changed.length === 0) return readContact(tx, id);
  const companyName = await checkContact(tx, after, before);
  try {
    await updateContact(tx, id, after, caller.now);
  } catch (error) {
    if (constraintOf(error) === 'contacts_external_ref') throw referenceTaken();
    throw error;
  }
  await replaceSearchTerms(tx, [{ contactId: id, terms: termsOf({ ...after, companyName }) }]);
  await recordAudit(tx, caller, {
    action: 'contact.edited',
    subjectKind: 'contact',
    subjectId: id,
    details: { fields: changed },
  });
  return readContact(tx, id);
}

/** Holds a contact for a change. Throws not_found, contact_merged with the surviving one, edit_conflict. */
export async function lockForEdit(tx: WorkspaceTx, id: string, expectedVersion: number | null = null): Promise<void> {
  const locked = await lockContact(tx, id);
  if (!locked) throw new Failure('not_found');
  if (locked.root_id !== id)
    throw new Failure('contact_merged', 'This contact was merged into another one; change that one.');
  if (expectedVersion !== null && locked.version !== expectedVersion) throw new Failure('edit_conflict');
}

function fieldsOf(record: ContactRecord): ContactFields {
  const {
    name,
    email,
    phone,
    companyId,
    ownerMemberId,
    country,
    billing,
    currency,
    locale,
    timeZone,
    custom,
    externalRef,
  } = record;
  return {
    name,
    email,
    phone,
    companyId,
    ownerMemberId,
    country,
    billing,
    currency,
    locale,
    timeZone,
    custom,
    externalRef,
  };
}
