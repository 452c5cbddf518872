import { beforeEach, expect, test } from 'vitest';
import { attach, SMALL_FILES } from '../../tests/setup/files.ts';
import { makeContact } from '../../tests/setup/money.ts';
import { type Method, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { Invoice } from './api.ts';
import type { AttachmentAnswer } from './api-attachments.ts';
import type { RecurringInvoice } from './api-recurring.ts';
import { ATTACHMENTS_MAX } from './attachment.ts';
import { runRecurringOf } from './run-recurring.ts';

const server = await testServer();
const DAY = 86_400;
let workspace: TestWorkspace;
let contact: string;

beforeEach(async () => {
  workspace = await server.workspace();
  contact = await makeContact(server, workspace);
});

const call = <T>(method: Method, url: string, body?: unknown) =>
  server.call<T>(method, url, { as: workspace.apiKey, ...(body === undefined ? {} : { body }) });
const today = async () => (await call<{ now: string }>('GET', '/v1/sandbox/clock')).body.now.slice(0, 10);
const setUp = async (more: object = {}) =>
  (
    await call<RecurringInvoice>('POST', '/v1/recurring-invoices', {
      ...{ contact_id: contact, name: 'Studio', auto_send: false, lines: [{ name: 'Rent', unit_price: '60' }] },
      ...{ schedule: { unit: 'day', every: 10, starts_on: await today() }, ...more },
    })
  ).body.id;
const give = (id: string, name: string, bytes: Buffer) =>
  attach(server, workspace.apiKey, id, name, bytes, {}, 'recurring-invoices');
const run = () => runRecurringOf(server.database, workspace.id, server.clock.now());
const pass = (days: number) => call('PUT', '/v1/sandbox/clock', { advance_seconds: days * DAY });
const filesOf = async (path: string) => (await call<{ data: AttachmentAnswer[] }>('GET', path)).body.data;
const made = async (id: string) =>
  Promise.all(
    (await call<RecurringInvoice>('GET', `/v1/recurring-invoices/${id}`)).body.made.map(async (one) =>
      (await filesOf(`/v1/invoices/${one.id}/attachments`)).map(({ name }) => name),
    ),
  );

test('files of a schedule go with every invoice from the next one on, each with a copy of its own', async () => {
  const id = await setUp();
  const other = await setUp({ name: 'Another' });
  await run();
  const plan = await give(id, 'plan.pdf', SMALL_FILES.pdf);
  expect(plan.status).toBe(201);
  expect((await give(id, 'plan.pdf', SMALL_FILES.pdf)).body.id).toBe(plan.body.id);
  await give(id, 'terms.txt', SMALL_FILES.text);
  await pass(10);
  await Promise.all([run(), run()]);
  const files = await filesOf(`/v1/recurring-invoices/${id}/attachments`);
  expect(files.map(({ name }) => name)).toEqual(['plan.pdf', 'terms.txt']);
  const path = `/v1/recurring-invoices/${id}/attachments/${files[0]!.id}`;
  expect((await call('GET', path)).text).toBe(SMALL_FILES.pdf.toString());
  expect((await call('DELETE', path)).status).toBe(204);
  await pass(10);
  await run();
  expect(await made(id)).toEqual([['terms.txt'], ['plan.pdf', 'terms.txt'], []]);
  expect(await made(other)).toEqual([[], [], []]);
  // They stay with what was issued, and a draft that is thrown away takes its own along.
  const drafts = await setUp({ name: 'Drafts', auto_issue: false });
  await give(drafts, 'plan.pdf', SMALL_FILES.pdf);
  await run();
  const [draft] = (await call<RecurringInvoice>('GET', `/v1/recurring-invoices/${drafts}`)).body.made;
  expect((await call('DELETE', `/v1/invoices/${draft!.id}`)).status).toBe(204);
  expect(await filesOf(`/v1/recurring-invoices/${drafts}/attachments`)).toHaveLength(1);
});

test('a schedule made from an invoice gets its files, once for one key', async () => {
  const lines = [{ name: 'Rent', unit_price: '60' }];
  const invoice = (await call<Invoice>('POST', '/v1/invoices', { contact_id: contact, lines })).body.id;
  await attach(server, workspace.apiKey, invoice, 'plan.pdf', SMALL_FILES.pdf);
  const id = await setUp({ files_of: invoice });
  await run();
  expect(await made(id)).toEqual([['plan.pdf']]);
});

test('what may not go along, is too much, or comes too late is refused', async () => {
  const id = await setUp();
  const url = `/v1/recurring-invoices/${id}/attachments`;
  for (const [name, bytes] of [
    ['page.html', SMALL_FILES.text],
    ['plan.pdf', SMALL_FILES.png],
    ['empty.txt', Buffer.alloc(0)],
  ] as const)
    expect((await give(id, name, bytes)).status, name).toBe(422);
  for (let count = 0; count < ATTACHMENTS_MAX; count += 1) await give(id, `${count}.txt`, SMALL_FILES.text);
  expect((await give(id, 'more.txt', SMALL_FILES.text)).status).toBe(422);
  expect(await filesOf(url)).toHaveLength(ATTACHMENTS_MAX);
  const strangers = await server.workspace();
  expect((await attach(server, strangers.apiKey, id, 'a.txt', SMALL_FILES.text, {}, 'recurring-invoices')).status).toBe(
    404,
  );
  const body = { contact_id: contact, name: 'X', lines: [{ name: 'Rent', unit_price: '60' }] };
  const schedule = { unit: 'month', starts_on: await today() };
  for (const [files_of, status] of [
    [workspace.publicId, 422],
    ['inv_00000000000000000000000000', 404],
  ] as const) {
    expect((await call('POST', '/v1/recurring-invoices', { ...body, schedule, files_of })).status, files_of).toBe(
      status,
    );
  }
  await call('POST', `/v1/recurring-invoices/${id}/ending`, {});
  expect((await give(id, 'late.txt', SMALL_FILES.text)).status).toBe(409);
});
