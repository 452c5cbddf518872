import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { allocateImported } from '../invoices/record-imported-documents.ts';
import { chargeSettled, creditNoteRefunded, moneyReceivedOnAccount, refundSettled } from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entry.ts';
import { type MethodKind, moneyAccountOf, type PaymentRow, refundableMinor } from './attempt.ts';
import { insertPayments, insertTransitions } from './store.ts';
import { addToRefunded, lockChargesByRef, readByRef } from './store-imports.ts';
import { addToDayTotals, totalsDelta } from './store-totals.ts';

/** A movement that happened elsewhere and is taken into the book. Amounts in minor units, positive for both kinds. */
export interface ImportedPayment {
  /** Its number where it comes from; the same number is never written twice. */
  readonly externalRef: string;
  readonly contactId: string;
  readonly kind: 'charge' | 'refund';
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly occurredAt: Date;
  /** Its calendar day in the business's zone. */
  readonly day: LocalDate;
  readonly methodKind: MethodKind;
  readonly reference: string | null;
  readonly description: string;
  /** Of a refund: the charge that it gives back, where that is known. */
  readonly parentExternalRef: string | null;
  /**
   * The document that it settled in full, written in the same transaction as paid: the invoice of a charge, the credit note
   * that a refund paid out. Absent: a sale, or a refund, of its own.
   */
  readonly documentId?: string;
}

/** For whom and when imported payments are written or taken back. */
export interface ImportedBy {
  readonly importId: string;
  readonly kind: string;
  readonly id: string | null;
  readonly name: string;
  readonly now: Date;
}

const METHOD_LABELS: Record<MethodKind, string> = {
  card: 'Card',
  bank_debit: 'Bank debit',
  cash: 'Cash',
  cheque: 'Cheque',
  bank_transfer: 'Bank transfer',
  other: 'Imported',
};

/**
 * Imports are alone in their buckets of day totals (the source is part of the key), so one slot serves them all.
 */
export const IMPORT_SLOT = 0;

/**
 * Writes settled payments with their transitions, ledger entries, kept sums and day totals: a fixed number of
 * statements for any number of rows. Rows whose reference is in the book are left as they are and counted. A refund is
 * tied to its charge when the charge is known, of the same contact and currency, and has that much left; otherwise it
 * stands alone, because the money went back all the same.
 */
export async function recordImportedPayments(
  tx: WorkspaceTx,
  by: ImportedBy,
  payments: readonly ImportedPayment[],
): Promise<{ written: number; alreadyThere: number }> {
  let written = 0;
  // Charges first: a refund in the same chunk finds its charge in the book.
  for (const kind of ['charge', 'refund'] as const) {
    const ofKind = payments.filter((payment) => payment.kind === kind);
    if (ofKind.length > 0) written += await recordOneKind(tx, by, ofKind);
  }
  return { written, alreadyThere: payments.length - written };
}

/** Returns how many were written. */
async function recordOneKind(tx: WorkspaceTx, by: ImportedBy, payments: readonly ImportedPayment[]): Promise<number> {
  const roots = await readRootsForShare(tx, [...new Set(payments.map((payment) => payment.contactId))]);
  const parents = await lockParents(tx, payments);
  // What is there already must not claim a charge a second time; the insert still guards against a race.
  const there =
    parents.size > 0
      ? await readImportedRefs(
          tx,
          payments.map((payment) => payment.externalRef),
        )
      : new Map();
  const fresh = payments.filter((payment) => !there.has(payment.externalRef));
  const documents = new Map<string, string>();
  const rows = fresh.map((payment) => {
    const row = rowOf(by, payment, claimParent(parents, payment));
    if (payment.documentId !== undefined) documents.set(row.id, payment.documentId);
    return row;
  });
  const added = await insertPayments(tx, rows);
  const written = rows.filter((row) => added.has(row.id));
  // A document that says it is paid stands in this transaction; without its payment neither is written.
  if (documents.size > 0 && written.length < payments.length)
    throw new Failure('import_not_ready', 'Some of it was brought in meanwhile: check it again.');
  const entries = written.map((row) => entryOf(row, documents.get(row.id), by.now));
  const refunded = new Map<string, bigint>();
  for (const row of written) {
    if (row.parent_id) refunded.set(row.parent_id, (refunded.get(row.parent_id) ?? 0n) + row.amount_minor);
  }
  await Promise.all([
    insertTransitions(
      tx,
      written.map((row) => ({
        payment_id: row.id,
        seq: 1,
        from_status: null,
        to_status: 'settled' as const,
        at: by.now,
        by_kind: by.kind,
        by_name: by.name,
        via: 'import' as const,
        why: '',
      })),
    ),
    postEntries(tx, entries, roots),
    addToDayTotals(
      tx,
      written.map((row) => totalsDelta(row, 'settled', 1n)),
      IMPORT_SLOT,
    ),
    refunded.size > 0 ? addToRefunded(tx, refunded) : undefined,
    allocateImported(
      tx,
      by,
      written.flatMap((row) => {
        const invoiceId = documents.get(row.id);
        return invoiceId === undefined || row.kind !== 'charge' ? [] : [allocationOf(row, invoiceId)];
      }),
      roots,
    ),
  ]);
  return written.length;
}

