import type { WorkspaceTx } from '../foundation/database.ts';
import type { AttemptReference } from '../gateways/gateway.ts';
import type { PaymentRow } from './attempt.ts';
import { readPayments } from './store.ts';
import { readMethods } from './store-methods.ts';

/** What a gateway needs to find our attempt again: by its own name, or among what the customer or the charge has there. */
export async function readAttemptReference(tx: WorkspaceTx, row: PaymentRow): Promise<AttemptReference> {
  const [methods, parents] = await Promise.all([
    row.payment_method_id === null ? [] : readMethods(tx, [row.payment_method_id]),
    row.parent_id === null ? [] : readPayments(tx, [row.parent_id]),
  ]);
  return {
    attemptId: row.id,
    kind: row.kind === 'refund' ? 'refund' : 'charge',
    gatewayRef: row.gateway_ref,
    customerRef: methods[0]?.gateway_customer_ref ?? null,
    chargeRef: parents[0]?.gateway_ref ?? null,
    sentAt: row.sent_at ?? row.created_at,
  };
}
