import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Account, canReach } from './embedded-postgres-account.ts';
import type { Binaries } from './embedded-postgres-binaries.ts';
import { EmbeddedPostgresError, systemReason } from './embedded-postgres-error.ts';
import { newSecret } from './id.ts';

/** Where the files of one cluster are. */
export interface ClusterPlace {
  /** Holds everything below; the data folder itself, or a folder under /var/lib when the server's account cannot enter it. */
  readonly home: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  readonly log: string;
  /** The superuser's password for TCP; over the Unix socket no password is asked, the folder's mode is the guard. */
  readonly password: string;
}

/** A folder that exists on every Linux, survives a restart, and that all accounts may enter. */
const SHARED_HOME = '/var/lib/counterfoil';
/** `sun_path` is 108 bytes on Linux and 104 on macOS, with its closing zero. */
const SOCKET_PATH_BYTES_MAX = process.platform === 'darwin' ? 103 : 107;

/** Makes the data folder if it is not there. Throws EmbeddedPostgresError when it cannot be made. Returns its real path. */
export function makeDataFolder(dataFolder: string): string {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    return realpathSync(dataFolder);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Counterfoil cannot write to its data folder ${dataFolder} (${systemReason(error)}); choose another with --data or COUNTERFOIL_DATA.`,
    );
  }
}

/** Who owns the existing cluster of a data folder; null when there is none. */
export function clusterOwner(dataFolder: string): { uid: number; gid: number } | null {
  const cluster = join(dataFolder, 'postgres');
  if (!existsSync(cluster)) return null;
  const { uid, gid } = statSync(cluster);
  return { uid, gid };
}

/** Decides where the cluster lives and makes those folders. `dataFolder` is a real path. */
export function placeCluster(dataFolder: string, account: Account): ClusterPlace {
  const link = join(dataFolder, 'postgres');
  if (existsSync(link)) return placeAt(dirname(realpathSync(link)));
  const lost = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink();
  if (lost) {
    // Starting with an empty database instead would look like the loss of everything.
    throw new EmbeddedPostgresError(
      `The database of ${dataFolder} was kept in ${dirname(readlinkSync(link))}, which is not there any more; bring it back, or remove the link ${link} to begin with an empty one.`,
    );
  }
  if (!account.drop) return placeAt(dataFolder);
  if (canReach(account.drop.uid, dirname(dataFolder))) {
    // Let the server's account walk through; what lies in the folder keeps its own modes.
    chmodSync(dataFolder, (statSync(dataFolder).mode & 0o777) | 0o011);
    return placeAt(dataFolder);
  }
  const home = join(SHARED_HOME, shortHash(dataFolder));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  return placeAt(home);
}

/** Leaves a link in the data folder to a cluster that had to live elsewhere: the next start follows it, and so can a person. */
export function rememberPlace(dataFolder: string, place: ClusterPlace): void {
  const link = join(dataFolder, 'postgres');
  if (place.cluster !== link && !existsSync(link)) symlinkSync(place.cluster, link);
}

function placeAt(home: string): ClusterPlace {
  return {
    home,
    cluster: join(home, 'postgres'),
    log: join(home, 'postgres.log'),
    password: join(home, 'postgres-password'),
  };
}

/**
 * The folder of the server's Unix socket, readable by its owner only: inside the cluster's home, or a short one under
 * the system's temporary folder when the address would be longer than the kernel allows.
 */
export function makeSocketFolder(place: ClusterPlace, account: Account, port: number): string {
  const candidates = [place.home, join(tmpdir(), 'counterfoil-'), '/tmp/counterfoil-'];
  const bytes = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${port}`));
  for (const candidate of candidates) {
    const folder = candidate === place.home ? join(candidate, 'socket') : candidate + shortHash(place.home);
    if (bytes(folder) > SOCKET_PATH_BYTES_MAX) continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (account.drop) chownSync(folder, account.drop.uid, account.drop.gid);
    const { uid, mode } = lstatSync(folder);
    const owner = account.drop?.uid ?? process.getuid?.();
    // In a folder everybody can write to, somebody else may have been there first.
    if (owner !== undefined && (uid !== owner || (mode & 0o077) !== 0)) continue;
    return folder;
  }
  throw new EmbeddedPostgresError(
    `The data folder ${place.home} has too long a path for the database's socket; choose a shorter one with --data.`,
  );
}

/**
 * Makes the cluster when there is none: beside its final place, renamed when complete, so that a start that was killed
 * half-way leaves nothing that looks like a database. Refuses data of another major version.
 */
export function ensureCluster(place: ClusterPlace, binaries: Binaries, account: Account): void {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) {
    refuseOtherMajor(place, binaries);
    return;
  }
  const unfinished = `${place.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(place.password, newSecret(), { mode: 0o600 });
  if (account.drop) {
    for (const path of [unfinished, place.password]) chownSync(path, account.drop.uid, account.drop.gid);
  }
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8'];
  // For systems whose C library does not know C.UTF-8; the order and case rules are PostgreSQL's own either way.
  const plainLocale = ['--locale-provider=builtin', '--no-locale', '--builtin-locale=C.UTF-8'];
  const failure = initdb(unfinished, locale) && initdb(unfinished, plainLocale);
  if (failure) {
    throw new EmbeddedPostgresError(`The database could not be made in ${place.home}: ${failure}`);
  }
  renameSync(unfinished, place.cluster);

  function initdb(folder: string, localeArgs: string[]): string | null {
    const command = [...account.prefix, binaries.program('initdb'), '-D', folder, '-U', 'postgres', '-E', 'UTF8'];
    const safety = [
      '--data-checksums',
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      `--pwfile=${place.password}`,
    ];
    const args = [...command.slice(1), ...localeArgs, ...safety];
    const result = spawnSync(command[0]!, args, {
      env: { LC_ALL: 'C' },
      cwd: '/',
      encoding: 'utf8',
      ...account.drop,
    });
    if (result.status === 0) return null;
    const lines = (result.stderr ?? '').split('\n').filter((line) => line.includes('rror:') || line.includes('FATAL:'));
    return lines.at(-1)?.replace(/^.*?(error|FATAL): */, '') ?? result.error?.message ?? 'initdb failed.';
  }
}

function refuseOtherMajor(place: ClusterPlace, binaries: Binaries): void {
  const found = Number.parseInt(readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8'), 10);
  if (found === binaries.major) return;
  const [age, way] =
    found > binaries.major
      ? ['a newer', 'start the Counterfoil that made it, or a newer one']
      : ['an older', 'export it with the Counterfoil that made it, then import it into a new data folder'];
  throw new EmbeddedPostgresError(
    `The data in ${place.home} was made by ${age} PostgreSQL (${found}; this Counterfoil brings ${binaries.major}); ${way}.`,
  );
}

/** Names a folder in a place shared with others. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
