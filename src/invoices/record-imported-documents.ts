import type { Contact } from '../contacts/api.ts';
import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { addDays, type LocalDate } from '../foundation/local-date.ts';
import { invoiceCredited, invoiceIssued, moneyAllocated } from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entry.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { AllocationRow } from './allocation.ts';
import { chosenTerms, readWritingFacts, type WritingFacts } from './create-invoice.ts';
import { dueDatesOf } from './due-dates.ts';
import { type InvoiceRow, type KeptContent, nextDueOf, type WrittenTerms } from './invoice.ts';
import type { InvoiceAmounts } from './invoice-amounts.ts';
import { amountsOf, type WrittenLine } from './invoice-content.ts';
import { snapshotOf } from './invoice-snapshot.ts';
import { moved, writeBalances } from './move-balance.ts';
import { insertAllocations } from './store-allocations.ts';
import { calendarOf } from './store-catalogue.ts';
import {
  type BroughtOver,
  type DocumentRefRow,
  insertBroughtOver,
  lockDocumentsByRef,
  readDocumentsByRef,
  readOwnNumbers,
} from './store-imports.ts';

/** A document that another program issued. Amounts in minor units; nothing is taxed, because files do not say. */
export interface ImportedDocument {
  /** Its reference; the same is never written twice. */
  readonly externalRef: string;
  /** The number it bears, which no series of ours gave out. */
  readonly number: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly contactId: string;
  readonly currency: string;
  readonly issuedOn: LocalDate;
  readonly issuedAt: Date;
  /** Null: by the terms of the contact or the workspace. */
  readonly dueOn: LocalDate | null;
  readonly lines: readonly WrittenLine[];
  /** Taken off the sum of the lines. */
  readonly discountMinor: bigint;
  readonly totalMinor: bigint;
  readonly notes: string;
  /** Of a credit note: the reference of the invoice it is about, where that is known. */
  readonly aboutRef: string | null;
  /** Paid, or paid out, on its day: the caller records the money in the same transaction. */
  readonly isPaid: boolean;
}

export interface DocumentsBy {
  readonly importId: string;
  readonly name: string;
  readonly now: Date;
  readonly workspace: WorkspaceFacts;
}

/** A document that was written, under its reference. */
export interface RecordedDocument {
  readonly id: string;
  readonly isAbout: boolean;
}

/**
 * Writes documents as they were issued elsewhere, with lines, snapshot and ledger entry: a fixed number of statements for any
 * number of them. They stand outside our series. A credit note that names an invoice which is open by as much is set off
 * against it; every other one stands alone, as a receivable below zero, and so does one that was paid out at once. The
 * caller has left out what is there (readImportedDocuments). Throws import_not_ready when somebody else wrote one meanwhile.
 */
export async function recordImportedDocuments(
  tx: WorkspaceTx,
  by: DocumentsBy,
  documents: readonly ImportedDocument[],
): Promise<ReadonlyMap<string, RecordedDocument>> {
  if (documents.length === 0) return new Map();
  const contactIds = [...new Set(documents.map((one) => one.contactId))];
  const [facts, roots, abouts] = await Promise.all([
    readWritingFacts(tx, contactIds),
    readRootsForShare(tx, contactIds),
    lockAbouts(tx, documents),
  ]);
  const made = documents.map((document) => rowOf(document, facts, by, abouts));
  const added = await insertBroughtOver(
    tx,
    made.map(({ row }) => row),
    by,
  );
  if (added.size < made.length)
    throw new Failure('import_not_ready', 'Some of it was brought in meanwhile: check it again.');
  await Promise.all([
    writeBalances(
      tx,
      [...abouts.values()].filter(({ touched }) => touched).map(({ row }) => row),
      by.now,
    ),
    postEntries(
      tx,
      made.flatMap((one) => entryOf(one, by.now)),
      roots,
    ),
  ]);
  return new Map(
    made.map(({ row, document }) => [document.externalRef, { id: row.id, isAbout: row.made_from_id !== null }]),
  );
}

/** What is in the book under these references, for telling beforehand what a commit would find. */
export async function readImportedDocuments(
  tx: WorkspaceTx,
  refs: readonly string[],
): Promise<ReadonlyMap<string, DocumentRefRow>> {
  return new Map((await readDocumentsByRef(tx, refs)).map((row) => [row.external_ref, row]));
}

