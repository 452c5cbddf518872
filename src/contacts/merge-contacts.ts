import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { mergeContactSums } from '../ledger/move-contact-sums.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Merge } from './api.ts';
import { contactIdsOfRoot, rootOf } from './read-contact.ts';
import { insertMerge, lockContactsForMerge, type MergeRow, readMerge, readMergesInto, setRoot } from './store-roots.ts';

/**
 * Makes one contact stand for two. Nothing is copied: the merged contact and those merged into it before get the kept
 * one as their root, and the kept sums of their money are added to its own. Cards, payments, notes and tags keep their
 * own contact and are read for the whole group, which is what makes parting exact.
 *
 * Throws not_found, merge_conflict (with itself, or one that is merged already), contact_merged, contact_archived.
 */
export async function mergeContacts(tx: WorkspaceTx, caller: Caller, keptId: string, mergedId: string): Promise<Merge> {
  if (keptId === mergedId) throw refused('A contact cannot be merged with itself.');
  const locked = new Map((await lockContactsForMerge(tx, [keptId, mergedId])).map((row) => [row.id, row]));
  const kept = locked.get(keptId);
  const merged = locked.get(mergedId);
  if (!kept || kept.deleted_at) throw new Failure('not_found');
  if (!merged || merged.deleted_at) throw refused('The contact to merge does not exist.');
  if (kept.root_id !== keptId)
    throw new Failure('contact_merged', 'This contact was merged into another one; merge into that one.');
  if (merged.root_id !== mergedId) throw refused('The contact to merge was merged into another one already.');
  if (kept.archived_at) throw new Failure('contact_archived');

  const movedIds = await contactIdsOfRoot(tx, mergedId);
  // Money is posted under a share lock on the payment's own contact, so everybody whose root changes is held, not the roots alone.
  await lockContactsForMerge(tx, movedIds);
  await setRoot(tx, movedIds, keptId);
  await mergeContactSums(tx, keptId, mergedId);
  const id = newId();
  await insertMerge(tx, { id, keptId, mergedId, movedIds, mergedAt: caller.now, mergedBy: caller.name });
  await recordAudit(tx, caller, {
    action: 'contact.merged',
    subjectKind: 'contact',
    subjectId: keptId,
    details: { merged_contact_id: toPublicId('contact', mergedId), merge_id: toPublicId('merge', id) },
  });
  const row = await readMerge(tx, id);
  check(row, 'a merge that was just written is there');
  return mergeAnswer(row);
}

/** Merges among a contact and those merged into it, undone ones too, newest first. Throws not_found. */
export async function listMerges(tx: WorkspaceTx, contactId: string): Promise<Merge[]> {
  const ids = await contactIdsOfRoot(tx, await rootOf(tx, contactId));
  return (await readMergesInto(tx, ids)).map(mergeAnswer);
}

/** A merge as the API shows it. */
export function mergeAnswer(row: MergeRow): Merge {
  return {
    id: toPublicId('merge', row.id),
    kept: { id: toPublicId('contact', row.kept_id), name: row.kept_name },
    merged: { id: toPublicId('contact', row.merged_id), name: row.merged_name },
    merged_at: row.merged_at.toISOString(),
    merged_by: row.merged_by,
    unmerged_at: row.unmerged_at?.toISOString() ?? null,
    unmerged_by: row.unmerged_by,
  };
}

function refused(message: string): Failure {
  return new Failure('merge_conflict', message, { fields: [{ path: 'merged_contact_id', message }] });
}
