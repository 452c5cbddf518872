import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBareEvents } from './bare-events.ts';
import { runBarePages } from './bare-pages.ts';
import { runBareRoute } from './bare-route.ts';
import { benchCharges } from './charges.ts';
import { benchDocuments } from './documents.ts';
import { benchEvents } from './events.ts';
import { benchGatewayImport } from './gateway-import.ts';
import { type BenchDatabase, type BenchRow, ROOT, startBenchDatabase } from './harness.ts';
import { benchImport } from './import.ts';
import { benchInvoicePages } from './invoice-pages.ts';
import { benchInvoices } from './invoices.ts';
import { benchLargeImport } from './large-import.ts';
import { benchPages } from './pages.ts';
import { benchRecurring } from './recurring.ts';
import { benchStart } from './start.ts';
import { benchSums } from './sums.ts';

/** Each bench gets a database of its own; `npm run bench -- charges pages` runs some of them. */
const BENCHES: Record<string, (database: BenchDatabase) => Promise<BenchRow[]>> = {
  charges: benchCharges,
  pages: benchPages,
  import: benchImport,
  invoices: benchInvoices,
  'invoice-pages': benchInvoicePages,
  documents: benchDocuments,
  recurring: benchRecurring,
  events: benchEvents,
  'gateway-import': benchGatewayImport,
  sums: benchSums,
  start: benchStart,
};

/** Run only when they are named: they take minutes and gigabytes. */
const HEAVY: typeof BENCHES = { 'large-import': benchLargeImport };

if (process.argv.includes('--bare-route')) {
  await runBareRoute(JSON.parse(process.env.BENCH_BARE_ROUTE ?? '{}'));
} else if (process.argv.includes('--bare-events')) {
  await runBareEvents(JSON.parse(process.env.BENCH_BARE_EVENTS ?? '{}'));
} else if (process.argv.includes('--bare-pages')) {
  await runBarePages(JSON.parse(process.env.BENCH_BARE_PAGES ?? '{}'));
} else {
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  // `--keep=FOLDER`: what is loaded stays there for the next run. One bench at a time.
  const kept = process.argv.find((word) => word.startsWith('--keep='))?.slice('--keep='.length) ?? null;
  const rows: BenchRow[] = [];
  for (const [name, bench] of Object.entries({ ...BENCHES, ...HEAVY })) {
    if (wanted.length > 0 ? !wanted.includes(name) : name in HEAVY) continue;
    console.log(`\n${name} …`);
    const database = await startBenchDatabase(kept);
    try {
      const made = await bench(database);
      rows.push(...made);
      printTable(made);
    } finally {
      await database.close();
    }
  }
  mkdirSync(join(ROOT, 'bench', 'results'), { recursive: true });
  writeFileSync(join(ROOT, 'bench', 'results', 'latest.json'), `${JSON.stringify(rows, null, 2)}\n`);
  console.log('\nbench/results/latest.json has the same as JSON.');
  process.exitCode = rows.some((row) => row.met === false) ? 1 : 0;
}

function printTable(rows: readonly BenchRow[]): void {
  const head = ['case', 'ours', 'rival', 'ratio', 'target', 'met'];
  const lines = rows.map((row) => [
    row.case,
    row.ours,
    row.rival,
    row.ratio === null ? '–' : row.ratio.toFixed(2),
    row.target,
    row.met === null ? '–' : row.met ? 'yes' : 'NO',
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]!.length)));
  for (const line of [head, ...lines]) console.log(line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
}
