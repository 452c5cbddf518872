import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import type { Receipt } from './api.ts';
import type { ReceiptSnapshot } from './receipt.ts';
import { readReceiptOf } from './store.ts';

/** The receipt of a payment, as it was written when the money moved. Throws not_found when there is none. */
export async function readReceipt(tx: WorkspaceTx, paymentId: string): Promise<Receipt> {
  const row = await readReceiptOf(tx, paymentId);
  if (!row) throw new Failure('not_found', 'This payment has no receipt: receipts are written when money has moved.');
  return {
    id: toPublicId('receipt', row.id),
    number: row.number,
    payment_id: toPublicId('payment', row.payment_id),
    issued_at: row.issued_at.toISOString(),
    // Written before receipts kept it, and in English.
    locale: 'en-GB',
    ...(row.snapshot as ReceiptSnapshot),
  };
}
