import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import {
  type ImportedDocument,
  type RecordedDocument,
  readImportedDocuments,
  recordImportedDocuments,
} from '../invoices/record-imported-documents.ts';
import { readImportedRefs, recordImportedPayments } from '../payments/record-imported-payments.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import { CHUNK_DOCUMENTS, salesAsOf } from './import.ts';
import type { ImportFiles } from './open-import.ts';
import { type ChunkResult, importedPayment, readStagedPayments, type StagedOfContact } from './read-staged-payments.ts';
import { writtenLines } from './sales-document.ts';
import type { ImportRow } from './store.ts';

/**
 * Writes the next documents of a file of sales lines and, where they were paid, the money with them. Invoices come before
 * credit notes in the staged file. What is there as a document or as a payment is left as it is.
 */
export async function commitDocuments(
  tx: WorkspaceTx,
  row: ImportRow,
  files: ImportFiles,
  at: { readonly now: Date; readonly dayOf: (at: Date) => LocalDate; readonly workspace: WorkspaceFacts },
  written: ChunkResult['written'],
): Promise<ChunkResult> {
  const { rows, next } = await readStagedPayments(tx, files.payments, row.progress.offset, CHUNK_DOCUMENTS);
  if (rows.length === 0) return { progress: { ...row.progress, phase: 'done' }, written, finished: true };
  const there = await readThere(tx, rows);
  const fresh = rows.filter(({ staged }) => !there.has(staged.ref));
  const by = { importId: row.id, name: row.created_by, now: at.now };
  const isPaid = salesAsOf(row) === 'invoices_paid';
  const made = new Map<string, RecordedDocument>();
  // Invoices first: a credit note in the same chunk finds its invoice in the book.
  for (const kind of ['charge', 'refund'] as const) {
    const documents = fresh
      .filter(({ staged }) => staged.kind === kind)
      .map((one) => documentOf(one, at.dayOf, isPaid));
    const recorded = await recordImportedDocuments(tx, { ...by, workspace: at.workspace }, documents);
    for (const [ref, document] of recorded) made.set(ref, document);
  }
  const settled = isPaid ? fresh.filter(({ staged }) => staged.amountMinor > 0n) : [];
  const paid = await recordImportedPayments(
    tx,
    { ...by, kind: 'system', id: null },
    settled.map((one) => importedPayment(one, at.dayOf, made.get(one.staged.ref)?.id)),
  );
  return {
    progress: { ...row.progress, rowsDone: row.progress.rowsDone + rows.length, offset: next },
    written: {
      ...written,
      documents: (written.documents ?? 0) + made.size,
      payments: written.payments + paid.written,
      alreadyThere: written.alreadyThere + rows.length - fresh.length,
    },
    finished: false,
  };
}

async function readThere(tx: WorkspaceTx, rows: readonly StagedOfContact[]): Promise<ReadonlySet<string>> {
  const refs = rows.map(({ staged }) => staged.ref);
  const [documents, payments] = await Promise.all([readImportedDocuments(tx, refs), readImportedRefs(tx, refs)]);
  return new Set([...documents.keys(), ...payments.keys()]);
}

function documentOf(
  { staged, contactId }: StagedOfContact,
  dayOf: (at: Date) => LocalDate,
  isPaid: boolean,
): ImportedDocument {
  const { document } = staged;
  check(document, 'what is written as a document was staged as one');
  const issuedAt = new Date(staged.occurredAtMs);
  const issuedOn = dayOf(issuedAt);
  const dueOn = document.dueAtMs === null ? null : dayOf(new Date(document.dueAtMs));
  return {
    externalRef: staged.ref,
    number: document.number,
    kind: document.kind,
    contactId,
    currency: staged.currency,
    issuedOn,
    issuedAt,
    // A due date before the document itself is a slip: it is due at once.
    dueOn: dueOn !== null && dueOn < issuedOn ? issuedOn : dueOn,
    lines: writtenLines(document.lines),
    discountMinor: document.discountMinor,
    totalMinor: staged.amountMinor,
    notes: document.notes,
    aboutRef: document.aboutRef,
    isPaid,
  };
}