/** Which of these numbers our own series have given out. */
export function readNumbersTaken(tx: WorkspaceTx, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  return readOwnNumbers(tx, numbers);
}

/** Money of a payment that paid an invoice on its day. */
export interface ImportedAllocation {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly contactId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly on: LocalDate;
  readonly at: Date;
}

/** Puts money to invoices that recordImportedDocuments() has written as paid: rows and entries; the balances say it already. */
export async function allocateImported(
  tx: WorkspaceTx,
  by: { readonly name: string; readonly now: Date },
  allocations: readonly ImportedAllocation[],
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  if (allocations.length === 0) return;
  const rows = allocations.map(
    (one): AllocationRow => ({
      id: newId(),
      payment_id: one.paymentId,
      invoice_id: one.invoiceId,
      currency: one.currency,
      amount_minor: one.amountMinor,
      discount_minor: 0n,
      reverses_id: null,
      why: 'settled',
      allocated_on: one.on,
      created_at: by.now,
      created_by: by.name,
    }),
  );
  const entries = rows.map((row, index) => {
    const { contactId, at } = allocations[index]!;
    return moneyAllocated({
      entryId: newId(),
      sourceId: row.id,
      invoiceId: row.invoice_id,
      contactId,
      currency: row.currency,
      effectiveOn: row.allocated_on,
      effectiveAt: at,
      recordedAt: by.now,
      amountMinor: row.amount_minor,
      discountMinor: 0n,
    });
  });
  await Promise.all([insertAllocations(tx, rows), postEntries(tx, entries, roots)]);
}

/** An invoice that credit notes are about, as it is after those before. */
interface About {
  row: InvoiceRow;
  touched: boolean;
}

async function lockAbouts(tx: WorkspaceTx, documents: readonly ImportedDocument[]): Promise<Map<string, About>> {
  const refs = [...new Set(documents.flatMap(({ aboutRef }) => aboutRef ?? []))];
  if (refs.length === 0) return new Map();
  const rows = await lockDocumentsByRef(tx, refs);
  return new Map(rows.map((row) => [row.external_ref!, { row, touched: false }]));
}

interface Made {
  readonly row: BroughtOver;
  readonly document: ImportedDocument;
  readonly amounts: InvoiceAmounts;
}

function rowOf(
  document: ImportedDocument,
  facts: WritingFacts,
  by: DocumentsBy,
  abouts: ReadonlyMap<string, About>,
): Made {
  const buyer = facts.contacts.get(document.contactId);
  check(buyer, 'an imported document is for a contact that is there');
  const content = contentOf(document, facts);
  const amounts = amountsOf(content, document.currency);
  check(amounts.totalMinor === document.totalMinor, 'an imported document comes to what its file says');
  const about = aboutOf(document, abouts);
  const isInvoice = document.kind === 'invoice';
  const standsAlone = !isInvoice && !setOff(document, about);
  const paidMinor = document.isPaid ? document.totalMinor : 0n;
  const snapshot = snapshotFor({ document, content, amounts, buyer, facts, by, about: about?.row ?? null });
  const isOpen = isInvoice && document.totalMinor > paidMinor;
  const nothing = { credited_minor: 0n, discounted_minor: 0n, written_off_minor: 0n, late_fee_minor: 0n };
  const { instalments } = snapshot;
  const row: BroughtOver = {
    id: newId(),
    kind: document.kind,
    contact_id: document.contactId,
    currency: document.currency,
    content,
    net_minor: amounts.taxableMinor,
    tax_minor: amounts.taxMinor,
    total_minor: amounts.totalMinor,
    number: document.number,
    issued_on: document.issuedOn,
    due_on: snapshot.due_on,
    instalments,
    paid_minor: paidMinor,
    next_due_on: isOpen ? nextDueOf({ ...nothing, paid_minor: 0n, instalments }) : null,
    settled_on: isInvoice && !isOpen ? document.issuedOn : null,
    made_from_id: about?.row.id ?? null,
    stands_alone: standsAlone,
    external_ref: document.externalRef,
    snapshot,
  };
  return { row, document, amounts };
}

