import { check } from '../foundation/assert.ts';
import { constraintOf, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Company } from './api.ts';
import { companyAnswer } from './company.ts';
import { refuseCardNumbers } from './contact.ts';
import { sortNameOf, termsOf } from './search-terms.ts';
import { replaceSearchTerms } from './store.ts';
import { insertCompanies, readCompany, readSearchablesOfCompany, updateCompany } from './store-companies.ts';

/** Contacts whose search terms are rewritten per statement when a company is renamed. */
const RENAME_CHUNK = 1_000;

/** Adds a company. Throws duplicate_name when one in use has the name (case and accents apart), card_number_refused. */
export async function createCompany(tx: WorkspaceTx, caller: Caller, input: { name: string }): Promise<Company> {
  refuseCardNumbers({ name: input.name });
  if (sortNameOf(input.name) === '') throw nameNeeded();
  const id = newId();
  const added = await insertCompanies(tx, [{ id, name: input.name }], caller.now, null);
  if (added === 0) throw nameTaken();
  await recordAudit(tx, caller, { action: 'company.created', subjectKind: 'company', subjectId: id });
  return answer(tx, id);
}

/**
 * Renames, archives or brings back a company; its people are found by the new name at once. Throws not_found,
 * edit_conflict when `expectedVersion` is not the newest, duplicate_name, card_number_refused.
 */
export async function editCompany(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: { name?: string; archived?: boolean },
  expectedVersion: number | null,
): Promise<Company> {
  const before = await readCompany(tx, id, 'change');
  if (!before) throw new Failure('not_found');
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const name = changes.name ?? before.name;
  const archived = changes.archived ?? before.archived_at !== null;
  if (name === before.name && archived === (before.archived_at !== null)) return companyAnswer(before);
  refuseCardNumbers({ name });
  if (sortNameOf(name) === '') throw nameNeeded();
  const archivedAt = archived ? (before.archived_at ?? caller.now) : null;
  try {
    await updateCompany(tx, id, name, archivedAt);
  } catch (error) {
    if (constraintOf(error) === 'companies_name') throw nameTaken();
    throw error;
  }
  if (name !== before.name) await rewriteTermsOfPeople(tx, id, name);
  const action =
    archived === (before.archived_at !== null) ? 'company.edited' : archived ? 'company.archived' : 'company.restored';
  await recordAudit(tx, caller, { action, subjectKind: 'company', subjectId: id });
  return answer(tx, id);
}

async function rewriteTermsOfPeople(tx: WorkspaceTx, companyId: string, companyName: string) {
  for (let after: string | null = null; ; ) {
    const people = await readSearchablesOfCompany(tx, companyId, after, RENAME_CHUNK);
    if (people.length === 0) return;
    await replaceSearchTerms(
      tx,
      people.map((person) => ({
        contactId: person.id,
        terms: termsOf({ ...person, externalRef: person.external_ref, companyName }),
      })),
    );
    after = people.at(-1)!.id;
  }
}

async function answer(tx: WorkspaceTx, id: string): Promise<Company> {
  const row = await readCompany(tx, id);
  check(row, 'a company that was just written is there');
  return companyAnswer(row);
}

function nameNeeded(): Failure {
  return new Failure('invalid_request', undefined, { fields: [{ path: 'name', message: 'A name is needed.' }] });
}

function nameTaken(): Failure {
  return new Failure('duplicate_name', 'Another company has this name.', {
    fields: [{ path: 'name', message: 'A name that no other company has (capitals and accents do not count).' }],
  });
}
