import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { splitContactSums } from '../ledger/move-contact-sums.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Merge } from './api.ts';
import { mergeAnswer } from './merge-contacts.ts';
import { contactIdsOfRoot, rootOf } from './read-contact.ts';
import { endMerge, lockContactsForMerge, readMerge, readMergesInto, setRoot } from './store-roots.ts';

/**
 * Undoes one merge, in whatever order merges are undone. Merges that hold are the edges of a forest (each contact is
 * merged into one other at most): taking one away parts the merged contact, with everybody still merged into it, from
 * the surviving contact, wherever that has gone since. Money that came meanwhile stays with the contact it came for.
 *
 * Throws not_found, merge_conflict when it was undone already.
 */
export async function unmergeContacts(tx: WorkspaceTx, caller: Caller, mergeId: string): Promise<Merge> {
  const merge = await readMerge(tx, mergeId);
  if (!merge) throw new Failure('not_found');
  const { rootId, groupIds } = await lockGroupOf(tx, merge.merged_id);
  if ((await endMerge(tx, mergeId, caller.now, caller.name)) === 0) {
    throw new Failure('merge_conflict', 'This merge was undone already.');
  }
  const holding = (await readMergesInto(tx, groupIds)).filter((each) => each.unmerged_at === null);
  const partedIds = standingUnder(merge.merged_id, holding);
  await setRoot(tx, partedIds, merge.merged_id);
  await splitContactSums(tx, rootId, merge.merged_id, partedIds);
  await recordAudit(tx, caller, {
    action: 'contact.unmerged',
    subjectKind: 'contact',
    subjectId: rootId,
    details: { merged_contact_id: toPublicId('contact', merge.merged_id), merge_id: toPublicId('merge', mergeId) },
  });
  const after = await readMerge(tx, mergeId);
  check(after, 'a merge that was just undone is there');
  return mergeAnswer(after);
}

/** `contactId` and everybody merged into it, directly or through others, by the merges that hold. Pure. */
export function standingUnder(contactId: string, holding: readonly { kept_id: string; merged_id: string }[]): string[] {
  const under = [contactId];
  for (const id of under) {
    for (const merge of holding) if (merge.kept_id === id) under.push(merge.merged_id);
  }
  return under.sort();
}

/** Times that the surviving contact is looked for anew when it changes while its lock is awaited. */
const LOCK_ATTEMPTS_MAX = 5;

/** Holds everybody who stands together with `contactId`, alone. */
async function lockGroupOf(tx: WorkspaceTx, contactId: string): Promise<{ rootId: string; groupIds: string[] }> {
  for (let attempt = 0; attempt < LOCK_ATTEMPTS_MAX; attempt += 1) {
    const rootId = await rootOf(tx, contactId);
    const locked = await lockContactsForMerge(tx, [rootId, contactId]);
    if (locked.every((row) => row.root_id === rootId)) {
      const groupIds = await contactIdsOfRoot(tx, rootId);
      await lockContactsForMerge(tx, groupIds);
      return { rootId, groupIds };
    }
  }
  throw new Failure('merge_conflict', 'These contacts are being merged by somebody else; try again.');
}
