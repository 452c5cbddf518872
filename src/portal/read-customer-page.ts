import type { WorkspaceTx } from '../foundation/database.ts';
import { fromPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { InvoiceRowAnswer } from '../invoices/api.ts';
import { listInvoices } from '../invoices/list-invoices.ts';
import { readInvoice } from '../invoices/read-invoice.ts';
import { readBusinessLogo } from '../invoices/read-logo.ts';
import type { PaymentMethod } from '../payments/api.ts';
import { orderMethods } from '../payments/edit-payment-method.ts';
import { listMethodRows, listPaymentRows } from '../payments/list-payment-rows.ts';
import { shapeMethod } from '../payments/shape-payment.ts';
import type { CustomerPageContent, PayableInvoice } from './customer-content.ts';
import { readCustomerPage } from './edit-customer-page.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { amountsOffered, isOwed } from './opened-document.ts';

/** What fits a telephone, and one payment. */
export const OPEN_MAX = 40;
const LISTED_MAX = 50;

/** Invoices of this customer of which something is open, the one due first in front. */
export async function readPayable(tx: WorkspaceTx, opened: OpenedCustomer): Promise<PayableInvoice[]> {
  const rows = await list(tx, opened, { kind: 'invoice', status: 'outstanding', limit: OPEN_MAX });
  const today = localDateOf(opened.caller.now, opened.caller.workspace.timeZone);
  const found: PayableInvoice[] = [];
  for (const { id } of rows) {
    const row = await readInvoice(tx, opened.caller, fromPublicId('invoice', id)!);
    if (isOwed(row)) found.push({ row, amountMinor: amountsOffered(row, today)[0]! });
  }
  return found;
}

/** Everything that stands on the page. */
export async function readCustomerContent(tx: WorkspaceTx, opened: OpenedCustomer): Promise<CustomerPageContent> {
  const issued = (rows: readonly InvoiceRowAnswer[]) => rows.filter(({ number }) => number !== null);
  return {
    settings: await readCustomerPage(tx),
    open: await readPayable(tx, opened),
    paid: await list(tx, opened, { kind: 'invoice', status: 'paid', limit: LISTED_MAX }),
    quotes: issued(await list(tx, opened, { kind: 'quote', limit: LISTED_MAX })),
    creditNotes: issued(await list(tx, opened, { kind: 'credit_note', limit: LISTED_MAX })),
    payments: (await listPaymentRows(tx, { contactIds: opened.contactIds, limit: LISTED_MAX })).filter(
      ({ kind, status }) => kind === 'charge' && status === 'settled',
    ),
    methods: await readCards(tx, opened),
    hasLogo: (await readBusinessLogo(tx)) !== null,
  };
}

/** Saved methods that can still be used. */
export async function readCards(tx: WorkspaceTx, { contactIds, caller }: OpenedCustomer): Promise<PaymentMethod[]> {
  const rows = await listMethodRows(tx, contactIds);
  return orderMethods(rows.map((row) => shapeMethod(row, caller.now))).filter(({ state }) => state !== 'removed');
}

async function list(
  tx: WorkspaceTx,
  { caller, contact }: OpenedCustomer,
  query: Pick<Parameters<typeof listInvoices>[2], 'kind' | 'status' | 'limit'>,
): Promise<InvoiceRowAnswer[]> {
  return (await listInvoices(tx, caller, { ...query, contact: contact.id })).data;
}
