import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { makeBatcher } from '../foundation/batch.ts';
import { type Database, sqlStateOf, type WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import type { AllocationMoment, MovedMoney } from './allocate-money.ts';
import type { NewInvoice } from './api.ts';
import { copyAttachments } from './attach-file.ts';
import { giveScheduleFiles } from './attach-recurring-file.ts';
import {
  draftRow,
  freshRow,
  type Origin,
  readWritingFacts,
  refused,
  type Writing,
  type WritingFacts,
  writeDocument,
} from './create-invoice.ts';
import type { InvoiceRow } from './invoice.ts';
import { type IssueResult, issueAtOnce, issueInvoices } from './issue-invoice.ts';
import type { WrittenDocument } from './read-invoice.ts';
import { type InvoiceInsert, insertInvoices, readInvoiceByExternalRef, readInvoiceByKey } from './store.ts';
import { readFilesOfSchedules } from './store-recurring-files.ts';
import { readSeries, type SeriesRow } from './store-series.ts';
import type { Issuance, IssuingFacts } from './take-numbers.ts';

/** One document to be written, and whether to issue it in the same transaction. */
export interface WriteRequest {
  readonly caller: Caller;
  readonly writing: Writing;
  readonly origin: Origin;
  readonly issue: Pick<Issuance, 'issuedOn' | 'seriesId'> | null;
}

/**
 * `created` is false when the key, reference or scheduled number had made it before; else `document` is what was written,
 * as it stands at the end of the transaction.
 */
export type WriteResult =
  | { readonly failure: Failure }
  | { readonly id: string; readonly created: boolean; readonly document: WrittenDocument | null };

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
  write(request: WriteRequest): Promise<Exclude<WriteResult, { failure: Failure }>>;
  issue(issuance: Issuance): Promise<{ readonly id: string; readonly applied: boolean }>;
}

