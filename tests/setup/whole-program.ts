import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { bundleProgram, type RunningProgram, runProgram } from './child-program.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/** The program as people run it: its own processes, on a fresh database of the run's own PostgreSQL. Ended after the file. */
export interface WholeProgram {
  readonly database: TestDatabase;
  readonly dataFolder: string;
  readonly databaseUrl: string;
  /** Begins a command and leaves it running. */
  begin(args: readonly string[], env?: Record<string, string>): RunningProgram;
  /** Runs a command to its end. */
  run(args: readonly string[], env?: Record<string, string>): Promise<Outcome>;
  /** Starts a server and waits until it listens. */
  serve(env?: Record<string, string>): Promise<{ readonly server: RunningProgram; readonly address: string }>;
  /** Makes a workspace with an owner and an API key. */
  setUp(name: string, env?: Record<string, string>): Promise<{ readonly apiKey: string; readonly signInUrl: string }>;
}

export interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Call it at the top of the file. `env` holds for every process. */
export async function wholeProgram(env: Record<string, string> = {}): Promise<WholeProgram> {
  const [program, database] = await Promise.all([
    bundleProgram(join(import.meta.dirname, '../../src/app/cli.ts'), { call: 'main' }),
    testDatabase(),
  ]);
  const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-program-'));
  const running: RunningProgram[] = [];
  afterAll(async () => {
    for (const each of running) each.child.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    rmSync(dataFolder, { recursive: true, force: true });
    program.remove();
  });
  const { PATH = '', HOME = '' } = process.env;
  const url = databaseUrl(String(database.connection.database));
  const always = { PATH, HOME, COUNTERFOIL_DATA: dataFolder, DATABASE_URL: url, ...env };

  function begin(args: readonly string[], more: Record<string, string> = {}): RunningProgram {
    const started = runProgram(program.path, args, { env: { ...always, ...more } });
    running.push(started);
    return started;
  }
  async function run(args: readonly string[], more: Record<string, string> = {}): Promise<Outcome> {
    const called = begin(args, more);
    const code = await called.ended;
    return { code, ...called.output() };
  }
  return {
    database,
    dataFolder,
    databaseUrl: url,
    begin,
    run,
    async serve(more) {
      const server = begin(['start', '--port', '0'], more);
      const [, address] = await server.line(/^Counterfoil is running at (\S+) /m);
      return { server, address: address! };
    },
    async setUp(name, more) {
      const asked = ['setup', '--owner', 'ada@example.com', '--workspace', name, '--json'];
      const { code, stdout, stderr } = await run(asked, more);
      if (code !== 0) throw new Error(stderr);
      const made = JSON.parse(stdout) as { api_key: { token: string }; sign_in_link: string };
      return { apiKey: made.api_key.token, signInUrl: made.sign_in_link };
    },
  };
}

/** A database of the run's own PostgreSQL as DATABASE_URL names it. */
export function databaseUrl(name: string): string {
  const { socketFolder, port } = inject('postgres');
  return `postgres://postgres@localhost:${port}/${name}?host=${encodeURIComponent(socketFolder)}`;
}

/** One request over the network to a running server; a JSON answer is parsed. */
export async function ask<T = Record<string, unknown>>(
  address: string,
  method: string,
  path: string,
  request: { as?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: T; text: string; headers: Headers }> {
  const answer = await fetch(address + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(request.as === undefined ? {} : { authorization: `Bearer ${request.as}` }),
      ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined
      ? {}
      : { body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json') && text !== '';
  return { status: answer.status, body: (isJson ? JSON.parse(text) : undefined) as T, text, headers: answer.headers };
}
