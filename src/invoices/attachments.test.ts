import { beforeEach, describe, expect, test } from 'vitest';
import { attach, SMALL_FILES, zipLike } from '../../tests/setup/files.ts';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { makeContact } from '../../tests/setup/money.ts';
import { type Method, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from './api.ts';
import type { AttachmentAnswer } from './api-attachments.ts';
import { ATTACHMENT_BYTES_MAX, attachmentName, dispositionOf, MAILED_BYTES_MAX, nameProblem } from './attachment.ts';

const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});
let workspace: TestWorkspace;
let contact: string;

beforeEach(async () => {
  post.taken.length = 0;
  workspace = await server.workspace({ mode: 'live' });
  contact = await makeContact(server, workspace);
});

async function document(more: Record<string, unknown> = {}) {
  const body = { contact_id: contact, lines: [{ name: 'Lesson', unit_price: '120.00' }], ...more };
  return (await server.call<Invoice>('POST', '/v1/invoices', { as: workspace.apiKey, body })).body;
}
const add = (id: string, name: string, bytes: Buffer) => attach(server, workspace.apiKey, id, name, bytes);
const call = <T>(method: Method, url: string, body?: unknown) =>
  server.call<T>(method, url, { as: workspace.apiKey, body });
const listOf = async (id: string) =>
  (await call<{ data: AttachmentAnswer[] }>('GET', `/v1/invoices/${id}/attachments`)).body.data;
const namesOf = async (id: string) => (await listOf(id)).map(({ name }) => name);

test.each<[string, string]>([
  ['plan.pdf', 'plan.pdf'],
  ['C:\\Users\\ada\\plan.pdf', 'plan.pdf'],
  ['../../etc/plan.pdf', 'plan.pdf'],
  ['  ..hidden  list .csv ', 'hidden list .csv'],
  ['a\u202Efdp.exe\u0000.pdf', 'afdp.exe.pdf'],
  ['<script>"x"?.txt', '-script--x--.txt'],
  ['Angebot für 日本.pdf', 'Angebot für 日本.pdf'],
  [`${'a'.repeat(300)}.xlsx`, `${'a'.repeat(115)}.xlsx`],
])('a file called %j is kept as %j', (given, kept) => {
  expect(attachmentName(given)).toBe(kept);
});

test.each(['plan', 'plan.', '.pdf', 'page.html', 'x.svg', 'x.pdf.exe', 'x.js', 'macros.xlsm', 'x.zip'])(
  'a file called %j does not go with a document',
  (name) => {
    expect(nameProblem(attachmentName(name))).toContain('PDF, PNG, JPEG, CSV');
  },
);

test('a browser saves it under its name and nothing else can be said by it', () => {
  expect(dispositionOf('Angebot "für" 日本%.pdf')).toBe(
    `attachment; filename="Angebot _fur_ ___.pdf"; filename*=UTF-8''Angebot%20%22f%C3%BCr%22%20%E6%97%A5%E6%9C%AC%25.pdf`,
  );
});

test('files are added to a draft, listed in order, saved as they are, and taken away', async () => {
  const { id } = await document();
  const kinds: [string, Buffer][] = [
    ['Angebot für 日本.pdf', SMALL_FILES.pdf],
    ['photo.JPG', SMALL_FILES.jpeg],
    ['logo.png', SMALL_FILES.png],
    ['hours.csv', SMALL_FILES.text],
    ['hours.xlsx', SMALL_FILES.xlsx],
    ['letter.docx', SMALL_FILES.docx],
    ['sheet.ods', SMALL_FILES.ods],
  ];
  for (const [name, bytes] of kinds) {
    const { status, body } = await add(id, name, bytes);
    expect([name, status, body]).toMatchObject([name, 201, { name, size_bytes: bytes.length }]);
  }
  expect((await add(id, 'hours.csv', SMALL_FILES.text)).status).toBe(201);
  expect(await namesOf(id)).toEqual(kinds.map(([name]) => name));
  const [first, second] = await listOf(id);
  const saved = await server.app.inject({
    url: `/v1/invoices/${id}/attachments/${first!.id}`,
    headers: { authorization: `Bearer ${workspace.apiKey}` },
  });
  expect(saved.rawPayload.equals(SMALL_FILES.pdf)).toBe(true);
  expect(saved.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment; /),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  expect((await call('DELETE', `/v1/invoices/${id}/attachments/${second!.id}`)).status).toBe(204);
  expect((await call('DELETE', `/v1/invoices/${id}/attachments/${second!.id}`)).status).toBe(404);
  expect(await namesOf(id)).not.toContain('photo.JPG');
  expect((await call('DELETE', `/v1/invoices/${id}`)).status).toBe(204);
  expect((await call('GET', `/v1/invoices/${id}/attachments`)).status).toBe(404);
});

