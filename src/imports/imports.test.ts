import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Caller } from '../workspace/caller.ts';
import type { ImportKind } from './import.ts';
import type { ImportsContext } from './open-import.ts';
import { importJson, readImportRecord, streamReports } from './read-import.ts';
import { findInterrupted, makeImportRunner } from './run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from './start-import.ts';
import { uploadImport } from './upload-import.ts';

const server = await testServer();
const { database, clock } = server;
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-imports-'));
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
const context: ImportsContext = { database, clock, dataFolder };
const runner = makeImportRunner(context, (error) => console.error(error));

const upload = (caller: Caller, kind: ImportKind, content: string | Buffer, name = 'file.csv') =>
  uploadImport(context, caller, kind, { name, stream: Readable.from([Buffer.from(content)]) });

/** Uploads, checks and reads the tie-out. */
async function checked(caller: Caller, kind: ImportKind, content: string | Buffer, settings = {}) {
  const { id } = await upload(caller, kind, content);
  await mapImport(context, caller, id, settings);
  await startCheck(context, caller, id);
  runner.wake(caller.workspace.id, id);
  await runner.idle();
  return { id, record: await readImportRecord(context, caller.workspace.id, id) };
}

async function committed(caller: Caller, kind: ImportKind, content: string | Buffer, settings = {}) {
  const { id, record } = await checked(caller, kind, content, settings);
  expect(record).toMatchObject({ status: 'checked', failure: null, summary: { ties: true } });
  await startCommit(context, caller, id);
  runner.wake(caller.workspace.id, id);
  await runner.idle();
  return { id, record: await readImportRecord(context, caller.workspace.id, id) };
}

async function undone(caller: Caller, id: string) {
  await startUndo(context, caller, id);
  runner.wake(caller.workspace.id, id);
  await runner.idle();
  return readImportRecord(context, caller.workspace.id, id);
}

/** Everything that an import and its undo move, as one value to compare. */
async function stateOf(workspaceId: string) {
  const sums = await database.asOwner<{ row: unknown }>(
    `SELECT json_build_array(c.external_ref, s.currency, s.ltv_minor, s.received_minor, s.refunded_minor, s.tax_minor, s.payment_count) AS row
     FROM ledger_contact_sums s JOIN contacts c ON c.workspace_id = s.workspace_id AND c.id = s.contact_id
     WHERE s.workspace_id = $1 AND (s.ltv_minor <> 0 OR s.payment_count <> 0) ORDER BY c.external_ref, s.currency`,
    [workspaceId],
  );
  const totals = await database.asOwner<{ row: unknown }>(
    `SELECT json_build_array(day, kind, status, currency, sum(count), sum(amount_minor)) AS row FROM payment_day_totals
     WHERE workspace_id = $1 AND status <> 'undone' GROUP BY day, kind, status, currency HAVING sum(count) <> 0 ORDER BY 1::text`,
    [workspaceId],
  );
  const contacts = await database.asOwner<{ external_ref: string; name: string }>(
    `SELECT external_ref, name FROM contacts WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY external_ref`,
    [workspaceId],
  );
  return { sums: sums.map((each) => each.row), totals: totals.map((each) => each.row), contacts };
}

const verify = (workspaceId: string) => database.inWorkspace(workspaceId, verifyBooks, { snapshot: true });

async function reportsOf(workspaceId: string, id: string): Promise<string> {
  let text = '';
  for await (const part of streamReports(context, workspaceId, id)) text += part;
  return text;
}

const callerOfNew = async (currency = 'USD') => (await server.workspace({ currency })).caller();

const PAYMENTS = `Payment ID,Date,Amount,Currency,Type,Customer ID,Customer name,Method,Tax,Refund of
p1,2026-01-05,"1,200.50",USD,charge,c1,Ann,card,100.00,
p2,2026-01-06,80,USD,charge,c2,Ben,cash,,
p3,2026-01-07,200.50,USD,refund,c1,Ann,card,10.00,p1
p4,2026-01-08,5000,JPY,charge,c1,Ann,bank transfer,,
p5,2026-01-09,30,USD,refund,c2,Ben,cash,,unknown
`;

