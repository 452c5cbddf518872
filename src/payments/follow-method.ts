import type { Database, WorkspaceTx } from '../foundation/database.ts';
import type { GatewayMethod, MethodState } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { withinTime } from './await-gateway.ts';
import { type MethodRow, methodLabel } from './payment-method.ts';
import { readMethodByRef, updateMethod, updateMethodFacts } from './store-methods.ts';

/** What came of asking: `unanswered` is to be asked again, `foreign` is no method of ours. */
export type Followed = 'updated' | 'removed' | 'unchanged' | 'unanswered' | 'foreign';

/**
 * Brings a saved method to what its gateway has now: a new expiry or new last digits that its network sent (a card that
 * was blocked begins anew with them), or that it is gone. For events about a method, and for the nightly look.
 */
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
    if (state.status === 'detached') {
      await updateMethod(tx, { ...row, is_default: false, removed_at: caller.now, removed_by: gateway.label });
      await tell(tx, caller, row, 'payment_method.removed_by_gateway', gateway.label);
      return 'removed';
    }
    if (isSame(row, state.method)) return 'unchanged';
    const { brand, last4, expMonth, expYear, fingerprint } = state.method;
    await updateMethodFacts(tx, {
      id: row.id,
      brand,
      last4,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint,
      blocked_reason: null,
      retry_after: null,
    });
    await tell(tx, caller, row, 'payment_method.updated_by_network', gateway.label);
    return 'updated';
  });
}

function isSame(row: MethodRow, method: GatewayMethod): boolean {
  return row.last4 === method.last4 && row.exp_month === method.expMonth && row.exp_year === method.expYear;
}

function tell(tx: WorkspaceTx, caller: Caller, row: MethodRow, action: string, gatewayLabel: string): Promise<void> {
  return recordAudit(tx, caller, {
    action,
    subjectKind: 'paymentMethod',
    subjectId: row.id,
    details: { method: methodLabel(row), gateway: gatewayLabel },
  });
}
