import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { makeBatcher } from '../foundation/batch.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import type { AllocationMoment, MovedMoney } from './allocate-money.ts';
import type { NewInvoice } from './api.ts';
import { copyAttachments } from './attach-file.ts';
import { giveScheduleFiles } from './attach-recurring-file.ts';
import { draftRow, type Origin, readWritingFacts, refused, type Writing, writeDocument } from './create-invoice.ts';
import { type Issuance, type IssueResult, issueInvoices } from './issue-invoice.ts';
import { type InvoiceInsert, insertInvoices, readInvoiceByExternalRef, readInvoiceByKey } from './store.ts';

/** One document to be written, and whether to issue it in the same transaction. */
export interface WriteRequest {
  readonly caller: Caller;
  readonly writing: Writing;
  readonly origin: Origin;
  readonly issue: Pick<Issuance, 'issuedOn' | 'seriesId'> | null;
}

/** `created` is false when the key, reference or scheduled number had made it before. */
export type WriteResult = { readonly failure: Failure } | { readonly id: string; readonly created: boolean };

/** What the payments say of money that moves between them and their invoices, in the same transaction. */
export interface PaymentsOfInvoices {
  /** Holds payments before their invoices are held: everybody takes them in this order. */
  hold(tx: WorkspaceTx, paymentIds: readonly string[]): Promise<void>;
  /** Keeps how much of each is allocated (payments.allocated_minor). */
  keepMoved(tx: WorkspaceTx, moves: readonly MovedMoney[]): Promise<void>;
}

export interface InvoicesRoom {
  readonly database: Database;
  readonly payments: PaymentsOfInvoices;
  /** Writes a document; requests that arrive together share a transaction and the lock of their series. Throws Failures. */
  write(request: WriteRequest): Promise<{ readonly id: string; readonly created: boolean }>;
  issue(issuance: Issuance): Promise<{ readonly id: string; readonly applied: boolean }>;
}

/** Makes the verbs that carry state of the process (groups that are being written). */
export function makeInvoicesRoom(database: Database, payments: PaymentsOfInvoices): InvoicesRoom {
  const writes = makeBatcher<WriteRequest, WriteResult>((workspaceId, requests) =>
    database.inWorkspace(workspaceId, (tx) => writeGroup(tx, requests)),
  );
  const issues = makeBatcher<Issuance, IssueResult>((workspaceId, issuances) =>
    database.inWorkspace(workspaceId, (tx) => issueInvoices(tx, issuances)),
  );
  return {
    database,
    payments,
    async write(request) {
      const result = await writes.write(request.caller.workspace.id, request);
      if ('failure' in result) throw result.failure;
      return result;
    },
    async issue(issuance) {
      const result = await issues.write(issuance.caller.workspace.id, issuance);
      if ('failure' in result) throw result.failure;
      return result;
    },
  };
}

/** Writes documents in the caller's transaction; what is refused does not hold up the others. */
export async function writeGroup(tx: WorkspaceTx, requests: readonly WriteRequest[]): Promise<WriteResult[]> {
  const contactIds = requests.flatMap(({ writing }) => fromPublicId('contact', writing.contact_id) ?? []);
  const facts = await readWritingFacts(
    tx,
    contactIds,
    requests.map(({ writing }) => writing.lines),
  );
  const drafts = requests.map((request): { row: InvoiceInsert } | { failure: Failure } => {
    try {
      const written = writeDocument(request.writing, facts, request.caller);
      return { row: draftRow(request.writing, written, request.caller, request.origin) };
    } catch (error) {
      if (error instanceof Failure) return { failure: error };
      throw error;
    }
  });
  const rows = drafts.flatMap((draft) => ('row' in draft ? [draft.row] : []));
  if (rows.length === 0) return drafts as WriteResult[];
  // No merge moves a contact between writing and issuing.
  await readRootsForShare(
    tx,
    rows.map((row) => row.contact_id),
  );
  const added = await insertInvoices(tx, rows);
  const results: WriteResult[] = [];
  for (const [index, draft] of drafts.entries()) {
    results.push('failure' in draft ? draft : await resultOf(tx, draft.row, added, requests[index]!));
  }
  for (const [index, result] of results.entries()) {
    const { origin, caller } = requests[index]!;
    if ('id' in result && result.created && origin.filesOfId !== undefined)
      await copyAttachments(tx, caller, origin.filesOfId, result.id);
  }
  const scheduled = results.flatMap((result, index) => {
    const { recurring } = requests[index]!.origin;
    return 'id' in result && result.created && recurring && recurring.number !== null
      ? [{ recurringId: recurring.id, invoiceId: result.id }]
      : [];
  });
  await giveScheduleFiles(tx, requests[0]!.caller, scheduled);
  await recordAudits(
    tx,
    results.flatMap((result, index) =>
      'id' in result && result.created
        ? [
            auditRow(requests[index]!.caller, {
              action: `${requests[index]!.writing.kind}.created`,
              subjectKind: 'invoice',
              subjectId: result.id,
            }),
          ]
        : [],
    ),
  );
  return issueWritten(tx, requests, results);
}

async function resultOf(
  tx: WorkspaceTx,
  row: InvoiceInsert,
  added: ReadonlySet<string>,
  { origin }: WriteRequest,
): Promise<WriteResult> {
  if (added.has(row.id)) return { id: row.id, created: true };
  const known = origin.key ? await readInvoiceByKey(tx, origin.key) : null;
  if (known) return { id: known.id, created: false };
  if (origin.externalRef && (await readInvoiceByExternalRef(tx, origin.externalRef))) {
    return { failure: refused([{ path: 'external_ref', message: 'Another document has this reference.' }]) };
  }
  check(origin.recurring, 'a document that was not added was there by key, reference or schedule');
  return { id: row.id, created: false };
}

async function issueWritten(
  tx: WorkspaceTx,
  requests: readonly WriteRequest[],
  results: WriteResult[],
): Promise<WriteResult[]> {
  const wanted = results.flatMap((result, index) => {
    const { issue, caller } = requests[index]!;
    return 'id' in result && result.created && issue
      ? [{ index, issuance: { caller, invoiceId: result.id, ...issue } }]
      : [];
  });
  if (wanted.length === 0) return results;
  const issued = await issueInvoices(
    tx,
    wanted.map(({ issuance }) => issuance),
  );
  for (const [place, { index }] of wanted.entries()) {
    const result = issued[place]!;
    // Nothing half done: what cannot be issued is not written either. The group is written again one by one.
    if ('failure' in result) {
      if (requests.length === 1) throw result.failure;
      throw new MixedGroup();
    }
    results[index] = { id: result.id, created: true };
  }
  return results;
}

/** A group with a document that is refused late: the batcher writes each by itself, and only that one fails. */
class MixedGroup extends Error {
  override name = 'MixedGroup';
}

/** What an API body asks for, as the room writes it. */
export function writingOf(body: NewInvoice): Writing {
  const { issue, series_id, external_ref, ...writing } = body;
  return writing;
}

/** The moment of a verb by hand: today in the business's zone. */
export function momentOf(caller: Caller, why: string): AllocationMoment {
  return { on: localDateOf(caller.now, caller.workspace.timeZone), at: caller.now, by: caller.name, why };
}
