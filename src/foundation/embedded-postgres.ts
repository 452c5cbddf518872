import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { check } from './assert.ts';
import { monotonicMs, pause } from './clock.ts';
import { type Account, chooseAccount, type SystemTool } from './embedded-postgres-account.ts';
import { type Binaries, findBinaries } from './embedded-postgres-binaries.ts';
import {
  type ClusterPlace,
  clusterOwner,
  ensureCluster,
  makeDataFolder,
  makeSocketFolder,
  placeCluster,
  rememberPlace,
} from './embedded-postgres-cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { lockDataFolder } from './embedded-postgres-lock.ts';
import { findSurvivor, forgetStranger, isReady, readPidFile, stopSurvivor } from './embedded-postgres-survivor.ts';

export { DataFolderInUse, EmbeddedPostgresError } from './embedded-postgres-error.ts';

export interface EmbeddedPostgresOptions {
  /** Everything the database owns is under this folder; made when it is not there. */
  readonly dataFolder: string;
  /** Server settings on top of ours. `fsync` and `full_page_writes` stay on. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Listen on 127.0.0.1 too; port 0 takes a free one. TCP asks for the password. */
  readonly tcp?: { readonly port: number };
  /** Called when the server ends without having been asked to. */
  readonly onUnexpectedEnd?: (sentence: string) => void;
  /** Do without these tools of the operating system, as on machines that lack them. */
  readonly without?: readonly SystemTool[];
}

export interface EmbeddedPostgres {
  /** `host` for a client over the Unix socket ('127.0.0.1' on Windows). */
  readonly socketFolder: string;
  readonly port: number;
  readonly superuser: 'postgres';
  /** Needed over TCP only. */
  readonly password: string;
  /** Where the data really are: the data folder, or a folder under /var/lib that root's server account can enter. */
  readonly home: string;
  readonly pid: number;
  /** True when a server that survived its program was taken over. */
  readonly reused: boolean;
  /** Stops the server: fast, with a checkpoint; at once if that takes too long. Safe to call twice. */
  stop(): Promise<void>;
}

/** A private socket folder leaves no reason for another number. */
const SOCKET_PORT = 5432;
/** Recovery after a power cut replays at most `max_wal_size`; this is many times what that takes on a slow disk. */
const START_TIMEOUT_MS = 300_000;
/** A fast stop only waits for the checkpoint. After it the server is told to drop everything: the log makes it whole again. */
const STOP_TIMEOUT_MS = 8_000;
const READY_POLL_MS = 15;
const LOG_BYTES_MAX = 5_000_000;

const SETTINGS: Readonly<Record<string, string>> = {
  // One small machine shared with the program itself; the operating system's cache does the rest.
  shared_buffers: '64MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_connections: '60',
  // No replicas hang on this server: less is written per change, and bulk loads into new tables are not logged twice.
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'on',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // Solid-state disks; and a parallel query would take both cores of a small machine (and Docker's 64 MB of /dev/shm).
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  autovacuum_vacuum_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  // A new business's tables grow from nothing to thousands of rows within one import: plans made when they were empty are
  // made again soon.
  autovacuum_naptime: '15s',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  unix_socket_permissions: '0700',
};

/**
 * Starts PostgreSQL on a data folder, making the database first when there is none, and resolves when it takes
 * connections. The server stops with this process, however that ends (where the operating system can say so; otherwise
 * the next start takes the survivor over). Throws EmbeddedPostgresError with one sentence for whoever started it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  for (const setting of ['fsync', 'full_page_writes']) {
    check(
      !(setting in (options.settings ?? {})),
      `${setting} stays on: an acknowledged charge must survive a power cut`,
    );
  }
  const has = (tool: SystemTool) => !options.without?.includes(tool);
  const dataFolder = makeDataFolder(options.dataFolder);
  const unlock = await lockDataFolder(dataFolder, { flock: process.platform === 'linux' && has('flock') });
  try {
    const account = chooseAccount(clusterOwner(dataFolder), has);
    const place = placeCluster(dataFolder, account);
    const binaries = findBinaries(account, account.drop ? '/var/lib/counterfoil' : dataFolder);
    ensureCluster(place, binaries, account);
    rememberPlace(dataFolder, place);
    const server = await runServer(place, binaries, account, options, has);
    return {
      ...server,
      stop: async () => {
        await server.stop();
        // Nothing is left behind in the system's temporary folder.
        if (server.socketFolder.startsWith('/') && !server.socketFolder.startsWith(server.home)) {
          rmSync(server.socketFolder, { recursive: true, force: true });
        }
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Connects to the server that another program keeps running on this data folder, for a command beside it; null when
 * none answers. `stop` does nothing: the server belongs to that program, and may go when it goes.
 */
export async function joinEmbeddedPostgres(dataFolder: string): Promise<EmbeddedPostgres | null> {
  const account = chooseAccount(clusterOwner(dataFolder), () => true);
  const place = placeCluster(makeDataFolder(dataFolder), account);
  const server = await findSurvivor(place);
  if (!server || !(await isReady(place))) return null;
  const { socketFolder, port, pid } = server;
  const password = readFileSync(place.password, 'utf8').trim();
  const host = process.platform === 'win32' ? '127.0.0.1' : socketFolder;
  return {
    home: place.home,
    socketFolder: host,
    port,
    superuser: 'postgres',
    password,
    pid,
    reused: true,
    stop: async () => {},
  };
}