describe('files that cannot be read are refused in words, with nothing left behind', () => {
  test.each<[string, Buffer | string, RegExp]>([
    ['empty', '', /empty/],
    ['binary', Buffer.from([0, 1, 2, 3, 0, 0, 7, 9, 1, 2]), /not a text file/],
    ['Excel workbook', Buffer.from('PK\u0003\u0004rest'), /Excel/],
    ['PDF', '%PDF-1.7 something', /PDF/],
    ['only line ends', '\n\r\n\n', /no rows/],
    [
      'damaged gzip',
      Buffer.concat([gzipSync('a,b\n1,2\n'.repeat(999)).subarray(0, 30), Buffer.from([9, 9])]),
      /damaged/,
    ],
    ['unclosed quote at once', '"name,email\nAnn,a@example.com\n', /line 1 is never closed/],
  ])('%s', async (_name, content, sentence) => {
    await expect(upload(await callerOfNew(), 'contacts', content)).rejects.toMatchObject({
      code: 'import_unreadable',
      message: expect.stringMatching(sentence),
    });
  });

  test.each<[string, string, RegExp]>([
    ['header only', 'name,email\n', /no rows/],
    [
      'unclosed quote further down',
      `name,email\n${'Ann,a@example.com\n'.repeat(9)}"Ben,b@example.com\nCy,c@example.com\n`,
      /line 11 is never closed/,
    ],
  ])('%s: told by the check', async (_name, content, sentence) => {
    const caller = await callerOfNew();
    const { record } = await checked(caller, 'contacts', content);
    expect(record).toMatchObject({ status: 'failed', failure: expect.stringMatching(sentence), summary: null });
    expect((await stateOf(caller.workspace.id)).contacts).toEqual([]);
  });
});

describe('files that are read however they are written', () => {
  const text = 'Name;E-mail;Country\r\nÅse Müller;ase@example.com;Norway\r\n"Zoë; née X";zoe@example.com;EIRE\r\n';
  test.each<[string, Buffer, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['Latin-1', Buffer.from(text, 'latin1'), 'windows-1252'],
    ['UTF-16 with mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 without', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16, high byte first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['gzip', gzipSync(text), 'utf-8'],
    ['LF', Buffer.from(text.replaceAll('\r', '')), 'utf-8'],
    [
      'tabs',
      Buffer.from(text.replace('Zoë; née', 'Zoë, née').replaceAll(';', '\t').replace('Zoë, née', 'Zoë; née')),
      'utf-8',
    ],
  ])('%s', async (_name, content, encoding) => {
    const caller = await callerOfNew();
    const { record } = await committed(caller, 'contacts', content);
    expect(record.settings.encoding).toBe(encoding);
    expect(record).toMatchObject({
      status: 'committed',
      summary: { written: { contacts: 2 }, lines: { read: 2, used: 2 } },
    });
    expect(
      await database.asOwner('SELECT name, email, country FROM contacts WHERE workspace_id = $1 ORDER BY email', [
        caller.workspace.id,
      ]),
    ).toEqual([
      { name: 'Åse Müller', email: 'ase@example.com', country: 'NO' },
      { name: 'Zoë; née X', email: 'zoe@example.com', country: 'IE' },
    ]);
  });
});

