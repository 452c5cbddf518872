import { contactIdsOfRoot, readContactForCharge, rootOf } from '../contacts/read-contact.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { PaymentMethod } from './api.ts';
import { type MethodRow, methodLabel } from './payment-method.ts';
import { shapeMethod } from './shape-payment.ts';
import { clearDefault, readMethods, readMethodsOfContacts, updateMethod } from './store-methods.ts';

/** Saved methods of a contact and of those merged into it: usable ones first, the default on top. Throws not_found. */
export async function listPaymentMethods(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<PaymentMethod[]> {
  const rows = await readMethodsOfContacts(tx, await contactIdsOfRoot(tx, await rootOf(tx, contactId)));
  return orderMethods(rows.map((row) => shapeMethod(row, caller.now)));
}

/** Usable methods first, then the default, then in the order they were added. */
export function orderMethods(methods: readonly PaymentMethod[]): PaymentMethod[] {
  const rank = (method: PaymentMethod) =>
    (method.state === 'usable' ? 0 : method.state === 'removed' ? 4 : 2) - (method.is_default ? 1 : 0);
  return [...methods].sort((a, b) => rank(a) - rank(b));
}

/** Changes the label or makes the method the default. Throws not_found, method_not_usable, card_number_refused. */
export async function editPaymentMethod(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  change: { label?: string | null; makeDefault: boolean },
): Promise<PaymentMethod> {
  const row = await lockedMethod(tx, id);
  if (row.removed_at) throw new Failure('method_not_usable', 'A removed method cannot be changed.');
  if (change.label && holdsCardNumber(change.label)) {
    throw new Failure('card_number_refused', undefined, {
      fields: [{ path: 'label', message: 'Leave card numbers out.' }],
    });
  }
  const next = {
    ...row,
    label: change.label === undefined ? row.label : change.label || null,
    is_default: row.is_default || change.makeDefault,
  };
  // A contact and those merged into it have one default between them.
  if (change.makeDefault) await clearDefault(tx, await contactIdsOfRoot(tx, await rootOf(tx, row.contact_id)));
  await updateMethod(tx, next);
  await recordAudit(tx, caller, {
    action: change.makeDefault ? 'payment_method.made_default' : 'payment_method.relabelled',
    subjectKind: 'paymentMethod',
    subjectId: id,
    details: { method: methodLabel(row) },
  });
  return shapeMethod(next, caller.now);
}

/** Removes a method here and at its gateway. It stays in the history and cannot be charged again. Throws not_found. */
export async function removePaymentMethod(
  dependencies: { database: Database; gateways: GatewayRegistry },
  caller: Caller,
  id: string,
): Promise<void> {
  const removed = await dependencies.database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockedMethod(tx, id);
    if (row.removed_at) return null;
    await updateMethod(tx, { ...row, is_default: false, removed_at: caller.now, removed_by: caller.name });
    await recordAudit(tx, caller, {
      action: 'payment_method.removed',
      subjectKind: 'paymentMethod',
      subjectId: id,
      details: { method: methodLabel(row) },
    });
    return row;
  });
  // After the commit: a method that the gateway still knows and we do not use does no harm, the other way round would.
  if (removed)
    await dependencies.gateways
      .named(removed.gateway)
      .detachMethod({ workspaceId: caller.workspace.id, now: caller.now }, removed.gateway_method_ref);
}

async function lockedMethod(tx: WorkspaceTx, id: string): Promise<MethodRow> {
  const [found] = await readMethods(tx, [id]);
  if (!found) throw new Failure('not_found');
  await readContactForCharge(tx, [found.contact_id], { lock: true });
  const [row] = await readMethods(tx, [id]);
  if (!row) throw new Failure('not_found');
  return row;
}
