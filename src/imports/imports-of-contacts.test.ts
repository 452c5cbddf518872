import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { ImportRecord } from './api.ts';
import type { ImportsContext } from './open-import.ts';
import { previewImport, readImportRecord, streamReports } from './read-import.ts';
import { makeImportRunner } from './run-imports.ts';
import { mapImport, type SettingsChange, startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

const server = await testServer();
const { database, clock } = server;
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-imports-'));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
const context: ImportsContext = { database, clock, dataFolder };
const runner = makeImportRunner(context, (error) => console.error(error));

async function upload(workspace: TestWorkspace, content: string): Promise<string> {
  const file = { name: 'people.csv', stream: Readable.from([Buffer.from(content)]) };
  return (await uploadImport(context, await workspace.caller(), 'contacts', file)).id;
}

async function run(workspace: TestWorkspace, id: string, start: typeof startCheck): Promise<ImportRecord> {
  await start(context, await workspace.caller(), id);
  runner.wake(workspace.id, id);
  await runner.idle();
  return readImportRecord(context, workspace.id, id);
}

async function bring(workspace: TestWorkspace, content: string, settings: SettingsChange = {}) {
  const id = await upload(workspace, content);
  await mapImport(context, await workspace.caller(), id, settings);
  const check = await run(workspace, id, startCheck);
  expect(check).toMatchObject({ status: 'checked', failure: null, summary: { ties: true } });
  return { id, check, record: await run(workspace, id, startCommit) };
}

async function reportsOf(workspace: TestWorkspace, id: string): Promise<string> {
  let text = '';
  for await (const part of streamReports(context, workspace.id, id)) text += part;
  return text;
}

interface Person {
  name: string;
  company: { name: string } | null;
  owner: { name: string } | null;
}

const read = async (workspace: TestWorkspace, path: string) =>
  (await server.call<{ data: Person[] }>('GET', path, { as: workspace.apiKey })).body.data;
const companiesOf = async (workspace: TestWorkspace) =>
  (await read(workspace, '/v1/companies')).map((company) => company.name);
const namesOf = async (workspace: TestWorkspace, search = '') =>
  (await read(workspace, `/v1/contacts?search=${search}`)).map((person) => person.name).sort();

const PEOPLE = [
  'Name,E-mail,Company',
  'Ann,ann@example.com,Acme Ltd',
  'Ben,ben@example.com,ACME LTD',
  'Cy,cy@example.com,Blue Harbour',
  'Dee,dee@example.com,',
].join('\n');

test('companies are found or made by name, shown before, undone with the import, and doubled by nothing', async () => {
  const workspace = await server.workspace();
  await server.call('POST', '/v1/companies', { as: workspace.apiKey, body: { name: 'Blue Harbour' } });

  const shown = await previewImport(context, workspace.id, await upload(workspace, PEOPLE));
  expect(shown.rows.map(({ parsed, makes }) => [parsed.company, makes])).toEqual([
    ['Acme Ltd', ['company']],
    ['ACME LTD', ['company']],
    ['Blue Harbour', []],
    ['', []],
  ]);

  const first = await bring(workspace, PEOPLE);
  expect(first.check.summary?.companies).toEqual({ in_file: 2, already_there: 1, to_add: 1 });
  expect(first.record.summary?.written).toMatchObject({ contacts: 4, companies: 1, payments: 0, already_there: 0 });
  expect(await companiesOf(workspace)).toEqual(['Acme Ltd', 'Blue Harbour']);
  expect(await namesOf(workspace, 'acme')).toEqual(['Ann', 'Ben']);

  const again = await bring(workspace, PEOPLE);
  expect(again.check.summary?.companies).toEqual({ in_file: 2, already_there: 2, to_add: 0 });
  expect(again.record.summary?.written).toEqual({
    ...{ contacts: 0, companies: 0, payments: 0, documents: 0, already_there: 4 },
  });
  expect(await companiesOf(workspace)).toEqual(['Acme Ltd', 'Blue Harbour']);

  const undone = await run(workspace, first.id, startUndo);
  expect(undone.summary?.taken_back).toMatchObject({ contacts: 4, companies: 1, companies_kept: 0 });
  expect(await companiesOf(workspace)).toEqual(['Blue Harbour']);
  expect(await namesOf(workspace)).toEqual([]);

  expect((await bring(workspace, PEOPLE)).record.summary?.written).toMatchObject({ contacts: 4, companies: 1 });
  expect(await namesOf(workspace, 'acme')).toEqual(['Ann', 'Ben']);
});

test('a company that somebody joined or renamed stays when its import is undone', async () => {
  const workspace = await server.workspace();
  const { id } = await bring(workspace, 'Name,Company\nAnn,Acme\nBen,Bolt\nCy,Cedar\n');
  const { body } = await server.call<{ data: { id: string; name: string }[] }>('GET', '/v1/companies', {
    as: workspace.apiKey,
  });
  const [acme, bolt] = body.data;
  await server.call('POST', '/v1/contacts', { as: workspace.apiKey, body: { name: 'Own', company_id: acme?.id } });
  await server.call('PATCH', `/v1/companies/${bolt?.id}`, { as: workspace.apiKey, body: { name: 'Bolt & Sons' } });
  const undone = await run(workspace, id, startUndo);
  expect(undone.summary?.taken_back).toMatchObject({ contacts: 3, companies: 1, companies_kept: 2 });
  expect(await companiesOf(workspace)).toEqual(['Acme', 'Bolt & Sons']);
});

test('a company of a contact who is there already is not made: such contacts are left as they are', async () => {
  const workspace = await server.workspace();
  await bring(workspace, 'Name,E-mail\nAnn,ann@example.com\n');
  const { check, record } = await bring(workspace, 'Name,E-mail,Company\nAnn,ann@example.com,Acme\n');
  expect(check.summary?.companies).toEqual({ in_file: 1, already_there: 0, to_add: 0 });
  expect(record.summary?.written).toMatchObject({ contacts: 0, companies: 0, already_there: 1 });
  expect(await companiesOf(workspace)).toEqual([]);
});

test('every column that people keep about a contact comes in, and what is wrong is left empty and told', async () => {
  const workspace = await server.workspace();
  for (const body of [
    { label: 'Shoe size', type: 'number' },
    { label: 'Member since', type: 'date' },
    { label: 'Plan', type: 'choice', choices: ['Gold', 'Silver'] },
    { label: 'Newsletter', type: 'yes_no' },
    { label: 'Allergy', type: 'text' },
  ])
    expect((await server.call('POST', '/v1/custom-fields', { as: workspace.apiKey, body })).status).toBe(201);
  const head =
    'First name;Last name;Email;Phone;Company;Street address;Address 2;City;State;Zip;Country;VAT number;Currency;Language;Time zone;Tags;Contact owner;Notes;Shoe size;Member since;Plan;Newsletter;Allergy';
  const content = [
    head,
    `Ann;Lee;ann@example.com;+44 20 7946 0018;Acme;1 Quay;Floor 2;Leeds;Yorkshire;LS1 1AA;England;GB123;eur;en-GB;Europe/London;VIP, Regular;${workspace.owner.email};"Likes tea.\nCalls on Mondays.";41,5;31/12/2024;gold;yes;Nuts`,
    'Bob;;bob@example.com;378282246310005;;;;;;;;;XXX;klingon language;Mars/Base;;nobody@example.com;;big;someday;Bronze;maybe;4242 4242 4242 4242',
    ';;;;Lone Company;;;;;;;;;;;;;;;;;;',
  ].join('\n');
  const { id, record } = await bring(workspace, content);
  expect(record.settings.mapping).toMatchObject({ company: 4, owner: 16, note: 17, 'custom.shoe_size': 18 });
  expect(record.settings).toMatchObject({ date_order: 'dmy', decimal_mark: ',' });
  expect(record.summary).toMatchObject({ lines: { used: 3, refused: 0 }, written: { contacts: 3, companies: 2 } });

  const people = await server.call<{ data: Record<string, unknown>[] }>('GET', '/v1/contacts?sort=name', {
    as: workspace.apiKey,
  });
  const [ann, bob, lone] = ['Ann Lee', 'Bob', 'Lone Company'].map((name) =>
    people.body.data.find((person) => person.name === name),
  );
  expect(ann).toMatchObject({
    email: 'ann@example.com',
    phone: '+44 20 7946 0018',
    company: { name: 'Acme' },
    owner: { name: 'Olive Owner' },
    tags: ['regular', 'vip'],
    country: 'GB',
    billing: { line1: '1 Quay', line2: 'Floor 2', city: 'Leeds', region: 'Yorkshire', postal_code: 'LS1 1AA' },
    currency: 'EUR',
    locale: 'en-GB',
    time_zone: 'Europe/London',
    custom: { shoe_size: 41.5, member_since: '2024-12-31', plan: 'Gold', newsletter: true, allergy: 'Nuts' },
  });
  expect(bob).toMatchObject({
    phone: null,
    owner: null,
    currency: null,
    locale: null,
    time_zone: null,
    custom: { allergy: '•••• 4242' },
  });
  expect(lone).toMatchObject({ email: null, company: { name: 'Lone Company' } });
  const notes = await server.call<{ data: { body: string }[] }>('GET', `/v1/contacts/${ann?.id}/notes`, {
    as: workspace.apiKey,
  });
  expect(notes.body.data.map((note) => note.body)).toEqual(['Likes tea.\nCalls on Mondays.']);

  const reports = await reportsOf(workspace, id);
  for (const said of [
    /,Phone,note,Not a telephone number: left empty/,
    /,Currency,note,Not a currency known here: left empty/,
    /,Language,note,Not a language tag/,
    /,Time zone,note,Not a time zone/,
    /,Contact owner,note,Nobody here has this e-mail address or name/,
    /,Shoe size,note,A number is expected/,
    /,Member since,note,"A date is expected/,
    /,Plan,note,"One of these is expected: Gold, Silver/,
    /,Newsletter,note,/,
    /,Allergy,note,.*masked/,
  ])
    expect(reports).toMatch(said);
  expect(reports).not.toMatch(/378282246310005|4242 4242/);

  // A note that came with the file does not hold its contact back; a changed one does.
  const [noteOfAnn] = (
    await server.call<{ data: { id: string }[] }>('GET', `/v1/contacts/${ann?.id}/notes`, { as: workspace.apiKey })
  ).body.data;
  const edit = await server.call('PATCH', `/v1/notes/${noteOfAnn?.id}`, {
    as: workspace.apiKey,
    body: { body: 'Tea!' },
  });
  expect(edit.status).toBe(200);
  const undone = await run(workspace, id, startUndo);
  expect(undone.summary?.taken_back).toMatchObject({ contacts: 2, contacts_kept: 1, companies: 1, companies_kept: 1 });
  expect(await namesOf(workspace)).toEqual(['Ann Lee']);
});

test('a note that came with the file goes with its contact', async () => {
  const workspace = await server.workspace();
  const { id } = await bring(workspace, 'Name,Notes\nAnn,Likes tea\n');
  expect((await run(workspace, id, startUndo)).summary?.taken_back).toMatchObject({ contacts: 1, contacts_kept: 0 });
});

test('a custom field that is removed after it was mapped is told by the check', async () => {
  const workspace = await server.workspace();
  const field = await server.call<{ id: string }>('POST', '/v1/custom-fields', {
    as: workspace.apiKey,
    body: { label: 'Size', type: 'text' },
  });
  const id = await upload(workspace, 'Name,Size\nAnn,L\n');
  const removed = await server.call('DELETE', `/v1/custom-fields/${field.body.id}`, { as: workspace.apiKey });
  expect(removed.status).toBe(204);
  await expect(startCheck(context, await workspace.caller(), id)).rejects.toMatchObject({
    code: 'invalid_request',
    fields: [{ path: 'mapping.custom.size' }],
  });
});

test('one reference on every line of a large file is refused line by line, in no time', async () => {
  const workspace = await server.workspace();
  const lines = 60_000;
  const id = await upload(workspace, `Name,Customer ID\n${'Ann,same\n'.repeat(lines)}`);
  const record = await run(workspace, id, startCheck);
  expect(record.summary?.lines).toEqual({ read: lines, used: 1, left_out: 0, refused: lines - 1 });
});
