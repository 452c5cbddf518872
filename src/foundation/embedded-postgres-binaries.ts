import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Account } from './embedded-postgres-account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export interface Binaries {
  readonly folder: string;
  /** Full path of `postgres`, `initdb` or `pg_ctl`. */
  program(name: 'postgres' | 'initdb' | 'pg_ctl'): string;
  /** Version of the package they came in; its first number is PostgreSQL's major version. */
  readonly version: string;
  readonly major: number;
}

/**
 * Finds PostgreSQL's programs for this machine and makes sure that `account` can run them. A copy is made (into
 * `copyInto`) only where the installed ones cannot be used: node_modules is read-only and its library links are
 * missing, or lies under a home that the account may not enter.
 */
export function findBinaries(account: Account, copyInto: string): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const installed = locate(platform);
  if (linkLibraries(installed.folder) && runs(installed, account)) return installed;

  const copy = describe(join(copyInto, `postgres-${installed.version}`), installed.version);
  if (!existsSync(copy.folder)) {
    const unfinished = `${copy.folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(copyInto, { recursive: true, mode: 0o755 });
    cpSync(installed.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    linkLibraries(unfinished);
    renameSync(unfinished, copy.folder);
  }
  if (!runs(copy, account)) {
    throw new EmbeddedPostgresError(
      `The PostgreSQL that comes with Counterfoil does not run on this machine (${platform}; on Linux it needs glibc 2.27 or newer); set DATABASE_URL to a PostgreSQL server instead.`,
    );
  }
  return copy;
}

function locate(platform: string): Binaries {
  const require = createRequire(import.meta.url);
  try {
    const root = dirname(dirname(realpathSync(require.resolve(`@embedded-postgres/${platform}`))));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return describe(join(root, 'native'), version);
  } catch {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this machine (${platform}); set DATABASE_URL to a PostgreSQL server instead.`,
    );
  }
}

function describe(folder: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    folder,
    version,
    major: Number.parseInt(version, 10),
    program: (name) => join(folder, 'bin', name + suffix),
  };
}

/**
 * The registry carries no symbolic links, so the package lists them in a file and makes them in an install script;
 * where scripts are off, we make them. False when a link is missing and cannot be made.
 */
function linkLibraries(folder: string): boolean {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = join(folder, relative('native', source));
    const to = join(folder, relative('native', target));
    if (existsSync(to)) continue;
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Two first starts at once: the other one made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Both programs load their libraries and say their version under this account. */
function runs(binaries: Binaries, account: Account): boolean {
  return (['postgres', 'initdb'] as const).every((name) => {
    const [command, ...args] = [...account.prefix, binaries.program(name), '--version'];
    return spawnSync(command!, args, { stdio: 'ignore', env: {}, cwd: '/', ...account.drop }).status === 0;
  });
}
