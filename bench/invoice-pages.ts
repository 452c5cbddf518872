import { encodeCursor } from '../src/foundation/cursor.ts';
import { toPublicId } from '../src/foundation/id.ts';
import { prepare } from './charges.ts';
import { type BenchDatabase, type BenchRow, ms, send, startBenchServer } from './harness.ts';

/** `--full`: what the product is promised to carry; some quarter of an hour to load, 20 GB on disk. */
const INVOICES = process.argv.includes('--full') ? 5_000_000 : Number(process.env.BENCH_INVOICES ?? 500_000);
const CHUNK = 250_000;
const TURNS = 150;
const WARM_UP = 12;
const P95_MAX_MS = 40;
/** Five years of them. */
const DAYS = 1_825;

/**
 * Payments → Invoices through the whole HTTP API with as many invoices as a large business has: first and deep pages, each
 * filter, and what stands above the list. Copies of documents that the program issued, their states as in life: most are
 * paid, one in fifty is open, some overdue, drafts, void ones, few disputed.
 */
export async function benchInvoicePages(database: BenchDatabase): Promise<BenchRow[]> {
  const server = await startBenchServer(database.url);
  try {
    const { apiKey, people, workspaceId } = await prepare(database, server);
    const headers = { authorization: `Bearer ${apiKey}` };
    const body = {
      contact_id: people[0]!.contact,
      lines: [
        { name: 'Consultation', quantity: '2', unit_price: '80.00' },
        { name: 'Travel', quantity: '35.5', unit_price: '0.45' },
        { name: 'Book', unit_price: '12.90' },
      ],
    };
    for (const issue of [true, false]) {
      const made = await send(server.address, 'POST', '/v1/invoices', headers, JSON.stringify({ ...body, issue }));
      if (made.status !== 201) throw new Error(made.text);
    }
    await fill(database, workspaceId);
    const cases = await casesOf(database, workspaceId, people);
    const rows: BenchRow[] = [];
    for (const { name, path, isPromised } of cases) {
      const times = await timesOf(async () => {
        const answer = await send(server.address, 'GET', path, headers);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
      });
      const [p50, p95] = [0.5, 0.95].map(
        (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!,
      );
      rows.push({
        bench: 'invoice-pages',
        case: `${name}, of ${INVOICES} invoices`,
        ours: `p95 ${ms(p95!)}, p50 ${ms(p50!)}`,
        rival: '–',
        ratio: null,
        target: isPromised ? `< ${P95_MAX_MS} ms` : 'told',
        met: isPromised ? p95! < P95_MAX_MS : null,
      });
      console.log(`  ${name}: p95 ${ms(p95!)}, p50 ${ms(p50!)}`);
    }
    return rows;
  } finally {
    await server.close();
  }
}

async function timesOf(work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
    const began = performance.now();
    await work();
    const time = performance.now() - began;
    if (turn >= WARM_UP) times.push(time);
    // What is slow needs no hundred turns to be seen.
    else if (turn >= 2 && time > 700) return [time];
  }
  return times.sort((a, b) => a - b);
}

