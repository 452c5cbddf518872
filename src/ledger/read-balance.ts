import type { WorkspaceTx } from '../foundation/database.ts';
import type { ContactSums } from './accounts.ts';
import type { Entry } from './entry.ts';
import { sumsOf } from './move-contact-sums.ts';
import { entriesOf, readContactSums, readTransfersOfSources, type TransferRow } from './store.ts';

/** Kept sums of one surviving contact, per currency. Contacts without money have none. */
export async function readSumsOfContact(tx: WorkspaceTx, contactId: string): Promise<Map<string, ContactSums>> {
  const rows = await readContactSums(tx, [contactId]);
  return new Map(rows.map((row) => [row.currency, sumsOf(row)]));
}

/** Ledger lines of payments, for View Transaction. */
export function readLinesOf(tx: WorkspaceTx, sourceIds: readonly string[]): Promise<TransferRow[]> {
  return readTransfersOfSources(tx, sourceIds);
}

/** The same as entries, in the order they were recorded. */
export async function readEntriesOf(tx: WorkspaceTx, sourceIds: readonly string[]): Promise<Entry[]> {
  return entriesOf(await readTransfersOfSources(tx, sourceIds));
}
