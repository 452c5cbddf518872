import type { Database } from '../foundation/database.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { PastCharge } from '../gateways/history.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordPastCharges, recordPastRefunds } from './record-gateway-history.ts';
import { readPaymentByGatewayRef } from './store-events.ts';
import { readContactsByMethod, readContactsOfCustomers } from './store-gateway-history.ts';

interface ForeignDependencies {
  readonly database: Database;
  readonly totalsSlot: number;
}

interface Came {
  readonly paymentId: string | null;
  readonly result: string;
}

const notOurs = (why: string): Came => ({ paymentId: null, result: `not ours: ${why}` });

/**
 * A charge or refund that was made at the gateway itself (in its dashboard, or by another program) stands in the book of
 * the contact whose customer it is; where nobody here is that customer, the message says so and nothing is written.
 */
export async function recordForeignMovement(
  dependencies: ForeignDependencies,
  caller: Caller,
  gateway: Gateway,
  about: { readonly kind: 'foreign_charge' | 'foreign_refund'; readonly gatewayRef: string },
): Promise<Came> {
  const { database, totalsSlot } = dependencies;
  const workspaceId = caller.workspace.id;
  const { workspace, now } = caller;
  const by = { workspace, gateway, source: 'gateway' as const, importId: null, now, totalsSlot };
  if (about.kind === 'foreign_charge') {
    const charge = await gateway.history?.charge?.(workspaceId, about.gatewayRef);
    return charge ? recordCharge(dependencies, by, charge) : notOurs('the gateway does not tell of it');
  }
  const refund = await gateway.history?.refund?.(workspaceId, about.gatewayRef);
  if (!refund) return notOurs('the gateway does not tell of it');
  const known = await database.inWorkspace(workspaceId, (tx) =>
    readPaymentByGatewayRef(tx, gateway.name, refund.chargeRef),
  );
  if (!known) {
    const charge = await gateway.history?.charge?.(workspaceId, refund.chargeRef);
    const made = charge ? await recordCharge(dependencies, by, charge) : notOurs('its charge is not known here');
    if (made.paymentId === null) return made;
  }
  return database.inWorkspace(workspaceId, async (tx) => {
    const { leftOut } = await recordPastRefunds(tx, by, [refund]);
    const row = await readPaymentByGatewayRef(tx, gateway.name, refund.refundRef);
    const [why = 'it is not known here'] = Object.keys(leftOut);
    return row ? { paymentId: row.id, result: 'done' } : notOurs(why);
  });
}

function recordCharge(
  { database }: ForeignDependencies,
  by: Parameters<typeof recordPastCharges>[1],
  charge: PastCharge,
): Promise<Came> {
  return database.inWorkspace(by.workspace.id, async (tx) => {
    if (charge.customerRef === null) return notOurs('it names no customer');
    const refs = [charge.customerRef];
    const contactId =
      (await readContactsOfCustomers(tx, by.gateway.name, refs)).get(charge.customerRef) ??
      (await readContactsByMethod(tx, by.gateway.name, refs)).get(charge.customerRef);
    if (contactId === undefined) return notOurs('its customer is not a contact here');
    await recordPastCharges(tx, by, [{ ...charge, contactId }]);
    const row = await readPaymentByGatewayRef(tx, by.gateway.name, charge.chargeRef);
    return row ? { paymentId: row.id, result: 'done' } : notOurs('it was made here by another name');
  });
}