/** Makes the verbs that carry state of the process (groups that are being written). */
export function makeInvoicesRoom(database: Database, payments: PaymentsOfInvoices): InvoicesRoom {
  const writes = makeBatcher<WriteRequest, WriteResult>((workspaceId, requests) =>
    atOnceElseInSteps((way) => database.inWorkspace(workspaceId, (tx) => writeGroup(tx, requests, way))),
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

/**
 * How documents that are to be issued are written: with one row each, which fails the transaction where one is there
 * already; or as drafts first, which finds that out and tells it.
 */
export type Way = 'at_once' | 'in_steps';

const UNIQUE_VIOLATION = '23505';

/** Runs a transaction that writes at once, and where something of it was there before, again step by step. */
export async function atOnceElseInSteps<T>(transaction: (way: Way) => Promise<T>): Promise<T> {
  try {
    return await transaction('at_once');
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    return transaction('in_steps');
  }
}

/** Writes documents in the caller's transaction; what is refused does not hold up the others. */
export async function writeGroup(
  tx: WorkspaceTx,
  requests: readonly WriteRequest[],
  way: Way = 'in_steps',
): Promise<WriteResult[]> {
  const contactIds = requests.flatMap(({ writing }) => fromPublicId('contact', writing.contact_id) ?? []);
  const scheduleIds = requests.flatMap(({ origin }) => origin.recurring?.id ?? []);
  const isAtOnce = way === 'at_once' && requests.every(({ issue, origin }) => issue && origin.filesOfId === undefined);
  const [facts, series, files] = await Promise.all([
    readWritingFacts(
      tx,
      contactIds,
      requests.map(({ writing }) => writing.lines),
    ),
    requests.some(({ issue }) => issue !== null) ? readSeries(tx) : [],
    isAtOnce && scheduleIds.length > 0 ? readFilesOfSchedules(tx, scheduleIds) : [],
  ]);
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
  // Files go to drafts only: an issued document gets none any more.
  if (isAtOnce && files.length === 0) return writeAtOnce(tx, requests, drafts, { facts, series });
  // No merge moves a contact between writing and issuing.
  const roots = await readRootsForShare(
    tx,
    rows.map((row) => row.contact_id),
  );
  const added = new Map((await insertInvoices(tx, rows)).map((row) => [row.id, row]));
  const results: WriteResult[] = [];
  for (const [index, draft] of drafts.entries()) {
    results.push('failure' in draft ? draft : await resultOf(tx, draft.row, added, facts, requests[index]!));
  }
  const created = results.flatMap((result, index) =>
    'id' in result && result.document ? [{ id: result.id, ...requests[index]! }] : [],
  );
  for (const { id, origin, caller } of created) {
    if (origin.filesOfId !== undefined) await copyAttachments(tx, caller, origin.filesOfId, id);
  }
  await giveScheduleFiles(
    tx,
    requests[0]!.caller,
    created.flatMap(({ id, origin: { recurring } }) =>
      recurring && recurring.number !== null ? [{ recurringId: recurring.id, invoiceId: id }] : [],
    ),
  );
  const [written] = await Promise.all([
    issueWritten(tx, requests, results, {
      settings: facts.settings,
      series,
      buyers: facts.contacts,
      roots,
    }),
    recordAudits(
      tx,
      created.map(({ id, caller, writing }) =>
        auditRow(caller, { action: `${writing.kind}.created`, subjectKind: 'invoice', subjectId: id }),
      ),
    ),
  ]);
  return written;
}

async function writeAtOnce(
  tx: WorkspaceTx,
  requests: readonly WriteRequest[],
  drafts: readonly ({ readonly row: InvoiceInsert } | { readonly failure: Failure })[],
  { facts, series }: { readonly facts: WritingFacts; readonly series: SeriesRow[] },
): Promise<WriteResult[]> {
  const wanted = drafts.flatMap((draft, index) =>
    'row' in draft ? [{ row: freshRow(draft.row), ...requests[index]! }] : [],
  );
  // Before the rows that say it was issued; like them it goes out right ahead of COMMIT.
  tx.alongCommit(
    recordAudits(
      tx,
      wanted.map(({ caller, writing, row }) =>
        auditRow(caller, { action: `${writing.kind}.created`, subjectKind: 'invoice', subjectId: row.id }),
      ),
    ),
  );
  const issued = await issueAtOnce(
    tx,
    wanted.map(({ caller, row, issue }) => ({ caller, invoiceId: row.id, ...issue! })),
    { rows: wanted.map(({ row }) => row), settings: facts.settings, series, buyers: facts.contacts },
  );
  const outcomes = new Map(wanted.map(({ row }, place) => [row.id, issued[place]!]));
  return drafts.map((draft): WriteResult => {
    if ('failure' in draft) return draft;
    const outcome = outcomes.get(draft.row.id)!;
    if ('failure' in outcome) {
      if (requests.length === 1) throw outcome.failure;
      throw new MixedGroup();
    }
    const contactName = facts.contacts.get(draft.row.contact_id)?.name ?? '';
    return { id: outcome.id, created: true, document: { row: outcome.row, contactName } };
  });
}

async function resultOf(
  tx: WorkspaceTx,
  draft: InvoiceInsert,
  added: ReadonlyMap<string, InvoiceRow>,
  facts: WritingFacts,
  { origin }: WriteRequest,
): Promise<WriteResult> {
  const row = added.get(draft.id);
  if (row) {
    const contactName = facts.contacts.get(row.contact_id)?.name ?? '';
    return { id: row.id, created: true, document: { row, contactName } };
  }
  const known = origin.key ? await readInvoiceByKey(tx, origin.key) : null;
  if (known) return { id: known.id, created: false, document: null };
  if (origin.externalRef && (await readInvoiceByExternalRef(tx, origin.externalRef))) {
    return { failure: refused([{ path: 'external_ref', message: 'Another document has this reference.' }]) };
  }
  check(origin.recurring, 'a document that was not added was there by key, reference or schedule');
  return { id: draft.id, created: false, document: null };
}

async function issueWritten(
  tx: WorkspaceTx,
  requests: readonly WriteRequest[],
  results: WriteResult[],
  facts: Omit<IssuingFacts, 'rows'>,
): Promise<WriteResult[]> {
  const wanted = results.flatMap((result, index) => {
    const { issue, caller } = requests[index]!;
    return 'id' in result && result.document && issue
      ? [{ index, document: result.document, issuance: { caller, invoiceId: result.id, ...issue } }]
      : [];
  });
  if (wanted.length === 0) return results;
  const issued = await issueInvoices(
    tx,
    wanted.map(({ issuance }) => issuance),
    { ...facts, rows: wanted.map(({ document }) => document.row) },
  );
  for (const [place, { index, document }] of wanted.entries()) {
    const result = issued[place]!;
    // Nothing half done: what cannot be issued is not written either. The group is written again one by one.
    if ('failure' in result) {
      if (requests.length === 1) throw result.failure;
      throw new MixedGroup();
    }
    results[index] = { id: result.id, created: true, document: { ...document, row: result.row } };
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