test('rows that cannot be used are told by line, the others go in, and nothing is lost in between', async () => {
  const caller = await callerOfNew();
  const content = [
    'Name,E-mail,Phone,Customer ID,Notes',
    'Ann,ann@example.com,+44 20 7946 0018,1,x',
    'Ben,not an address,hello,2,x',
    'short,row',
    '"Cy"x,cy@example.com,,4,x',
    ',,,5,x',
    'Ann again,ann2@example.com,,1,x',
    'Dee 4242 4242 4242 4242,dee@example.com,,6,x',
    '=cmd(),eve@example.com,,7,x',
  ].join('\n');
  const { id, record } = await committed(caller, 'contacts', content);
  expect(record.summary).toMatchObject({
    lines: { read: 8, used: 4, refused: 4, left_out: 0 },
    contacts: { in_file: 4, already_there: 0 },
    written: { contacts: 4 },
  });
  const reports = await reportsOf(caller.workspace.id, id);
  expect(reports).toMatch(/^4,.*refused,.*columns here/m);
  expect(reports).toMatch(/^5,.*refused,.*closing quotation mark/m);
  expect(reports).toMatch(/^6,Name,refused,A name is needed/m);
  expect(reports).toMatch(/^7,Customer ID,refused,The same contact as in line 2/m);
  expect(reports).toMatch(/^3,E-mail,note/m);
  expect(reports).toMatch(/^8,Name,note,.*masked/m);
  expect(reports).not.toContain('4242 4242');
  const { contacts } = await stateOf(caller.workspace.id);
  expect(contacts.map((contact) => contact.name)).toEqual(['Ann', 'Ben', 'Dee •••• 4242', '=cmd()']);
});

test('payments come in with ledger, sums and totals; twice is nothing twice; undone is as before; and then again', async () => {
  const caller = await callerOfNew();
  const { id: workspaceId } = caller.workspace;
  await committed(caller, 'contacts', 'name,customer id\nAnn Known,c1\n');
  const before = await stateOf(workspaceId);

  const first = await committed(caller, 'payments', PAYMENTS);
  expect(first.record.summary).toMatchObject({
    lines: { read: 5, used: 5 },
    contacts: { in_file: 2, already_there: 1 },
    payments: { in_file: 5, already_there: 0 },
    written: { contacts: 1, payments: 5, already_there: 1 },
    money: [
      { currency: 'JPY', charges_minor: 5000, source: '5000', rounding: '0' },
      { currency: 'USD', charges_minor: 128050, credits_minor: 23050, net_minor: 105000, source: '1050' },
    ],
  });
  const after = await stateOf(workspaceId);
  expect(after.sums).toEqual([
    ['c1', 'JPY', 5000, 5000, 0, 0, 1],
    ['c1', 'USD', 100000, 120050, 20050, 9000, 1],
    ['c2', 'USD', 5000, 8000, 3000, 0, 1],
  ]);
  expect(after.contacts).toEqual([
    { external_ref: 'c1', name: 'Ann Known' },
    { external_ref: 'c2', name: 'Ben' },
  ]);
  expect(
    await database.asOwner(
      `SELECT p.external_ref, c.external_ref AS parent, c.refunded_minor::int FROM payments p
       LEFT JOIN payments c ON c.workspace_id = p.workspace_id AND c.id = p.parent_id
       WHERE p.workspace_id = $1 AND p.kind = 'refund' ORDER BY 1`,
      [workspaceId],
    ),
  ).toEqual([
    { external_ref: 'p3', parent: 'p1', refunded_minor: 20050 },
    { external_ref: 'p5', parent: null, refunded_minor: null },
  ]);
  expect(await verify(workspaceId)).toEqual([]);

  const second = await committed(caller, 'payments', PAYMENTS);
  expect(second.record.summary).toMatchObject({
    contacts: { already_there: 2 },
    payments: { already_there: 5 },
    written: { contacts: 0, payments: 0, already_there: 7 },
  });
  expect(await stateOf(workspaceId)).toEqual(after);

  const takenBack = await undone(caller, first.id);
  expect(takenBack).toMatchObject({
    status: 'undone',
    summary: { taken_back: { contacts: 1, payments: 5, payments_kept: 0 } },
  });
  expect(await stateOf(workspaceId)).toEqual(before);
  expect(await verify(workspaceId)).toEqual([]);

  const third = await committed(caller, 'payments', PAYMENTS);
  expect(third.record.summary).toMatchObject({ written: { contacts: 1, payments: 5, already_there: 1 } });
  expect(await stateOf(workspaceId)).toEqual(after);
  expect(await verify(workspaceId)).toEqual([]);
});

