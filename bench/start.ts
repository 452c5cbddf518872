import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addressFrom, type BenchRow, cpuSecondsOf, ROOT, residentMiB, send } from './harness.ts';

const ROUNDS = 3;
const REST_MS = 10_000;
/** What a clone has; the packages are taken as installed. */
const SOURCES = ['bin', 'migrations', 'scripts', 'src', 'web', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** From `counterfoil start` to the first page in hand, on the embedded database, and the memory of a server at rest. */
export async function benchStart(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const clone = mkdtempSync(join(tmpdir(), 'counterfoil-bench-clone-'));
  try {
    for (const name of SOURCES.filter((source) => existsSync(join(ROOT, source)))) {
      cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'dir');
    const unbuilt = await withData((data) => startOnce(clone, data));
    rows.push(row('first start to first page, nothing built yet', seconds(unbuilt), 'told', null));
    const first: Started[] = [];
    const warm: Started[] = [];
    const resident: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await withData(async (data) => {
        first.push(await startOnce(clone, data));
        const again = await startOnce(clone, data, round === 0 ? REST_MS : 0);
        warm.push(again);
        if (round === 0) resident.push(again.residentMiB);
      });
    }
    rows.push(row('first start to first page', seconds(median(first)), '≤ 10 s', median(first).ms <= 10_000));
    rows.push(row('warm start to first page', seconds(median(warm)), '≤ 3 s', median(warm).ms <= 3_000));
    rows.push(
      row('server at rest, 10 s after its start', `${resident[0]!.toFixed(0)} MiB`, '≤ 200 MiB', resident[0]! <= 200),
    );
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
  return rows;
}

interface Started {
  readonly ms: number;
  /** Of the server and its children (builds, initdb, PostgreSQL): what the start costs on a machine that is busy too. */
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

async function withData<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-data-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOnce(program: string, data: string, restMs = 0): Promise<Started> {
  const began = performance.now();
  const { DATABASE_URL: _url, DATABASE_APP_URL: _appUrl, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [join(program, 'bin', 'counterfoil.js'), 'start', '--port', '0', '--data', data],
    { env: { ...env, LOG_LEVEL: 'warn' }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  try {
    const page = await send(await addressFrom(child), 'GET', '/', { accept: 'text/html' });
    if (page.status !== 200) throw new Error(`the first page was refused: ${page.status}`);
    const ms = performance.now() - began;
    const cpuSeconds = cpuSecondsOf(child.pid!);
    await pause(restMs);
    return { ms, cpuSeconds, residentMiB: residentMiB(child.pid!) };
  } finally {
    await stop(child);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await ended;
}

const seconds = ({ ms, cpuSeconds }: Started) => `${(ms / 1000).toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU)`;
const median = (all: readonly Started[]) => [...all].sort((a, b) => a.ms - b.ms)[Math.floor(all.length / 2)]!;

function row(name: string, ours: string, target: string, met: boolean | null): BenchRow {
  return { bench: 'start', case: name, ours, rival: '–', ratio: null, target, met };
}
