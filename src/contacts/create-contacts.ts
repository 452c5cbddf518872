import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { type ContactFieldChanges, changeContactFields, EMPTY_CONTACT } from './contact.ts';
import { createCompanies } from './create-companies.ts';
import { sortNameOf, termsOf } from './search-terms.ts';
import { deleteSearchTerms, insertContacts, insertSearchTerms } from './store.ts';
import { leaveCompanies } from './store-companies.ts';
import { lockContactsOfImport, readIdsByEmail, readIdsByRef, softDeleteContacts } from './store-imports.ts';
import { insertUnsignedNotes } from './store-notes.ts';
import { deleteTagsOf, insertTags } from './store-tags.ts';

/** A contact of a file, already checked: texts within their lengths, codes known, no card numbers. */
export interface ImportedContact extends ContactFieldChanges {
  readonly name: string;
  /** Its number where it comes from; the same number is never made twice. */
  readonly externalRef: string;
  readonly tags: readonly string[];
  /** The company it belongs to: found by this name, or made. */
  readonly companyName: string | null;
  /** Kept as a note that nobody signed; empty for none. */
  readonly note: string;
}

/**
 * Adds thousands of contacts with a fixed number of statements, and the companies they belong to. Those whose reference
 * another contact has are left as they are. Returns how many contacts and companies were added.
 */
export async function createContacts(
  tx: WorkspaceTx,
  contacts: readonly ImportedContact[],
  by: { readonly importId: string; readonly now: Date; readonly authorName: string },
): Promise<{ contacts: number; companies: number }> {
  if (contacts.length === 0) return { contacts: 0, companies: 0 };
  const companies = await createCompanies(
    tx,
    contacts.flatMap((contact) => contact.companyName ?? []),
    by,
  );
  const rows = contacts.map(({ tags, note, companyName, ...changes }) => ({
    ...changeContactFields(EMPTY_CONTACT, changes),
    companyId: companyName === null ? null : (companies.ids.get(sortNameOf(companyName)) ?? null),
    companyName,
    id: newId(),
    importId: by.importId,
    createdAt: by.now,
    tags,
    note,
  }));
  const added = await insertContacts(tx, rows);
  const made = rows.filter((row) => added.has(row.id));
  if (made.length === 0) return { contacts: 0, companies: companies.made };
  const tags = made.flatMap((row) => row.tags.map((tag) => ({ contactId: row.id, tag })));
  const notes = made
    .filter((row) => row.note !== '')
    .map((row) => ({ id: newId(), contactId: row.id, body: row.note, authorName: by.authorName, at: by.now }));
  await Promise.all([
    insertSearchTerms(
      tx,
      made.map((row) => ({ contactId: row.id, terms: termsOf(row) })),
    ),
    tags.length > 0 ? insertTags(tx, tags) : undefined,
    notes.length > 0 ? insertUnsignedNotes(tx, notes) : undefined,
  ]);
  return { contacts: made.length, companies: companies.made };
}

/**
 * Which of these are contacts already: by their reference, or by the e-mail address where that is all the reference
 * there is. Reference → contact id.
 */
export async function findImportedContacts(
  tx: WorkspaceTx,
  contacts: readonly { readonly ref: string; readonly email: string | null }[],
): Promise<Map<string, string>> {
  const byRef = await readIdsByRef(
    tx,
    contacts.map((contact) => contact.ref),
  );
  const found = new Map(byRef.map((row) => [row.external_ref, row.id]));
  const emails = contacts.filter(({ ref, email }) => ref === email && !found.has(ref)).map((contact) => contact.ref);
  if (emails.length > 0) {
    for (const { email, id } of await readIdsByEmail(tx, emails)) if (!found.has(email)) found.set(email, id);
  }
  return found;
}

/**
 * Soft-deletes the next `limit` contacts of an import, for undoing it. Those that somebody changed, noted something on,
 * merged, or that `inUseOf` names are kept and counted.
 */
export async function undoImportedContacts(
  tx: WorkspaceTx,
  page: { readonly importId: string; readonly afterId: string; readonly limit: number; readonly now: Date },
  inUseOf: (contactIds: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<{ deleted: number; kept: number; nextAfterId: string | null }> {
  const rows = await lockContactsOfImport(tx, page.importId, page.afterId, page.limit);
  const inUse = await inUseOf(rows.map((row) => row.id));
  const ids = rows.filter((row) => row.untouched && !inUse.has(row.id)).map((row) => row.id);
  if (ids.length > 0) {
    await Promise.all([
      softDeleteContacts(tx, ids, page.now),
      deleteSearchTerms(tx, ids),
      deleteTagsOf(tx, ids),
      leaveCompanies(tx, ids),
    ]);
  }
  return {
    deleted: ids.length,
    kept: rows.length - ids.length,
    nextAfterId: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null),
  };
}
