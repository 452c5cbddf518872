import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse, EmbeddedPostgresError, systemReason } from './embedded-postgres-error.ts';

/**
 * One program at a time per data folder. The lock belongs to the kernel and goes with the process that holds it, so
 * there is nothing stale to judge after a crash: a process number in a file would be believed or disbelieved wrongly
 * as soon as two containers share a volume, or a number is used again after a restart.
 *
 * Returns the function that gives the lock back. Throws DataFolderInUse when another program holds it.
 */
export async function lockDataFolder(dataFolder: string, options: { flock: boolean }): Promise<() => void> {
  const path = join(dataFolder, 'lock');
  const file = openLockFile(path, dataFolder);
  if (options.flock) {
    // The lock sits on the open file, which this process and the short-lived `flock` share; ours keeps it.
    const { status } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] });
    if (status === 1) {
      closeSync(file);
      throw heldElsewhere(dataFolder, path);
    }
    if (status === 0) {
      writeFileSync(path, `${process.pid}\n`);
      return () => closeSync(file);
    }
  }
  closeSync(file);
  const release = await listenAsLock(dataFolder, path);
  writeFileSync(path, `${process.pid}\n`);
  return release;
}

function openLockFile(path: string, dataFolder: string): number {
  try {
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Counterfoil cannot write to its data folder ${dataFolder} (${systemReason(error)}); choose another with --data or COUNTERFOIL_DATA.`,
    );
  }
}

function heldElsewhere(dataFolder: string, path: string): DataFolderInUse {
  const holder = Number.parseInt(readFileSync(path, 'utf8'), 10);
  const who = Number.isInteger(holder) ? ` (process ${holder})` : '';
  return new DataFolderInUse(
    `Another Counterfoil${who} is using the data folder ${dataFolder}; stop it first, or choose another folder with --data.`,
  );
}

/** Where there is no `flock` (macOS, Windows): an address at which only one process can listen. */
async function listenAsLock(dataFolder: string, path: string): Promise<() => void> {
  const name = `counterfoil-lock-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
  for (let attempt = 1; ; attempt += 1) {
    const server = createServer((socket) => socket.end());
    const code = await new Promise<string | null>((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
      server.listen(address, () => resolve(null));
    });
    if (code === null) {
      server.unref();
      return () => server.close();
    }
    if (code !== 'EADDRINUSE' || attempt > 2 || (await answers(address))) throw heldElsewhere(dataFolder, path);
    // Nobody answers there: its owner was killed. On Windows a pipe goes with its owner and we never come here.
    rmSync(address, { force: true });
  }
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
