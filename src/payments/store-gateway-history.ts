import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/**
 * Statements of what gateways had before they were connected: who a customer is here, what is in the book already. Where
 * payments are found by a gateway's name for them, the gateway itself is a filter only (`gateway || ''`): the list by
 * gateway would read every payment of the workspace (docs/decisions/0015).
 */

/** Contacts of a gateway's customers, by what was said before or by a method that is saved for them. */
export async function readContactsOfCustomers(
  tx: WorkspaceTx,
  gateway: string,
  customerRefs: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.many<{ customer_ref: string; contact_id: string }>({
    name: 'gateway_customers_read',
    text: `SELECT customer_ref, contact_id FROM gateway_customers
           WHERE workspace_id = $1 AND gateway = $2 AND customer_ref = ANY($3::text[])`,
    values: [tx.workspaceId, gateway, customerRefs],
  });
  return new Map(rows.map((row) => [row.customer_ref, row.contact_id]));
}

/** The same by saved methods, for customers that were made here. */
export async function readContactsByMethod(
  tx: WorkspaceTx,
  gateway: string,
  customerRefs: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.many<{ customer_ref: string; contact_id: string }>({
    name: 'contacts_by_gateway_customer',
    text: `SELECT DISTINCT ON (gateway_customer_ref) gateway_customer_ref AS customer_ref, contact_id FROM payment_methods
           WHERE workspace_id = $1 AND gateway = $2 AND gateway_customer_ref = ANY($3::text[])
           ORDER BY gateway_customer_ref, added_at`,
    values: [tx.workspaceId, gateway, customerRefs],
  });
  return new Map(rows.map((row) => [row.customer_ref, row.contact_id]));
}

export function insertCustomers(
  tx: WorkspaceTx,
  gateway: string,
  contactOf: ReadonlyMap<string, string>,
): Promise<number> {
  return tx.run({
    name: 'gateway_customers_insert',
    text: `INSERT INTO gateway_customers (workspace_id, gateway, customer_ref, contact_id)
           SELECT $1::uuid, $2::text, * FROM unnest($3::text[], $4::uuid[])
           ON CONFLICT (workspace_id, gateway, customer_ref) DO NOTHING`,
    values: [tx.workspaceId, gateway, [...contactOf.keys()], [...contactOf.values()]],
  });
}

export interface KnownMovement {
  readonly id: string;
  readonly gateway_ref: string | null;
}

/** What is in the book already: by the gateway's own names, or because we made it. */
export async function readKnownMovements(
  tx: WorkspaceTx,
  gateway: string,
  refs: readonly string[],
  ids: readonly string[],
): Promise<KnownMovement[]> {
  const [byRef, byId] = await Promise.all([
    tx.many<KnownMovement>({
      name: 'payments_known_by_ref',
      text: `SELECT id, gateway_ref FROM payments WHERE workspace_id = $1 AND gateway || '' = $2 AND gateway_ref = ANY($3::text[])`,
      values: [tx.workspaceId, gateway, refs],
    }),
    ids.length === 0
      ? []
      : tx.many<KnownMovement>({
          name: 'payments_known_by_id',
          text: `SELECT id, gateway_ref FROM payments WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
          values: [tx.workspaceId, ids],
        }),
  ]);
  return [...byRef, ...byId];
}

/** Which of these payments have no settlement yet. */
export async function readUnsettled(tx: WorkspaceTx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ payment_id: string }>({
    name: 'payment_settlements_known',
    text: `SELECT payment_id FROM payment_settlements WHERE workspace_id = $1 AND payment_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids],
  });
  const settled = new Set(rows.map((row) => row.payment_id));
  return new Set(ids.filter((id) => !settled.has(id)));
}

/** Charges by the gateway's names, locked in id order. */
export function lockChargesByGatewayRef(
  tx: WorkspaceTx,
  gateway: string,
  refs: readonly string[],
): Promise<PaymentRow[]> {
  return tx.many({
    name: 'payments_lock_by_gateway_ref',
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND gateway || '' = $2 AND gateway_ref = ANY($3::text[]) AND kind = 'charge'
           ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, gateway, refs],
  });
}

/** Adds to the counters of charges; the caller holds their locks. */
export function addToCounters(
  tx: WorkspaceTx,
  changes: ReadonlyMap<string, { readonly refundedMinor: bigint; readonly refundingMinor: bigint }>,
): Promise<number> {
  const values = [...changes.values()];
  return tx.run({
    name: 'payments_add_to_counters',
    text: `UPDATE payments p SET refunded_minor = p.refunded_minor + c.refunded, refunding_minor = p.refunding_minor + c.refunding
           FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS c (id, refunded, refunding)
           WHERE p.workspace_id = $1 AND p.id = c.id AND p.id = ANY($2::uuid[])`,
    values: [
      tx.workspaceId,
      [...changes.keys()],
      values.map(({ refundedMinor }) => refundedMinor),
      values.map(({ refundingMinor }) => refundingMinor),
    ],
  });
}

/** Saved methods by the gateway's names. */
export async function readMethodIds(
  tx: WorkspaceTx,
  gateway: string,
  methodRefs: readonly string[],
): Promise<Map<string, { readonly id: string; readonly contactId: string }>> {
  const rows = await tx.many<{ gateway_method_ref: string; id: string; contact_id: string }>({
    name: 'payment_methods_by_refs',
    text: `SELECT gateway_method_ref, id, contact_id FROM payment_methods
           WHERE workspace_id = $1 AND gateway = $2 AND gateway_method_ref = ANY($3::text[])`,
    values: [tx.workspaceId, gateway, methodRefs],
  });
  return new Map(rows.map((row) => [row.gateway_method_ref, { id: row.id, contactId: row.contact_id }]));
}
