import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/**
 * How the server's processes are started. PostgreSQL refuses to run as root, and people run things as root in
 * containers and on small machines all the time.
 */
export interface Account {
  /** Put before the program: `unshare -U` gives a process that is nobody in particular but still owns root's files. */
  readonly prefix: readonly string[];
  /** Another account to become, when user namespaces are not allowed (the default in Docker). */
  readonly drop: { readonly uid: number; readonly gid: number } | null;
}

const PLAIN: Account = { prefix: [], drop: null };
const NAMESPACE: Account = { prefix: ['unshare', '-U'], drop: null };

/** Tools of the operating system that may be missing or forbidden; leaving one out by hand is for tests. */
export type SystemTool = 'unshare' | 'setpriv' | 'flock';

/**
 * Picks the account for a cluster that is owned by `clusterOwner` (null when there is none yet). An existing cluster
 * decides: only its owner may open it.
 */
export function chooseAccount(
  clusterOwner: { uid: number; gid: number } | null,
  has: (tool: SystemTool) => boolean,
): Account {
  if (process.platform === 'win32') return PLAIN;
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) {
    // initdb insists that the account has a name; containers that run under a bare number have none, a namespace does.
    return hasName() ? PLAIN : canUnshare(has) ? NAMESPACE : refuseNameless(uid);
  }
  if (clusterOwner && clusterOwner.uid !== 0) return { prefix: [], drop: clusterOwner };
  if (canUnshare(has)) return NAMESPACE;
  if (clusterOwner) {
    throw new EmbeddedPostgresError(
      'The database in the data folder belongs to root, and this machine no longer lets root start it (user namespaces are off); hand the folder to another account, or start Counterfoil as one.',
    );
  }
  return { prefix: [], drop: accountToDropTo() };
}

function canUnshare(has: (tool: SystemTool) => boolean): boolean {
  return has('unshare') && spawnSync('unshare', ['-U', 'true'], { stdio: 'ignore' }).status === 0;
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function refuseNameless(uid: number): never {
  throw new EmbeddedPostgresError(
    `The account this runs under (number ${uid}) has no name on this machine, which PostgreSQL needs; run under a named account or set DATABASE_URL.`,
  );
}

/** An account that is there already: `postgres` where there is one, otherwise `nobody`. None is made. */
function accountToDropTo(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL does not run as root, and there is no account here to run it under; start Counterfoil as an ordinary user or set DATABASE_URL.',
  );
}

/** Whether an account may walk to `path`: every folder on the way lets it through (0700 homes do not). */
export function canReach(uid: number, path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const status = statSync(folder);
    const bit = status.uid === uid ? 0o100 : 0o001;
    if ((status.mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
