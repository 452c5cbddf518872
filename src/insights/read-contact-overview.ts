import { readContacts } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { minorToJson } from '../foundation/money.ts';
import { readAccountOf } from '../payments/apply-account.ts';
import { orderMethods } from '../payments/edit-payment-method.ts';
import { listMethodRows, listPaymentRows } from '../payments/list-payment-rows.ts';
import { shapePayments } from '../payments/list-payments.ts';
import { shapeMethod } from '../payments/shape-payment.ts';
import type { Caller } from '../workspace/caller.ts';
import type { ContactOverview } from './api.ts';
import { type ContactGroup, readContactGroup, readLifetimeValues } from './read-lifetime-value.ts';
import { readOutstanding } from './store.ts';

/** Payments on the contact's page before one asks for more: what fits beside the rest. */
const RECENT_COUNT = 10;
/** Failed charges listed one by one; the sum beside them counts all. */
const FAILED_COUNT = 20;

/**
 * Everything a contact's page opens with, in the caller's one transaction and three round trips. `money` is null while
 * payments are switched off or the caller may not see them. Throws not_found.
 */
export async function readContactOverview(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
): Promise<ContactOverview> {
  const [[contact], group] = await Promise.all([
    readContacts(tx, [contactId]),
    readContactGroup(tx, caller, contactId),
  ]);
  if (!contact) throw new Failure('not_found');
  if (!maySeeMoney(caller)) return { contact, money: null };
  const mayBeCharged = contact.archived_at === null && contact.merged_into === null;
  return { contact, money: await readMoney(tx, caller, group, mayBeCharged) };
}

async function readMoney(tx: WorkspaceTx, caller: Caller, group: ContactGroup, mayBeCharged: boolean) {
  const { contactIds } = group;
  const [lifetimeValues, outstanding, failed, recent, methods, account] = await Promise.all([
    readLifetimeValues(tx, caller, group),
    readOutstanding(tx, contactIds),
    listPaymentRows(tx, { contactIds, failedCharges: true, limit: FAILED_COUNT }),
    listPaymentRows(tx, { contactIds, limit: RECENT_COUNT }),
    listMethodRows(tx, contactIds),
    caller.rights.has('invoices.read') ? readAccountOf(tx, caller, contactIds) : [],
  ]);
  const shaped = await shapePayments(tx, caller, [...failed, ...recent]);
  return {
    can_charge: mayBeCharged && mayCharge(caller),
    lifetime_values: lifetimeValues,
    outstanding: outstanding.map((row) => ({
      currency: row.currency,
      amount_minor: minorToJson(row.amount_minor),
      count: Number(row.count),
      oldest_at: row.oldest_at.toISOString(),
    })),
    failed_charges: shaped.slice(0, failed.length),
    payment_methods: orderMethods(methods.map((row) => shapeMethod(row, caller.now))),
    recent_payments: shaped.slice(failed.length),
    account,
  };
}

/** Whether money is shown at all to this caller. */
export function maySeeMoney(caller: Caller): boolean {
  return caller.workspace.switches.payments_and_ltv && caller.rights.has('payments.read');
}

function mayCharge(caller: Caller): boolean {
  return caller.workspace.switches.charge_customers_directly && caller.rights.has('payments.charge');
}
