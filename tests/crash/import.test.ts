import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRecord } from '../../src/imports/api.ts';
import type { ImportKind } from '../../src/imports/import.ts';
import { filesOf, type ImportsContext } from '../../src/imports/open-import.ts';
import { readImportRecord } from '../../src/imports/read-import.ts';
import { removeIdleFiles } from '../../src/imports/remove-import-files.ts';
import { findInterrupted, makeImportRunner } from '../../src/imports/run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from '../../src/imports/start-import.ts';
import { uploadImport } from '../../src/imports/upload-import.ts';
import { verifyInvoices } from '../../src/invoices/verify-invoices.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import { verifyPayments } from '../../src/payments/verify-payments.ts';
import { verifyAudit } from '../../src/workspace/verify-audit.ts';
import { bundleProgram, runProgram } from '../setup/child-program.ts';
import { type TestServer, type TestWorkspace, testServer } from '../setup/server.ts';
import type { ImportPlan } from './import-program.ts';

/** Two chunks of charges and one of refunds with their charges, of forty customers; a chunk and a half of contacts. */
const CHARGES = 1_100;
const REFUNDS = 150;
const CUSTOMERS = 40;
const PEOPLE = 1_100;
const COMPANIES = 7;
/** A chunk of invoices and some, and credit notes about every fifth of them. */
const SALES = 520;
const SALES_GIVEN_BACK = SALES / 5;

/** `COUNTERFOIL_IMPORT_KILLS=10 npx vitest run tests/crash/import.test.ts` kills at ten times as many points. */
const MORE = Number(process.env.COUNTERFOIL_IMPORT_KILLS ?? 1);

let server: TestServer;
let context: ImportsContext;
let program: { path: string; remove: () => void };
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-crash-imports-'));
beforeAll(async () => {
  [server, program] = await Promise.all([
    testServer(),
    bundleProgram(join(import.meta.dirname, 'import-program.ts'), { call: 'importProgram', whole: true }),
  ]);
  context = { database: server.database, clock: server.clock, dataFolder };
});
afterAll(() => {
  program.remove();
  rmSync(dataFolder, { recursive: true, force: true });
});

function payments(): string {
  const lines = ['id,date,amount,customer id,type,refund of'];
  for (let n = 0; n < CHARGES; n += 1) lines.push(`p${n},2026-01-05,${1 + (n % 9)}.25,c${n % CUSTOMERS},charge,`);
  for (let n = 0; n < REFUNDS; n += 1) lines.push(`r${n},2026-01-06,0.25,c${n % CUSTOMERS},refund,p${n}`);
  return `${lines.join('\n')}\n`;
}

function people(): string {
  const line = (n: number) => `Person ${n},person${n}@example.com,Company ${n % COMPANIES},"tag ${n % 3}",Note ${n}`;
  return `name,email,company,tags,notes\n${Array.from({ length: PEOPLE }, (_, n) => line(n)).join('\n')}\n`;
}

/** Two lines each; the credit notes give one of two things back. */
function sales(): string {
  const lines = ['invoice,date,quantity,price,customer id,sku,description'];
  for (let n = 0; n < SALES; n += 1) {
    lines.push(
      `${n},2026-01-05,2,3.50,c${n % CUSTOMERS},s${n},Thing`,
      `${n},2026-01-05,1,0.25,c${n % CUSTOMERS},t${n},Box`,
    );
    if (n % 5 === 0) lines.push(`C${n},2026-01-06,-1,3.50,c${n % CUSTOMERS},s${n},Thing`);
  }
  return `${lines.join('\n')}\n`;
}

const FILES: Record<ImportKind, () => string> = { payments, contacts: people, sales_lines: sales };

interface Scene {
  readonly workspace: TestWorkspace;
  readonly id: string;
}

const read = ({ workspace, id }: Scene): Promise<ImportRecord> => readImportRecord(context, workspace.id, id);

/** Begins a step; whoever works on the import next does it. */
const begin = async ({ workspace, id }: Scene, start: typeof startCheck) =>
  start(context, await workspace.caller(), id);

/** A server that comes up again: it takes up whatever a stop interrupted, and nothing else is told to it. */
async function restart() {
  const runner = makeImportRunner(context, (error) => console.error(error));
  await runner.resume();
  await runner.idle();
}

async function makeScene(kind: ImportKind): Promise<Scene> {
  const workspace = await server.workspace();
  const stream = Readable.from([Buffer.from(FILES[kind]())]);
  const caller = await workspace.caller();
  const { id } = await uploadImport(context, caller, kind, { name: 'file.csv', stream });
  if (kind === 'sales_lines') await mapImport(context, caller, id, { salesAs: 'invoices_paid' });
  return { workspace, id };
}

