import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { openDatabase } from '../src/foundation/database.ts';
import { fromPublicId, newId } from '../src/foundation/id.ts';
import { APP_ROLE } from '../src/foundation/migrate.ts';
import { type ImportedPayment, recordImportedPayments } from '../src/payments/record-imported-payments.ts';
import { type BenchDatabase, type BenchRow, cpuSecondsOf, perSecond, ROOT, runCommand } from './harness.ts';

/** The real file, beside the repository and never in it. */
const FILE = join(ROOT, '..', 'shared', 'data', 'online-retail', 'online_retail.csv.gz');
/** Sizes of the file whose checks are compared: at the smaller one groups go to disk already. */
const TIMES = { small: 4, large: 16 };
const BATCH = 1_000;
const BATCHES = 12;
const CONTACTS = 2_000;

interface Workspace {
  readonly id: string;
  readonly publicId: string;
}

/**
 * The Online Retail file by the command line, lines per second in all; the memory of the check at four and at
 * sixteen times the file; and payments with ledger, history and sums against the same rows by set-based inserts of 1,000 charges.
 */
export async function benchImport(database: BenchDatabase): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  rows.push(await payments(database, await makeWorkspace(database, 'Payments')));
  if (existsSync(FILE)) rows.push(...(await onlineRetail(database)));
  else console.log(`  SKIPPED: the Online Retail file is not at ${FILE}.`);
  const verified = await runCommand(database.url, ['verify'], { COUNTERFOIL_SECRET: 'x'.repeat(48) });
  const found = verified.code === 0;
  rows.push(
    row(
      'verify after all imports',
      found ? 'finds nothing' : verified.output.slice(0, 300),
      '–',
      null,
      'finds nothing',
      found,
    ),
  );
  return rows;
}

const row = (name: string, ours: string, rival: string, ratio: number | null, target: string, met: boolean | null) => ({
  bench: 'import',
  case: name,
  ours,
  rival,
  ratio,
  target,
  met,
});

async function makeWorkspace(database: BenchDatabase, name: string): Promise<Workspace> {
  const flags = ['--owner', 'bench@example.com', '--workspace', name, '--currency', 'GBP', '--json'];
  const made = await runCommand(database.url, ['setup', ...flags]);
  const { workspace } = JSON.parse(made.output) as { workspace: { id: string } };
  return { id: fromPublicId('workspace', workspace.id)!, publicId: workspace.id };
}

