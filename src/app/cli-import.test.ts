import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { ImportRecord } from '../imports/api.ts';
import { importFile } from './cli-import.ts';
import { readConfig, readFlags } from './config.ts';

const server = await testServer();
const { database } = server;
const folder = mkdtempSync(join(tmpdir(), 'counterfoil-cli-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the command says for these words about a file of its own. */
async function run(workspace: TestWorkspace, content: string | Buffer | null, ...argv: string[]) {
  const file = join(folder, 'file.csv');
  if (content !== null) writeFileSync(file, content);
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await importFile.run({
    config: readConfig(['--data', join(folder, 'data')], {}),
    flags: readFlags(['--workspace', workspace.publicId, ...argv], importFile.flags ?? {}).values,
    words: content === null ? [] : [file],
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
    openDatabase: async () => ({
      database,
      ownerConnection: database.ownerConnection,
      appConnection: database.connection,
      home: null,
      close: async () => {},
    }),
  });
  return { code, printed: printed.join('\n'), noted: noted.join('\n') };
}

const recordOf = (said: { printed: string }) => JSON.parse(said.printed) as ImportRecord;
const CONTACTS = ['--kind', 'contacts'];

test('contacts with their companies: dry run, import, the same again, undo, each told in the words of the page', async () => {
  const workspace = await server.workspace();
  const content = 'Who,Mail,Firm\nAnn,ann@example.com,Acme\nBen,oops,Bolt\nshort\n';
  const mapped = [...CONTACTS, '--map', 'name=Who,email=Mail,company=Firm'];
  const dry = await run(workspace, content, ...mapped, '--dry-run');
  expect(dry).toMatchObject({ code: 0, printed: expect.stringContaining('Companies 2, of which already there 0') });
  expect(dry.printed).not.toContain('Written');

  const errors = join(folder, 'errors.csv');
  const written = await run(workspace, content, ...mapped, '--json', '--errors', errors);
  const record = recordOf(written);
  expect(record).toMatchObject({
    status: 'committed',
    summary: { written: { contacts: 2, companies: 2, payments: 0 } },
  });
  expect(readFileSync(errors, 'utf8')).toMatch(/^3,Mail,note,Not an e-mail address[^\n]*\n4,,refused,/m);
  expect(written.noted).toContain(errors);

  const again = recordOf(await run(workspace, content, ...mapped, '--json'));
  expect(again.summary?.written).toMatchObject({ contacts: 0, companies: 0, already_there: 2 });
  const undone = await run(workspace, null, '--undo', record.id);
  expect(undone).toMatchObject({
    code: 0,
    printed: expect.stringContaining('Taken back: 2 contacts (0 kept), 2 companies'),
  });
});

test('how the file is read can be said as on the page, and a guess can be taken back', async () => {
  const workspace = await server.workspace();
  const file = Buffer.from('Zoë|zoe@example.com|likes tea\n', 'utf16le');
  const said = await run(
    workspace,
    file,
    ...[...CONTACTS, '--json', '--encoding', 'utf-16le', '--separator', '|', '--header', 'no'],
    ...['--map', 'name=Column 1,email=Column 2,note='],
  );
  expect(recordOf(said).settings).toMatchObject({
    encoding: 'utf-16le',
    separator: '|',
    has_header: false,
    mapping: { name: 0, email: 1 },
  });
  const named = recordOf(await run(workspace, 'Name,Notes\nAnn,tea\n', ...CONTACTS, '--json', '--map', 'note='));
  expect(named.settings.mapping).toEqual({ name: 0 });
});

test.each<[string, string[], RegExp]>([
  ['no kind', [], /--kind contacts, --kind payments, --kind sales_lines/],
  ['no such column', [...CONTACTS, '--map', 'name=Nobody'], /names no column of the file; it has Name/],
  ['no such encoding', [...CONTACTS, '--encoding', 'ebcdic'], /--encoding/],
  ['a header that is neither', [...CONTACTS, '--header', 'perhaps'], /^--header/],
])('%s is refused in words', async (_name, argv, sentence) => {
  await expect(run(await server.workspace(), 'Name\nAnn\n', ...argv)).rejects.toThrow(sentence);
});
