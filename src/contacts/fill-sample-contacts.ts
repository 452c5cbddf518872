import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { type ContactFieldChanges, changeContactFields, EMPTY_CONTACT } from './contact.ts';
import { sortNameOf, termsOf } from './search-terms.ts';
import { insertContacts, insertSearchTerms } from './store.ts';
import { findCompanies, insertCompanies } from './store-companies.ts';
import { insertSampleNotes } from './store-samples.ts';
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
  const companies = await bringCompanies(tx, contacts, by);
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
    insertSampleNotes(
      tx,
      rows.flatMap((row) => row.notes.map((note) => ({ ...note, id: newId(), contactId: row.id }))),
    ),
  ]);
}

async function bringCompanies(
  tx: WorkspaceTx,
  contacts: readonly SampleContactInput[],
  by: { readonly sampleId: string; readonly now: Date },
): Promise<Map<string, string>> {
  const names = [...new Set(contacts.flatMap((contact) => contact.companyName ?? []))];
  if (names.length === 0) return new Map();
  await insertCompanies(
    tx,
    names.map((name) => ({ id: newId(), name })),
    by.now,
    by.sampleId,
  );
  return findCompanies(tx, names.map(sortNameOf));
}
