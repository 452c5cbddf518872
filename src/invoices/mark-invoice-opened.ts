import type { WorkspaceTx } from '../foundation/database.ts';
import { markLinkSeen } from '../messages/make-document-link.ts';
import { lockInvoices, updateMarks } from './store.ts';

/**
 * Keeps that a customer saw a document through one of its links: of the document the first time ever, of the link and the
 * message that brought it the first time by that link (null: seen on the customer's own page). `at` is the workspace's own now. Nothing for what is not there.
 */
export async function markInvoiceOpened(
  tx: WorkspaceTx,
  invoiceId: string,
  linkId: string | null,
  at: Date,
): Promise<void> {
  if (linkId !== null && !(await markLinkSeen(tx, linkId, at))) return;
  const [row] = await lockInvoices(tx, [invoiceId]);
  if (row && row.issued_at !== null && row.opened_at === null) await updateMarks(tx, row, { opened_at: at }, at);
}
