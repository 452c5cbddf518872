import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Contact } from './api.ts';
import { checkContact, referenceTaken } from './check-contact.ts';
import { type ContactFieldChanges, changeContactFields, EMPTY_CONTACT, refuseCardNumbers } from './contact.ts';
import { changeCustomValues } from './custom-field.ts';
import { readContact } from './read-contact.ts';
import { termsOf } from './search-terms.ts';
import { insertContacts, insertSearchTerms } from './store.ts';
import { readCustomFields } from './store-custom-fields.ts';
import { insertTags } from './store-tags.ts';

export interface ContactInput extends ContactFieldChanges {
  readonly name: string;
  readonly customChanges?: Readonly<Record<string, string | number | boolean | null>>;
  readonly tags?: readonly string[];
}

/**
 * Adds one contact. Throws invalid_request with the field, card_number_refused, duplicate_name when another contact has
 * the external reference.
 */
export async function createContact(tx: WorkspaceTx, caller: Caller, input: ContactInput): Promise<Contact> {
  const { customChanges = {}, tags = [], ...changes } = input;
  const given = changeContactFields(EMPTY_CONTACT, changes);
  const custom = changeCustomValues(await fieldsFor(tx, customChanges), {}, customChanges);
  const fields = { ...given, custom };
  refuseCardNumbers(Object.fromEntries(tags.map((tag, index) => [`tags.${index}`, tag])));
  const companyName = await checkContact(tx, fields, EMPTY_CONTACT);
  const id = newId();
  const added = await insertContacts(tx, [{ ...fields, id, importId: null, createdAt: caller.now }]);
  if (added.size === 0) throw referenceTaken();
  await insertSearchTerms(tx, [{ contactId: id, terms: termsOf({ ...fields, companyName }) }]);
  if (tags.length > 0)
    await insertTags(
      tx,
      [...new Set(tags)].map((tag) => ({ contactId: id, tag })),
    );
  await recordAudit(tx, caller, { action: 'contact.created', subjectKind: 'contact', subjectId: id });
  return readContact(tx, id);
}

/** Custom fields in use, read only when a value is given. */
export async function fieldsFor(tx: WorkspaceTx, customChanges: Readonly<Record<string, unknown>>) {
  if (Object.keys(customChanges).length === 0) return [];
  return (await readCustomFields(tx)).filter((field) => !field.removed_at);
}