test.each<[string, string, Buffer, number, string]>([
  ['a page', 'page.html', Buffer.from('<script>'), 422, 'invalid_request'],
  ['a picture with script', 'x.svg', Buffer.from('<svg/>'), 422, 'invalid_request'],
  ['a page that calls itself PDF', 'page.pdf', Buffer.from('<html>'), 422, 'invalid_request'],
  ['a program that calls itself text', 'x.txt', Buffer.from('MZ\u0000\u0001'), 422, 'invalid_request'],
  ['a workbook with macros', 'x.xlsx', zipLike('xl/workbook.xml', 'xl/vbaProject.bin'), 422, 'invalid_request'],
  ['a zip that calls itself a workbook', 'x.xlsx', zipLike('virus.exe'), 422, 'invalid_request'],
  ['an empty file', 'x.txt', Buffer.alloc(0), 422, 'invalid_request'],
  ['a card number', '4111 1111 1111 1111.pdf', SMALL_FILES.pdf, 422, 'card_number_refused'],
  ['too large a file', 'x.txt', Buffer.alloc(ATTACHMENT_BYTES_MAX + 1, 'x'), 413, 'payload_too_large'],
])('%s is refused and nothing is kept', async (_what, name, bytes, status, code) => {
  const { id } = await document();
  const answer = await add(id, name, bytes);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(await listOf(id)).toEqual([]);
});

test('not more than ten, and not more than 20 MB in all, also when they come at once', async () => {
  const { id } = await document();
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, number) => add(id, `${number}.txt`, Buffer.from(`File ${number}`))),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), 422, 422]);
  const large = await document();
  const piece = (letter: string) => Buffer.alloc(7 * 2 ** 20, letter);
  for (const letter of ['a', 'b']) expect((await add(large.id, `${letter}.txt`, piece(letter))).status).toBe(201);
  expect((await add(large.id, 'c.txt', piece('c'))).body).toMatchObject({ code: 'invalid_request' });
});

test('no form, no file, and a file that is said to be too large are refused', async () => {
  const { id } = await document();
  expect((await call('POST', `/v1/invoices/${id}/attachments`, {})).status).toBe(415);
  const headers = { authorization: `Bearer ${workspace.apiKey}`, 'content-type': 'multipart/form-data; boundary=x' };
  const url = `/v1/invoices/${id}/attachments`;
  const none = await server.app.inject({ method: 'POST', url, headers, payload: '--x--\r\n' });
  expect([none.statusCode, none.json()]).toMatchObject([422, { fields: [{ path: 'file' }] }]);
  const said = { ...headers, 'content-length': String(2 ** 30) };
  expect((await server.app.inject({ method: 'POST', url, headers: said, payload: '--x--\r\n' })).statusCode).toBe(413);
});

test('what was issued keeps its files, whoever asks; a copy has them to change', async () => {
  const draft = await document();
  const { body: file } = await add(draft.id, 'plan.pdf', SMALL_FILES.pdf);
  expect((await call('POST', `/v1/invoices/${draft.id}/issuance`, {})).status).toBe(201);
  expect((await add(draft.id, 'more.pdf', SMALL_FILES.pdf)).body.code).toBe('invoice_state_conflict');
  const removal = await call<{ code: string }>('DELETE', `/v1/invoices/${draft.id}/attachments/${file.id}`);
  expect([removal.status, removal.body.code]).toEqual([409, 'invoice_state_conflict']);
  for (const text of [
    `DELETE FROM invoice_attachments WHERE workspace_id = $1`,
    `UPDATE invoice_attachments SET name = 'x.pdf' WHERE workspace_id = $1`,
    `INSERT INTO invoice_attachments SELECT workspace_id, gen_random_uuid(), invoice_id, name, media_type, bytes, added_at, added_by
     FROM invoice_attachments WHERE workspace_id = $1`,
  ])
    await expect(server.database.asOwner(text, [workspace.id])).rejects.toThrow('never change');
  const { body: copy } = await call<Invoice>('POST', `/v1/invoices/${draft.id}/copies`, {});
  expect(await namesOf(copy.id)).toEqual(['plan.pdf']);
  const [own] = await listOf(copy.id);
  expect(own!.id).not.toBe(file.id);
  expect((await call('DELETE', `/v1/invoices/${copy.id}/attachments/${own!.id}`)).status).toBe(204);
  expect(await namesOf(draft.id)).toEqual(['plan.pdf']);
});

