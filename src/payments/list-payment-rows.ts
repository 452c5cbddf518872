import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import type { MethodRow } from './payment-method.ts';
import { selectPayments } from './store-list.ts';
import { readMethodsOfContacts } from './store-methods.ts';

/** What other rooms ask of the movements of money, beside the filters of Transactions. */
export interface PaymentRowsRequest {
  /** One contact and those merged into it; everybody's when absent. */
  readonly contactIds?: readonly string[];
  /** Only what is owed: charges that failed and what lost disputes took, that nobody has settled or dismissed. */
  readonly failedCharges?: boolean;
  /** Everything that needs somebody: failed charges, open disputes, bounced refunds. */
  readonly needsAction?: boolean;
  /** Only what happened before this moment and id. */
  readonly before?: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
}

/** Rows newest first, without those of undone imports; shapePayments() makes them presentable. */
export function listPaymentRows(tx: WorkspaceTx, request: PaymentRowsRequest): Promise<PaymentRow[]> {
  const conditions: RawBuilder<unknown>[] = [sql`p.status <> 'undone'`];
  const { contactIds, before } = request;
  if (contactIds) {
    conditions.push(
      contactIds.length === 1
        ? sql`p.contact_id = ${contactIds[0]}::uuid`
        : sql`p.contact_id = ANY(${contactIds}::uuid[])`,
    );
  }
  if (request.needsAction || request.failedCharges) conditions.push(sql`p.needs_action`);
  if (request.failedCharges)
    conditions.push(sql`(p.kind = 'charge' AND p.status <> 'settled' OR p.kind = 'dispute' AND p.status = 'lost')`);
  const position = before ? sql`(p.occurred_at, p.id) < (${before.at}::timestamptz, ${before.id}::uuid)` : null;
  return selectPayments(tx, conditions, position, request.limit);
}

/** Saved methods of these contacts as they are kept, removed ones too, oldest first. */
export function listMethodRows(tx: WorkspaceTx, contactIds: readonly string[]): Promise<MethodRow[]> {
  return readMethodsOfContacts(tx, contactIds);
}
