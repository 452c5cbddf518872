import type { WorkspaceTx } from '../foundation/database.ts';
import { readContactForCharge } from './read-contact.ts';
import { readIdsByEmail } from './store-imports.ts';

/** Surviving contacts, neither archived nor deleted, that an address belongs to, whatever its case. */
export async function findContactsByEmail(tx: WorkspaceTx, email: string): Promise<string[]> {
  const found = await readIdsByEmail(tx, [email.trim().toLowerCase()]);
  const surviving = await readContactForCharge(
    tx,
    found.map(({ id }) => id),
  );
  return [...surviving.values()].filter((row) => !row.archived_at && !row.deleted_at).map(({ id }) => id);
}
