import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/foundation/embedded-postgres.ts';

/** dist/bench/ when built, so two folders up as from the sources of a room. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** One row of the result: what was measured, against what, and whether the stated target holds. */
export interface BenchRow {
  readonly bench: string;
  readonly case: string;
  readonly ours: string;
  readonly rival: string;
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean | null;
}

export interface BenchDatabase {
  readonly postgres: EmbeddedPostgres;
  /** The superuser over TCP. */
  readonly url: string;
  readonly owner: pg.Pool;
  close(): Promise<void>;
}

/**
 * A PostgreSQL of the run's own: the embedded binaries over loopback TCP, fsync on, in a folder that goes with it. With
 * `kept`, a folder that stays, so that the next run finds what this one loaded.
 */
export async function startBenchDatabase(kept: string | null = null): Promise<BenchDatabase> {
  if (kept) mkdirSync(kept, { recursive: true });
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataFolder: folder,
    tcp: { port: 0 },
    settings: {
      ...(process.env.BENCH_STATEMENTS ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
      shared_buffers: '512MB',
      max_wal_size: '4GB',
      checkpoint_timeout: '30min',
      maintenance_work_mem: '256MB',
    },
  });
  const address = `127.0.0.1:${postgres.port}`;
  const base = `postgres://postgres:${encodeURIComponent(postgres.password)}@${address}`;
  const admin = new pg.Client({ connectionString: `${base}/postgres` });
  await admin.connect();
  const { rowCount: found } = await admin.query(`SELECT 1 FROM pg_database WHERE datname = 'bench'`);
  if (!found) await admin.query('CREATE DATABASE bench');
  await admin.end();
  const url = `${base}/bench`;
  const owner = new pg.Pool({ connectionString: url, max: 10 });
  owner.on('error', () => {});
  return {
    postgres,
    url,
    owner,
    async close() {
      await owner.end();
      await postgres.stop();
      if (!kept) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface BenchServer {
  readonly address: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** For profiling the server under load: BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=/tmp/prof". */
const NODE_FLAGS = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean);

/** The built program as a process of its own, on the bench's database. */
export async function startBenchServer(
  url: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-data-'));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, join(ROOT, 'bin', 'counterfoil.js'), 'start', '--port', '0', '--data', folder, ...args],
    { env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const address = await addressFrom(child);
  return {
    address,
    process: child,
    async close() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first http address that a child prints. */
export function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const match = /(http:\/\/[^\s]+:\d+)/.exec(seen);
      if (match) resolve(match[1]!);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${seen}`)));
  });
}

/** Runs a command of the built program on the bench's database; gives what it printed and how large it grew. */
export async function runCommand(
  url: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string; peakMiB: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-data-'));
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'counterfoil.js'), ...args, '--data', folder], {
    env: { ...process.env, DATABASE_URL: url, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, residentOrZero(child.pid));
  }, 200);
  const code = await new Promise<number>((resolve) => child.once('exit', (value) => resolve(value ?? 1)));
  clearInterval(watch);
  rmSync(folder, { recursive: true, force: true });
  return { code, output, peakMiB };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Length of the body as it came. */
  readonly bytes: number;
}

/** One HTTP request over a kept connection; small on purpose, because the client shares the machine. */
export function send(
  address: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, address);
    const outgoing = request(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method,
        path: url.pathname + url.search,
        headers:
          body === undefined
            ? headers
            : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: incoming.statusCode ?? 0, text: body.toString(), bytes: body.length });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface LoadResult {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** `clients` workers that each do one `work` after the other until `seconds` have passed. */
export async function load(
  clients: number,
  seconds: number,
  work: (index: number, client: number) => Promise<void>,
): Promise<LoadResult> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < end) {
        const began = performance.now();
        await work(next++, client);
        times.push(performance.now() - began);
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { count: times.length, perSecond: times.length / elapsed, p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** CPU seconds (user and system) that a process and its children, dead ones included, have used so far. Linux only. */
export function cpuSecondsOf(pid: number): number {
  let sum = 0;
  for (const member of [pid, ...childrenOf(pid)]) {
    try {
      const fields = readFileSync(`/proc/${member}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      // utime, stime, and for the parent those of children that have ended.
      const ticks =
        Number(fields[11]) + Number(fields[12]) + (member === pid ? Number(fields[13]) + Number(fields[14]) : 0);
      sum += ticks / 100;
    } catch {
      // It ended between the list and the look.
    }
  }
  return sum;
}

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((candidate) => {
    try {
      return (
        Number(
          readFileSync(`/proc/${candidate}/stat`, 'utf8')
            .replace(/^.*\) /, '')
            .split(' ')[1],
        ) === pid
      );
    } catch {
      return false;
    }
  });
}

/** 0 once the process has ended. */
function residentOrZero(pid: number | undefined): number {
  try {
    return pid === undefined ? 0 : residentMiB(pid);
  } catch {
    return 0;
  }
}

/** Resident memory of a process in MiB. Linux only. */
export function residentMiB(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return match ? Number(match[1]) / 1024 : 0;
}

export const perSecond = (value: number) => `${value.toFixed(0)}/s`;
export const ms = (value: number) => `${value.toFixed(2)} ms`;

/** With BENCH_STATEMENTS=1: which statements the database spent its time on. */
export async function printStatements(database: BenchDatabase): Promise<void> {
  await database.owner.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const { rows } = await database.owner.query<{ calls: string; ms: number; total: number; query: string }>(
    `SELECT calls, mean_exec_time AS ms, total_exec_time AS total, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query
     FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 25`,
  );
  for (const { total, calls, ms, query } of rows) {
    console.log(`${total.toFixed(0).padStart(8)} ms  ${calls.padStart(7)} × ${ms.toFixed(3)} ms  ${query}`);
  }
}
