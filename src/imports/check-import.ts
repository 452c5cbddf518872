import { findCompanyIds } from '../contacts/create-companies.ts';
import { findImportedContacts } from '../contacts/create-contacts.ts';
import { sortNameOf } from '../contacts/search-terms.ts';
import { Failure } from '../foundation/failure.ts';
import { readImportedDocuments, readNumbersTaken } from '../invoices/record-imported-documents.ts';
import { readImportedRefs } from '../payments/record-imported-payments.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { makeLineGroups } from './group-lines.ts';
import { type ImportKind, type ImportSummary, NO_PROGRESS, salesAsOf } from './import.ts';
import type { Intake, IntakeContext, StagedContact, StagedPayment } from './intake.ts';
import { takeContacts } from './intake-contacts.ts';
import { takePayments } from './intake-payments.ts';
import { takeSalesLines } from './intake-sales-lines.ts';
import { filesOf, type ImportFiles, type ImportsContext, requireFile } from './open-import.ts';
import { readCsv } from './read-csv.ts';
import { readSurroundings } from './read-surroundings.ts';
import { appendStaged, readAllStaged, stageRows } from './stage-rows.ts';
import { deleteReports, type ImportRow, insertReports, lockImport, updateImport } from './store.ts';
import { Tally } from './tally.ts';

const INTAKES: Readonly<Record<ImportKind, (context: IntakeContext) => Intake>> = {
  contacts: takeContacts,
  payments: takePayments,
  sales_lines: takeSalesLines,
};

/** Reports written per statement. */
const REPORTS_AT_ONCE = 5_000;
/** Lines between two notes of progress. */
const PROGRESS_EVERY_LINES = 20_000;
/** References looked up per statement. */
const LOOKED_UP_AT_ONCE = 5_000;

/**
 * The dry run: reads the whole file, counts every line and every penny on one side or the other, stages what a commit
 * would write, and looks up what is there already. Writes nothing but the import's own rows. The import comes out
 * `checked` with its tie-out. Throws import_unreadable, import_not_ready.
 */
export async function checkImport(
  context: ImportsContext,
  workspaceId: string,
  row: ImportRow,
  signal: AbortSignal,
): Promise<void> {
  const files = filesOf(context, row.id);
  await requireFile(files.source);
  const tally = new Tally();
  await context.database.inWorkspace(workspaceId, (tx) => deleteReports(tx, row.id));
  const writers = {
    contacts: await stageRows<StagedContact>(files.contacts),
    charges: await stageRows<StagedPayment>(files.payments),
    refunds: await stageRows<StagedPayment>(files.refunds),
  };
  const stage = { ...writers, relieve: () => writeReports(context, workspaceId, row.id, tally, REPORTS_AT_ONCE) };
  const surroundings = await readSurroundings(context, workspaceId, row.kind);
  const now = workspaceNow(context.clock.now(), await context.database.inWorkspace(workspaceId, readFacts));
  const { settings } = row;
  const intake = INTAKES[row.kind]({ settings, surroundings, tally, folder: files.folder, workspaceId, now });
  let toldAt = 0;
  const place = { bytesRead: 0 };
  for await (const rows of readCsv(files.source, row.settings.dialect, place)) {
    // A stop: the import stays `checking`, and the next start begins the check anew.
    if (signal.aborted) return;
    for (const each of rows) intake.take(each);
    await intake.relieve();
    await stage.relieve();
    if (tally.linesRead - toldAt >= PROGRESS_EVERY_LINES) {
      toldAt = tally.linesRead;
      await tellProgress(context, workspaceId, row.id, { linesRead: tally.linesRead, bytesRead: place.bytesRead });
    }
  }
  if (tally.linesRead === 0) throw new Failure('import_unreadable', 'The file has a header and no rows.');
  await intake.finish(stage);
  for (const writer of Object.values(writers)) await writer.end();
  const movementCount = writers.charges.count + writers.refunds.count;
  await appendStaged(files.refunds, files.payments);

  const { contactsThere, companies } = await countContactsThere(context, workspaceId, files);
  const salesAs = salesAsOf(row) ?? 'payments';
  const there = await countMovementsThere(context, workspaceId, files, tally, row.kind === 'sales_lines');
  await writeReports(context, workspaceId, row.id, tally, 1);
  const money = tally.money();
  const summary: ImportSummary = {
    lines: { read: tally.linesRead, used: tally.used, leftOut: tally.leftOut, refused: tally.refused },
    money,
    contacts: { inFile: writers.contacts.count, alreadyThere: contactsThere },
    companies,
    payments: {
      inFile:
        salesAs === 'payments' ? movementCount : salesAs === 'invoices_paid' ? movementCount - there.worthless : 0,
      alreadyThere: salesAs === 'invoices_open' ? 0 : there.known - (salesAs === 'payments' ? 0 : there.knownWorthless),
      zeroValue: tally.zeroValue,
    },
    ...(salesAs === 'payments' ? {} : { documents: { ...tally.documents, alreadyThere: there.known } }),
    reasons: tally.reasonCounts(),
    reportsNotKept: tally.reportsNotKept,
    ties: tally.linesTie() && money.every((each) => each.ties),
  };
  await context.database.inWorkspace(workspaceId, async (tx) => {
    const current = await lockImport(tx, row.id);
    if (current?.status !== 'checking') return;
    const progress = { ...NO_PROGRESS, phase: 'done' as const, linesRead: tally.linesRead, bytesRead: place.bytesRead };
    await updateImport(tx, {
      ...current,
      status: 'checked',
      progress,
      summary,
      failure: null,
      updated_at: context.clock.now(),
    });
  });
}