test('payments without a number of their own are known again by what they say, and two alike are two', async () => {
  const caller = await callerOfNew();
  const content =
    'date,amount,email\n2026-01-05,4.50,ann@example.com\n2026-01-05,4.50,ann@example.com\n2026-01-06,-1.00,Ann@Example.com\n';
  const first = await committed(caller, 'payments', content);
  expect(first.record.summary).toMatchObject({ written: { contacts: 1, payments: 3 } });
  expect((await stateOf(caller.workspace.id)).sums).toEqual([['ann@example.com', 'USD', 800, 900, 100, 0, 2]]);
  const second = await committed(caller, 'payments', content);
  expect(second.record.summary).toMatchObject({ written: { contacts: 0, payments: 0, already_there: 4 } });
});

test('an e-mail address finds the contact who has it', async () => {
  const caller = await callerOfNew();
  await committed(caller, 'contacts', 'name,email,customer id\nAnn,Ann@example.com,k9\n');
  const { record } = await committed(caller, 'payments', 'date,amount,email\n2026-01-05,4.50,ann@example.com\n');
  expect(record.summary).toMatchObject({ written: { contacts: 0, payments: 1 } });
  expect((await stateOf(caller.workspace.id)).sums).toEqual([['k9', 'USD', 450, 450, 0, 0, 1]]);
});

test.each<[string, string, string, object]>([
  ['amount with too many decimals', 'p1,2026-01-05,1.005,USD,c1', 'Amount', { refused: 1 }],
  ['yen with decimals', 'p1,2026-01-05,1.5,JPY,c1', 'Amount', { refused: 1 }],
  ['unknown currency', 'p1,2026-01-05,1.5,XXX,c1', 'Currency', { refused: 1 }],
  ['no date', 'p1,soon,1.50,USD,c1', 'Date', { refused: 1 }],
  ['31 February', 'p1,2026-02-31,1.50,USD,c1', 'Date', { refused: 1 }],
  ['too large', 'p1,2026-01-05,99999999999999,USD,c1', 'Amount', { refused: 1 }],
  ['nobody', 'p1,2026-01-05,1.50,USD,', 'Customer ID', { left_out: 1 }],
])('payments: %s', async (_name, line, column, lines) => {
  const caller = await callerOfNew();
  const { id, record } = await checked(
    caller,
    'payments',
    `ID,Date,Amount,Currency,Customer ID\n${line}\np2,2026-01-05,1.00,USD,c1\n`,
  );
  expect(record.summary).toMatchObject({ lines: { read: 2, used: 1, ...lines }, ties: true });
  expect(await reportsOf(caller.workspace.id, id)).toMatch(new RegExp(`^2,${column},`, 'm'));
});

test('sales lines: one payment per invoice, rounded once, refused as a whole when one line is unreadable', async () => {
  const caller = await callerOfNew('GBP');
  const content = [
    'InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    '100,3,2026-01-05 10:00:00,0.001,c1,EIRE',
    '100,1,2026-01-05 10:00:00,0.002,c1,EIRE',
    '101,2,2026-01-06 10:00:00,2.50,c1,France',
    '101,x,2026-01-06 10:00:00,2.50,c1,France',
    'C102,-1,2026-01-07 10:00:00,2.50,c2,Channel Islands',
    '103,1,2026-01-07 10:00:00,0,c2,Channel Islands',
    '104,7,2026-01-07 10:00:00,1,NA,Japan',
    'A105,1,2026-01-07 10:00:00,-5.00,NA,Japan',
    '106,1,2026-01-08 10:00:00,1.00,c1,France',
    '106,1,2026-01-08 10:00:00,1.00,c2,France',
  ].join('\n');
  const { record } = await committed(caller, 'sales_lines', content);
  expect(record.summary).toMatchObject({
    lines: { read: 10, used: 4, left_out: 2, refused: 4 },
    money: [
      {
        source: '6.505',
        charge_count: 1,
        charges_minor: 1,
        credit_count: 1,
        credits_minor: 250,
        left_out: '2',
        refused: '7',
        rounding: '0.005',
      },
    ],
    payments: { in_file: 2, zero_value: 1 },
  });
  expect((await stateOf(caller.workspace.id)).sums).toEqual([
    ['c1', 'GBP', 1, 1, 0, 0, 1],
    ['c2', 'GBP', -250, 0, 250, 0, 0],
  ]);
  expect(await verify(caller.workspace.id)).toEqual([]);
});

