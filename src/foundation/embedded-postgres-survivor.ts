import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { monotonicMs, pause } from './clock.ts';
import type { ClusterPlace } from './embedded-postgres-cluster.ts';

/** What a running server says about itself in its postmaster.pid. */
interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  readonly status: string;
}

const POLL_MS = 15;
/** Per signal, from the polite one to the one that cannot be refused. */
const SIGNAL_PATIENCE_MS = 8_000;

/** Lines of postmaster.pid: process, data directory, start, port, socket folder, address, memory key, status. */
export function readPidFile(place: ClusterPlace): PidFile | null {
  try {
    const lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
    return {
      pid: Number(lines[0]),
      port: Number(lines[3]),
      socketFolder: lines[4] ?? '',
      status: lines[7]?.trim() ?? '',
    };
  } catch {
    return null;
  }
}

/** The server that runs on this cluster, if one does. With the folder's lock in hand it is a killed program's survivor. */
export async function findSurvivor(place: ClusterPlace): Promise<PidFile | null> {
  const file = readPidFile(place);
  return file && (await isServer(place, file)) ? file : null;
}

/**
 * Removes a postmaster.pid whose number now belongs to somebody else (soon so after a container's restart):
 * PostgreSQL would take that stranger for another server and refuse. Any other left-over it judges well by itself.
 */
export function forgetStranger(place: ClusterPlace): void {
  const file = readPidFile(place);
  if (file && isAlive(file.pid)) rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
}

/** Whether the server takes connections, waiting while it is still starting. */
export async function isReady(place: ClusterPlace): Promise<boolean> {
  const until = monotonicMs() + SIGNAL_PATIENCE_MS;
  while (monotonicMs() < until) {
    const status = readPidFile(place)?.status;
    if (status === 'ready') return true;
    if (status === undefined || status === 'stopping') return false;
    await pause(POLL_MS);
  }
  return false;
}

/** Stops a server that is not our child. */
export async function stopSurvivor(place: ClusterPlace, pid: number): Promise<void> {
  const file = readPidFile(place);
  if (file?.pid !== pid) return;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    const until = monotonicMs() + SIGNAL_PATIENCE_MS;
    if (isAlive(pid)) process.kill(pid, signal);
    while (await isServer(place, file)) {
      if (monotonicMs() > until) break;
      await pause(POLL_MS);
    }
    if (!(await isServer(place, file))) return;
  }
}

/** A process number alone proves nothing: the command line must name our data, or something must listen at the address. */
async function isServer(place: ClusterPlace, file: PidFile): Promise<boolean> {
  if (!isAlive(file.pid)) return false;
  if (process.platform !== 'linux') return listens(file);
  try {
    return readFileSync(`/proc/${file.pid}/cmdline`, 'utf8').split('\0').includes(place.cluster);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listens(file: PidFile): Promise<boolean> {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const socket = windows
      ? connect(file.port, '127.0.0.1')
      : connect(join(file.socketFolder, `.s.PGSQL.${file.port}`));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