async function writeReports(
  context: ImportsContext,
  workspaceId: string,
  importId: string,
  tally: Tally,
  atLeast: number,
) {
  if (tally.waitingReports < atLeast) return;
  const reports = tally.takeReports();
  await context.database.inWorkspace(
    workspaceId,
    async (tx) => {
      for (let at = 0; at < reports.length; at += REPORTS_AT_ONCE)
        await insertReports(tx, importId, reports.slice(at, at + REPORTS_AT_ONCE));
    },
    { asyncCommit: true },
  );
}

async function tellProgress(
  context: ImportsContext,
  workspaceId: string,
  importId: string,
  read: { linesRead: number; bytesRead: number },
) {
  await context.database.inWorkspace(workspaceId, async (tx) => {
    const current = await lockImport(tx, importId);
    if (current?.status !== 'checking') return;
    await updateImport(tx, { ...current, progress: { ...NO_PROGRESS, ...read }, updated_at: context.clock.now() });
  });
}

/** A company that lines of the file name. */
interface CompanyGroup {
  readonly sortName: string;
  /** Whether a contact that is not there yet belongs to it: for the others nothing is changed. */
  isNeeded: boolean;
}

async function countContactsThere(
  context: ImportsContext,
  workspaceId: string,
  files: ImportFiles,
): Promise<{ contactsThere: number; companies: NonNullable<ImportSummary['companies']> }> {
  const inWorkspace = context.database.inWorkspace;
  const named = makeLineGroups<CompanyGroup>(files.folder, 'companies', (earlier, later) => {
    earlier.isNeeded ||= later.isNeeded;
    return earlier;
  });
  let contactsThere = 0;
  for await (const rows of readAllStaged<StagedContact>(files.contacts, LOOKED_UP_AT_ONCE)) {
    const found = await inWorkspace(workspaceId, (tx) => findImportedContacts(tx, rows));
    contactsThere += found.size;
    for (const { ref, companyName } of rows) {
      if (companyName === null) continue;
      const sortName = sortNameOf(companyName);
      const known = named.get(sortName);
      if (known) known.isNeeded ||= !found.has(ref);
      else named.set(sortName, { sortName, isNeeded: !found.has(ref) });
    }
    await named.relieve();
  }
  const companies = { inFile: 0, alreadyThere: 0, toAdd: 0 };
  const countChunk = async (chunk: readonly CompanyGroup[]) => {
    const there = await inWorkspace(workspaceId, (tx) =>
      findCompanyIds(
        tx,
        chunk.map((company) => company.sortName),
      ),
    );
    companies.inFile += chunk.length;
    companies.alreadyThere += there.size;
    companies.toAdd += chunk.filter(({ sortName, isNeeded }) => isNeeded && !there.has(sortName)).length;
  };
  let chunk: CompanyGroup[] = [];
  for await (const company of named.drain()) {
    chunk.push(company);
    if (chunk.length < LOOKED_UP_AT_ONCE) continue;
    await countChunk(chunk);
    chunk = [];
  }
  if (chunk.length > 0) await countChunk(chunk);
  return { contactsThere, companies };
}

/**
 * What of the file is in the book, under the same references: sales as payments or as documents, whichever they became
 * before, so that nothing is in it twice. `worthless` are documents that no money belongs to.
 */
async function countMovementsThere(
  context: ImportsContext,
  workspaceId: string,
  files: ImportFiles,
  tally: Tally,
  areSales: boolean,
): Promise<{ known: number; worthless: number; knownWorthless: number }> {
  const counts = { known: 0, worthless: 0, knownWorthless: 0 };
  for await (const rows of readAllStaged<StagedPayment>(files.payments, LOOKED_UP_AT_ONCE)) {
    const refs = rows.map((row) => row.ref);
    const numbers = rows.flatMap((row) => row.document?.number ?? []);
    const { payments, documents, taken } = await context.database.inWorkspace(workspaceId, async (tx) => ({
      payments: await readImportedRefs(tx, refs),
      documents: areSales ? await readImportedDocuments(tx, refs) : new Map<string, never>(),
      taken: await readNumbersTaken(tx, numbers),
    }));
    for (const row of rows) {
      const { ref, line, amountMinor, currency, document } = row;
      if (amountMinor === 0n) counts.worthless += 1;
      if (document && taken.has(document.number))
        tally.note({ line, column: 'invoice_no', reason: 'number_taken', value: document.number });
      const payment = payments.get(ref);
      const known = documents.get(ref);
      if (!payment && !known) continue;
      counts.known += 1;
      if (amountMinor === 0n) counts.knownWorthless += 1;
      const differs = known
        ? (known.kind === 'invoice') !== (row.kind === 'charge') ||
          known.total_minor !== amountMinor ||
          known.currency !== currency
        : payment?.kind !== row.kind || payment.amountMinor !== amountMinor || payment.currency !== currency;
      if (differs) tally.note({ line, column: 'reference', reason: 'differs_from_stored', value: ref });
    }
  }
  return counts;
}
