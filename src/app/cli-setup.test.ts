import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../../tests/setup/database.ts';
import { setup } from './cli-setup.ts';
import { readConfig, readFlags } from './config.ts';

const database = await testDatabase();

/** What the command prints for these words. */
async function run(...argv: string[]): Promise<string> {
  const printed: string[] = [];
  const config = readConfig(['--data', join(tmpdir(), 'counterfoil-no-such-folder')], {});
  const code = await setup.run({
    config,
    flags: readFlags(argv, setup.flags ?? {}).values,
    words: [],
    print: (line) => printed.push(line),
    note: () => {},
    openDatabase: async () => ({
      database,
      ownerConnection: database.ownerConnection,
      appConnection: database.connection,
      home: null,
      close: async () => {},
    }),
  });
  expect(code).toBe(0);
  return printed.join('\n');
}

test('prints ids, key and link as JSON, and finds what it made the next time', async () => {
  const words = ['--owner', 'Ops@Example.com', '--workspace', 'Harbour', '--live', '--currency', 'GBP', '--json'];
  const first = JSON.parse(await run(...words));
  expect(first).toEqual({
    owner: { id: expect.stringMatching(/^usr_/), email: 'ops@example.com' },
    workspace: { id: expect.stringMatching(/^wsp_/), name: 'Harbour', mode: 'live', created: true },
    api_key: { id: expect.stringMatching(/^key_/), token: expect.stringMatching(/^cfk_live_/) },
    sign_in_link: expect.stringMatching(/^http.*\/welcome\//),
  });
  const second = JSON.parse(await run(...words));
  expect(second.workspace).toEqual({ ...first.workspace, created: false });
  expect(second.api_key.token).not.toBe(first.api_key.token);
});

test('speaks plainly without --json', async () => {
  expect(await run('--owner', 'ops@example.com', '--workspace', 'Plain')).toMatch(
    /^Made the sandbox workspace “Plain”/,
  );
});

test.each<[string, string[], string]>([
  ['no owner', ['--workspace', 'X'], '--owner'],
  ['an owner that is no address', ['--owner', 'ops', '--workspace', 'X'], '--owner'],
  ['no workspace', ['--owner', 'ops@example.com'], '--workspace'],
  ['an unknown currency', ['--owner', 'ops@example.com', '--workspace', 'X', '--currency', 'usd'], '--currency'],
  ['an unknown time zone', ['--owner', 'ops@example.com', '--workspace', 'X', '--time-zone', 'Mars'], '--time-zone'],
])('%s is refused in one sentence that names the flag', async (_case, argv, flag) => {
  await expect(run(...argv)).rejects.toThrow(flag);
});
