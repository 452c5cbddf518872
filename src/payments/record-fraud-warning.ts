import type { Database } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { Caller } from '../workspace/caller.ts';
import { refundableMinor } from './attempt.ts';
import { lockPayments, updatePayments } from './store.ts';
import { insertFraudWarning } from './store-disputes.ts';
import { readPaymentByGatewayRef } from './store-events.ts';

/**
 * A network says early that the holder calls a charge a fraud. The charge then needs somebody, while there is money on it
 * that could be given back before a dispute takes it with a fee. Returns the charge's id; null when it is not ours.
 */
export function recordFraudWarning(
  { database }: { readonly database: Database },
  caller: Caller,
  gateway: Pick<Gateway, 'name'>,
  warning: { readonly warningRef: string; readonly chargeRef: string },
): Promise<string | null> {
  return database.inWorkspace(caller.workspace.id, async (tx) => {
    const found = await readPaymentByGatewayRef(tx, gateway.name, warning.chargeRef);
    if (!found) return null;
    const [charge] = await lockPayments(tx, [found.id]);
    const kept = await insertFraudWarning(tx, {
      id: newId(),
      gateway: gateway.name,
      ref: warning.warningRef,
      paymentId: found.id,
      at: caller.now,
    });
    if (kept && charge && refundableMinor(charge) > 0n) await updatePayments(tx, [{ ...charge, needs_action: true }]);
    return found.id;
  });
}