test('a commit that is stopped between two chunks goes on at the next start and doubles nothing', async () => {
  const caller = await callerOfNew();
  const rows = Array.from({ length: 3_500 }, (_, index) => `n${index},2026-01-05,1.00,c${index % 40}`).join('\n');
  const { id } = await checked(caller, 'payments', `id,date,amount,customer id\n${rows}\n`);
  await startCommit(context, caller, id);
  // A process that ends after its second chunk: its database goes away under it.
  let transactions = 0;
  const dying: ImportsContext = {
    ...context,
    database: {
      ...database,
      inWorkspace: (workspaceId, work, options) => {
        transactions += 1;
        if (transactions > 4) return new Promise(() => {});
        return database.inWorkspace(workspaceId, work, options);
      },
    },
  };
  makeImportRunner(dying).wake(caller.workspace.id, id);
  await expect.poll(() => transactions, { timeout: 20_000 }).toBeGreaterThan(4);
  const halfway = await readImportRecord(context, caller.workspace.id, id);
  expect(halfway.status).toBe('committing');
  expect(halfway.progress.rows_done).toBeGreaterThan(0);
  expect(halfway.progress.rows_done).toBeLessThan(halfway.progress.rows_total);

  expect(await findInterrupted(context)).toContainEqual({ workspaceId: caller.workspace.id, importId: id });
  const next = makeImportRunner(context);
  await next.resume();
  await next.idle();
  expect(await readImportRecord(context, caller.workspace.id, id)).toMatchObject({
    status: 'committed',
    summary: { written: { contacts: 40, payments: 3_500, already_there: 0 } },
  });
  expect(await verify(caller.workspace.id)).toEqual([]);
  expect(
    await database.asOwner(`SELECT sum(ltv_minor)::int AS ltv FROM ledger_contact_sums WHERE workspace_id = $1`, [
      caller.workspace.id,
    ]),
  ).toEqual([{ ltv: 350_000 }]);
});

