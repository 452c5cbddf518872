import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { monotonicMs } from '../foundation/clock.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import { verifyPayments } from '../payments/verify-payments.ts';
import type { SalesAs } from './import.ts';
import type { ImportsContext } from './open-import.ts';
import { readImportRecord } from './read-import.ts';
import { makeImportRunner } from './run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

/** The real file, beside the repository and never in it. */
const FILE = join(import.meta.dirname, '../../../shared/data/online-retail/online_retail.csv.gz');
const HERE = existsSync(FILE);
if (!HERE) {
  console.warn(`SKIPPED: the Online Retail file is not at ${FILE}; its sales were not tested as invoices.`);
}

/**
 * `COUNTERFOIL_LONG=1 npx vitest run src/imports/online-retail-invoices.test.ts` brings all of the file in; otherwise one
 * customer in eleven, with every line of theirs.
 */
const WHOLE = process.env.COUNTERFOIL_LONG === '1';
const isTaken = (customer: string) => WHOLE || Number(customer) % 11 === 0;

/** What the file is known to come to as a whole. */
const PUBLISHED = { net: 830_006_581n, sales: 891_140_790n, credits: 61_134_209n, documents: 22_190, customers: 4_372 };

interface Doc {
  readonly customer: string;
  lines: number;
  /** In ten-thousandths. */
  value: bigint;
}

interface Recount {
  text: string[];
  lines: number;
  linesWithCustomer: number;
  docs: Map<string, Doc>;
  perCustomer: Map<string, bigint>;
}

/** The file counted anew with nothing of ours: split by a regular expression, summed per invoice, rounded to pence. */
async function recount(): Promise<Recount> {
  const text: string[] = [];
  const docs = new Map<string, Doc>();
  let lines = 0;
  let linesWithCustomer = 0;
  for await (const line of createInterface({ input: createReadStream(FILE).pipe(createGunzip()) })) {
    const match = /^"([^"]*)",.*,(-?\d+),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(-?[\d.]+),(\d+|NA),"[^"]*"$/.exec(line);
    if (!match) {
      text.push(line);
      continue;
    }
    const [, no, pieces, , each, customer] = match as unknown as string[];
    if (!isTaken(customer!)) continue;
    lines += 1;
    text.push(line);
    if (customer === 'NA') continue;
    linesWithCustomer += 1;
    const [whole, fraction = ''] = each!.replace('-', '').split('.');
    const price = BigInt(whole! + fraction.padEnd(4, '0')) * (each!.startsWith('-') ? -1n : 1n);
    const doc = docs.get(no!) ?? { customer: customer!, lines: 0, value: 0n };
    doc.lines += 1;
    doc.value += BigInt(pieces!) * price;
    docs.set(no!, doc);
  }
  const perCustomer = new Map<string, bigint>();
  for (const { customer, value } of docs.values())
    perCustomer.set(customer, (perCustomer.get(customer) ?? 0n) + pence(value));
  return { text, lines, linesWithCustomer, docs, perCustomer };
}

function pence(value: bigint): bigint {
  return value >= 0n ? (value + 50n) / 100n : -((-value + 50n) / 100n);
}

