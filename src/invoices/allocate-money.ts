import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { moneyAllocated } from '../ledger/bookings.ts';
import { postEntries, reverseEntriesOf } from '../ledger/post-entry.ts';
import { type AllocationRow, earlyDiscountEarned, type WantedAllocation } from './allocation.ts';
import type { InvoiceRow } from './invoice.ts';
import { moved, writeBalances } from './move-balance.ts';
import { lockInvoices } from './store.ts';
import {
  deleteIntended,
  giveUpIntended,
  insertAllocations,
  insertIntended,
  readAllocationsOfInvoice,
  readAllocationsOfPayments,
  readIntendedOfPayments,
  readLastTakenBack,
  sumIntended,
} from './store-allocations.ts';

/** When and by whom money is put to invoices, or taken back. */
export interface AllocationMoment {
  /** The business's calendar day; what discounts for early payment go by. */
  readonly on: LocalDate;
  readonly at: Date;
  readonly by: string;
  readonly why: string;
}

/** What of a payment's money moved: positive when it was put to invoices, negative when it came back on account. */
export interface MovedMoney {
  readonly paymentId: string;
  readonly amountMinor: bigint;
}

/**
 * Puts money of payments to invoices in the caller's transaction: never more than is open, never to a document that takes
 * none (the rest stays on account, silently lost is nothing). The caller holds the payments and, FOR KEY SHARE, their
 * contacts (`roots` as for postEntries), and keeps `payments.allocated_minor` by what is answered.
 */
export async function allocateMoney(
  tx: WorkspaceTx,
  wanted: readonly WantedAllocation[],
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
): Promise<{ readonly allocations: readonly AllocationRow[]; readonly moved: readonly MovedMoney[] }> {
  if (wanted.length === 0) return { allocations: [], moved: [] };
  const invoiceIds = [...new Set(wanted.map(({ invoiceId }) => invoiceId))];
  const [locked, takenBackOn] = await Promise.all([lockInvoices(tx, invoiceIds), readLastTakenBack(tx, invoiceIds)]);
  const invoices = new Map(locked.map((row) => [row.id, row]));
  const allocations: AllocationRow[] = [];
  for (const { paymentId, invoiceId, amountMinor, keptDiscountMinor } of wanted) {
    const invoice = invoices.get(invoiceId);
    if (!invoice || !takesMoney(invoice)) continue;
    const amount = amountMinor < invoice.open_minor ? amountMinor : invoice.open_minor;
    if (amount <= 0n) continue;
    const discount = keptDiscountMinor ?? earlyDiscountEarned(invoice, amount, moment.on);
    // Money from before waits on account until there is an invoice, or until it is open again: no day owes less than nothing.
    const on = latest(moment.on, invoice.issued_on, takenBackOn.get(invoiceId));
    invoices.set(invoiceId, moved(invoice, { paidMinor: amount, discountedMinor: discount }, on));
    allocations.push({
      id: newId(),
      payment_id: paymentId,
      invoice_id: invoiceId,
      currency: invoice.currency,
      amount_minor: amount,
      discount_minor: discount,
      reverses_id: null,
      why: moment.why,
      allocated_on: on,
      created_at: moment.at,
      created_by: moment.by,
    });
  }
  if (allocations.length > 0) {
    const entries = allocations.map((row) => {
      const invoice = invoices.get(row.invoice_id)!;
      return moneyAllocated({
        entryId: newId(),
        sourceId: row.id,
        invoiceId: row.invoice_id,
        contactId: invoice.contact_id,
        currency: row.currency,
        effectiveOn: row.allocated_on,
        effectiveAt: moment.at,
        recordedAt: moment.at,
        amountMinor: row.amount_minor,
        discountMinor: row.discount_minor,
      });
    });
    const touched = new Set(allocations.map((row) => row.invoice_id));
    await Promise.all([
      insertAllocations(tx, allocations),
      writeBalances(
        tx,
        [...invoices.values()].filter((row) => touched.has(row.id)),
        moment.at,
      ),
      postEntries(tx, entries, roots),
    ]);
  }
  return { allocations, moved: perPayment(allocations) };
}

