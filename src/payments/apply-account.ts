import { contactIdsOfRoot, readContactForCharge, readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import { allocateMoney, takeBackOne } from '../invoices/allocate-money.ts';
import type { AllocationRow, WantedAllocation } from '../invoices/allocation.ts';
import { sumOpen } from '../invoices/list-invoices.ts';
import { findAllocation, readStanding } from '../invoices/read-allocations.ts';
import { readNumbers } from '../invoices/read-invoice.ts';
import { readReceivables } from '../invoices/read-receivables.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type AskedAllocation, dayOf, refuseUnfitAllocations } from './allocate-payment.ts';
import type { Allocation, ContactAccount } from './api-account.ts';
import { onAccountMinor, type PaymentRow } from './attempt.ts';
import { mergedInto } from './charge-saved-method.ts';
import { lockPayments } from './store.ts';
import { addAllocated, lockOnAccount, sumOnAccount } from './store-account.ts';

/** Payments of one customer that still wait for an invoice: more than this is not chosen from in one go. */
const WAITING_MAX = 500;

/**
 * Puts money that a contact has on account to invoices: the oldest payment first, or one that is named. Throws not_found,
 * invalid_request, allocation_refused (nothing on account, more than is left to pay).
 */
export async function applyAccount(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  asked: { readonly paymentId: string | null; readonly allocations: readonly AskedAllocation[] },
): Promise<Allocation[]> {
  const contact = (await readContactForCharge(tx, [contactId])).get(contactId);
  if (!contact || contact.deleted_at) throw new Failure('not_found');
  if (contact.root_id !== contactId) throw mergedInto(contact.root_id);
  const contactIds = await contactIdsOfRoot(tx, contactId);
  const total = asked.allocations.reduce((sum, one) => sum + one.amountMinor, 0n);
  const waiting = await waitingPayments(tx, contactIds, asked);
  const currency = waiting[0]?.currency;
  const usable = waiting.filter((row) => row.currency === currency);
  const left = usable.reduce((sum, row) => sum + onAccountMinor(row), 0n);
  if (currency === undefined || left === 0n)
    throw new Failure('allocation_refused', `${contact.name} has nothing on account.`);
  if (total > left) {
    const words = formatMinor(left, currency, caller.workspace.locale);
    throw new Failure('allocation_refused', `${contact.name} has ${words} on account.`);
  }
  const roots = await readRootsForShare(tx, contactIds);
  const { allocations } = asked;
  const [failure] = await refuseUnfitAllocations(tx, [
    { rootId: contactId, currency, amountMinor: total, allocations, caller },
  ]);
  if (failure) throw failure;
  const { allocations: rows, moved } = await allocateMoney(tx, drawn(usable, allocations), roots, {
    on: dayOf(caller),
    at: caller.now,
    by: caller.name,
    why: 'applied',
  });
  await addAllocated(tx, moved);
  await recordAudit(tx, caller, {
    action: 'account.applied',
    subjectKind: 'contact',
    subjectId: contactId,
    details: { amount_minor: minorToJson(total), currency },
  });
  return shapeAllocations(tx, rows);
}

/** The payment that is named, or those that wait in the currency of the invoices. */
async function waitingPayments(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  { paymentId, allocations }: { readonly paymentId: string | null; readonly allocations: readonly AskedAllocation[] },
): Promise<PaymentRow[]> {
  if (paymentId === null) {
    const [first] = allocations;
    const [known] = first ? await readNumbers(tx, [first.invoiceId]) : [];
    return lockOnAccount(tx, contactIds, known?.currency ?? null, WAITING_MAX);
  }
  const rows = (await lockPayments(tx, [paymentId])).filter((row) => contactIds.includes(row.contact_id));
  if (rows.length === 0) {
    const message = 'This is not a payment of this contact.';
    throw new Failure('invalid_request', `payment_id: ${message}`, { fields: [{ path: 'payment_id', message }] });
  }
  return rows;
}

/** Which payment pays which invoice: payments are used up in their order. */
function drawn(payments: readonly PaymentRow[], allocations: readonly AskedAllocation[]): WantedAllocation[] {
  const left = payments.map((row) => ({ paymentId: row.id, minor: onAccountMinor(row) }));
  return allocations.flatMap(({ invoiceId, amountMinor }) => {
    let wanted = amountMinor;
    const parts: WantedAllocation[] = [];
    for (const payment of left) {
      const part = payment.minor < wanted ? payment.minor : wanted;
      if (part <= 0n) continue;
      payment.minor -= part;
      wanted -= part;
      parts.push({ paymentId: payment.paymentId, invoiceId, amountMinor: part });
    }
    return parts;
  });
}

/** Takes one allocation back: the invoice is open again, the money is on account. Throws not_found, allocation_refused when it was taken back before. */
export async function takeBackAllocation(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const found = await findAllocation(tx, id);
  if (!found) throw new Failure('not_found');
  const [payment] = await lockPayments(tx, [found.payment_id]);
  if (!payment) throw new Failure('not_found');
  const roots = await readRootsForShare(tx, [payment.contact_id]);
  const invoiceRoots = await readRootsOfAllocation(tx, found, roots);
  const moved = await takeBackOne(tx, found, invoiceRoots, {
    on: dayOf(caller),
    at: caller.now,
    by: caller.name,
    why: 'staff',
  });
  if (moved.length === 0) throw new Failure('allocation_refused', 'This was taken back already.');
  await addAllocated(tx, moved);
  await recordAudit(tx, caller, {
    action: 'allocation.taken_back',
    subjectKind: 'payment',
    subjectId: found.payment_id,
    details: { invoice_id: toPublicId('invoice', found.invoice_id), amount_minor: minorToJson(found.amount_minor) },
  });
}

/** The invoice may stand under another contact of the same group. */
async function readRootsOfAllocation(
  tx: WorkspaceTx,
  { invoice_id }: AllocationRow,
  roots: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const [invoice] = await readNumbers(tx, [invoice_id]);
  if (!invoice || roots.has(invoice.contact_id)) return roots;
  return new Map([...roots, ...(await readRootsForShare(tx, [invoice.contact_id]))]);
}

/** Allocations that stand, of an invoice or of a payment. */
export async function listAllocations(
  tx: WorkspaceTx,
  of: { readonly invoiceId: string } | { readonly paymentId: string },
): Promise<Allocation[]> {
  return shapeAllocations(tx, await readStanding(tx, of));
}

async function shapeAllocations(tx: WorkspaceTx, rows: readonly AllocationRow[]): Promise<Allocation[]> {
  const numbers = new Map(
    (
      await readNumbers(
        tx,
        rows.map((row) => row.invoice_id),
      )
    ).map((one) => [one.id, one.number]),
  );
  return rows.map((row) => ({
    id: toPublicId('allocation', row.id),
    payment_id: toPublicId('payment', row.payment_id),
    invoice: { id: toPublicId('invoice', row.invoice_id), number: numbers.get(row.invoice_id) ?? null },
    amount_minor: minorToJson(row.amount_minor),
    discount_minor: minorToJson(row.discount_minor),
    currency: row.currency,
    allocated_on: row.allocated_on,
    by: row.created_by,
  }));
}

/** What a contact (with those merged into it) owes and has on account, per currency. Throws not_found. */
export async function readAccount(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<ContactAccount> {
  const contact = (await readContactForCharge(tx, [contactId])).get(contactId);
  if (!contact || contact.deleted_at) throw new Failure('not_found');
  return { data: await readAccountOf(tx, caller, await contactIdsOfRoot(tx, contact.root_id)) };
}

/** The same for contacts that are one person, in one round trip. */
export async function readAccountOf(
  tx: WorkspaceTx,
  caller: Caller,
  contactIds: readonly string[],
): Promise<ContactAccount['data']> {
  const [open, waiting, receivables] = await Promise.all([
    sumOpen(tx, caller, contactIds),
    sumOnAccount(tx, contactIds),
    readReceivables(tx, caller, contactIds),
  ]);
  const currencies = [...new Set([...[...open, ...waiting].map((row) => row.currency), ...receivables.keys()])].sort();
  return currencies.map((currency) => {
    const owed = open.find((row) => row.currency === currency);
    const expected = receivables.get(currency);
    return {
      currency,
      open_minor: minorToJson(owed?.open_minor ?? 0n),
      overdue_minor: minorToJson(owed?.overdue_minor ?? 0n),
      on_account_minor: minorToJson(waiting.find((row) => row.currency === currency)?.amount_minor ?? 0n),
      credit_notes_minor: minorToJson(expected?.creditLeftMinor ?? 0n),
      next_expected: expected?.next
        ? { on: expected.next.on, amount_minor: minorToJson(expected.next.amountMinor) }
        : null,
      missed_count: expected?.missedCount ?? 0,
      paid_count: expected?.paidCount ?? 0,
      behaviour: expected?.behaviour
        ? { on_time_count: expected.behaviour.onTimeCount, average_days: expected.behaviour.averageDays }
        : null,
    };
  });
}
