import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { InvoiceRow } from './invoice.ts';
import { lockInvoices } from './store.ts';

/** Holds a draft. Throws not_found, edit_conflict, invoice_state_conflict for an issued document. */
export async function lockDraft(tx: WorkspaceTx, id: string, expectedVersion: number | null): Promise<InvoiceRow> {
  const [row] = await lockInvoices(tx, [id]);
  if (!row) throw new Failure('not_found');
  if (row.issued_at !== null) {
    throw new Failure(
      'invoice_state_conflict',
      `${row.number} is issued and never changes: write a credit note, or void it and write another.`,
    );
  }
  if (expectedVersion !== null && expectedVersion !== row.version) throw new Failure('edit_conflict');
  return row;
}
