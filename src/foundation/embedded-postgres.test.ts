import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bundleProgram, type RunningProgram, runProgram } from '../../tests/setup/child-program.ts';
import { pause } from './clock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

// Several whole starts in a row, beside other tests on a small machine.
vi.setConfig({ testTimeout: 90_000 });

let holder: Awaited<ReturnType<typeof bundleProgram>>;
let folder: string;
/** A folder in which a database was made and stopped: copied by the tests that are not about the making. */
let made: string;
const programs: RunningProgram[] = [];
const asRoot = process.getuid?.() === 0;

beforeAll(async () => {
  holder = await bundleProgram(
    fileURLToPath(new URL('../../tests/setup/embedded-postgres-holder.ts', import.meta.url)),
  );
  made = mkdtempSync(join(tmpdir(), 'counterfoil-launcher-'));
  await (await startEmbeddedPostgres({ dataFolder: join(made, 'data') })).stop();
});
afterAll(() => {
  holder.remove();
  rmSync(made, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-launcher-'));
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.child.kill('SIGTERM');
    await program.ended;
  }
  // A test that failed may have left a server without its program.
  const left = serverOf(folder);
  if (left !== null) process.kill(left, 'SIGINT');
  await until(() => serverOf(folder) === null);
  rmSync(folder, { recursive: true, force: true });
});

type Facts = Omit<EmbeddedPostgres, 'stop'>;
type Options = Partial<Parameters<typeof startEmbeddedPostgres>[0]>;

async function hold(options: Options = {}, account: { uid?: number; gid?: number } = {}) {
  const program = runProgram(holder.path, [JSON.stringify({ dataFolder: join(folder, 'data'), ...options })], account);
  programs.push(program);
  const [line] = await program.line(/^\{.*\}$/m);
  return { program, facts: JSON.parse(line) as Facts };
}

async function refused(options: Options = {}, account: { uid?: number; gid?: number } = {}): Promise<string> {
  const program = runProgram(holder.path, [JSON.stringify({ dataFolder: join(folder, 'data'), ...options })], account);
  expect(await program.ended).toBe(1);
  expect(program.output().stderr.trim().split('\n')).toHaveLength(1);
  return program.output().stderr.trim();
}

async function ask(facts: Facts, text: string, config: pg.ClientConfig = {}): Promise<unknown[]> {
  const client = new pg.Client({
    host: facts.socketFolder,
    port: facts.port,
    user: 'postgres',
    database: 'postgres',
    ...config,
  });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Process number of the server that still works on this folder, or null. */
function serverOf(home: string): number | null {
  const file = join(home, 'data', 'postgres', 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '' ? pid : null;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 10_000) throw new Error('waited in vain');
    await pause(20);
  }
}

