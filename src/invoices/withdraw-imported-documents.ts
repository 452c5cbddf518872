import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { Entry } from '../ledger/entry.ts';
import { reverseEntriesOf } from '../ledger/post-entry.ts';
import { moved, writeBalances } from './move-balance.ts';
import { lockInvoices } from './store.ts';
import { sumIntended } from './store-allocations.ts';
import {
  addToPaidOut,
  lockDocumentsOfImport,
  readContactsWithDocuments,
  readPayersOfImport,
  setWithdrawn,
  type Withdrawable,
} from './store-imports.ts';

export interface WithdrawnChunk {
  readonly withdrawn: number;
  /** Documents that were paid, credited or written off since: they stay, because what followed stands on them. */
  readonly kept: number;
  /** Where the next chunk begins; null when this kind is through. */
  readonly nextAfterId: string | null;
}

/**
 * Withdraws the next `limit` documents of an import: void, in no list, their entries reversed; no row is ever removed. Payments
 * are taken back before, credit notes before invoices, so that an invoice stands as it came.
 */
export async function withdrawImportedDocuments(
  tx: WorkspaceTx,
  by: { readonly importId: string; readonly now: Date; readonly today: LocalDate },
  page: { readonly kind: 'invoice' | 'credit_note'; readonly afterId: string; readonly limit: number },
): Promise<WithdrawnChunk> {
  const rows = await lockDocumentsOfImport(tx, by.importId, page.kind, page.afterId, page.limit);
  const free = page.kind === 'invoice' ? await freeInvoices(tx, rows) : rows.filter((row) => row.paid_minor === 0n);
  if (free.length > 0) await withdraw(tx, by, free);
  return {
    withdrawn: free.length,
    kept: rows.length - free.length,
    nextAfterId: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null),
  };
}

async function freeInvoices(tx: WorkspaceTx, rows: readonly Withdrawable[]): Promise<Withdrawable[]> {
  const onTheirWay = await sumIntended(
    tx,
    rows.map((row) => row.id),
  );
  return rows.filter(
    (row) =>
      !onTheirWay.has(row.id) &&
      row.paid_minor + row.credited_minor + row.discounted_minor + row.written_off_minor + row.late_fee_minor === 0n,
  );
}

async function withdraw(
  tx: WorkspaceTx,
  by: { readonly now: Date; readonly today: LocalDate },
  rows: readonly Withdrawable[],
): Promise<void> {
  const ids = rows.map((row) => row.id);
  const roots = await readRootsForShare(tx, [...new Set(rows.map((row) => row.contact_id))]);
  await openAgain(tx, by, rows);
  await Promise.all([
    setWithdrawn(tx, ids, 'Its import was undone.', by.now),
    // What somebody made void before has its opposite entry.
    reverseEntriesOf(
      tx,
      ids,
      'import_undone',
      { effectiveOn: by.today, effectiveAt: by.now, recordedAt: by.now },
      roots,
    ),
  ]);
}

/** Invoices that credit notes were set off against are open again by as much. */
async function openAgain(
  tx: WorkspaceTx,
  by: { readonly now: Date; readonly today: LocalDate },
  rows: readonly Withdrawable[],
): Promise<void> {
  const credited = new Map<string, bigint>();
  for (const { made_from_id: id, stands_alone: alone, total_minor: total } of rows) {
    if (id !== null && !alone) credited.set(id, (credited.get(id) ?? 0n) + total);
  }
  if (credited.size === 0) return;
  const invoices = await lockInvoices(tx, [...credited.keys()]);
  check(invoices.length === credited.size, 'a credit note that was set off has its invoice');
  await writeBalances(
    tx,
    invoices.map((row) => moved(row, { creditedMinor: -credited.get(row.id)! }, by.today)),
    by.now,
  );
}

/** What these entries gave back of credit notes, or took again, moves what was paid out of them. */
export async function movePaidOut(tx: WorkspaceTx, entries: readonly Entry[], at: Date): Promise<void> {
  const changes = new Map<string, bigint>();
  for (const { debit, credit, amountMinor, documentId } of entries.flatMap((entry) => entry.transfers)) {
    if (!documentId || (debit !== 'receivables' && credit !== 'receivables')) continue;
    const minor = debit === 'receivables' ? amountMinor : -amountMinor;
    changes.set(documentId, (changes.get(documentId) ?? 0n) + minor);
  }
  if (changes.size > 0) await addToPaidOut(tx, changes, at);
}

/** Payments among these that pay nothing but one document of this import: with it they can be taken back. */
export function payersOfImport(
  tx: WorkspaceTx,
  importId: string,
  paymentIds: readonly string[],
): Promise<ReadonlySet<string>> {
  return readPayersOfImport(tx, importId, paymentIds);
}

/** Contacts among these that documents or schedules stand on, so that undoing their import must keep them. */
export function contactsWithDocuments(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  return readContactsWithDocuments(tx, contactIds);
}