async function runServer(
  place: ClusterPlace,
  binaries: Binaries,
  account: Account,
  options: EmbeddedPostgresOptions,
  has: (tool: SystemTool) => boolean,
): Promise<EmbeddedPostgres> {
  const windows = process.platform === 'win32';
  const survivor = await findSurvivor(place);
  const tcpPort = options.tcp ?? (windows ? { port: 0 } : null);
  const port = tcpPort ? tcpPort.port || survivor?.port || (await freePort()) : SOCKET_PORT;
  const socketFolder = windows ? '127.0.0.1' : makeSocketFolder(place, account, port);
  const settings = {
    ...SETTINGS,
    ...options.settings,
    listen_addresses: tcpPort ? '127.0.0.1' : '',
    port: String(port),
    unix_socket_directories: windows ? '' : socketFolder,
  };
  const args = [
    '-D',
    place.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const about = {
    home: place.home,
    socketFolder,
    port,
    superuser: 'postgres',
    password: readFileSync(place.password, 'utf8').trim(),
  } as const;

  if (survivor) {
    const running = readFileSync(join(place.cluster, 'postmaster.opts'), 'utf8').trim();
    const wanted = [binaries.program('postgres'), ...args.map((word) => `"${word}"`)].join(' ');
    if (running === wanted && (await isReady(place))) {
      return { ...about, pid: survivor.pid, reused: true, stop: once(() => stopSurvivor(place, survivor.pid)) };
    }
    // It runs with other settings or other binaries, or is on its way out.
    await stopSurvivor(place, survivor.pid);
  }
  forgetStranger(place);

  if (windows) return { ...about, ...(await startOnWindows(place, binaries, args)), reused: false };
  const child = spawnServer(place, binaries, account, args, has('setpriv') && canSetDeathSignal());
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  await Promise.race([waitUntilReady(place, child), ended]);
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    throw new EmbeddedPostgresError(`The database did not start: ${lastComplaint(place)} (see ${place.log})`);
  }
  // It must not keep a finished program alive; a program that just ends takes it along.
  child.unref();
  const stopWithUs = () => child.kill('SIGINT');
  process.once('exit', stopWithUs);
  void ended.then(() => {
    process.off('exit', stopWithUs);
    if (!stopping) options.onUnexpectedEnd?.(`The database server ended unexpectedly (see ${place.log}).`);
  });
  const pid = child.pid;
  return {
    ...about,
    pid,
    reused: false,
    stop: once(async () => {
      stopping = true;
      child.ref();
      child.kill('SIGINT');
      const patience = new AbortController();
      await Promise.race([ended, pause(STOP_TIMEOUT_MS, patience.signal)]);
      patience.abort();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGQUIT');
      await ended;
    }),
  };
}

function spawnServer(place: ClusterPlace, binaries: Binaries, account: Account, args: string[], deathSignal: boolean) {
  const bytes = statSync(place.log, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > LOG_BYTES_MAX) renameSync(place.log, `${place.log}.old`);
  const log = openSync(place.log, 'a', 0o600);
  // The signal is set last: becoming somebody else would clear it.
  const prefix = [...account.prefix, ...(deathSignal ? ['setpriv', '--pdeathsig', 'INT'] : [])];
  const [command, ...rest] = [...prefix, binaries.program('postgres'), ...args];
  const child = spawn(command!, rest, {
    // A session of its own: Ctrl-C in the terminal is for the program, which then stops the server in good order.
    detached: true,
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C' },
    cwd: '/',
    ...account.drop,
  });
  closeSync(log);
  return child;
}

function canSetDeathSignal(): boolean {
  if (process.platform !== 'linux') return false;
  return spawnSync('setpriv', ['--pdeathsig', 'INT', 'true'], { stdio: 'ignore' }).status === 0;
}

async function waitUntilReady(place: ClusterPlace, child: ChildProcess): Promise<void> {
  const until = monotonicMs() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const file = readPidFile(place);
    if (file?.pid === child.pid && file.status === 'ready') return;
    if (monotonicMs() > until) {
      child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(`The database did not become ready within ${START_TIMEOUT_MS / 60_000} minutes.`);
    }
    await pause(READY_POLL_MS);
  }
}

/** What the server itself said last, without its time stamp. */
function lastComplaint(place: ClusterPlace): string {
  const lines = readFileSync(place.log, 'utf8').trimEnd().split('\n').slice(-20);
  const line = lines.findLast((text) => /FATAL|PANIC/.test(text)) ?? lines.at(-1) ?? 'it said nothing';
  return line.replace(/^.*?(FATAL|PANIC): */, '');
}

/** PostgreSQL takes no port 0, so a free one is found first. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** pg_ctl gives up an administrator's rights before it starts the server, which a bare spawn does not. */
async function startOnWindows(place: ClusterPlace, binaries: Binaries, args: string[]) {
  const pgCtl = (...words: string[]) => spawnSync(binaries.program('pg_ctl'), words, { stdio: 'ignore' });
  const quoted = args.slice(2).map((word) => `"${word}"`);
  const { status } = pgCtl('start', '-w', '-D', place.cluster, '-l', place.log, '-o', quoted.join(' '));
  if (status !== 0) {
    throw new EmbeddedPostgresError(`The database did not start: ${lastComplaint(place)} (see ${place.log})`);
  }
  const pid = readPidFile(place)?.pid ?? 0;
  return { pid, stop: once(async () => void pgCtl('stop', '-D', place.cluster, '-m', 'fast')) };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}
