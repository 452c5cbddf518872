import { undoImportedCompanies } from '../contacts/create-companies.ts';
import { undoImportedContacts } from '../contacts/create-contacts.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { contactsWithDocuments, withdrawImportedDocuments } from '../invoices/withdraw-imported-documents.ts';
import { BEFORE_EVERY_ID, contactsWithPayments, undoImportedPayments } from '../payments/undo-imported-payments.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { CHUNK_DOCUMENTS, CHUNK_ROWS, type ImportProgress, type ImportSummary, summaryOf } from './import.ts';
import type { ImportsContext } from './open-import.ts';
import { lockImport, updateImport } from './store.ts';

type TakenBack = Required<NonNullable<ImportSummary['takenBack']>>;
const NOTHING_TAKEN_BACK: TakenBack = Object.freeze({
  contacts: 0,
  contactsKept: 0,
  companies: 0,
  companiesKept: 0,
  payments: 0,
  paymentsKept: 0,
  documents: 0,
  documentsKept: 0,
});

type Undoing = NonNullable<ImportProgress['undoing']>;

/**
 * Refunds first, so that their charges are free; money before the documents that it paid, and credit notes before the invoices
 * that they were set off against; contacts when nothing stands on them any more, and last the companies that nobody belongs
 * to then.
 */
const NEXT: Record<Undoing['what'], Undoing['what'] | null> = {
  refund: 'charge',
  charge: 'credit_note',
  credit_note: 'invoice',
  invoice: 'contact',
  contact: 'company',
  company: null,
};

/** Where an undo begins. */
export const UNDO_BEGINS: Undoing = Object.freeze({ what: 'refund', afterId: BEFORE_EVERY_ID });

/**
 * Takes an import back, chunk by chunk, as commitImport writes it: each chunk moves its own place on. What somebody
 * built on since (a refund of an imported charge, a note on an imported contact) stays and is counted.
 */
export async function undoImport(
  context: ImportsContext,
  workspaceId: string,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    if (signal.aborted) return;
    const finished = await context.database.inWorkspace(workspaceId, (tx) => undoNextChunk(context, tx, importId));
    if (finished) return;
  }
}

async function undoNextChunk(context: ImportsContext, tx: WorkspaceTx, importId: string): Promise<boolean> {
  const row = await lockImport(tx, importId);
  const facts = await readFacts(tx);
  if (row?.status !== 'undoing') return true;
  const now = workspaceNow(context.clock.now(), facts);
  const at = row.progress.undoing ?? UNDO_BEGINS;
  const summary = summaryOf(row);
  check(summary, 'an import that is being undone was checked');
  const before = { ...NOTHING_TAKEN_BACK, ...summary.takenBack };
  const { takenBack, nextAfterId, rows } = await undoRows(
    tx,
    { importId, by: row.created_by, now, timeZone: facts.timeZone },
    at,
    before,
  );
  const next: Undoing | null = nextAfterId !== null ? { what: at.what, afterId: nextAfterId } : nextWhat(at.what);
  await updateImport(tx, {
    ...row,
    status: next === null ? 'undone' : 'undoing',
    progress: {
      ...row.progress,
      phase: next === null ? 'done' : 'undoing',
      rowsDone: row.progress.rowsDone + rows,
      ...(next === null ? { undoing: undefined } : { undoing: next }),
    },
    summary: { ...summary, takenBack },
    updated_at: now,
    undone_at: next === null ? now : null,
  });
  return next === null;
}

function nextWhat(what: Undoing['what']): Undoing | null {
  const next = NEXT[what];
  return next === null ? null : { what: next, afterId: BEFORE_EVERY_ID };
}

async function contactsInUse(tx: WorkspaceTx, contactIds: readonly string[]): Promise<ReadonlySet<string>> {
  const [paid, billed] = await Promise.all([
    contactsWithPayments(tx, contactIds),
    contactsWithDocuments(tx, contactIds),
  ]);
  return new Set([...paid, ...billed]);
}

async function undoRows(
  tx: WorkspaceTx,
  about: { readonly importId: string; readonly by: string; readonly now: Date; readonly timeZone: string },
  at: Undoing,
  before: TakenBack,
) {
  const { importId, now } = about;
  const page = { importId, afterId: at.afterId, limit: CHUNK_ROWS };
  if (at.what === 'company') {
    const done = await undoImportedCompanies(tx, page);
    return {
      takenBack: {
        ...before,
        companies: before.companies + done.deleted,
        companiesKept: before.companiesKept + done.kept,
      },
      nextAfterId: done.nextAfterId,
      rows: 0,
    };
  }
  if (at.what === 'contact') {
    const done = await undoImportedContacts(tx, { ...page, now }, (ids) => contactsInUse(tx, ids));
    return {
      takenBack: { ...before, contacts: before.contacts + done.deleted, contactsKept: before.contactsKept + done.kept },
      nextAfterId: done.nextAfterId,
      rows: done.deleted + done.kept,
    };
  }
  if (at.what === 'invoice' || at.what === 'credit_note') {
    const by = { importId, now, today: localDateOf(now, about.timeZone) };
    const done = await withdrawImportedDocuments(tx, by, { ...page, kind: at.what, limit: CHUNK_DOCUMENTS });
    return {
      takenBack: {
        ...before,
        documents: before.documents + done.withdrawn,
        documentsKept: before.documentsKept + done.kept,
      },
      nextAfterId: done.nextAfterId,
      rows: done.withdrawn + done.kept,
    };
  }
  const done = await undoImportedPayments(
    tx,
    { importId, kind: 'system', id: null, name: about.by, now, today: localDateOf(now, about.timeZone) },
    { kind: at.what, afterId: at.afterId, limit: CHUNK_ROWS },
  );
  return {
    takenBack: { ...before, payments: before.payments + done.undone, paymentsKept: before.paymentsKept + done.kept },
    nextAfterId: done.nextAfterId,
    rows: done.undone + done.kept,
  };
}
