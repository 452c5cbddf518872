import pg from 'pg';
import { newId } from '../src/foundation/id.ts';
import { prepare } from './charges.ts';
import {
  type BenchDatabase,
  type BenchRow,
  cpuSecondsOf,
  load,
  ms,
  perSecond,
  printStatements,
  runCommand,
  send,
  startBenchServer,
} from './harness.ts';

/** BENCH_CLIENTS=1 for a look at one of them. */
const CLIENTS = process.env.BENCH_CLIENTS ? [Number(process.env.BENCH_CLIENTS)] : [1, 8, 32];
const SECONDS = 5;
const ROUNDS = 2;
const WARM_UP_SECONDS = 4;
const PER_SECOND_MIN = 300;

const BODY = {
  lines: [
    { name: 'Consultation', quantity: '2', unit_price: '80.00', taxes: ['VAT20'] },
    { name: 'Travel', quantity: '35.5', unit_price: '0.45', taxes: ['VAT20'] },
    { name: 'Book', quantity: '1', unit_price: '12.90', taxes: ['VAT5'] },
  ],
  issue: true,
};

/**
 * A three-line taxed invoice, written and issued through the HTTP API, against the same rows written by hand, and against
 * itself with a series for each client, where no number waits for another.
 */
export async function benchInvoices(database: BenchDatabase): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const server = await startBenchServer(database.url);
  try {
    const prepared = await prepare(database, server);
    const headers = { authorization: `Bearer ${prepared.apiKey}` };
    const make = async (url: string, body: object) => {
      const answer = await send(server.address, 'POST', url, headers, JSON.stringify(body));
      if (answer.status !== 201) throw new Error(answer.text);
      return JSON.parse(answer.text) as { id: string };
    };
    await make('/v1/taxes', { code: 'VAT20', label: 'VAT 20 %', rate: '20' });
    await make('/v1/taxes', { code: 'VAT5', label: 'VAT 5 %', rate: '5' });
    const series: string[] = [];
    for (let at = 0; at < Math.max(...CLIENTS); at += 1) {
      const { id } = await make('/v1/number-series', {
        kind: 'invoice',
        name: `Desk ${at}`,
        pattern: `D${at}-{0000}`,
        restarts_yearly: false,
      });
      series.push(id);
    }
    const issue = (ofClient: (client: number) => object) => async (index: number, client: number) => {
      const { contact } = prepared.people[index % prepared.people.length]!;
      await make('/v1/invoices', { ...BODY, contact_id: contact, ...ofClient(client) });
    };
    const oneSeries = issue(() => ({}));
    const ownSeries = issue((client) => ({ series_id: series[client] }));
    await load(32, WARM_UP_SECONDS, oneSeries);
    await database.owner.query('ANALYZE');
    for (const clients of CLIENTS) {
      const rates = { ours: [] as number[], own: [] as number[], hand: [] as number[] };
      let cpu = 0;
      let count = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const before = cpuSecondsOf(server.process.pid!) + cpuSecondsOf(database.postgres.pid);
        const ours = await load(clients, SECONDS, oneSeries);
        cpu += cpuSecondsOf(server.process.pid!) + cpuSecondsOf(database.postgres.pid) - before;
        count += ours.count;
        rates.ours.push(ours.perSecond);
        rates.own.push((await load(clients, SECONDS, ownSeries)).perSecond);
        rates.hand.push(await writtenByHand(database, prepared.workspaceId, clients));
      }
      const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
      const [mine, own, hand] = [mean(rates.ours), mean(rates.own), mean(rates.hand)];
      const row = (
        name: string,
        ours: string,
        rival: string,
        ratio: number | null,
        target: string,
        met: boolean | null,
      ): BenchRow => ({
        ...{ bench: 'invoices', case: `${name}, ${clients} clients`, ours, rival, ratio, target, met },
      });
      rows.push(
        row(
          'written and issued',
          perSecond(mine),
          '–',
          null,
          clients === 1 ? 'told' : `≥ ${PER_SECOND_MIN}/s`,
          clients === 1 ? null : mine >= PER_SECOND_MIN,
        ),
        row(
          'against the same rows by hand',
          perSecond(mine),
          perSecond(hand),
          mine / hand,
          '≥ 0.4',
          mine / hand >= 0.4,
        ),
        row(
          'one gap-free series against one per client',
          perSecond(mine),
          perSecond(own),
          mine / own,
          '≥ 0.5',
          mine / own >= 0.5,
        ),
        row('CPU of server and PostgreSQL for each', ms((cpu * 1000) / count), '–', null, 'told', null),
      );
    }
    if (process.env.BENCH_STATEMENTS) await printStatements(database);
  } finally {
    await server.close();
  }
  // What was written by hand has no ledger lines that add up with it; it is taken out before the books are read.
  await database.owner.query(`ALTER TABLE invoices DISABLE TRIGGER USER; ALTER TABLE audit_log DISABLE TRIGGER USER`);
  await database.owner.query(`DELETE FROM invoices WHERE created_by = 'By hand'`);
  await database.owner.query(`ALTER TABLE invoices ENABLE TRIGGER USER; ALTER TABLE audit_log ENABLE TRIGGER USER`);
  const { rows: gaps } = await database.owner.query<{ n: string }>(
    `SELECT count(*) AS n FROM (SELECT series_id, max(series_number) - count(*) AS gap FROM invoices WHERE series_number IS NOT NULL
       AND created_by <> 'By hand' GROUP BY series_id) s WHERE gap <> 0`,
  );
  const without = Number(gaps[0]!.n) === 0;
  rows.push({
    bench: 'invoices',
    case: 'numbers without a gap',
    ours: without ? 'yes' : 'no',
    rival: '–',
    ratio: null,
    target: 'yes',
    met: without,
  });
  const verified = await runCommand(database.url, ['verify'], { COUNTERFOIL_SECRET: 'x'.repeat(48) });
  const fine = verified.code === 0;
  rows.push({
    bench: 'invoices',
    case: 'verify afterwards',
    ours: fine ? 'finds nothing' : verified.output.slice(0, 300),
    rival: '–',
    ratio: null,
    target: 'finds nothing',
    met: fine,
  });
  return rows;
}