/** A process that works on the import and, with `dieAt`, kills itself at that step. */
function startProgram({ workspace, id }: Scene, dieAt?: number) {
  const plan: ImportPlan = {
    connection: server.database.connection,
    workspaceId: workspace.id,
    importId: id,
    dataFolder,
    now: server.clock.now().toISOString(),
    ...(dieAt === undefined ? {} : { dieAt }),
  };
  return runProgram(program.path, [JSON.stringify(plan)]);
}

async function stepsOf(scene: Scene): Promise<string[]> {
  const running = startProgram(scene);
  expect(await running.ended, running.output().stderr).toBe(0);
  return JSON.parse(running.output().stdout.trim()) as string[];
}

async function killAt(scene: Scene, at: number) {
  expect(await startProgram(scene, at).ended).toBe('SIGKILL');
}

/** Before and after the COMMIT of every chunk, and one point in the middle of each. */
function pointsOf(steps: readonly string[]): number[] {
  const commits = [...steps.entries()].filter(([, name]) => name.endsWith(' COMMIT')).map(([at]) => at);
  const middles = commits.flatMap((at, index) => {
    const before = commits[index - 1] ?? 0;
    return at - before > 6 ? [Math.floor((at + before) / 2)] : [];
  });
  return [...new Set([...commits, ...middles])].sort((a, b) => a - b);
}

/** About `count` of them (all, where there are no more), the first and the last always. */
function some(points: readonly number[], count: number): number[] {
  if (count >= points.length) return [...points];
  const step = (points.length - 1) / (count - 1);
  return [...new Set(Array.from({ length: count }, (_, index) => points[Math.round(index * step)]!))];
}

