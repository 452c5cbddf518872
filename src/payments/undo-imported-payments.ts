import { readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { takeBackOfPayments } from '../invoices/allocate-money.ts';
import { movePaidOut, payersOfImport } from '../invoices/withdraw-imported-documents.ts';
import { reverseEntriesOf } from '../ledger/post-entry.ts';
import type { PaymentRow } from './attempt.ts';
import { IMPORT_SLOT, type ImportedBy } from './record-imported-payments.ts';
import { insertTransitions, lockPayments } from './store.ts';
import { addAllocated } from './store-account.ts';
import { addToRefunded, lockOfImport, readContactsInUse, setUndone } from './store-imports.ts';
import { addToDayTotals, type TotalsDelta, totalsDelta } from './store-totals.ts';

/** Below every id: where taking back begins. */
export const BEFORE_EVERY_ID = '00000000-0000-0000-0000-000000000000';

export interface UndoneChunk {
  readonly undone: number;
  /** Charges that were refunded, disputed or put to something else since: they stay, because what followed stands on them. */
  readonly kept: number;
  /** Where the next chunk begins; null when this kind is through. */
  readonly nextAfterId: string | null;
}

/**
 * Takes back the next `limit` payments of an import: opposite ledger entries (nothing is ever removed from the book),
 * kept sums and day totals as before, status undone. Refunds are taken back before charges, so that a charge whose
 * refunds came with it is free again.
 */
export async function undoImportedPayments(
  tx: WorkspaceTx,
  by: ImportedBy & { readonly today: LocalDate },
  page: { readonly kind: 'charge' | 'refund'; readonly afterId: string; readonly limit: number },
): Promise<UndoneChunk> {
  const rows = await lockOfImport(tx, by.importId, page.kind, page.afterId, page.limit);
  const untouched = rows.filter((row) => row.refunded_minor + row.refunding_minor + row.disputed_minor === 0n);
  const undone = await freeOf(tx, by.importId, untouched);
  if (undone.length > 0) await takeBack(tx, by, undone);
  return {
    undone: undone.length,
    kept: rows.length - undone.length,
    nextAfterId: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null),
  };
}

/** Of money that paid an invoice only what pays the one it came with: what somebody moved since stays. */
async function freeOf(tx: WorkspaceTx, importId: string, rows: readonly PaymentRow[]): Promise<PaymentRow[]> {
  const onAccount = rows.filter((row) => row.kind === 'charge' && row.purpose === 'account').map((row) => row.id);
  if (onAccount.length === 0) return [...rows];
  const payers = await payersOfImport(tx, importId, onAccount);
  return rows.filter((row) => row.kind === 'refund' || row.purpose === 'sale' || payers.has(row.id));
}

async function takeBack(tx: WorkspaceTx, by: ImportedBy & { readonly today: LocalDate }, rows: readonly PaymentRow[]) {
  const ids = rows.map((row) => row.id);
  const roots = await readRootsForShare(tx, [...new Set(rows.map((row) => row.contact_id))]);
  const refunded = new Map<string, bigint>();
  for (const row of rows) {
    if (row.parent_id) refunded.set(row.parent_id, (refunded.get(row.parent_id) ?? 0n) - row.amount_minor);
  }
  if (refunded.size > 0) await lockPayments(tx, [...refunded.keys()]);
  const deltas: TotalsDelta[] = rows.flatMap((row) => [
    totalsDelta(row, row.status, -1n),
    totalsDelta(row, 'undone', 1n),
  ]);
  const moment = { on: by.today, at: by.now, by: by.name, why: 'import_undone' };
  const onAccount = rows.filter((row) => row.allocated_minor > 0n).map((row) => row.id);
  if (onAccount.length > 0) await addAllocated(tx, await takeBackOfPayments(tx, onAccount, roots, moment));
  const [reversals] = await Promise.all([
    reverseEntriesOf(
      tx,
      ids,
      'import_undone',
      { effectiveOn: by.today, effectiveAt: by.now, recordedAt: by.now },
      roots,
    ),
    insertTransitions(
      tx,
      rows.map((row) => ({
        payment_id: row.id,
        seq: row.transition_count + 1,
        from_status: row.status,
        to_status: 'undone' as const,
        at: by.now,
        by_kind: by.kind,
        by_name: by.name,
        via: 'import' as const,
        why: 'Its import was undone.',
      })),
    ),
    setUndone(tx, ids, by.now),
    addToDayTotals(tx, deltas, IMPORT_SLOT),
    refunded.size > 0 ? addToRefunded(tx, refunded) : undefined,
  ]);
  await movePaidOut(tx, reversals, by.now);
}

/** Contacts among these that payments stand on, so that undoing their import must keep them. */
export function contactsWithPayments(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  return readContactsInUse(tx, contactIds);
}