function latest(first: LocalDate, ...others: readonly (LocalDate | null | undefined)[]): LocalDate {
  return others.reduce<LocalDate>((last, day) => (day && day > last ? day : last), first);
}

/** An invoice as somebody who wants to pay it must know it; held until the end of the transaction. Minor units. */
export interface Payable {
  readonly id: string;
  readonly number: string;
  readonly contactId: string;
  readonly currency: string;
  readonly state: 'draft' | 'void' | 'issued';
  readonly openMinor: bigint;
  /** Payments under way are meant to pay so much of it. */
  readonly onItsWayMinor: bigint;
}

export async function readPayables(tx: WorkspaceTx, invoiceIds: readonly string[]): Promise<Payable[]> {
  const rows = (await lockInvoices(tx, invoiceIds)).filter((row) => row.kind === 'invoice');
  const onItsWay = await sumIntended(tx, invoiceIds);
  return rows.map((row) => ({
    id: row.id,
    number: row.number ?? 'The draft',
    contactId: row.contact_id,
    currency: row.currency,
    state: row.issued_at === null ? 'draft' : row.voided_at !== null ? 'void' : 'issued',
    openMinor: row.open_minor,
    onItsWayMinor: onItsWay.get(row.id) ?? 0n,
  }));
}

/** Whether money can be put to a document: an issued invoice that is open. */
export function takesMoney(row: Pick<InvoiceRow, 'kind' | 'issued_at' | 'voided_at' | 'open_minor'>): boolean {
  return row.kind === 'invoice' && row.issued_at !== null && row.voided_at === null && row.open_minor > 0n;
}

/**
 * Takes money back from invoices: all that these payments had paid (a refund, a lost dispute), each as a row and an entry
 * of its own. The invoices are open again by as much. The caller keeps `payments.allocated_minor`.
 */
export async function takeBackOfPayments(
  tx: WorkspaceTx,
  paymentIds: readonly string[],
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
  /** Take back this much at most, the newest allocation first; null: everything. */
  amountMax: bigint | null = null,
): Promise<readonly MovedMoney[]> {
  const rows = standing(await readAllocationsOfPayments(tx, paymentIds));
  return takeBack(tx, rows, roots, moment, amountMax);
}

/**
 * Takes back what was paid to an invoice, the newest first, until `amountMinor` of it is open, so that it can be credited.
 * A discount for early payment stays with what is still paid.
 */
export async function takeBackOfInvoice(
  tx: WorkspaceTx,
  invoiceId: string,
  amountMinor: bigint,
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
): Promise<readonly MovedMoney[]> {
  const rows = standing(await readAllocationsOfInvoice(tx, invoiceId));
  return takeBack(tx, rows, roots, moment, amountMinor, true);
}

/** One allocation, by hand. Nothing when it was taken back already. */
export async function takeBackOne(
  tx: WorkspaceTx,
  allocation: AllocationRow,
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
): Promise<readonly MovedMoney[]> {
  const rows = standing(await readAllocationsOfInvoice(tx, allocation.invoice_id));
  return takeBack(
    tx,
    rows.filter((row) => row.id === allocation.id),
    roots,
    moment,
    null,
  );
}

/** Allocations that have not been taken back. */
export function standing(rows: readonly AllocationRow[]): AllocationRow[] {
  const taken = new Set(rows.map((row) => row.reverses_id));
  return rows.filter((row) => row.reverses_id === null && !taken.has(row.id));
}

/**
 * Whole allocations are taken back, newest first, until enough is free; what was too much is put to its invoice again as
 * a new allocation, so that every entry is either whole or reversed.
 */