test('another separator is another table: columns and mapping are found anew', async () => {
  const caller = await callerOfNew();
  const { id } = await upload(caller, 'contacts', 'name|email,x|y\nAnn|a@example.com,1|2\nBen|b@example.com,1|2\n');
  const comma = await mapImport(context, caller, id, { dialect: { separator: ',' } });
  expect(comma.settings.columns).toEqual(['name|email', 'x|y']);
  const pipe = await mapImport(context, caller, id, { dialect: { separator: '|' } });
  expect(pipe.settings).toMatchObject({ columns: ['name', 'email,x', 'y'], mapping: { name: 0 } });
  await expect(mapImport(context, caller, id, { mapping: { name: 9 } })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await expect(mapImport(context, caller, id, { mapping: { shoe: 0 } })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('nothing is committed unless it was checked, and nothing is undone unless it was committed', async () => {
  const caller = await callerOfNew();
  const row = await upload(caller, 'contacts', 'name,phone\nAnn,\n');
  expect(importJson(row)).toMatchObject({ status: 'uploaded', settings: { mapping: { name: 0, phone: 1 } } });
  await expect(startCommit(context, caller, row.id)).rejects.toMatchObject({ code: 'import_not_ready' });
  await expect(startUndo(context, caller, row.id)).rejects.toMatchObject({ code: 'import_not_ready' });
});

describe('over HTTP', () => {
  const multipart = (content: string) => {
    const boundary = 'counterfoil-test';
    return {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--${boundary}--\r\n`,
    };
  };

  test('upload, preview, check, commit, errors', async () => {
    const { apiKey } = await server.workspace();
    const authorization = `Bearer ${apiKey}`;
    const sent = multipart('name,email\nAnn,ann@example.com\n,\nBen,oops\n');
    const uploaded = await server.app.inject({
      method: 'POST',
      url: '/v1/imports?kind=contacts',
      headers: { ...sent.headers, authorization },
      payload: sent.payload,
    });
    expect(uploaded.statusCode, uploaded.body).toBe(201);
    const { id } = uploaded.json() as { id: string };
    const preview = await server.call('GET', `/v1/imports/${id}/preview`, { as: apiKey });
    expect(preview.body).toMatchObject({
      columns: ['name', 'email'],
      missing: [],
      rows: [{ line: 2, parsed: { name: 'Ann', email: 'ann@example.com' } }, { line: 3 }, { line: 4 }],
    });
    const waitFor = (status: string) =>
      expect
        .poll(async () => (await server.call('GET', `/v1/imports/${id}`, { as: apiKey })).body.status, {
          timeout: 20_000,
        })
        .toBe(status);
    expect((await server.call('POST', `/v1/imports/${id}/check`, { as: apiKey })).status).toBe(202);
    await waitFor('checked');
    expect((await server.call('POST', `/v1/imports/${id}/commitment`, { as: apiKey })).status).toBe(202);
    await waitFor('committed');
    const errors = await server.call('GET', `/v1/imports/${id}/errors.csv`, { as: apiKey });
    expect(errors.headers['content-type']).toContain('text/csv');
    expect(errors.text).toContain('Not an e-mail address');
    expect((await server.call<{ data: object[] }>('GET', '/v1/imports', { as: apiKey })).body.data).toHaveLength(1);
    expect((await server.call('POST', `/v1/imports/${id}/commitment`, { as: apiKey })).status).toBe(409);
    expect((await server.call('POST', `/v1/imports/${id}/undo`, { as: apiKey })).status).toBe(202);
    await waitFor('undone');
  });

  test.each<[string, string, number, string]>([
    ['an unknown kind', '/v1/imports?kind=dragons', 422, 'invalid_request'],
    ['no kind', '/v1/imports', 422, 'invalid_request'],
  ])('%s is refused', async (_name, url, status, code) => {
    const { apiKey } = await server.workspace();
    const sent = multipart('name\nAnn\n');
    const answer = await server.app.inject({
      method: 'POST',
      url,
      headers: { ...sent.headers, authorization: `Bearer ${apiKey}` },
      payload: sent.payload,
    });
    expect([answer.statusCode, (answer.json() as { code: string }).code]).toEqual([status, code]);
  });

  test('a file that is said to be larger than may be is refused before it is read', async () => {
    const { apiKey } = await server.workspace();
    const sent = multipart('name\nAnn\n');
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/imports?kind=contacts',
      headers: { ...sent.headers, authorization: `Bearer ${apiKey}`, 'content-length': String(5 * 2 ** 30) },
      payload: sent.payload,
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'payload_too_large', detail: expect.stringContaining('at most 4 GB') });
    expect((await server.call<{ data: object[] }>('GET', '/v1/imports', { as: apiKey })).body.data).toEqual([]);
  });

  test('needs the right, and money needs payments to be on', async () => {
    const workspace = await server.workspace();
    const key = await workspace.keyWith('contacts.read');
    expect((await server.call('GET', '/v1/imports', { as: key })).body).toMatchObject({ code: 'right_missing' });
    const off = await server.call('PUT', '/v1/switches/payments_and_ltv', {
      as: workspace.apiKey,
      body: { enabled: false },
    });
    expect(off.status).toBe(200);
    const sent = multipart('id,date,amount,customer id\n1,2026-01-01,1,c\n');
    const send = (kind: string) =>
      server.app.inject({
        method: 'POST',
        url: `/v1/imports?kind=${kind}`,
        headers: { ...sent.headers, authorization: `Bearer ${workspace.apiKey}` },
        payload: sent.payload,
      });
    expect((await send('payments')).json()).toMatchObject({ code: 'feature_off' });
    expect((await send('contacts')).statusCode).toBe(201);
  });

  test('imports of another workspace are not there', async () => {
    const caller = await callerOfNew();
    const row = await upload(caller, 'contacts', 'name\nAnn\n');
    const other = await server.workspace();
    for (const path of ['', '/preview', '/errors.csv']) {
      expect((await server.call('GET', `/v1/imports/${importJson(row).id}${path}`, { as: other.apiKey })).status).toBe(
        404,
      );
    }
  });
});