/** Copies the issued document and the draft; every value comes from the row's number. */
async function fill(database: BenchDatabase, workspaceId: string): Promise<void> {
  const client = await database.owner.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name = 'invoices' AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    );
    const issued: Readonly<Record<string, string>> = {
      id: 'gen_random_uuid()',
      contact_id: '($2::uuid[])[1 + n % cardinality($2::uuid[])]',
      number: `'INV-' || n`,
      series_number: '1000000 + n',
      total_minor: '1000 + (hashint8(n) & 131071)',
      issued_on: 'day.on_day',
      listed_on: 'day.on_day',
      due_on: 'day.on_day + 30',
      instalments: `json_build_array(json_build_object('due_on', day.on_day + 30, 'amount_minor', 1000 + (hashint8(n) & 131071)))`,
      paid_minor: `CASE WHEN n % 50 = 0 OR n % 97 = 0 THEN 0 WHEN n % 51 = 0 THEN 500 ELSE 1000 + (hashint8(n) & 131071) END`,
      next_due_on: 'CASE WHEN n % 97 <> 0 AND (n % 50 = 0 OR n % 51 = 0) THEN day.on_day + 30 END',
      disputed_at: 'CASE WHEN n % 5000 = 0 AND n % 97 <> 0 THEN now() END',
      voided_at: 'CASE WHEN n % 97 = 0 THEN now() END',
      idempotency_key: 'NULL',
    };
    const draft = {
      ...Object.fromEntries(Object.entries(issued).slice(0, 2)),
      listed_on: 'day.on_day',
      idempotency_key: 'NULL',
    };
    const day = `LATERAL (SELECT current_date - (($4::bigint - n) * ${DAYS} / $4::bigint)::int AS on_day) day`;
    const copy = (values: Readonly<Record<string, string>>, of: string) => {
      const columns = rows.map(({ name }) => name);
      const made = columns.map((name) => values[name] ?? `model.${name}`);
      return `INSERT INTO invoices (${columns.join(', ')}) SELECT ${made.join(', ')}
        FROM generate_series($3::bigint, $5::bigint) n, ${day},
          (SELECT * FROM invoices WHERE workspace_id = $1 AND ${of} ORDER BY created_at LIMIT 1) model`;
    };
    const contacts = (
      await client.query<{ id: string }>('SELECT id FROM contacts WHERE workspace_id = $1', [workspaceId])
    ).rows.map(({ id }) => id);
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'invoices' AND indexname <> 'invoices_pkey'`,
    );
    await client.query(
      `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'`,
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    for (let from = 1; from <= INVOICES; from += CHUNK) {
      const until = Math.min(INVOICES, from + CHUNK - 1);
      await client.query(copy(issued, `issued_at IS NOT NULL AND number NOT LIKE 'INV-_______'`), [
        workspaceId,
        contacts,
        from,
        INVOICES,
        until,
      ]);
      console.log(`  ${until} invoices`);
    }
    await client.query(copy(draft, 'issued_at IS NULL'), [workspaceId, contacts, INVOICES - 2_000, INVOICES, INVOICES]);
    for (const { definition } of indexes) await client.query(definition);
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE invoices');
  } finally {
    client.release();
  }
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly isPromised: boolean;
}

async function casesOf(
  database: BenchDatabase,
  workspaceId: string,
  people: readonly { contact: string }[],
): Promise<Case[]> {
  const { rows: middle } = await database.owner.query<{ id: string; day: string; number: string }>(
    `SELECT id, listed_on::text AS day, number FROM invoices WHERE workspace_id = $1 AND kind = 'invoice' AND listed_on <= current_date - ${Math.floor(DAYS / 2)}
     ORDER BY listed_on DESC, id DESC LIMIT 1`,
    [workspaceId],
  );
  const { id, day, number } = middle[0]!;
  const month = `from=${day.slice(0, 8)}01&to=${day.slice(0, 8)}28`;
  const list = (name: string, query: string): Case => ({ name, path: `/v1/invoices?${query}`, isPromised: true });
  const totals = (name: string, query: string): Case => ({
    name: `totals, ${name}`,
    path: `/v1/invoices/totals?${query}`,
    isPromised: false,
  });
  const statuses = [
    'outstanding',
    'open',
    'overdue',
    'partly_paid',
    'paid',
    'draft',
    'void',
    'disputed',
    'processing',
    'written_off',
  ];
  return [
    list('first page', ''),
    list('deep page', `cursor=${encodeCursor([day, id])}`),
    ...statuses.map((status) => list(status, `status=${status}`)),
    list('a month', month),
    list('one contact', `contact=${people[7]!.contact}`),
    list('overdue of one contact', `status=overdue&contact=${people[7]!.contact}`),
    list('by number', `number=${number}`),
    list('a common amount', 'amount_min=5000&amount_max=9000'),
    list('a rare amount', 'amount_min=131000&amount_max=132070'),
    list('credit notes', 'kind=credit_note'),
    { name: 'one document', path: `/v1/invoices/${toPublicId('invoice', id)}`, isPromised: true },
    totals('outstanding', 'status=outstanding'),
    totals('overdue', 'status=overdue'),
    totals('a month', month),
    totals('everything', ''),
  ];
}