/** What stands in the book and among the contacts of a workspace, counted by hand. */
async function countOf({ workspace }: Scene) {
  const [row] = await server.database.asOwner<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM contacts WHERE workspace_id = $1 AND deleted_at IS NULL) AS contacts,
       (SELECT count(*)::int FROM companies WHERE workspace_id = $1) AS companies,
       (SELECT count(*)::int FROM contact_notes n JOIN contacts c ON c.workspace_id = n.workspace_id AND c.id = n.contact_id
          WHERE n.workspace_id = $1 AND c.deleted_at IS NULL) AS notes,
       (SELECT count(*)::int FROM payments WHERE workspace_id = $1 AND status = 'settled' AND kind = 'charge') AS charges,
       (SELECT count(*)::int FROM payments WHERE workspace_id = $1 AND status = 'settled' AND kind = 'refund') AS refunds,
       (SELECT count(*)::int FROM invoices WHERE workspace_id = $1 AND voided_at IS NULL) AS documents,
       (SELECT count(*)::int FROM invoices WHERE workspace_id = $1 AND voided_at IS NULL AND made_from_id IS NOT NULL) AS credits,
       (SELECT coalesce(sum(ltv_minor), 0)::int FROM ledger_contact_sums WHERE workspace_id = $1) AS ltv,
       (SELECT coalesce(sum(CASE kind WHEN 'charge' THEN amount_minor ELSE -amount_minor END), 0)::int
          FROM payment_day_totals WHERE workspace_id = $1 AND status = 'settled') AS totals`,
    [workspace.id],
  );
  return row;
}

async function wrongsOf({ workspace }: Scene): Promise<unknown[]> {
  const differences = await server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyInvoices(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
  return [...differences, ...(await verifyAudit(server.database, workspace.id)).problems];
}

const NET_MINOR =
  Array.from({ length: CHARGES }, (_, n) => 100 * (1 + (n % 9)) + 25).reduce((sum, each) => sum + each, 0) -
  25 * REFUNDS;
const SALES_MINOR = SALES * 725 - SALES_GIVEN_BACK * 350;
const NOTHING = {
  contacts: 0,
  companies: 0,
  notes: 0,
  charges: 0,
  refunds: 0,
  documents: 0,
  credits: 0,
  ltv: 0,
  totals: 0,
};
const EVERYTHING: Partial<Record<ImportKind, object>> = {
  payments: { ...NOTHING, contacts: CUSTOMERS, charges: CHARGES, refunds: REFUNDS, ltv: NET_MINOR, totals: NET_MINOR },
  contacts: { ...NOTHING, contacts: PEOPLE, companies: COMPANIES, notes: PEOPLE },
  sales_lines: {
    ...NOTHING,
    contacts: CUSTOMERS,
    charges: SALES,
    refunds: SALES_GIVEN_BACK,
    documents: SALES + SALES_GIVEN_BACK,
    credits: SALES_GIVEN_BACK,
    ltv: SALES_MINOR,
    totals: SALES_MINOR,
  },
};

const WRITTEN: Record<ImportKind, object> = {
  payments: { contacts: CUSTOMERS, payments: CHARGES + REFUNDS, already_there: 0 },
  contacts: { contacts: PEOPLE, companies: COMPANIES, already_there: 0 },
  sales_lines: { contacts: CUSTOMERS, documents: SALES + SALES_GIVEN_BACK, already_there: 0 },
};

async function expectWritten(scene: Scene, kind: ImportKind, where: string) {
  const record = await read(scene);
  expect(record, where).toMatchObject({
    status: 'committed',
    failure: null,
    summary: {
      ties: true,
      written: WRITTEN[kind],
    },
  });
  expect(await countOf(scene), where).toEqual(EVERYTHING[kind]);
  expect(await wrongsOf(scene), where).toEqual([]);
  expect(existsSync(filesOf(context, scene.id).folder), where).toBe(false);
}

async function expectUndone(scene: Scene, where: string) {
  expect(await read(scene), where).toMatchObject({ status: 'undone', failure: null });
  expect(await countOf(scene), where).toEqual(NOTHING);
  expect(await wrongsOf(scene), where).toEqual([]);
}

describe('a server killed in the middle of an import', () => {
  it.each<[ImportKind, number]>([
    ['payments', 5],
    ['contacts', 3],
    ['sales_lines', 3],
  ])(
    '%s being written: the next start goes on, nothing is lost or doubled',
    { timeout: 300_000 },
    async (kind, count) => {
      const rehearsal = await makeScene(kind);
      await begin(rehearsal, startCheck);
      await restart();
      await begin(rehearsal, startCommit);
      const steps = await stepsOf(rehearsal);
      await expectWritten(rehearsal, kind, 'undisturbed');
      for (const at of some(pointsOf(steps), count * MORE)) {
        const scene = await makeScene(kind);
        await begin(scene, startCheck);
        await restart();
        await begin(scene, startCommit);
        await killAt(scene, at);
        const where = `killed at ${at} ${steps[at]}`;
        const record = await read(scene);
        if (record.status === 'committing') {
          expect(await findInterrupted(context), where).toContainEqual({
            workspaceId: scene.workspace.id,
            importId: scene.id,
          });
        }
        await restart();
        // When the last COMMIT was the last thing that happened, only the files are left over.
        await removeIdleFiles(context);
        await expectWritten(scene, kind, where);
      }
    },
  );

  it.each<[ImportKind, number]>([
    ['payments', 5],
    ['contacts', 3],
    ['sales_lines', 3],
  ])(
    '%s being taken back: the next start goes on until all is as before',
    { timeout: 300_000 },
    async (kind, count) => {
      const written = async () => {
        const scene = await makeScene(kind);
        for (const step of [startCheck, startCommit]) {
          await begin(scene, step);
          await restart();
        }
        await begin(scene, startUndo);
        return scene;
      };
      const rehearsal = await written();
      const steps = await stepsOf(rehearsal);
      await expectUndone(rehearsal, 'undisturbed');
      for (const at of some(pointsOf(steps), count * MORE)) {
        const scene = await written();
        await killAt(scene, at);
        await restart();
        await expectUndone(scene, `killed at ${at} ${steps[at]}`);
      }
    },
  );

  it('again and again, in the check, while writing and while taking back', { timeout: 300_000 }, async () => {
    const scene = await makeScene('payments');
    await begin(scene, startCheck);
    await killAt(scene, 8);
    expect(await read(scene)).toMatchObject({ status: 'checking' });
    await restart();
    expect(await read(scene)).toMatchObject({ status: 'checked', summary: { ties: true } });
    await begin(scene, startCommit);
    // Each process gets a little further than the one before.
    for (const at of [10, 30, 45, 60]) {
      await killAt(scene, at);
      expect(await read(scene)).toMatchObject({ status: 'committing' });
    }
    await restart();
    await expectWritten(scene, 'payments', 'killed four times');
    await begin(scene, startUndo);
    for (const at of [5, 25, 40]) {
      await killAt(scene, at);
      expect(await read(scene)).toMatchObject({ status: 'undoing' });
    }
    await restart();
    await expectUndone(scene, 'killed three times');
  });
});