async function takeBack(
  tx: WorkspaceTx,
  rows: readonly AllocationRow[],
  roots: ReadonlyMap<string, string>,
  moment: AllocationMoment,
  amountMax: bigint | null,
  keepDiscount = false,
): Promise<readonly MovedMoney[]> {
  let free = 0n;
  let discount = 0n;
  const taken: AllocationRow[] = [];
  for (const row of [...rows].reverse()) {
    if (amountMax !== null && free >= amountMax) break;
    taken.push(row);
    free += row.amount_minor;
    discount += row.discount_minor;
  }
  if (taken.length === 0) return [];
  const locked = await lockInvoices(tx, [...new Set(taken.map((row) => row.invoice_id))]);
  const invoices = new Map(locked.map((row) => [row.id, row]));
  const opposites = taken.map((row): AllocationRow => {
    const invoice = invoices.get(row.invoice_id);
    check(invoice, 'an allocation has its invoice');
    const back = { paidMinor: -row.amount_minor, discountedMinor: -row.discount_minor };
    invoices.set(row.invoice_id, moved(invoice, back, moment.on));
    return {
      ...row,
      id: newId(),
      amount_minor: -row.amount_minor,
      discount_minor: -row.discount_minor,
      reverses_id: row.id,
      why: moment.why,
      // Never before the day it was put there.
      allocated_on: latest(moment.on, row.allocated_on),
      created_at: moment.at,
      created_by: moment.by,
    };
  });
  await insertAllocations(tx, opposites);
  await writeBalances(tx, [...invoices.values()], moment.at);
  for (const on of new Set(opposites.map((row) => row.allocated_on))) {
    const ids = opposites.flatMap((row) => (row.allocated_on === on ? row.reverses_id! : []));
    const booked = { effectiveOn: on, effectiveAt: moment.at, recordedAt: moment.at };
    await reverseEntriesOf(tx, ids, 'taken_back', booked, roots);
  }
  const movedMoney = [...perPayment(opposites)];
  const last = taken.at(-1)!;
  const excess = amountMax === null ? 0n : free - amountMax;
  if (excess > 0n) {
    const { payment_id: paymentId, invoice_id: invoiceId } = last;
    const kept = keepDiscount ? { keptDiscountMinor: discount } : {};
    const again = await allocateMoney(tx, [{ paymentId, invoiceId, amountMinor: excess, ...kept }], roots, moment);
    movedMoney.push(...again.moved);
  }
  return perPaymentOf(movedMoney);
}

/** What a payment on its way is meant for; while it is there the invoice is “processing”. */
export async function intendMoney(tx: WorkspaceTx, wanted: readonly WantedAllocation[]): Promise<void> {
  if (wanted.length === 0) return;
  await insertIntended(
    tx,
    wanted.map((one) => ({ payment_id: one.paymentId, invoice_id: one.invoiceId, amount_minor: one.amountMinor })),
  );
}

/** What these payments were meant for, forgotten with it: they have paid it now. */
export async function takeIntended(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<WantedAllocation[]> {
  const wanted = await readIntended(tx, paymentIds);
  if (wanted.length > 0) await deleteIntended(tx, paymentIds);
  return wanted;
}

/** These payments failed: their invoices wait for nothing any more, and who tries them again finds what they were for. */
export async function giveUpMoney(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<void> {
  await giveUpIntended(tx, paymentIds);
}

/** What payments that are on their way, or failed, were meant for. */
export async function readIntended(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<WantedAllocation[]> {
  const rows = await readIntendedOfPayments(tx, paymentIds);
  return rows.map((row) => ({ paymentId: row.payment_id, invoiceId: row.invoice_id, amountMinor: row.amount_minor }));
}

function perPayment(rows: readonly AllocationRow[]): MovedMoney[] {
  return perPaymentOf(rows.map((row) => ({ paymentId: row.payment_id, amountMinor: row.amount_minor })));
}

function perPaymentOf(moves: readonly MovedMoney[]): MovedMoney[] {
  const sums = new Map<string, bigint>();
  for (const move of moves) sums.set(move.paymentId, (sums.get(move.paymentId) ?? 0n) + move.amountMinor);
  return [...sums]
    .map(([paymentId, amountMinor]) => ({ paymentId, amountMinor }))
    .filter((one) => one.amountMinor !== 0n);
}
