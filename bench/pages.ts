import { spawn } from 'node:child_process';
import pg from 'pg';
import { encodeCursor } from '../src/foundation/cursor.ts';
import { fromPublicId, toPublicId } from '../src/foundation/id.ts';
import {
  addressFrom,
  type BenchDatabase,
  type BenchRow,
  type BenchServer,
  ms,
  runCommand,
  send,
  startBenchServer,
} from './harness.ts';
import { type PageCase, type PageFacts, pageCases } from './page-cases.ts';
import { type Seeded, type SeedSize, seedBusiness } from './seed.ts';

const SMALL: SeedSize = { contacts: 1_000, payments: 10_000, books: true };
const LARGE: SeedSize = { contacts: 100_000, payments: 1_000_000, books: false };
/** `--full`: what the product is promised to carry. Some 15 minutes to load, 20 GB on disk. */
const FULL: SeedSize = { contacts: 1_000_000, payments: 10_000_000, books: true };

const WARM_UP = 12;
const TURNS = 150;
/** A case that is slow is measured less often rather than longer; `--seconds=1` for a first look. */
const SECONDS_MAX = Number(process.argv.find((word) => word.startsWith('--seconds='))?.slice('--seconds='.length) ?? 5);

interface Side {
  readonly server: BenchServer;
  readonly facts: PageFacts;
  readonly apiKey: string;
  readonly cases: readonly PageCase[];
}

/**
 * p95 of pages through the whole HTTP API by one client: the large business against the small one on the same
 * PostgreSQL, and against hand-written SQL behind a bare Fastify route (the superuser: no row-level security, no key, no
 * shaping). All take turns, so that a noisy moment of the machine meets each.
 */
export async function benchPages(database: BenchDatabase): Promise<BenchRow[]> {
  const large = process.argv.includes('--full') ? FULL : LARGE;
  const { rowCount } = await database.owner.query(`SELECT 1 FROM pg_database WHERE datname = 'small'`);
  if (!rowCount) await database.owner.query('CREATE DATABASE small');
  const smallUrl = database.url.replace(/\/bench$/, '/small');
  const smallOwner = new pg.Pool({ connectionString: smallUrl, max: 4 });
  smallOwner.on('error', () => {});
  const small = await prepare(smallUrl, smallOwner, SMALL);
  const rows: BenchRow[] = [];
  try {
    const big = await prepare(database.url, database.owner, large);
    try {
      const rival = await startBarePages(database.url, big.facts);
      const direct = new pg.Client({ connectionString: database.url });
      await direct.connect();
      try {
        // `--only=totals|smart`: the cases whose names match.
        const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? '';
        for (const [number, benched] of big.cases.entries()) {
          if (!new RegExp(only).test(benched.name)) continue;
          const times = await measure([
            (turn) => read(small, number, turn),
            (turn) => read(big, number, turn),
            (turn) => readRival(rival.address, number, turn),
            (turn) => readDirectly(direct, benched, turn),
          ]);
          const made = rowsOf(benched, times);
          for (const row of made) console.log(`  ${row.case}: ${row.ours} against ${row.rival}`);
          rows.push(...made);
        }
      } finally {
        await direct.end();
        await rival.close();
      }
    } finally {
      await big.server.close();
    }
  } finally {
    await small.server.close();
    await smallOwner.end();
  }
  rows.push(await verified('small', smallUrl));
  if (large.books && !process.argv.includes('--without-verify')) rows.push(await verified('large', database.url));
  return rows;
}

/** `verify` re-adds what was loaded, as a process of its own whose memory is looked at. */
async function verified(name: string, url: string): Promise<BenchRow> {
  const began = performance.now();
  const { code, output, peakMiB } = await runCommand(url, ['verify'], { COUNTERFOIL_SECRET: 'x'.repeat(48) });
  const took = `in ${((performance.now() - began) / 1000).toFixed(0)} s, at most ${peakMiB.toFixed(0)} MiB`;
  return {
    bench: 'pages',
    case: `verify over the ${name} business`,
    ours: code === 0 ? `finds nothing, ${took}` : output.slice(0, 300),
    rival: '–',
    ratio: null,
    target: 'finds nothing',
    met: code === 0,
  };
}

async function prepare(url: string, owner: pg.Pool, size: SeedSize): Promise<Side> {
  const loaded = (await readLoaded(owner, size)) ?? (await load(url, owner, size));
  const server = await startBenchServer(url);
  const facts = await readFacts(owner, loaded.workspaceId, loaded.seeded);
  return { server, facts, apiKey: loaded.apiKey, cases: pageCases(facts) };
}

interface Loaded {
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly seeded: Seeded;
}

async function load(url: string, owner: pg.Pool, size: SeedSize): Promise<Loaded> {
  const made = await runCommand(url, ['setup', '--owner', 'bench@example.com', '--workspace', 'Bench', '--json']);
  const { api_key, workspace } = JSON.parse(made.output) as { api_key: { token: string }; workspace: { id: string } };
  const workspaceId = fromPublicId('workspace', workspace.id)!;
  const seeded = await seedBusiness(owner, workspaceId, size, new Date(), (line) => console.log(`  ${line}`));
  const loaded: Loaded = { workspaceId, apiKey: api_key.token, seeded };
  await owner.query('CREATE TABLE bench.loaded (facts jsonb NOT NULL)');
  await owner.query('INSERT INTO bench.loaded VALUES ($1)', [JSON.stringify(loaded)]);
  return loaded;
}