function entryOf(row: PaymentRow, documentId: string | undefined, now: Date): Entry {
  const event = {
    entryId: newId(),
    paymentId: row.id,
    contactId: row.contact_id,
    currency: row.currency,
    amountMinor: row.amount_minor,
    taxMinor: row.tax_minor,
    account: moneyAccountOf(row.method_kind),
    effectiveOn: row.day,
    effectiveAt: row.occurred_at,
    recordedAt: now,
  };
  if (documentId === undefined)
    return row.kind === 'charge' ? chargeSettled({ ...event, feeMinor: 0n }) : refundSettled(event);
  return row.kind === 'charge'
    ? moneyReceivedOnAccount({ ...event, feeMinor: 0n })
    : creditNoteRefunded({ ...event, creditNoteId: documentId });
}

function allocationOf(row: PaymentRow, invoiceId: string) {
  return {
    paymentId: row.id,
    invoiceId,
    contactId: row.contact_id,
    currency: row.currency,
    amountMinor: row.amount_minor,
    on: row.day,
    at: row.occurred_at,
  };
}

/** What is in the book under these references, for telling beforehand what a commit would find. */
export async function readImportedRefs(
  tx: WorkspaceTx,
  refs: readonly string[],
): Promise<Map<string, { kind: string; amountMinor: bigint; currency: string }>> {
  const rows = await readByRef(tx, refs);
  return new Map(
    rows.map((row) => [row.external_ref, { kind: row.kind, amountMinor: row.amount_minor, currency: row.currency }]),
  );
}

interface Parent {
  readonly row: PaymentRow;
  leftMinor: bigint;
}

async function lockParents(tx: WorkspaceTx, payments: readonly ImportedPayment[]): Promise<Map<string, Parent>> {
  const asked = payments.flatMap((payment) => payment.parentExternalRef ?? []);
  if (asked.length === 0) return new Map();
  const parents = new Map<string, Parent>();
  for (const row of await lockChargesByRef(tx, [...new Set(asked)])) {
    check(row.external_ref, 'a charge found by its reference has one');
    parents.set(row.external_ref, { row, leftMinor: refundableMinor(row) });
  }
  return parents;
}

function claimParent(parents: ReadonlyMap<string, Parent>, payment: ImportedPayment): string | null {
  const parent = payment.parentExternalRef === null ? undefined : parents.get(payment.parentExternalRef);
  if (!parent || payment.kind !== 'refund') return null;
  const { row } = parent;
  if (
    row.contact_id !== payment.contactId ||
    row.currency !== payment.currency ||
    parent.leftMinor < payment.amountMinor
  ) {
    return null;
  }
  parent.leftMinor -= payment.amountMinor;
  return row.id;
}

function rowOf(by: ImportedBy, payment: ImportedPayment, parentId: string | null): PaymentRow {
  return {
    id: newId(),
    kind: payment.kind,
    parent_id: parentId,
    contact_id: payment.contactId,
    payment_method_id: null,
    gateway: 'manual',
    method_kind: payment.methodKind,
    method_label: METHOD_LABELS[payment.methodKind],
    amount_minor: payment.amountMinor,
    currency: payment.currency,
    tax_minor: payment.taxMinor,
    fee_minor: 0n,
    status: 'settled',
    description: payment.description,
    reference: payment.reference,
    reason: null,
    source: 'import',
    import_id: by.importId,
    external_ref: payment.externalRef,
    idempotency_key: null,
    input_hash: null,
    retry_of_id: null,
    gateway_ref: null,
    decline_code: null,
    decline_class: null,
    customer_link: null,
    needs_action: false,
    refunded_minor: 0n,
    refunding_minor: 0n,
    disputed_minor: 0n,
    occurred_at: payment.occurredAt,
    day: payment.day,
    created_at: by.now,
    sent_at: null,
    settled_at: payment.occurredAt,
    resolve_after: null,
    resolve_count: 0,
    transition_count: 1,
    undone_at: null,
    created_by_kind: by.kind,
    created_by_id: by.id,
    created_by_name: by.name,
    purpose: payment.documentId === undefined ? 'sale' : 'account',
    allocated_minor: payment.documentId === undefined || payment.kind === 'refund' ? 0n : payment.amountMinor,
  };
}
