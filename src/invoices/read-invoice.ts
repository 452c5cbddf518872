import { readContacts } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import type { Invoice, InvoiceRowAnswer } from './api.ts';
import type { InvoiceRow } from './invoice.ts';
import type { InvoiceSnapshot } from './invoice-snapshot.ts';
import { type ShapeFacts, shapeInvoice, shapeInvoiceRow } from './shape-invoice.ts';
import { readFollowing, readInvoicedQuotes, readInvoiceRows, readSnapshot } from './store.ts';
import { sumIntended } from './store-allocations.ts';

/** One document as the API shows it. Throws not_found. */
export async function readInvoice(tx: WorkspaceTx, caller: Caller, id: string): Promise<Invoice> {
  const [row] = await readInvoiceRows(tx, [id]);
  if (!row) throw new Failure('not_found');
  return readInvoiceOf(tx, caller, row);
}

export async function readInvoiceOf(tx: WorkspaceTx, caller: Caller, row: InvoiceRow): Promise<Invoice> {
  const relatedIds = [row.made_from_id, row.replaces_id].filter((id) => id !== null);
  const [facts, following, related] = await Promise.all([
    shapeFactsOf(tx, caller, [row]),
    readFollowing(tx, row.id),
    relatedIds.length > 0 ? readInvoiceRows(tx, relatedIds) : [],
  ]);
  return shapeInvoice(row, facts(row), {
    madeFrom: related.find((one) => one.id === row.made_from_id) ?? null,
    replaces: related.find((one) => one.id === row.replaces_id) ?? null,
    following,
  });
}

/** A document that was written just now, and the name of its customer. */
export interface WrittenDocument {
  readonly row: InvoiceRow;
  readonly contactName: string;
}

/**
 * What readInvoice() would give of a document that was written just now, without reading anything: nothing followed it, and
 * no money is on its way. Null where it refers to another document, whose number only the database knows.
 */
export function shapeWritten(caller: Caller, { row, contactName }: WrittenDocument): Invoice | null {
  if (row.made_from_id !== null || row.replaces_id !== null) return null;
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const test = caller.workspace.mode === 'sandbox';
  const facts = { contactName, processing: false, invoiced: false, test, today };
  return shapeInvoice(row, facts, { madeFrom: null, replaces: null, following: [] });
}

/** Rows as lists show them, in the order given. */
export async function shapeInvoiceRows(
  tx: WorkspaceTx,
  caller: Caller,
  rows: readonly InvoiceRow[],
): Promise<InvoiceRowAnswer[]> {
  if (rows.length === 0) return [];
  const facts = await shapeFactsOf(tx, caller, rows);
  return rows.map((row) => shapeInvoiceRow(row, facts(row)));
}

/** A payment on its way makes an invoice “processing” when it would cover what is due of it. */
async function shapeFactsOf(
  tx: WorkspaceTx,
  caller: Caller,
  rows: readonly InvoiceRow[],
): Promise<(row: InvoiceRow) => ShapeFacts> {
  const [contacts, intended, invoiced] = await Promise.all([
    readContacts(tx, [...new Set(rows.map((row) => row.contact_id))]),
    sumIntended(
      tx,
      rows.filter((row) => row.open_minor > 0n).map((row) => row.id),
    ),
    readInvoicedQuotes(
      tx,
      rows.filter((row) => row.kind === 'quote').map((row) => row.id),
    ),
  ]);
  const names = new Map(contacts.map((contact) => [fromPublicId('contact', contact.id), contact.name]));
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const test = caller.workspace.mode === 'sandbox';
  return (row) => ({
    contactName: names.get(row.contact_id) ?? '',
    processing: (intended.get(row.id) ?? 0n) > 0n,
    invoiced: invoiced.has(row.id),
    test,
    today,
  });
}

/** Numbers of documents, whose they are, and in which currency. */
export async function readNumbers(
  tx: WorkspaceTx,
  ids: readonly string[],
): Promise<Pick<InvoiceRow, 'id' | 'number' | 'contact_id' | 'currency'>[]> {
  return ids.length === 0 ? [] : readInvoiceRows(tx, [...new Set(ids)]);
}

/** The document as it was issued. Throws not_found, invoice_state_conflict for a draft. */
export async function readIssuedDocument(tx: WorkspaceTx, id: string): Promise<InvoiceSnapshot> {
  const [row] = await readInvoiceRows(tx, [id]);
  if (!row) throw new Failure('not_found');
  const snapshot = await readSnapshot(tx, id);
  if (snapshot === null) throw new Failure('invoice_state_conflict', 'A draft has no number yet: issue it first.');
  return snapshot as InvoiceSnapshot;
}
