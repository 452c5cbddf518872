import type { z } from 'zod';
import type { WorkspaceTx } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import type { documentLink } from './api.ts';
import type { About } from './message.ts';
import { listDocumentLinkRows } from './store-links.ts';

/** Links of a document, the newest first. Their addresses are known to nobody but who holds them. */
export async function listDocumentLinks(tx: WorkspaceTx, about: About): Promise<z.infer<typeof documentLink>[]> {
  return (await listDocumentLinkRows(tx, about)).map((row) => ({
    id: toPublicId('documentLink', row.id),
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    opened_at: row.opened_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }));
}