/**
 * The rows of one issued invoice, copied from one that the program made: document, ledger entry with its lines, two rows of
 * the audit log, outbox; and a counter that is taken under a lock, so that numbers have no gap here either.
 */
async function writtenByHand(database: BenchDatabase, workspaceId: string, clients: number): Promise<number> {
  const columns = async (table: string, without: readonly string[]) =>
    (
      await database.owner.query<{ column_name: string }>(
        `SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
        [table],
      )
    ).rows.flatMap(({ column_name: name }) => (without.includes(name) ? [] : [name]));
  const model = (
    await database.owner.query<{ id: string; entry: string }>(
      `SELECT i.id, e.id AS entry FROM invoices i JOIN ledger_entries e ON e.workspace_id = i.workspace_id AND e.source_id = i.id
     WHERE i.source = 'api' AND i.issued_at IS NOT NULL LIMIT 1`,
    )
  ).rows[0]!;
  const invoice = await columns('invoices', [
    'id',
    'number',
    'series_id',
    'series_year',
    'series_number',
    'idempotency_key',
    'created_by',
  ]);
  const entry = await columns('ledger_entries', ['id', 'source_id']);
  const transfer = await columns('ledger_transfers', ['entry_id', 'document_id']);
  await database.owner.query(
    'CREATE TABLE IF NOT EXISTS bench_counter (n bigint); INSERT INTO bench_counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM bench_counter)',
  );
  const statements = [
    { name: 'h1', text: 'UPDATE bench_counter SET n = n + 1 RETURNING n', values: () => [] as unknown[] },
    {
      name: 'h2',
      text: `INSERT INTO invoices (id, number, created_by, ${invoice.join(', ')}) SELECT $1::uuid, 'H-' || $1::text, 'By hand', ${invoice.join(', ')} FROM invoices WHERE workspace_id = $2 AND id = $3`,
      values: (id: string) => [id, workspaceId, model.id],
    },
    {
      name: 'h3',
      text: `INSERT INTO ledger_entries (id, source_id, ${entry.join(', ')}) SELECT $1::uuid, $2::uuid, ${entry.join(', ')} FROM ledger_entries WHERE workspace_id = $3 AND id = $4`,
      values: (id: string) => [id, id, workspaceId, model.entry],
    },
    {
      name: 'h4',
      text: `INSERT INTO ledger_transfers (entry_id, document_id, ${transfer.join(', ')}) SELECT $1::uuid, $1::uuid, ${transfer.join(', ')} FROM ledger_transfers WHERE workspace_id = $2 AND entry_id = $3`,
      values: (id: string) => [id, workspaceId, model.entry],
    },
    {
      name: 'h5',
      text: `INSERT INTO audit_log (workspace_id, id, at, actor_kind, actor_name, action) VALUES ($1, $2, now(), 'api_key', 'By hand', 'invoice.created'), ($1, gen_random_uuid(), now(), 'api_key', 'By hand', 'invoice.issued')`,
      values: (id: string) => [workspaceId, id],
    },
    {
      name: 'h6',
      text: `INSERT INTO outbox (workspace_id, id, topic, payload, created_at, handed_at) VALUES ($1, $2, 'invoice.issued', '{}', now(), now())`,
      values: (id: string) => [workspaceId, id],
    },
  ];
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: database.url });
      // The database ends with the bench, also when the bench ends in the middle.
      client.on('error', () => {});
      await client.connect();
      return client;
    }),
  );
  const result = await load(clients, SECONDS, async (_index, worker) => {
    const client = connections[worker]!;
    const id = newId();
    await client.query('BEGIN');
    for (const { name, text, values } of statements) await client.query({ name, text, values: values(id) });
    await client.query('COMMIT');
  });
  await Promise.all(connections.map((client) => client.end()));
  // Kept out of what is verified later.
  await database.owner
    .query(
      `DELETE FROM ledger_transfers t USING invoices i WHERE i.workspace_id = t.workspace_id AND i.id = t.entry_id AND i.created_by = 'By hand'`,
    )
    .catch(() => {});
  await database.owner
    .query(
      `DELETE FROM ledger_entries e USING invoices i WHERE i.workspace_id = e.workspace_id AND i.id = e.id AND i.created_by = 'By hand'`,
    )
    .catch(() => {});
  return result.perSecond;
}