async function onlineRetail(database: BenchDatabase): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-files-'));
  try {
    const once = join(folder, 'once.csv');
    const small = join(folder, 'small.csv');
    const large = join(folder, 'large.csv');
    const lines = await unpack(once, 1);
    await unpack(small, TIMES.small);
    await unpack(large, TIMES.large);
    const target = await makeWorkspace(database, 'Retail');
    const whole = await importOnce(database, target, once, []);
    const rate = lines / (whole.ms / 1000);
    const checked = {
      small: await importOnce(database, await makeWorkspace(database, 'Small'), small, ['--dry-run']),
      large: await importOnce(database, await makeWorkspace(database, 'Large'), large, ['--dry-run']),
    };
    const growth = checked.large.peakMiB / checked.small.peakMiB;
    return [
      row(
        `Online Retail, ${lines} lines: check and write`,
        `${perSecond(rate)} in ${(whole.ms / 1000).toFixed(1)} s`,
        '–',
        null,
        '≥ 20,000/s on an idle machine of two cores',
        rate >= 20_000,
      ),
      row(
        'the same per second of CPU, PostgreSQL’s included',
        `${perSecond(lines / whole.cpuSeconds)} of CPU (${whole.cpuSeconds.toFixed(1)} s)`,
        '–',
        null,
        '≥ 20,000/s',
        lines / whole.cpuSeconds >= 20_000,
      ),
      row('memory at its peak, whole import', `${whole.peakMiB.toFixed(0)} MiB`, '–', null, 'told', null),
      row(
        `memory of the check at ${TIMES.large} × the file`,
        `${checked.large.peakMiB.toFixed(0)} MiB`,
        `${checked.small.peakMiB.toFixed(0)} MiB at ${TIMES.small} ×`,
        growth,
        'flat: ≤ 1.2',
        growth <= 1.2,
      ),
      row(
        `lines per second of the check at ${TIMES.large} × the file`,
        perSecond((lines * TIMES.large) / (checked.large.ms / 1000)),
        `${perSecond((lines * TIMES.small) / (checked.small.ms / 1000))} at ${TIMES.small} ×`,
        null,
        'told',
        null,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the file `times` over, each time with invoice numbers of its own, and says how many lines it has. */
async function unpack(path: string, times: number): Promise<number> {
  const out = createWriteStream(path);
  let lines = 0;
  for (let copy = 0; copy < times; copy += 1) {
    const source = createInterface({ input: createReadStream(FILE).pipe(createGunzip()) });
    let first = true;
    for await (const line of source) {
      const isHead = first;
      first = false;
      if (isHead && copy > 0) continue;
      if (!isHead) lines += 1;
      const text = isHead || copy === 0 ? line : line.replace(/^"(\w+)"/, `"$1${copy}"`);
      if (!out.write(`${text}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
    }
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return lines;
}

async function importOnce(database: BenchDatabase, workspace: Workspace, file: string, more: string[]) {
  const data = mkdtempSync(join(tmpdir(), 'counterfoil-bench-data-'));
  const began = performance.now();
  const flags = ['--kind', 'sales_lines', '--workspace', workspace.publicId, '--time-zone', 'Europe/London'];
  const child = spawn(
    process.execPath,
    [join(ROOT, 'bin', 'counterfoil.js'), 'import', file, ...flags, '--currency', 'GBP', '--data', data, ...more],
    { env: { ...process.env, DATABASE_URL: database.url }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let peakMiB = 0;
  let cpuSeconds = 0;
  const ofDatabase = cpuSecondsOf(database.postgres.pid);
  const looking = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid!));
    cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(child.pid!));
  }, 100);
  try {
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ms = performance.now() - began;
    if (code !== 0) throw new Error(`the import ended with ${code}: ${output}`);
    return { ms, peakMiB, cpuSeconds: cpuSeconds + cpuSecondsOf(database.postgres.pid) - ofDatabase };
  } finally {
    clearInterval(looking);
    rmSync(data, { recursive: true, force: true });
  }
}

/** The most that a process has been resident so far, in MiB; 0 once it has ended. Linux only. */
function peakOf(pid: number): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1024 : 0;
  } catch {
    return 0;
  }
}

/** In turns on one PostgreSQL: a batch by the verb that imports use, the same rows by somebody who knows the tables. */
async function payments(database: BenchDatabase, workspace: Workspace): Promise<BenchRow> {
  const contacts = await addContacts(database.owner, workspace.id);
  const ours = openDatabase({ connection: { connectionString: database.url }, actAs: APP_ROLE });
  const theirs = new pg.Client({ connectionString: database.url });
  await theirs.connect();
  const by = { importId: newId(), kind: 'system', id: null, name: 'Bench', now: new Date() };
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  try {
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const rows = movements(contacts, batch);
      times.ours.push(await timed(() => ours.inWorkspace(workspace.id, (tx) => recordImportedPayments(tx, by, rows))));
      const others = movements(contacts, batch + BATCHES);
      times.theirs.push(await timed(() => insertDirectly(theirs, workspace.id, by.importId, others)));
    }
  } finally {
    await theirs.end();
    await ours.close();
  }
  // Half of the rows are the rival's own; both kept the same books, which verify looks at in the end.
  const rate = (list: number[]) => BATCH / (list.sort((a, b) => a - b)[Math.floor(list.length / 2)]! / 1000);
  const [mine, his] = [rate(times.ours), rate(times.theirs)];
  const name =
    'payments with ledger, history and sums, 1,000 per transaction, against set-based inserts of the same rows';
  return row(name, perSecond(mine), perSecond(his), mine / his, '≥ 0.3', mine / his >= 0.3);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function addContacts(owner: pg.Pool, workspaceId: string): Promise<string[]> {
  const ids = Array.from({ length: CONTACTS }, () => newId());
  await owner.query(
    `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, created_at, updated_at)
     SELECT $1, id, id, 'Customer', 'customer', $3, $3 FROM unnest($2::uuid[]) AS id`,
    [workspaceId, ids, new Date()],
  );
  return ids;
}

function movements(contacts: readonly string[], batch: number): ImportedPayment[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const number = batch * BATCH + index;
    const occurredAt = new Date(Date.UTC(2024, 0, 1) + number * 600_000);
    return {
      externalRef: `bench-${number}`,
      contactId: contacts[(number * 7) % contacts.length]!,
      kind: 'charge' as const,
      amountMinor: BigInt(500 + (number % 97) * 50),
      currency: 'GBP',
      taxMinor: 0n,
      occurredAt,
      day: occurredAt.toISOString().slice(0, 10),
      methodKind: 'card' as const,
      reference: null,
      description: 'Goods',
      parentExternalRef: null,
    };
  });
}

/** Six set-based statements in one transaction of the superuser; every row is sent from here. */
async function insertDirectly(client: pg.Client, workspaceId: string, importId: string, rows: ImportedPayment[]) {
  const now = new Date();
  const ids = rows.map(() => newId());
  const entries = rows.map(() => newId());
  const [refs, contacts, amounts, moments, days] = [
    rows.map((row) => row.externalRef),
    rows.map((row) => row.contactId),
    rows.map((row) => String(row.amountMinor)),
    rows.map((row) => row.occurredAt),
    rows.map((row) => row.day),
  ];
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO payments (workspace_id, id, kind, contact_id, gateway, method_kind, method_label, amount_minor, currency, status, description,
       source, import_id, external_ref, occurred_at, day, created_at, settled_at, transition_count, created_by_kind, created_by_name)
     SELECT $1, id, 'charge', contact_id, 'import', 'card', 'Card', amount, 'GBP', 'settled', 'Goods', 'import', $2, ref, at, day, $3, $3, 1, 'system', 'Bench'
     FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::bigint[], $8::timestamptz[], $9::date[]) AS r (id, ref, contact_id, amount, at, day)`,
    [workspaceId, importId, now, ids, refs, contacts, amounts, moments, days],
  );
  await client.query(
    `INSERT INTO payment_transitions (workspace_id, payment_id, seq, to_status, at, by_kind, by_name, via)
     SELECT $1, id, 1, 'settled', $2, 'system', 'Bench', 'import' FROM unnest($3::uuid[]) AS id`,
    [workspaceId, now, ids],
  );
  await client.query(
    `INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency, effective_on, effective_at, recorded_at)
     SELECT $1, entry, 'charge_settled', id, 'settled', contact_id, 'GBP', day, at, $2
     FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::date[], $7::timestamptz[]) AS r (entry, id, contact_id, day, at)`,
    [workspaceId, now, entries, ids, contacts, days, moments],
  );
  await client.query(
    `INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
     SELECT $1, entry, 1, 'gateway_clearing', 'revenue', contact_id, 'GBP', amount
     FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS r (entry, contact_id, amount)`,
    [workspaceId, entries, contacts, amounts],
  );
  await client.query(
    `INSERT INTO ledger_contact_sums AS kept (workspace_id, contact_id, currency, received_minor, payment_count)
     SELECT $1, contact_id, 'GBP', sum(amount), count(*) FROM unnest($2::uuid[], $3::bigint[]) AS r (contact_id, amount) GROUP BY contact_id ORDER BY contact_id
     ON CONFLICT (workspace_id, contact_id, currency) DO UPDATE SET
       received_minor = kept.received_minor + excluded.received_minor, payment_count = kept.payment_count + excluded.payment_count`,
    [workspaceId, contacts, amounts],
  );
  await client.query(
    `INSERT INTO payment_day_totals AS kept (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot, count, amount_minor)
     SELECT $1, day, 'charge', 'settled', 'GBP', 'card', 'import', 'import', 0, count(*), sum(amount)
     FROM unnest($2::date[], $3::bigint[]) AS r (day, amount) GROUP BY day ORDER BY day
     ON CONFLICT (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot) DO UPDATE SET
       count = kept.count + excluded.count, amount_minor = kept.amount_minor + excluded.amount_minor`,
    [workspaceId, days, amounts],
  );
  await client.query('COMMIT');
}