function contentOf(document: ImportedDocument, facts: WritingFacts): KeptContent {
  const { lines, discountMinor, notes, issuedOn, dueOn } = document;
  return {
    lines,
    discount: discountMinor > 0n ? { amount_minor: Number(discountMinor) } : null,
    tax_rounding: facts.settings?.tax_rounding ?? 'document',
    notes,
    period: null,
    terms: dueOn === null ? plainTerms(document.contactId, facts) : termsUntil(issuedOn, dueOn),
    deposit: null,
    issue_on: issuedOn,
  };
}

/** When it was due is not told: as others are due here, but no discount and no fee that nobody agreed on. */
function plainTerms(contactId: string, facts: WritingFacts): WrittenTerms {
  const chosen = chosenTerms({ terms: null, terms_id: null }, facts, contactId, []);
  return { name: chosen.name, terms: { ...chosen.terms, early_discount: null }, late_fee_text: '' };
}

function termsUntil(issuedOn: LocalDate, dueOn: LocalDate): WrittenTerms {
  const days = Math.max(0, Math.round((Date.parse(dueOn) - Date.parse(issuedOn)) / 86_400_000));
  const due = days === 0 ? ({ kind: 'immediate' } as const) : ({ kind: 'net', days } as const);
  check(addDays(issuedOn, days) >= dueOn, 'days between two dates lead from one to the other');
  return { name: '', terms: { due, early_discount: null, shift: 'none' }, late_fee_text: '' };
}

/** The invoice a credit note names, when it is of the same customer and money and was billed before. */
function aboutOf(document: ImportedDocument, abouts: ReadonlyMap<string, About>): About | null {
  const about = document.aboutRef === null ? undefined : abouts.get(document.aboutRef);
  if (!about || document.kind !== 'credit_note') return null;
  const { row } = about;
  const fits =
    row.kind === 'invoice' &&
    row.voided_at === null &&
    row.issued_on !== null &&
    row.issued_on <= document.issuedOn &&
    row.contact_id === document.contactId &&
    row.currency === document.currency;
  return fits ? about : null;
}

/** Takes a credit note that was not paid out off its invoice, if that is open by as much. */
function setOff(document: ImportedDocument, about: About | null): boolean {
  if (!about || document.isPaid || about.row.open_minor < document.totalMinor || document.totalMinor === 0n)
    return false;
  about.row = moved(about.row, { creditedMinor: document.totalMinor }, document.issuedOn);
  about.touched = true;
  return true;
}

const NO_SETTINGS = { colour: '#1f2937', footer: '', payment_details: {} };

function snapshotFor(of: {
  document: ImportedDocument;
  content: KeptContent;
  amounts: InvoiceAmounts;
  buyer: Contact;
  facts: WritingFacts;
  by: DocumentsBy;
  about: InvoiceRow | null;
}) {
  const { document, content, amounts, buyer, facts, by, about } = of;
  const { terms, deposit } = content;
  const calendar = calendarOf(facts.settings);
  return snapshotOf({
    draft: { kind: document.kind, currency: document.currency, content, reference: null, valid_until: null },
    amounts,
    schedule: dueDatesOf({ terms: terms.terms, deposit }, document.issuedOn, amounts.totalMinor, calendar),
    number: document.number,
    issuedOn: document.issuedOn,
    about: about?.number && about.issued_on ? { number: about.number, issued_on: about.issued_on } : null,
    workspace: by.workspace,
    buyer,
    seller: facts.settings?.seller ?? {},
    settings: facts.settings ?? NO_SETTINGS,
  });
}

/** Nothing is booked for nothing. */
function entryOf({ row, document, amounts }: Made, now: Date): Entry[] {
  if (row.total_minor === 0n) return [];
  const event = {
    entryId: newId(),
    sourceId: row.id,
    invoiceId: row.kind === 'credit_note' && !row.stands_alone ? row.made_from_id! : row.id,
    contactId: row.contact_id,
    currency: row.currency,
    effectiveOn: document.issuedOn,
    effectiveAt: document.issuedAt,
    recordedAt: now,
    netMinor: amounts.taxableMinor,
    taxes: amounts.taxes.map(({ code, taxMinor }) => ({ code, taxMinor })),
  };
  return [row.kind === 'invoice' ? invoiceIssued(event) : invoiceCredited(event)];
}
