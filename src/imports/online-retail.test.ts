import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { monotonicMs } from '../foundation/clock.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { ImportsContext } from './open-import.ts';
import { readImportRecord } from './read-import.ts';
import { makeImportRunner } from './run-imports.ts';
import { startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

/** The real file, beside the repository and never in it. */
const FILE = join(import.meta.dirname, '../../../shared/data/online-retail/online_retail.csv.gz');
const HERE = existsSync(FILE);
if (!HERE) {
  console.warn(`SKIPPED: the Online Retail file is not at ${FILE}; the import of 541,909 real lines was not tested.`);
}

interface Recount {
  lines: number;
  linesWithCustomer: number;
  /** Every line's value, in ten-thousandths. */
  source: bigint;
  perCustomer: Map<string, bigint>;
}

/** The file counted anew with nothing of ours: split by a regular expression, summed per invoice, rounded to pence. */
async function recount(): Promise<Recount> {
  const invoices = new Map<string, { customer: string; value: bigint }>();
  let lines = 0;
  let linesWithCustomer = 0;
  let source = 0n;
  for await (const line of createInterface({ input: createReadStream(FILE).pipe(createGunzip()) })) {
    const match = /^"([^"]*)",.*,(-?\d+),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(-?[\d.]+),(\d+|NA),"[^"]*"$/.exec(line);
    if (!match) continue;
    lines += 1;
    const [whole, fraction = ''] = match[4]!.replace('-', '').split('.');
    const price = BigInt(whole! + fraction.padEnd(4, '0')) * (match[4]!.startsWith('-') ? -1n : 1n);
    const value = BigInt(match[2]!) * price;
    source += value;
    if (match[5] === 'NA') continue;
    linesWithCustomer += 1;
    const invoice = invoices.get(match[1]!) ?? { customer: match[5]!, value: 0n };
    invoice.value += value;
    invoices.set(match[1]!, invoice);
  }
  const perCustomer = new Map<string, bigint>();
  for (const { customer, value } of invoices.values()) {
    const pence = value >= 0n ? (value + 50n) / 100n : -((-value + 50n) / 100n);
    perCustomer.set(customer, (perCustomer.get(customer) ?? 0n) + pence);
  }
  return { lines, linesWithCustomer, source, perCustomer };
}

describe.skipIf(!HERE)('the Online Retail file', async () => {
  const server = await testServer();
  const { database, clock } = server;
  const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-online-retail-'));
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
  const context: ImportsContext = { database, clock, dataFolder };
  const runner = makeImportRunner(context, (error) => console.error(error));

  test('comes in to the penny, ties out, and goes out again', { timeout: 300_000 }, async () => {
    const workspace = await server.workspace({ currency: 'GBP', timeZone: 'Europe/London' });
    const caller = await workspace.caller();
    const read = (id: string) => readImportRecord(context, workspace.id, id);
    const started = monotonicMs();
    const bring = async () => {
      const { id } = await uploadImport(context, caller, 'sales_lines', {
        name: 'online_retail.csv.gz',
        stream: createReadStream(FILE),
      });
      await startCheck(context, caller, id);
      runner.wake(workspace.id, id);
      await runner.idle();
      await startCommit(context, caller, id);
      runner.wake(workspace.id, id);
      await runner.idle();
      return id;
    };
    const id = await bring();
    const tookMs = monotonicMs() - started;
    const record = await read(id);
    console.log(
      `Online Retail: ${Math.round(541_909 / (tookMs / 1000))} lines per second, ${Math.round(tookMs)} ms in all.`,
    );
    console.log(JSON.stringify(record.summary, null, 1));

    expect(record).toMatchObject({
      status: 'committed',
      settings: { encoding: 'utf-8', separator: ',', date_order: 'ymd', decimal_mark: '.' },
      summary: {
        ties: true,
        lines: { read: 541_909, used: 406_829, left_out: 135_080, refused: 0 },
        contacts: { in_file: 4_372, already_there: 0 },
        payments: { in_file: 22_186, already_there: 0, zero_value: 4 },
        money: [
          {
            currency: 'GBP',
            charge_count: 18_532,
            charges_minor: 891_140_790,
            credit_count: 3_654,
            credits_minor: 61_134_209,
            net_minor: 830_006_581,
            rounding: '-0.004',
            refused: '0',
            ties: true,
          },
        ],
        written: { contacts: 4_372, payments: 22_186, already_there: 0 },
      },
    });

    const own = await recount();
    expect([own.lines, own.linesWithCustomer, own.perCustomer.size]).toEqual([541_909, 406_829, 4_372]);
    expect(record.summary?.money[0]?.source).toBe(
      `${own.source / 10_000n}.${String(own.source % 10_000n)
        .padStart(4, '0')
        .replace(/0+$/, '')}`,
    );
    const kept = await database.asOwner<{ external_ref: string; ltv: string }>(
      `SELECT c.external_ref, coalesce(s.ltv_minor, 0)::text AS ltv FROM contacts c
       LEFT JOIN ledger_contact_sums s ON s.workspace_id = c.workspace_id AND s.contact_id = c.id AND s.currency = 'GBP'
       WHERE c.workspace_id = $1`,
      [workspace.id],
    );
    expect(Object.fromEntries(kept.map((row) => [row.external_ref, row.ltv]))).toEqual(
      Object.fromEntries([...own.perCustomer].map(([customer, pence]) => [customer, String(pence)])),
    );
    expect([...own.perCustomer.values()].reduce((sum, pence) => sum + pence, 0n)).toBe(830_006_581n);

    const countries = await database.asOwner<{ country: string | null; count: number }>(
      'SELECT country, count(*)::int AS count FROM contacts WHERE workspace_id = $1 GROUP BY country',
      [workspace.id],
    );
    const countOf = new Map(countries.map((row) => [row.country, row.count]));
    expect(countOf.get('GB')).toBeGreaterThan(3_900);
    expect(countOf.get('IE')).toBe(3);
    expect(await database.inWorkspace(workspace.id, verifyBooks, { snapshot: true })).toEqual([]);

    const again = await read(await bring());
    expect(again.summary).toMatchObject({
      contacts: { already_there: 4_372 },
      payments: { already_there: 22_186 },
      written: { contacts: 0, payments: 0, already_there: 26_558 },
    });

    await startUndo(context, caller, id);
    runner.wake(workspace.id, id);
    await runner.idle();
    expect(await read(id)).toMatchObject({
      status: 'undone',
      summary: { taken_back: { contacts: 4_372, contacts_kept: 0, payments: 22_186, payments_kept: 0 } },
    });
    expect(
      await database.asOwner(
        `SELECT (SELECT count(*)::int FROM contacts WHERE workspace_id = $1 AND deleted_at IS NULL) AS contacts,
           (SELECT coalesce(sum(abs(ltv_minor) + payment_count), 0)::int FROM ledger_contact_sums WHERE workspace_id = $1) AS sums,
           (SELECT coalesce(sum(amount_minor), 0)::int FROM payment_day_totals WHERE workspace_id = $1 AND status = 'settled') AS totals`,
        [workspace.id],
      ),
    ).toEqual([{ contacts: 0, sums: 0, totals: 0 }]);
    expect(await database.inWorkspace(workspace.id, verifyBooks, { snapshot: true })).toEqual([]);
  });
});