/** What a run before this one loaded into the kept folder; null when there is nothing. Throws when it is another size. */
async function readLoaded(owner: pg.Pool, size: SeedSize): Promise<Loaded | null> {
  const { rows: found } = await owner.query<{ there: boolean }>(
    `SELECT to_regclass('bench.loaded') IS NOT NULL AS there`,
  );
  if (!found[0]!.there) return null;
  const { rows } = await owner.query<{ facts: Loaded }>('SELECT facts FROM bench.loaded');
  const { facts } = rows[0]!;
  if (facts.seeded.size.payments !== size.payments)
    throw new Error(`the kept folder holds ${facts.seeded.size.payments} payments, not ${size.payments}`);
  return facts;
}

async function readFacts(owner: pg.Pool, workspaceId: string, { size, fromMs, untilMs }: Seeded): Promise<PageFacts> {
  const { rows: contacts } = await owner.query<{ id: string }>(
    `SELECT c.id FROM generate_series(1, $2::bigint, greatest(1, $2::bigint / 400)) AS i
     JOIN contacts c ON c.workspace_id = $1 AND c.id = bench.id($3::bigint + i * $4::bigint, 1, i)`,
    [workspaceId, size.contacts, fromMs, Math.floor((untilMs - fromMs) / size.contacts)],
  );
  const half = fromMs + (untilMs - fromMs) / 2;
  const { rows: middle } = await owner.query<{ id: string; at: string }>(
    `SELECT id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
     FROM payments WHERE workspace_id = $1 AND occurred_at < $2 ORDER BY occurred_at DESC, id DESC LIMIT 1`,
    [workspaceId, new Date(half)],
  );
  const { id, at } = middle[0]!;
  const day = (offset: number) => new Date(half + offset * 86_400_000).toISOString().slice(0, 10);
  return {
    workspaceId,
    contacts: contacts.map((contact) => ({ id: toPublicId('contact', contact.id), uuid: contact.id })),
    middle: { id, at, cursor: encodeCursor([at, id]) },
    month: { from: day(0), to: day(29), after: day(30) },
  };
}

async function read(side: Side, number: number, turn: number): Promise<void> {
  const { path, body } = side.cases[number]!.request(turn);
  const headers = { authorization: `Bearer ${side.apiKey}` };
  const answer = await send(side.server.address, body === undefined ? 'GET' : 'POST', path, headers, body);
  if (answer.status !== 200) throw new Error(`${path} was refused: ${answer.text}`);
}

async function readRival(address: string, number: number, turn: number): Promise<void> {
  const answer = await send(address, 'GET', `/page?number=${number}&turn=${turn}`, {});
  if (answer.status !== 200) throw new Error(`the bare route failed: ${answer.text}`);
}

async function readDirectly(client: pg.Client, benched: PageCase, turn: number): Promise<void> {
  for (const { text, values } of benched.statements(turn)) await client.query(text, [...values]);
}

/** A side that takes this long is measured once, warm, so that it does not starve the others. */
const SLOW_MS = 700;

/** Times of each side in milliseconds, sorted. */
async function measure(sides: readonly ((turn: number) => Promise<void>)[]): Promise<number[][]> {
  const times = sides.map((): number[] => []);
  const isSlow = sides.map(() => false);
  const timed = async (index: number, turn: number) => {
    const began = performance.now();
    await sides[index]!(turn);
    return performance.now() - began;
  };
  const run = async (turnsMax: number, seconds: number, isWarmUp: boolean) => {
    const end = performance.now() + seconds * 1000;
    for (let turn = 0; turn < turnsMax && (turn < 2 || performance.now() < end); turn += 1) {
      for (const index of sides.keys()) {
        if (isSlow[index]) continue;
        const time = await timed(index, isWarmUp ? turn : WARM_UP + turn);
        isSlow[index] = turn > 0 && isWarmUp && time > SLOW_MS;
        if (!isWarmUp || isSlow[index]) times[index]!.push(time);
      }
    }
  };
  await run(WARM_UP, SECONDS_MAX / 4, true);
  await run(TURNS, SECONDS_MAX, false);
  return times.map((list) => list.sort((a, b) => a - b));
}

const p95 = (times: readonly number[]) => times[Math.min(times.length - 1, Math.floor(times.length * 0.95))]!;
const p50 = (times: readonly number[]) => times[Math.floor(times.length / 2)]!;
const both = (times: readonly number[]) => `p95 ${ms(p95(times))}, p50 ${ms(p50(times))}`;

function rowsOf({ name, promise }: PageCase, [small, large, rival, direct]: readonly number[][]): BenchRow[] {
  const growth = p95(large!) / p95(small!);
  const cost = p95(large!) / p95(rival!);
  const promised = promise !== 'told';
  return [
    {
      bench: 'pages',
      case: `${name}: large against small`,
      ours: both(large!),
      rival: both(small!),
      ratio: growth,
      target: promised ? '≤ 1.5' : 'told',
      met: promised ? growth <= 1.5 : null,
    },
    {
      bench: 'pages',
      case: `${name}: against ${promise === 'key' ? 'that' : 'hand-written SQL'} behind a bare route`,
      ours: both(large!),
      rival: `${both(rival!)} (by pg alone p95 ${ms(p95(direct!))})`,
      ratio: cost,
      target: promised ? '≤ 3' : 'told',
      met: promised ? cost <= 3 : null,
    },
  ];
}

/** The rival as a process of its own. */
async function startBarePages(url: string, facts: PageFacts) {
  const child = spawn(process.execPath, [process.argv[1]!, '--bare-pages'], {
    env: { ...process.env, BENCH_BARE_PAGES: JSON.stringify({ url, facts }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await addressFrom(child);
  return {
    address,
    async close() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
