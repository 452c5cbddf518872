import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { CardLink } from './api.ts';
import { shapeCardLink } from './make-card-link.ts';
import { readCardLink, readCardLinksOf, setRevoked } from './store.ts';

/** Older links than these are nobody's concern any more. */
const LINKS_LISTED_MAX = 50;

/** Links of a contact and of those merged into it, the newest first. Throws not_found. */
export async function listCardLinks(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<CardLink[]> {
  const contactIds = await contactIdsOfRoot(tx, await rootOf(tx, contactId));
  return (await readCardLinksOf(tx, contactIds, LINKS_LISTED_MAX)).map((row) => shapeCardLink(row, caller.now));
}

/** Ends a link and the visit that it may have open. Doing it twice changes nothing. Throws not_found. */
export async function revokeCardLink(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const row = await readCardLink(tx, id);
  if (!row) throw new Failure('not_found');
  if ((await setRevoked(tx, id, caller.name, caller.now)) === 0) return;
  await recordAudit(tx, caller, {
    action: 'card_link.revoked',
    subjectKind: 'contact',
    subjectId: row.contact_id,
    details: { card_link_id: toPublicId('cardLink', id) },
  });
}