describe('a start', () => {
  test('makes a database that is durable and speaks UTF-8, and a second start finds it again', async () => {
    const first = await hold();
    expect(
      await ask(
        first.facts,
        `SELECT current_setting('fsync') AS fsync, current_setting('data_checksums') AS checksums,
           current_setting('listen_addresses') AS addresses, pg_encoding_to_char(encoding) AS encoding, datlocale AS locale
         FROM pg_database WHERE datname = 'postgres'`,
      ),
    ).toEqual([{ fsync: 'on', checksums: 'on', addresses: '', encoding: 'UTF8', locale: 'C.UTF-8' }]);
    await ask(first.facts, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('Grüße')");
    first.program.child.kill('SIGTERM');
    expect(await first.program.ended).toBe(0);
    expect(serverOf(folder)).toBeNull();

    const second = await hold();
    expect(await ask(second.facts, 'SELECT word FROM kept')).toEqual([{ word: 'Grüße' }]);
  });

  test('nobody but the owner may enter the socket folder', async () => {
    const { facts } = await hold();
    expect(statSync(facts.socketFolder).mode & 0o777).toBe(0o700);
  });

  test('over TCP the password is asked', async () => {
    const { facts } = await hold({ tcp: { port: 0 }, settings: { work_mem: '9MB' } });
    const tcp = { host: '127.0.0.1', port: facts.port };
    await expect(ask(facts, 'SELECT 1', { ...tcp, password: 'guess' })).rejects.toThrow(
      /password authentication failed/,
    );
    expect(await ask(facts, 'SHOW work_mem', { ...tcp, password: facts.password })).toEqual([{ work_mem: '9MB' }]);
  });

  test('a path too long for a socket gets a short socket folder elsewhere', async () => {
    const { facts } = await hold({ dataFolder: join(folder, 'data', 'long'.repeat(20), 'longer'.repeat(10)) });
    expect(Buffer.byteLength(facts.socketFolder)).toBeLessThan(90);
    expect(await ask(facts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const program = programs.at(-1)!;
    program.child.kill('SIGTERM');
    await program.ended;
    expect(existsSync(facts.socketFolder)).toBe(false);
  });

  test('a first start that was killed half-way is begun again', async () => {
    mkdirSync(join(folder, 'data', 'postgres.new', 'base'), { recursive: true });
    writeFileSync(join(folder, 'data', 'postgres.new', 'PG_VERSION'), '18\n');
    const { facts } = await hold();
    expect(await ask(facts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(asRoot)('works for an ordinary user', async () => {
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'data'));
    chownSync(join(folder, 'data'), 65534, 65534);
    const { facts } = await hold({}, { uid: 65534, gid: 65534 });
    expect(await ask(facts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(folder, 'data', 'postgres')).uid).toBe(65534);
  });

  test.runIf(asRoot)('works for a user that has only a number', async () => {
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'data'));
    chownSync(join(folder, 'data'), 54321, 54321);
    const { facts } = await hold({}, { uid: 54321, gid: 54321 });
    expect(await ask(facts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(asRoot)(
    'works for root where user namespaces are forbidden, and afterwards where they are allowed',
    async () => {
      chmodSync(folder, 0o755);
      const { program, facts } = await hold({ without: ['unshare', 'setpriv', 'flock'] });
      await ask(facts, 'CREATE TABLE kept (word text)');
      expect(statSync(join(folder, 'data', 'postgres')).uid).not.toBe(0);
      program.child.kill('SIGTERM');
      await program.ended;
      const again = await hold();
      expect(await ask(again.facts, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }]);
    },
  );
});

describe('an end', () => {
  beforeEach(() => cpSync(made, folder, { recursive: true }));

  test('of the program by SIGKILL ends the server too, and nothing committed is lost', async () => {
    const { program, facts } = await hold();
    await ask(facts, 'CREATE TABLE kept (word text)');
    program.child.kill('SIGKILL');
    await program.ended;
    await until(() => serverOf(folder) === null);
    const again = await hold();
    expect(again.facts.reused).toBe(false);
    expect(await ask(again.facts, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }]);
  });

  test('where the system cannot tell the server, the next start takes the survivor over and stops it in the end', async () => {
    const first = await hold({ without: ['setpriv'] });
    first.program.child.kill('SIGKILL');
    await first.program.ended;
    await pause(200);
    expect(serverOf(folder)).toBe(first.facts.pid);
    const second = await hold();
    expect(second.facts).toMatchObject({ pid: first.facts.pid, reused: true });
    second.program.child.kill('SIGTERM');
    await second.program.ended;
    expect(serverOf(folder)).toBeNull();
  });

  test('a survivor with other settings is replaced', async () => {
    const first = await hold({ without: ['setpriv'] });
    first.program.child.kill('SIGKILL');
    await first.program.ended;
    const second = await hold({ settings: { work_mem: '9MB' } });
    expect(second.facts.reused).toBe(false);
    expect(await ask(second.facts, 'SHOW work_mem')).toEqual([{ work_mem: '9MB' }]);
  });

  test('a process number left behind and since given to somebody else is no obstacle', async () => {
    const first = await hold();
    const file = join(folder, 'data', 'postgres', 'postmaster.pid');
    const left = readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid));
    first.program.child.kill('SIGTERM');
    await first.program.ended;
    writeFileSync(file, left);
    const second = await hold();
    expect(await ask(second.facts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('of the server that nobody asked for is told', async () => {
    const { program, facts } = await hold();
    process.kill(facts.pid, 'SIGQUIT');
    await program.line(/The database server ended unexpectedly/);
  });
});

describe('a refusal is one sentence', () => {
  test.each([[[]], [['flock' as const]]])('when another program has the folder (without %j)', async (without) => {
    cpSync(made, folder, { recursive: true });
    const { program } = await hold({ without });
    expect(await refused({ without })).toBe(
      `Another Counterfoil (process ${program.child.pid}) is using the data folder ${join(folder, 'data')}; stop it first, or choose another folder with --data.`,
    );
  });

  test('when the data folder cannot be made', async () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(await refused({ dataFolder: join(folder, 'data', 'deeper') })).toMatch(
      /^Counterfoil cannot write to its data folder .*deeper \(ENOTDIR: not a directory\); choose another with --data or COUNTERFOIL_DATA\.$/,
    );
  });

  test.runIf(asRoot)('when the data folder belongs to somebody else', async () => {
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    expect(await refused({}, { uid: 65534, gid: 65534 })).toMatch(
      /cannot write to its data folder .*EACCES: permission denied/,
    );
  });

  test('when the data were made by a newer PostgreSQL', async () => {
    mkdirSync(join(folder, 'data', 'postgres'), { recursive: true });
    writeFileSync(join(folder, 'data', 'postgres', 'PG_VERSION'), '99\n');
    expect(await refused()).toMatch(/was made by a newer PostgreSQL \(99; this Counterfoil brings 18\)/);
  });

  test('when a setting is not one', async () => {
    expect(await refused({ settings: { work_mem: 'plenty' } })).toMatch(
      /^The database did not start: invalid value for parameter "work_mem": "plenty"/,
    );
  });

  test('and fsync cannot be switched off', async () => {
    await expect(startEmbeddedPostgres({ dataFolder: folder, settings: { fsync: 'off' } })).rejects.toThrow(
      /fsync stays on/,
    );
  });
});
