import type { Database } from '../foundation/database.ts';
import type { MethodState } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { withinTime } from './await-gateway.ts';
import { methodLabel } from './payment-method.ts';
import { readMethodByRef, updateMethod, updateMethodFacts } from './store-methods.ts';

/** What came of asking: `unanswered` is to be asked again, `foreign` is no method of ours. */
export type Followed = 'updated' | 'removed' | 'unchanged' | 'unanswered' | 'foreign';

/** Brings a saved method to what its gateway has now: what its network updated, or that it is gone. */
export async function followMethod(
  { database, gateways }: { readonly database: Database; readonly gateways: GatewayRegistry },
  caller: Caller,
  gatewayName: string,
  methodRef: string,
): Promise<Followed> {
  const workspaceId = caller.workspace.id;
  const known = await database.inWorkspace(workspaceId, (tx) => readMethodByRef(tx, gatewayName, methodRef));
  if (!known) return 'foreign';
  if (known.removed_at) return 'unchanged';
  const gateway = gateways.named(gatewayName);
  const state: MethodState = await withinTime(
    gateway.timeoutMs,
    gateway.readMethod({ workspaceId, now: caller.now }, methodRef),
  );
  if (state.status === 'unknown') return 'unanswered';
  return database.inWorkspace(workspaceId, async (tx) => {
    const row = await readMethodByRef(tx, gatewayName, methodRef);
    if (!row || row.removed_at) return 'unchanged';
    const tell = (action: string) =>
      recordAudit(tx, caller, {
        action,
        subjectKind: 'paymentMethod',
        subjectId: row.id,
        details: { method: methodLabel(row), gateway: gateway.label },
      });
    if (state.status === 'detached') {
      await updateMethod(tx, { ...row, is_default: false, removed_at: caller.now, removed_by: gateway.label });
      await tell('payment_method.removed_by_gateway');
      return 'removed';
    }
    const { last4, expMonth, expYear } = state.method;
    if (row.last4 === last4 && row.exp_month === expMonth && row.exp_year === expYear) return 'unchanged';
    await updateMethodFacts(tx, row.id, state.method);
    await tell('payment_method.updated_by_network');
    return 'updated';
  });
}
