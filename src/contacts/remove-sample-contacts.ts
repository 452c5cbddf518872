import type { WorkspaceTx } from '../foundation/database.ts';
import { deleteSearchTerms } from './store.ts';
import { leaveCompanies } from './store-companies.ts';
import { softDeleteContacts } from './store-imports.ts';
import { deleteEmptySampleCompanies, lockSampleContacts, readSampleContactIds } from './store-samples.ts';
import { deleteTagsOf } from './store-tags.ts';

/** Ids of the sample's contacts that are not deleted. */
export function listSampleContactIds(tx: WorkspaceTx, sampleId: string): Promise<string[]> {
  return readSampleContactIds(tx, sampleId);
}

/**
 * Soft-deletes the sample's contacts and removes its companies. Kept are those that somebody wrote a note on, that
 * `inUseOf` names (money of one's own), and those merged with one that is kept or that is not of the sample.
 */
export async function removeSampleContacts(
  tx: WorkspaceTx,
  sampleId: string,
  now: Date,
  inUseOf: (contactIds: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<{ deletedIds: string[]; keptIds: string[] }> {
  const rows = await lockSampleContacts(tx, sampleId);
  const inUse = await inUseOf(rows.map((row) => row.id));
  // Merged contacts stand together: the whole group stays, or goes.
  const keptRoots = new Set(
    rows.filter((row) => !row.is_sample || row.is_noted || inUse.has(row.id)).map((row) => row.root_id),
  );
  const ofSample = rows.filter((row) => row.is_sample);
  const deletedIds = ofSample.filter((row) => !keptRoots.has(row.root_id)).map((row) => row.id);
  const keptIds = ofSample.filter((row) => keptRoots.has(row.root_id)).map((row) => row.id);
  if (deletedIds.length > 0) {
    await Promise.all([
      softDeleteContacts(tx, deletedIds, now),
      deleteSearchTerms(tx, deletedIds),
      deleteTagsOf(tx, deletedIds),
      leaveCompanies(tx, deletedIds),
    ]);
  }
  await deleteEmptySampleCompanies(tx, sampleId);
  return { deletedIds, keptIds };
}
