import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { DUPLICATE_REASONS, type Duplicate } from './api.ts';
import { phoneDigits, sortNameOf } from './search-terms.ts';
import { readContactRecords } from './store.ts';
import { findLookalikes } from './store-duplicates.ts';

/** Telephone numbers shorter than this are switchboards and placeholders. */
const PHONE_DIGITS_MIN = 7;

/**
 * Contacts that may be the same person: same e-mail address, same telephone number, or same name (case and accents
 * apart); the most alike first. A merged or deleted contact has none. Throws not_found.
 */
export async function findDuplicates(tx: WorkspaceTx, contactId: string): Promise<Duplicate[]> {
  const contact = (await readContactRecords(tx, [contactId])).get(contactId);
  if (!contact) throw new Failure('not_found');
  if (contact.rootId !== contact.id) return [];
  const digits = phoneDigits(contact.phone ?? '');
  const found = await findLookalikes(tx, {
    email: contact.email?.toLowerCase() ?? null,
    phoneDigits: digits.length >= PHONE_DIGITS_MIN ? digits : null,
    sortName: sortNameOf(contact.name),
  });
  const reasons = new Map<string, Set<Duplicate['reasons'][number]>>();
  for (const row of found) {
    // What a merged contact shares with this one, its surviving contact shares.
    if (row.root_id === contact.id) continue;
    if (row.reason === 'phone' && phoneDigits(row.phone ?? '') !== digits) continue;
    reasons.set(row.root_id, (reasons.get(row.root_id) ?? new Set()).add(row.reason));
  }
  const records = await readContactRecords(tx, [...reasons.keys()]);
  return [...records.values()]
    .map((record) => ({
      id: toPublicId('contact', record.id),
      name: record.name,
      email: record.email,
      phone: record.phone,
      company: record.companyId
        ? { id: toPublicId('company', record.companyId), name: record.companyName ?? '' }
        : null,
      created_at: record.createdAt.toISOString(),
      archived_at: record.archivedAt?.toISOString() ?? null,
      reasons: DUPLICATE_REASONS.filter((reason) => reasons.get(record.id)!.has(reason)),
    }))
    .sort((a, b) => b.reasons.length - a.reasons.length || (a.created_at < b.created_at ? -1 : 1));
}
