import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bundleProgram, type RunningProgram, runProgram } from '../../tests/setup/child-program.ts';
import { makeTestDatabase } from '../../tests/setup/database.ts';
import { databaseUrl } from '../../tests/setup/whole-program.ts';

// Several whole starts in a row, beside other tests on a small machine.
vi.setConfig({ testTimeout: 90_000 });

let program: Awaited<ReturnType<typeof bundleProgram>>;
let folder: string;
/** A data folder whose database is made and migrated: copied by the tests that are not about the first start. */
let made: string;
const running: RunningProgram[] = [];

beforeAll(async () => {
  program = await bundleProgram(fileURLToPath(new URL('./cli.ts', import.meta.url)), { call: 'main' });
  folder = made = mkdtempSync(join(tmpdir(), 'counterfoil-cli-'));
  expect((await outcome(['verify'])).stderr).toBe('');
});
afterAll(() => {
  program.remove();
  rmSync(made, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-cli-'));
});
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.child.kill('SIGTERM');
    await each.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

const withData = () => cpSync(made, folder, { recursive: true });

function counterfoil(args: string[], env: Record<string, string> = {}): RunningProgram {
  const { PATH, HOME } = process.env;
  const started = runProgram(program.path, args, {
    env: { PATH, HOME, COUNTERFOIL_DATA: join(folder, 'data'), ...env },
  });
  running.push(started);
  return started;
}

async function outcome(args: string[], env: Record<string, string> = {}) {
  const called = counterfoil(args, env);
  const code = await called.ended;
  return { code, ...called.output() };
}

/** Starts a server and waits for its address. */
async function serve(env: Record<string, string> = {}) {
  const server = counterfoil(['start', '--port', '0'], env);
  const [, address] = await server.line(/^Counterfoil is running at (\S+) /m);
  return { server, address: address! };
}

describe('start', () => {
  test('brings database, address and one link for the owner; Ctrl-C ends it; the next start finds the same', async () => {
    const first = await serve();
    const [, link] = await first.server.line(/^ {2}(http:\S+\/welcome\/\S+)$/m);
    expect((await fetch(`${first.address}/healthz`)).status).toBe(200);
    const token = link!.split('/').at(-1);
    const looked = await fetch(`${first.address}/v1/sign-in-links/${token}`);
    expect(await looked.json()).toMatchObject({ purpose: 'owner_setup' });

    first.server.child.kill('SIGINT');
    expect(await first.server.ended).toBe(0);
    expect(first.server.output().stderr).toBe('');
    await expect(fetch(`${first.address}/healthz`)).rejects.toThrow();

    const second = await serve();
    const again = await fetch(`${second.address}/v1/sign-in-links/${token}`);
    expect(again.status).toBe(200);
  });

  test('ends within seconds although a browser keeps its connection', async () => {
    withData();
    const { server, address } = await serve();
    await fetch(`${address}/healthz`, { headers: { connection: 'keep-alive' } }).then((answer) => answer.text());
    const since = performance.now();
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(8_000);
  });

  test('after SIGKILL the next start goes on where the data are', async () => {
    withData();
    const { server } = await serve();
    server.child.kill('SIGKILL');
    await server.ended;
    const { address } = await serve();
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  test('works on a PostgreSQL that DATABASE_URL names', async () => {
    const database = await makeTestDatabase();
    const url = databaseUrl(String(database.connection.database));
    try {
      const { server, address } = await serve({ DATABASE_URL: url });
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
    } finally {
      await database.drop();
    }
  });
});

describe('a start that cannot go on says one sentence and ends with 1', () => {
  async function refusal(args: string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await outcome(args, env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr.trimEnd();
  }

  test('port in use', async () => {
    withData();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    expect(await refusal(['--port', String(port)])).toBe(
      `Port ${port} of 127.0.0.1 is in use by another program; choose another with --port (0 takes any free one).`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  test('unwritable data folder', async () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(await refusal(['start'])).toMatch(
      /^Counterfoil cannot write to its data folder .*; choose another with --data or COUNTERFOIL_DATA\.$/,
    );
  });

  test('second server on one data folder', async () => {
    withData();
    const { server } = await serve();
    expect(await refusal(['start', '--port', '0'])).toContain(
      `Another Counterfoil (process ${server.child.pid}) is using`,
    );
  });

  test('unreachable DATABASE_URL, without telling its password', async () => {
    const sentence = await refusal(['start'], { DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/books' });
    expect(sentence).toBe(
      'The database at 127.0.0.1:1/books cannot be reached (connect ECONNREFUSED 127.0.0.1:1); check DATABASE_URL.',
    );
  });

  test('database of a newer version', async () => {
    const database = await makeTestDatabase();
    await database.asOwner(`INSERT INTO schema_migrations VALUES (9999, '9999-next-year.sql', 'x', '2030-01-01')`);
    try {
      const env = { DATABASE_URL: databaseUrl(String(database.connection.database)) };
      expect(await refusal(['start', '--port', '0'], env)).toBe(
        'This database was last used by a newer Counterfoil (it has migration 9999-next-year.sql); start that version or a newer one.',
      );
    } finally {
      await database.drop();
    }
  });

  test('database that is not there, and one in another encoding', async () => {
    expect(await refusal(['start'], { DATABASE_URL: databaseUrl('nowhere') })).toMatch(
      /database "nowhere" does not exist/,
    );
    const client = new pg.Client(databaseUrl('postgres'));
    await client.connect();
    try {
      await client.query(
        `CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
      );
      expect(await refusal(['start'], { DATABASE_URL: databaseUrl('latin') })).toMatch(/is encoded in SQL_ASCII/);
    } finally {
      await client.query('DROP DATABASE IF EXISTS latin');
      await client.end();
    }
  });

  test.each([
    [['--port', 'http'], /^--port takes a number/],
    [['start', '--colour'], /^Unknown option '--colour'/],
    [['dance'], /^There is no command “dance”/],
  ])('%j', async (args, sentence) => {
    expect(await refusal(args)).toMatch(sentence);
  });
});

describe('other commands', () => {
  test('work beside the running server', async () => {
    withData();
    const { server, address } = await serve();
    const made = await outcome(['setup', '--owner', 'ada@example.com', '--workspace', 'Studio', '--json']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { api_key } = JSON.parse(made.stdout) as { api_key: { token: string } };
    const answer = await fetch(`${address}/v1/workspace`, { headers: { authorization: `Bearer ${api_key.token}` } });
    expect(answer.status).toBe(200);

    const link = await outcome(['link', 'ada@example.com']);
    expect(link.stdout.trim()).toMatch(new RegExp(`^${address}/welcome/`));
    expect(await outcome(['link', 'bob@example.com'])).toMatchObject({
      code: 1,
      stderr: 'Nobody here has the e-mail address bob@example.com.\n',
    });
    expect(await outcome(['verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^audit log ends with wsp_\w+:\d+:[0-9a-f]{64}\nEverything adds up \(1 workspace\)\.\n$/,
      ),
    });
    expect(server.child.exitCode).toBeNull();
  });

  test('and without one', async () => {
    withData();
    expect(await outcome(['verify'])).toMatchObject({ code: 0, stdout: 'Everything adds up (0 workspaces).\n' });
  });

  test('verify tells what was tampered with and ends with 1', async () => {
    const database = await makeTestDatabase();
    const env = { DATABASE_URL: databaseUrl(String(database.connection.database)) };
    try {
      await outcome(['setup', '--owner', 'ada@example.com', '--workspace', 'Studio'], env);
      const before = await outcome(['verify'], env);
      expect(before.code).toBe(0);
      const [head = ''] = /wsp_\w+:\d+:[0-9a-f]{64}/.exec(before.stdout) ?? [];
      expect((await outcome(['verify', '--expect-head', head], env)).code).toBe(0);
      const other = await outcome(['verify', '--expect-head', head.replace(/\w{64}$/, '0'.repeat(64))], env);
      expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('is not the one noted elsewhere')]);
      const nonsense = await outcome(['verify', '--expect-head', 'nonsense'], env);
      expect([nonsense.code, nonsense.stderr]).toEqual([1, expect.stringContaining('takes what verify printed')]);
      await database.asOwner('ALTER TABLE audit_log DISABLE TRIGGER ALL');
      await database.asOwner(`UPDATE audit_log SET actor_name = 'Mallory'`);
      const verdict = await outcome(['verify'], env);
      expect(verdict.code).toBe(1);
      expect(verdict.stdout).toMatch(/audit log: Audit row .* is not what was sealed/);
    } finally {
      await database.drop();
    }
  });

  test('help names every command, and version is the one of package.json', async () => {
    const { stdout } = await outcome(['help']);
    for (const name of ['start', 'setup', 'link', 'import', 'reseal', 'verify'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect((await outcome(['help', 'start'])).stdout).toContain('counterfoil start');
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await outcome(['--version'])).stdout.trim()).toBe(version);
  });
});
