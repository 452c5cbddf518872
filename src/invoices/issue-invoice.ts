import { readContacts, readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { Failure } from '../foundation/failure.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { invoiceIssued } from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entry.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import type { InvoiceRow } from './invoice.ts';
import { type Issued, insertIssuedInvoices, issueDrafts, lockInvoices } from './store.ts';
import { readInvoicingSettings } from './store-catalogue.ts';
import { readSeries } from './store-series.ts';
import { type Issuance, type IssuingFacts, type Numbered, type Plan, takeNumbersFor } from './take-numbers.ts';

export type IssueResult =
  | { readonly failure: Failure }
  /** `row`: as it stands now. */
  | { readonly id: string; readonly applied: boolean; readonly row: InvoiceRow };

/**
 * Issues documents in the caller's transaction, together: numbers in the order asked for, the snapshot, the ledger entry,
 * the message for whoever is to be told. A document that is issued already is left as it is. What cannot be issued is
 * answered with its Failure and takes no number; the others are not held up by it.
 */
export async function issueInvoices(
  tx: WorkspaceTx,
  issuances: readonly Issuance[],
  facts: IssuingFacts | null = null,
): Promise<IssueResult[]> {
  const now = issuances[0]?.caller.now;
  if (!now) return [];
  const ids = issuances.map(({ invoiceId }) => invoiceId);
  const read = facts ?? (await readIssuingFacts(tx, ids));
  const { plans, issued } = await takeNumbersFor(tx, issuances, read);
  if (issued.length > 0) {
    await issueDrafts(
      tx,
      issued.map(({ record }) => record),
      now,
    );
    await Promise.all(bookIssued(tx, issued, read.roots, now));
  }
  return resultsOf(plans, issued, now);
}

/**
 * Writes and issues documents that exist nowhere yet, with one row written for each. Where one of them is there already (by
 * key, reference or scheduled number) the whole transaction fails (23505), and the caller writes them one step after the
 * other. What is refused is answered with its Failure before anything is written, and then nothing is.
 */
export async function issueAtOnce(
  tx: WorkspaceTx,
  issuances: readonly Issuance[],
  facts: Omit<IssuingFacts, 'roots'>,
): Promise<IssueResult[]> {
  const now = issuances[0]?.caller.now;
  if (!now) return [];
  // Contacts are held before series, as everywhere; both are asked for together.
  const [roots, { plans, issued }] = await Promise.all([
    readRootsForShare(
      tx,
      facts.rows.map((row) => row.contact_id),
    ),
    takeNumbersFor(tx, issuances, facts),
  ]);
  const results = resultsOf(plans, issued, now);
  if (results.some((result) => 'failure' in result)) return results;
  const documents = issued.map(({ row, record }) => ({
    row: { ...issuedRow(row, record, now), version: row.version },
    snapshot: record.snapshot,
  }));
  // Nothing here is waited for: COMMIT goes out right behind it, and fails with whatever fails.
  tx.alongCommit(Promise.all([insertIssuedInvoices(tx, documents), ...bookIssued(tx, issued, roots, now)]));
  return documents.map(({ row }) => ({ id: row.id, applied: true, row }));
}

/** Ledger, audit log and outbox of documents that are issued, all sent together. */
function bookIssued(
  tx: WorkspaceTx,
  issued: readonly Numbered[],
  roots: ReadonlyMap<string, string>,
  now: Date,
): Promise<unknown>[] {
  return [
    postEntries(tx, issued.flatMap(entryOf), roots),
    recordAudits(
      tx,
      issued.map(({ row, record, caller }) =>
        auditRow(caller, {
          action: `${row.kind}.issued`,
          subjectKind: 'invoice',
          subjectId: row.id,
          details: { number: record.number, total_minor: minorToJson(row.total_minor), currency: row.currency },
        }),
      ),
    ),
    writeOutbox(
      tx,
      issued.map(({ row }) => ({
        topic: `${row.kind}.issued`,
        payload: { invoice_id: toPublicId('invoice', row.id) },
      })),
      now,
    ),
  ];
}

function resultsOf(plans: readonly Plan[], issued: readonly Numbered[], now: Date): IssueResult[] {
  const records = new Map(issued.map(({ record }) => [record.id, record]));
  return plans.map((plan) => {
    if (plan.kind === 'refused') return { failure: plan.failure };
    const record = records.get(plan.row.id);
    const row = record ? issuedRow(plan.row, record, now) : plan.row;
    return { id: row.id, applied: plan.kind === 'issue', row };
  });
}

async function readIssuingFacts(tx: WorkspaceTx, ids: readonly string[]): Promise<IssuingFacts> {
  const [rows, settings, series] = await Promise.all([
    lockInvoices(tx, ids),
    readInvoicingSettings(tx),
    readSeries(tx),
  ]);
  const contactIds = [...new Set(rows.map((row) => row.contact_id))];
  const [contacts, roots] = await Promise.all([readContacts(tx, contactIds), readRootsForShare(tx, contactIds)]);
  const buyers = new Map(contacts.map((contact) => [fromPublicId('contact', contact.id)!, contact]));
  return { rows, settings, series, buyers, roots };
}

/** A draft as issueDrafts() leaves it. */
function issuedRow(draft: InvoiceRow, record: Issued, at: Date): InvoiceRow {
  return {
    ...draft,
    series_id: record.seriesId,
    series_year: record.year,
    series_number: record.seriesNumber,
    number: record.number,
    issued_on: record.issuedOn,
    listed_on: record.issuedOn,
    due_on: record.dueOn,
    instalments: record.instalments,
    early_until: record.earlyUntil,
    early_discount_minor: record.earlyDiscountMinor,
    next_due_on: record.nextDueOn,
    settled_on: record.settledOn,
    issued_at: at,
    issued_by: record.issuedBy,
    updated_at: at,
    version: draft.version + 1,
    open_minor: draft.kind === 'invoice' ? draft.total_minor : 0n,
  };
}

/** Quotes are no money yet; credit notes book themselves (credit-invoice.ts); nothing is booked for nothing. */
function entryOf({ row, record, taxes, caller }: Numbered): Entry[] {
  if (row.kind !== 'invoice' || row.total_minor === 0n) return [];
  return [
    invoiceIssued({
      entryId: newId(),
      sourceId: row.id,
      invoiceId: row.id,
      contactId: row.contact_id,
      currency: row.currency,
      effectiveOn: record.issuedOn,
      effectiveAt: caller.now,
      recordedAt: caller.now,
      netMinor: row.net_minor,
      taxes,
    }),
  ];
}