describe.skipIf(!HERE)('the Online Retail file as invoices', async () => {
  const server = await testServer();
  const { database, clock } = server;
  const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-retail-invoices-'));
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
  const context: ImportsContext = { database, clock, dataFolder };
  const runner = makeImportRunner(context, (error) => console.error(error));
  let own: Recount;
  beforeAll(async () => {
    own = await recount();
  });

  const workspaceWith = async () => {
    const workspace = await server.workspace({ currency: 'GBP', timeZone: 'Europe/London' });
    const caller = await workspace.caller();
    const read = (id: string) => readImportRecord(context, workspace.id, id);
    const step = async (id: string, start: typeof startCheck) => {
      await start(context, caller, id);
      runner.wake(workspace.id, id);
      await runner.idle();
      return read(id);
    };
    const bring = async (salesAs: SalesAs) => {
      const stream = WHOLE ? createReadStream(FILE) : Readable.from([`${own.text.join('\n')}\n`]);
      const { id } = await uploadImport(context, caller, 'sales_lines', { name: 'online_retail.csv', stream });
      await mapImport(context, caller, id, { salesAs, paidBy: 'bank_transfer' });
      await step(id, startCheck);
      return { id, record: await step(id, startCommit) };
    };
    return { workspace, bring, step };
  };

  /** Whatever adds the books up again. */
  const verify = async (workspaceId: string) => [
    ...(await database.inWorkspace(workspaceId, verifyBooks, { snapshot: true })),
    ...(await database.inWorkspace(workspaceId, verifyInvoices, { snapshot: true })),
    ...(await database.inWorkspace(workspaceId, verifyPayments, { snapshot: true })),
  ];

  /** An account of the ledger by customer, those who owe nothing left out. */
  const accountOf = async (workspaceId: string, account: string): Promise<Record<string, bigint>> => {
    const rows = await database.asOwner<{ ref: string; minor: string }>(
      `SELECT c.external_ref AS ref, sum(CASE WHEN t.debit_account = $2 THEN t.amount_minor ELSE 0 END
           - CASE WHEN t.credit_account = $2 THEN t.amount_minor ELSE 0 END)::text AS minor
       FROM ledger_transfers t JOIN contacts c ON c.workspace_id = $1 AND c.id = t.contact_id
       WHERE t.workspace_id = $1 AND $2 IN (t.debit_account, t.credit_account) GROUP BY 1`,
      [workspaceId, account],
    );
    return Object.fromEntries(rows.map((row) => [row.ref, BigInt(row.minor)]).filter(([, minor]) => minor !== 0n));
  };
  const published = () => Object.fromEntries([...own.perCustomer].filter(([, minor]) => minor !== 0n));
  const sumOf = (minors: Iterable<bigint>) => [...minors].reduce((sum, minor) => sum + minor, 0n);
  const opposite = (sums: Record<string, bigint>) =>
    Object.fromEntries(Object.entries(sums).map(([ref, minor]) => [ref, -minor]));

  /** Every document that is there, as the file has it: its worth to the penny and how many lines it has. */
  const expectDocuments = async (workspaceId: string) => {
    const rows = await database.asOwner<{ number: string; ref: string; minor: string; lines: number; odd: boolean }>(
      `SELECT i.number, c.external_ref AS ref, (CASE i.kind WHEN 'invoice' THEN 1 ELSE -1 END * i.total_minor)::text AS minor,
         jsonb_array_length(i.snapshot->'lines') AS lines,
         i.issued_at IS NULL OR i.series_id IS NOT NULL OR i.source <> 'import' OR i.snapshot->>'number' <> i.number
           OR (i.snapshot->>'total_minor')::bigint <> i.total_minor
           OR (SELECT sum((line->>'net_minor')::bigint) FROM jsonb_array_elements(i.snapshot->'lines') line) <> i.total_minor AS odd
       FROM invoices i JOIN contacts c ON c.workspace_id = $1 AND c.id = i.contact_id
       WHERE i.workspace_id = $1 AND i.withdrawn_at IS NULL`,
      [workspaceId],
    );
    const shown = new Map(rows.map((row) => [row.number, [row.ref, BigInt(row.minor), row.lines, row.odd]]));
    expect(shown.size).toBe(rows.length);
    expect(shown).toEqual(
      new Map([...own.docs].map(([no, doc]) => [no, [doc.customer, pence(doc.value), doc.lines, false]])),
    );
  };

  test('paid: documents, lifetime value and ledger to the penny, once, and out again', {
    timeout: 300_000,
  }, async () => {
    const { workspace, bring, step } = await workspaceWith();
    const started = monotonicMs();
    const { id, record } = await bring('invoices_paid');
    const tookMs = monotonicMs() - started;
    console.log(
      `Online Retail as invoices: ${Math.round(own.linesWithCustomer / (tookMs / 1000))} lines per second, ${Math.round(tookMs)} ms.`,
    );
    const values = [...own.docs.values()].map((doc) => pence(doc.value));
    const credits = values.filter((minor) => minor < 0n);
    const worthless = values.filter((minor) => minor === 0n).length;
    if (WHOLE) {
      expect(own.docs.size).toBe(PUBLISHED.documents);
      expect([sumOf(values), -sumOf(credits), own.perCustomer.size]).toEqual([
        PUBLISHED.net,
        PUBLISHED.credits,
        PUBLISHED.customers,
      ]);
    }
    expect(own.perCustomer.size).toBeGreaterThan(350);
    const { about_sales: aboutSales = 0 } = record.summary?.documents ?? {};
    expect(record).toMatchObject({
      status: 'committed',
      failure: null,
      summary: {
        ties: true,
        lines: { read: own.lines, used: own.linesWithCustomer, refused: 0 },
        documents: {
          invoices: values.length - credits.length,
          credit_notes: credits.length,
          lines: own.linesWithCustomer,
          already_there: 0,
        },
        money: [
          {
            charges_minor: Number(sumOf(values) - sumOf(credits)),
            credits_minor: Number(-sumOf(credits)),
            net_minor: Number(sumOf(values)),
          },
        ],
        written: { contacts: own.perCustomer.size, documents: own.docs.size, payments: own.docs.size - worthless },
      },
    });
    await expectDocuments(workspace.id);
    expect(aboutSales).toBeGreaterThan(credits.length / 2);
    expect(aboutSales).toBeLessThan(credits.length);
    const [named] = await database.asOwner(
      `SELECT count(*)::int AS count, bool_and(a.contact_id = n.contact_id AND a.kind = 'invoice' AND a.issued_on <= n.issued_on
           AND n.snapshot->'about'->>'number' = a.number) AS fit
       FROM invoices n JOIN invoices a ON a.workspace_id = $1 AND a.id = n.made_from_id WHERE n.workspace_id = $1`,
      [workspace.id],
    );
    expect(named).toEqual({ count: aboutSales, fit: true });

    const ltv = await database.asOwner<{ ref: string; ltv: string }>(
      `SELECT c.external_ref AS ref, coalesce(s.ltv_minor, 0)::text AS ltv FROM contacts c LEFT JOIN ledger_contact_sums s
         ON s.workspace_id = $1 AND s.contact_id = c.id AND s.currency = 'GBP' WHERE c.workspace_id = $1`,
      [workspace.id],
    );
    expect(Object.fromEntries(ltv.map((row) => [row.ref, BigInt(row.ltv)]))).toEqual(
      Object.fromEntries(own.perCustomer),
    );
    expect(await accountOf(workspace.id, 'receivables')).toEqual({});
    expect(await accountOf(workspace.id, 'customer_credit')).toEqual({});
    expect(opposite(await accountOf(workspace.id, 'revenue'))).toEqual(published());
    expect(await accountOf(workspace.id, 'bank')).toEqual(published());
    expect(await verify(workspace.id)).toEqual([]);

    for (const salesAs of ['invoices_open', 'payments'] as const) {
      const { record: again } = await bring(salesAs);
      expect(again.summary?.written).toMatchObject({ contacts: 0, documents: 0, payments: 0 });
    }
    expect(await step(id, startUndo)).toMatchObject({
      status: 'undone',
      summary: {
        taken_back: {
          contacts: own.perCustomer.size,
          contacts_kept: 0,
          documents: own.docs.size,
          documents_kept: 0,
          payments: own.docs.size - worthless,
          payments_kept: 0,
        },
      },
    });
    for (const account of ['receivables', 'customer_credit', 'revenue', 'bank', 'refunds'])
      expect(await accountOf(workspace.id, account)).toEqual({});
    expect(await verify(workspace.id)).toEqual([]);
  });

  test('open: each customer owes what is published, after coming in a second time', { timeout: 300_000 }, async () => {
    const { workspace, bring, step } = await workspaceWith();
    const first = await bring('invoices_open');
    await step(first.id, startUndo);
    expect(await accountOf(workspace.id, 'receivables')).toEqual({});
    const { record } = await bring('invoices_open');
    expect(record.summary).toMatchObject({ ties: true, written: { documents: own.docs.size, payments: 0 } });
    await expectDocuments(workspace.id);
    expect(await accountOf(workspace.id, 'receivables')).toEqual(published());
    if (WHOLE) expect(sumOf(Object.values(await accountOf(workspace.id, 'receivables')))).toBe(PUBLISHED.net);
    // The same from the documents: what is open of invoices, less credit notes that stand alone.
    const open = await database.asOwner<{ ref: string; minor: string }>(
      `SELECT c.external_ref AS ref,
         sum(i.open_minor - CASE WHEN i.stands_alone THEN i.total_minor - i.paid_minor ELSE 0 END)::text AS minor
       FROM invoices i JOIN contacts c ON c.workspace_id = $1 AND c.id = i.contact_id
       WHERE i.workspace_id = $1 AND i.voided_at IS NULL GROUP BY 1`,
      [workspace.id],
    );
    expect(
      Object.fromEntries(open.map((row) => [row.ref, BigInt(row.minor)]).filter(([, minor]) => minor !== 0n)),
    ).toEqual(published());
    expect(await verify(workspace.id)).toEqual([]);
  });
});
