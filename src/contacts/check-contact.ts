import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type ContactFields, refuseCardNumbersInContact } from './contact.ts';
import { sortNameOf } from './search-terms.ts';
import { memberExists } from './store.ts';
import { readCompany } from './store-companies.ts';

/**
 * Refuses what must not be kept: no name, card numbers, a company or an owner that is not there. Only references that
 * differ from `before` are looked up, so that a contact of a member who left can still be edited. Returns the company's
 * name for the search terms.
 */
export async function checkContact(
  tx: WorkspaceTx,
  fields: ContactFields,
  before: ContactFields,
): Promise<string | null> {
  if (sortNameOf(fields.name) === '') throw refused('name', 'A name is needed.');
  refuseCardNumbersInContact(fields);
  if (
    fields.ownerMemberId &&
    fields.ownerMemberId !== before.ownerMemberId &&
    !(await memberExists(tx, fields.ownerMemberId))
  ) {
    throw refused('owner_id', 'The owner must be a member of this workspace.');
  }
  if (!fields.companyId) return null;
  const company = await readCompany(tx, fields.companyId, 'share');
  const chosenNow = fields.companyId !== before.companyId;
  if (!company || (chosenNow && company.archived_at))
    throw refused('company_id', 'The company must be one of this workspace, not archived.');
  return company.name;
}

export function referenceTaken(): Failure {
  return new Failure('duplicate_name', 'Another contact has this reference.', {
    fields: [{ path: 'external_ref', message: 'A reference that no other contact has.' }],
  });
}

function refused(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}
