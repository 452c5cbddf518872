import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { type ContactFieldChanges, changeContactFields, EMPTY_CONTACT } from './contact.ts';
import { createCompanies } from './create-companies.ts';
import { sortNameOf, termsOf } from './search-terms.ts';
import { insertContacts, insertSearchTerms } from './store.ts';
import { insertUnsignedNotes } from './store-notes.ts';
import { insertTags } from './store-tags.ts';

/** An invented contact with its own past; `id` is given by the caller, who hangs cards and payments on it. */
export interface SampleContactInput extends ContactFieldChanges {
  readonly id: string;
  readonly name: string;
  readonly companyName: string | null;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly notes: readonly { readonly at: Date; readonly body: string; readonly authorName: string }[];
}

/**
 * Adds invented contacts under the sample's id, each with the date it came on, its notes and its company (one that is
 * there already is used). A fixed number of statements for any number of contacts.
 */
export async function fillSampleContacts(
  tx: WorkspaceTx,
  contacts: readonly SampleContactInput[],
  by: { readonly sampleId: string; readonly now: Date },
): Promise<void> {
  if (contacts.length === 0) return;
  const { ids: companies } = await createCompanies(
    tx,
    contacts.flatMap((contact) => contact.companyName ?? []),
    { importId: by.sampleId, now: by.now },
  );
  const rows = contacts.map(({ companyName, tags, createdAt, notes, id, ...changes }) => ({
    ...changeContactFields(EMPTY_CONTACT, changes),
    companyId: companyName === null ? null : (companies.get(sortNameOf(companyName)) ?? null),
    companyName,
    id,
    importId: by.sampleId,
    createdAt,
    tags,
    notes,
  }));
  // First, because everything else refers to them.
  await insertContacts(tx, rows);
  await Promise.all([
    insertSearchTerms(
      tx,
      rows.map((row) => ({ contactId: row.id, terms: termsOf(row) })),
    ),
    insertTags(
      tx,
      rows.flatMap((row) => row.tags.map((tag) => ({ contactId: row.id, tag }))),
    ),
    insertUnsignedNotes(
      tx,
      rows.flatMap((row) => row.notes.map((note) => ({ ...note, id: newId(), contactId: row.id }))),
    ),
  ]);
}