test('a quote’s files go to its invoice, and a credit note is given its own', async () => {
  const quote = await document({ kind: 'quote' });
  await add(quote.id, 'plan.pdf', SMALL_FILES.pdf);
  await call('POST', `/v1/invoices/${quote.id}/issuance`, {});
  const { body: invoice } = await call<Invoice>('POST', `/v1/invoices/${quote.id}/invoicing`);
  expect(await namesOf(invoice.id)).toEqual(['plan.pdf']);
  await call('POST', `/v1/invoices/${invoice.id}/issuance`, {});
  const credit = (name: string) =>
    call<Invoice & { code: string }>('POST', `/v1/invoices/${invoice.id}/credit-notes`, {
      reason: 'Sent back',
      attachments: [{ name, content: SMALL_FILES.jpeg.toString('base64') }],
    });
  expect((await credit('photo.html')).body.code).toBe('invalid_request');
  const { status, body: note } = await credit('photo.jpg');
  expect([status, note.kind, await namesOf(note.id)]).toEqual([201, 'credit_note', ['photo.jpg']]);
});

test('who may not write invoices adds none, and nobody else sees them', async () => {
  const { id } = await document();
  const { body: file } = await add(id, 'plan.pdf', SMALL_FILES.pdf);
  const reader = await workspace.keyWith('invoices.read');
  expect((await attach(server, reader, id, 'more.pdf', SMALL_FILES.pdf)).status).toBe(403);
  const one = `/v1/invoices/${id}/attachments/${file.id}`;
  expect((await server.call('GET', one, { as: reader })).status).toBe(200);
  expect((await server.call('DELETE', one, { as: reader })).status).toBe(403);
  const stranger = await server.workspace();
  const theirs = stranger.apiKey;
  expect((await attach(server, theirs, id, 'more.pdf', SMALL_FILES.pdf)).status).toBe(404);
  for (const method of ['GET', 'DELETE'] as const)
    expect((await server.call(method, one, { as: theirs })).status).toBe(404);
  expect((await server.call('GET', `/v1/invoices/${id}/attachments`, { as: theirs })).status).toBe(404);
  // A file is asked for with its own document.
  const other = await document();
  expect((await call('GET', `/v1/invoices/${other.id}/attachments/${file.id}`)).status).toBe(404);
  expect(await namesOf(id)).toEqual(['plan.pdf']);
});

describe('a mail', () => {
  async function mailedWith(bytes: Buffer) {
    const draft = await document();
    await add(draft.id, 'hours.txt', bytes);
    await call('POST', `/v1/invoices/${draft.id}/issuance`, {});
    const body = { attach_pdf: false };
    const sent = await server.call('POST', `/v1/invoices/${draft.id}/sendings`, {
      ...{ as: workspace.apiKey, body, key: newId() },
    });
    expect(sent.status).toBe(201);
    await server.rooms.messages.outbox.sendOf(workspace.id);
    const { mail } = post.taken.at(-1)!;
    return {
      text: mail.text ?? '',
      files: mail.attachments.map(({ filename, content }) => [filename, content.length]),
    };
  }

  test('carries the files while they are small', async () => {
    const { text, files } = await mailedWith(SMALL_FILES.text);
    expect(files).toEqual([['hours.txt', SMALL_FILES.text.length]]);
    expect(text).not.toContain('hours.txt');
  });

  test('names them beside its link when they are not', async () => {
    const { text, files } = await mailedWith(Buffer.alloc(MAILED_BYTES_MAX + 1, 'x'));
    expect(files).toEqual([]);
    expect(text).toContain('hours.txt');
    expect(text).toMatch(/\/d\/[\w-]{43}/);
  });
});

test('one who issues while another attaches: the file is in it, or refused', async () => {
  const drafts = await Promise.all(Array.from({ length: 6 }, () => document()));
  await Promise.all(
    drafts.map(async ({ id }) => {
      const [file] = await Promise.all([
        add(id, 'late.pdf', SMALL_FILES.pdf),
        call('POST', `/v1/invoices/${id}/issuance`, {}),
      ]);
      expect([file.status, await namesOf(id)]).toEqual(file.status === 201 ? [201, ['late.pdf']] : [409, []]);
    }),
  );
});
