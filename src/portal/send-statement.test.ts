import { beforeEach, describe, expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { makeContact } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from '../invoices/api.ts';
import type { Message } from '../messages/api.ts';

const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});
let workspace: TestWorkspace;
let contact: string;

beforeEach(async () => {
  post.taken.length = 0;
  workspace = await server.workspace({ mode: 'live', name: 'Harbour <Studio>' });
  contact = await makeContact(server, workspace);
});

const call = <T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT', url: string, body?: unknown, key?: string) =>
  server.call<T>(method, url, {
    as: workspace.apiKey,
    ...(body === undefined ? {} : { body }),
    ...(key ? { key } : {}),
  });
const send = (body: object = {}, key?: string, id = contact) =>
  call<Message>('POST', `/v1/contacts/${id}/statement-sendings`, body, key);
const links = async () =>
  (await call<{ data: unknown[] }>('GET', `/v1/contacts/${contact}/customer-links`)).body.data.length;
const deliver = () => server.rooms.messages.outbox.sendOf(workspace.id);

async function issued(price: string, more: Record<string, unknown> = {}) {
  const body = { contact_id: contact, lines: [{ name: 'Lesson', unit_price: price }], issue: true, ...more };
  const answer = await call<Invoice>('POST', '/v1/invoices', body);
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('a statement of account by e-mail', () => {
  test('goes out with its PDF, its balance and a link to the customer’s page, and stands on the timeline', async () => {
    await issued('120.00');
    await issued('30.00', { currency: 'EUR' });
    const sent = await send();
    expect(sent).toMatchObject({ status: 201, body: { kind: 'statement', to: 'ada@example.com', state: 'queued' } });
    await deliver();
    expect(post.taken).toHaveLength(1);
    const { mail } = post.taken[0]!;
    expect(mail.subject).toBe('Statement of your account at Harbour <Studio>');
    expect(mail.html).toContain('Harbour &lt;Studio&gt;');
    expect(mail.text).toMatch(/Its balance is (\$120\.00 and €30\.00|€30\.00 and \$120\.00)\./);
    const [path = ''] = /\/my\/[\w-]{43}/.exec(mail.text ?? '') ?? [];
    const page = await server.app.inject({ method: 'GET', url: path });
    expect([page.statusCode, page.body.includes('Lesson') || page.body.includes('120.00')]).toEqual([200, true]);
    const [file] = mail.attachments;
    expect([file!.contentType, file!.filename]).toEqual([
      'application/pdf',
      expect.stringMatching(/^statement-\d{4}-01-01-\d{4}-\d\d-\d\d\.pdf$/),
    ]);
    const headers = { authorization: `Bearer ${workspace.apiKey}` };
    const pdf = await server.app.inject({ method: 'GET', url: `/v1/contacts/${contact}/statement.pdf`, headers });
    expect(file!.content.equals(pdf.rawPayload)).toBe(true);
    const { body: timeline } = await call<{ data: unknown[] }>('GET', `/v1/contacts/${contact}/timeline`);
    expect(JSON.stringify(timeline.data)).toContain(sent.body.id);
  });

  test('once for one reason, however many ask at once; with a key whenever somebody means it', async () => {
    await issued('120.00');
    const once = await Promise.all([send(), send(), send(), send()]);
    expect(new Set(once.map(({ body }) => body.id)).size).toBe(1);
    expect(await links()).toBe(1);
    const key = newId();
    const [one, same] = [await send({}, key), await send({}, key)];
    expect([one.body.id === same.body.id, one.body.id === once[0]!.body.id]).toEqual([true, false]);
    expect((await send({ to: 'bob@example.com' }, key)).body).toMatchObject({ code: 'idempotency_key_reused' });
    const earlier = await send({ from: '2020-01-01', until: '2020-12-31' });
    expect(earlier.body.id).not.toBe(one.body.id);
    await deliver();
    expect(post.taken).toHaveLength(3);
    expect(
      post.taken.filter(({ mail }) => mail.text?.includes('from January 1, 2020 to December 31, 2020')),
    ).toHaveLength(1);
  });

  test('to another address no link goes, which pays with the customer’s cards', async () => {
    await issued('120.00');
    await send({ to: 'books@example.com', message: 'For the <b>books</b> {{ business }}.' });
    await deliver();
    const { mail, to } = post.taken[0]!;
    expect(to).toEqual(['books@example.com']);
    expect(mail.text).toContain('For the <b>books</b> {{ business }}.');
    expect(mail.html).toContain('&lt;b&gt;books&lt;/b&gt;');
    expect(`${mail.text}${mail.html}`).not.toContain('/my/');
    expect(await links()).toBe(0);
  });

  test('words of one’s own are used, and what was written for it is never lost', async () => {
    const words = { subject: 'Account of {{ customer }}', body: 'Owed: {{ balance }}' };
    expect((await call('PUT', '/v1/message-templates/statement/en', words)).status).toBe(204);
    await issued('120.00');
    await send({ message: 'As agreed.' });
    await deliver();
    const { mail } = post.taken[0]!;
    expect([mail.subject, mail.text?.startsWith('As agreed.\n\nOwed: $120.00')]).toEqual([
      'Account of Ada Lovelace',
      true,
    ]);
  });

  test.each([
    ['days in the wrong order', { from: '2026-02-01', until: '2026-01-01' }, 'from'],
    ['a year that nobody means', { from: '0000-01-01' }, 'from'],
    ['an address that is none', { to: 'nobody' }, 'to'],
    ['what is not known', { cc: 'x@example.com' }, 'cc'],
  ])('%s is refused, and nothing is written', async (_what, body, path) => {
    const refused = await send(body);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining(path)]);
    expect(await links()).toBe(0);
  });

  test('nobody to send it to, a customer in the archive, and another workspace’s are refused', async () => {
    const silent = (await call<{ id: string }>('POST', '/v1/contacts', { name: 'Silent' })).body.id;
    expect((await send({}, undefined, silent)).body).toMatchObject({ fields: [{ path: 'to' }] });
    await call('POST', `/v1/contacts/${silent}/archival`);
    expect((await send({ to: 'x@example.com' }, undefined, silent)).body).toMatchObject({ code: 'contact_archived' });
    const stranger = await makeContact(server, await server.workspace());
    expect((await send({}, undefined, stranger)).status).toBe(404);
  });
});
