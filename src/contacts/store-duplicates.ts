import type { WorkspaceTx } from '../foundation/database.ts';

export interface Lookalike {
  readonly root_id: string;
  readonly phone: string | null;
  readonly reason: 'email' | 'phone' | 'name';
}

/** Lookalikes read per reason: a page of them is already a matter for a clean-up, not for one contact. */
const LOOKALIKES_MAX = 50;

/**
 * Contacts that share an e-mail address, a telephone number or a name with somebody; each reason has an index. A number
 * is found by its search term, so rows with reason phone must still be compared digit by digit.
 */
export function findLookalikes(
  tx: WorkspaceTx,
  like: { email: string | null; phoneDigits: string | null; sortName: string },
): Promise<Lookalike[]> {
  return tx.many({
    text: `(SELECT c.root_id, c.phone, 'email' AS reason FROM contacts c
             WHERE c.workspace_id = $1 AND c.email IS NOT NULL AND lower(c.email) = $2 AND c.deleted_at IS NULL LIMIT ${LOOKALIKES_MAX})
           UNION ALL
           (SELECT c.root_id, c.phone, 'phone' FROM contact_search_terms t
             JOIN contacts c ON c.workspace_id = $1 AND c.id = t.contact_id
             WHERE t.workspace_id = $1 AND t.term = $3 AND c.deleted_at IS NULL LIMIT ${LOOKALIKES_MAX})
           UNION ALL
           (SELECT c.root_id, c.phone, 'name' FROM contacts c
             WHERE c.workspace_id = $1 AND c.sort_name = $4 AND c.archived_at IS NULL AND c.deleted_at IS NULL
               AND c.root_id = c.id LIMIT ${LOOKALIKES_MAX})`,
    values: [tx.workspaceId, like.email, like.phoneDigits, like.sortName],
  });
}
