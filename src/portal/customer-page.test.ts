import { describe, expect, test, vi } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { readPdf } from '../../tests/setup/pdf.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { Contact, Note } from '../contacts/api.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import type { Invoice, NewInvoiceBody } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Payment } from '../payments/api.ts';
import type { NewCustomerLink } from './api.ts';

const server = await testServer();
const workspace = await server.workspace();
const HTML = '<script>alert(1)</script>';
const DAY_MS = 86_400_000;

/** A customer's browser without script. */
async function go(method: 'GET' | 'POST' | 'HEAD', url: string, fields?: Record<string, string>, ip = '198.51.100.20') {
  const answer = await server.app.inject({
    method,
    url,
    remoteAddress: ip,
    headers: fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
  });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}
const get = (url: string) => go('GET', url);
const post = (url: string, fields: Record<string, string> = {}) => go('POST', url, fields);

const call = <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown, of = workspace) =>
  server.call<T>(method, url, { as: of.apiKey, ...(body === undefined ? {} : { body }) });

async function invoiceOf(contact: string, price: string, part: Partial<NewInvoiceBody> = {}, of = workspace) {
  const body = { contact_id: contact, lines: [{ name: 'Work', unit_price: price }], issue: true, ...part };
  const answer = await call<Invoice>('POST', '/v1/invoices', body, of);
  expect(answer.status).toBe(201);
  return answer.body;
}

async function linkOf(contact: string, body: object = {}, of: TestWorkspace = workspace) {
  const { status, body: link } = await call<NewCustomerLink>(
    'POST',
    `/v1/contacts/${contact}/customer-links`,
    body,
    of,
  );
  expect(status).toBe(201);
  return { link, path: new URL(link.url).pathname };
}

/** A customer with two open invoices and a card. */
async function customer() {
  const contact = await makeContact(server, workspace);
  const invoices = [await invoiceOf(contact, '100'), await invoiceOf(contact, '40')];
  const method = (await saveTestMethod(server, workspace, contact)).id;
  return { contact, invoices, method, ...(await linkOf(contact)) };
}

const notesOf = async (contact: string) =>
  (await call<{ data: Note[] }>('GET', `/v1/contacts/${contact}/notes`)).body.data.map(({ body }) => body).join('\n');
const paymentsOf = async (contact: string) =>
  (await call<{ data: Payment[] }>('GET', `/v1/payments?contact=${contact}`)).body.data;
const read = async (id: string) => (await call<Invoice>('GET', `/v1/invoices/${id}`)).body;
const messages = async () =>
  server.database.asOwner<{ to_address: string; kind: string; raw: Buffer }>(
    'SELECT to_address, kind, raw FROM messages WHERE workspace_id = $1 ORDER BY created_at, id',
    [workspace.id],
  );
const mailedLink = (raw: Buffer) =>
  new URL(/http[^\s"<>]+\/my\/[\w-]{43}/.exec(raw.toString().replaceAll('=\r\n', '').replaceAll('=3D', '='))![0])
    .pathname;

/** Chooses on the page and reads the form that asks for confirmation. */
async function review(path: string, invoices: readonly Invoice[]) {
  const query = invoices.map(({ id }) => `pay-${id}=yes`).join('&');
  const page = await get(`${path}/pay?${query}`);
  expect(page.status).toBe(200);
  const value = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)![1]!;
  return {
    page,
    fields: (method: string) => ({
      form: value('form'),
      total: value('total'),
      method,
      ...Object.fromEntries(invoices.map(({ id }) => [`pay-${id}`, 'yes'])),
    }),
  };
}

async function expectBooksToAgree() {
  await server.database.inWorkspace(workspace.id, async (tx) => {
    expect(await verifyBooks(tx)).toEqual([]);
    expect(await verifyInvoices(tx)).toEqual([]);
  });
}

describe('what a customer sees', () => {
  test('open and paid invoices, quotes, credit notes, cards and details; nothing of anybody else, and HTML as text', async () => {
    const { contact, invoices, path } = await customer();
    const draft = await invoiceOf(contact, '7', { issue: false });
    const quote = await invoiceOf(contact, '70', { kind: 'quote' });
    const stranger = await invoiceOf(await makeContact(server, workspace), '9');
    await call('PATCH', `/v1/contacts/${contact}`, { name: HTML, billing: { line1: HTML } });
    const { status, text } = await get(path);
    expect(status).toBe(200);
    for (const { number } of [...invoices, quote]) expect(text).toContain(number!);
    expect(text).not.toContain(stranger.number!);
    expect(text).not.toContain(draft.id);
    expect(text).not.toContain('<script');
    expect(text).toContain('&#60;script&#62;');
    expect(text).toContain('<mark>TEST</mark>');
    expect((await get(`${path}/documents/${quote.id}`)).text).toContain('name="answer"');
    const pdf = await get(`${path}/documents/${invoices[0]!.id}/document.pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    for (const id of [stranger.id, draft.id, 'inv_x']) {
      expect((await get(`${path}/documents/${id}`)).status).toBe(404);
      expect((await get(`${path}/documents/${id}/document.pdf`)).status).toBe(404);
    }
  });

  test('the pages run no script, are listed, kept, framed and passed on by nobody', async () => {
    const { path, invoices } = await customer();
    for (const url of [path, `${path}/statement`, `${path}/documents/${invoices[0]!.id}`, `${path}x`]) {
      const { headers, text } = await get(url);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('script-src');
      expect(headers).toMatchObject({
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
      });
      expect(text).toContain('name="robots" content="noindex,nofollow"');
    }
  });

  test.each(['de', 'fr', 'es', 'nl', 'it'])('in %s, every word of it', async (locale) => {
    const contact = await makeContact(server, workspace);
    await call('PATCH', `/v1/contacts/${contact}`, { locale });
    await invoiceOf(contact, '5');
    const { text } = await get((await linkOf(contact)).path);
    expect(text).toContain(`<html lang="${locale}">`);
    expect(text).not.toContain('undefined');
    for (const english of ['Your page', 'To pay', 'Saved cards', 'Your details']) expect(text).not.toContain(english);
  });

  test('the statement adds up from opening to closing, and its closing is what the ledger says', async () => {
    const { contact, invoices, method, path } = await customer();
    const { fields } = await review(path, [invoices[1]!]);
    await post(`${path}/payments`, fields(method));
    const { text } = await get(`${path}/statement`);
    const amounts = [...text.matchAll(/class="amount">([^<]+)</g)].map(([, amount]) =>
      Number(amount!.replace(/[^\d.-]/g, '')),
    );
    const closing = amounts.at(-1)!;
    expect(amounts.slice(0, -1).reduce((sum, amount) => sum + amount, 0)).toBe(closing);
    expect(amounts).toEqual([0, 100, 40, -40, 100]);
    const [row] = await server.database.asOwner<{ owed: string }>(
      `SELECT sum(CASE WHEN debit_account = 'receivables' THEN amount_minor ELSE 0 END)
            - sum(CASE WHEN credit_account = 'receivables' THEN amount_minor ELSE 0 END) AS owed
       FROM ledger_transfers WHERE workspace_id = $1 AND contact_id = $2`,
      [workspace.id, fromPublicId('contact', contact)],
    );
    expect(closing * 100).toBe(Number(row!.owed));
    const later = await get(`${path}/statement?from=2099-01-01&to=2099-02-01`);
    expect([...later.text.matchAll(/class="amount">([^<]+)</g)].map(([, amount]) => amount)).toEqual([
      '$100.00',
      '$100.00',
    ]);
    expect((await get(`${path}/statement?from=yesterday`)).status).toBe(422);
    const file = /href="([^"]+\.pdf[^"]*)"/.exec(text)![1]!.replaceAll('&amp;', '&');
    const pdf = await server.app.inject({ method: 'GET', url: file });
    expect(pdf.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-robots-tag': 'noindex, nofollow' });
    expect(readPdf(pdf.rawPayload).text).toContain('100.00 USD');
    expect((await get(`${path}/statement.pdf?from=2026-02-02&to=2026-02-01`)).status).toBe(422);
  });
});

describe('the link', () => {
  test('a guessed, expired or revoked one shows one page that says nothing', async () => {
    const { contact, path } = await customer();
    const short = await linkOf(contact, { expires_in_days: 1 });
    const guessed = await get(`/my/${'x'.repeat(43)}`);
    expect(guessed.status).toBe(410);
    await call('DELETE', `/v1/contacts/${contact}/customer-links`);
    for (const url of [path, short.path, `${path}/statement`, `${path}/statement.pdf`, `${path}/pay`, `${path}/logo`]) {
      const { status, text } = await get(url);
      expect([status, text]).toEqual([410, guessed.text]);
    }
    const { body } = await call<{ data: { state: string }[] }>('GET', `/v1/contacts/${contact}/customer-links`);
    expect(body.data.map(({ state }) => state)).toEqual(['revoked', 'revoked']);

    const fresh = await linkOf(contact, { expires_in_days: 1 });
    await server.database.asOwner('UPDATE customer_links SET expires_at = created_at WHERE id = $1', [
      fromPublicId('customerLink', fresh.link.id),
    ]);
    expect((await get(fresh.path)).status).toBe(410);
  });

  test('only its hash is kept, and staff see who opened it when', async () => {
    const { contact, path } = await customer();
    const rows = await server.database.asOwner('SELECT * FROM customer_link_directory');
    expect(JSON.stringify(rows)).not.toContain(path.slice(4));
    await go('HEAD', path);
    expect(await notesOf(contact)).not.toContain('Opened');
    await get(path);
    await get(path);
    expect((await notesOf(contact)).match(/Opened their own page/g)).toHaveLength(1);
  });

  test('secrets cannot be tried at speed', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 32; i += 1)
      statuses.push((await go('GET', `/my/${newId()}`, undefined, '203.0.113.77')).status);
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 410));
    expect(statuses.slice(30)).toEqual([429, 429]);
  });

  test('another workspace cannot make, see or end it', async () => {
    const { contact, path } = await customer();
    const theirs = await server.workspace();
    for (const [method, body] of [
      ['POST', {}],
      ['GET', undefined],
      ['DELETE', undefined],
    ] as const)
      expect((await call(method, `/v1/contacts/${contact}/customer-links`, body, theirs)).status).toBe(404);
    expect((await get(path)).status).toBe(200);
  });

  test('settings say how long it works; wrong ones are refused', async () => {
    const changed = await call<{ valid_days: number }>('PATCH', '/v1/customer-page', { valid_days: 7 });
    expect(changed.body.valid_days).toBe(7);
    const { link } = await linkOf(await makeContact(server, workspace));
    expect(Math.round((Date.parse(link.expires_at) - Date.parse(link.created_at)) / DAY_MS)).toBe(7);
    for (const valid_days of [0, 366, 1.5])
      expect((await call('PATCH', '/v1/customer-page', { valid_days })).status).toBe(422);
    await call('PATCH', `/v1/contacts/${link.contact_id}`, { email: null });
    expect((await call('POST', `/v1/contacts/${link.contact_id}/customer-links`, { send: true })).status).toBe(422);
  });
});

describe('asking for the link by e-mail', () => {
  const page = `/my/of/${toPublicId('workspace', workspace.id)}`;

  test('the answer is the same for a known and an unknown address; only the known one is written to, at most three times', async () => {
    const contact = await makeContact(server, workspace);
    await call('PATCH', `/v1/contacts/${contact}`, { email: 'Known@example.com' });
    const unknown = await post(page, { email: 'unknown@example.com' });
    const known = await post(page, { email: 'known@example.com' });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    for (let i = 0; i < 4; i += 1) expect((await post(page, { email: 'known@example.com' })).text).toBe(known.text);
    const sent = await vi.waitFor(async () => {
      const found = (await messages()).filter(({ to_address }) => to_address === 'Known@example.com');
      expect(found).toHaveLength(3);
      return found;
    });
    expect((await messages()).some(({ to_address }) => to_address.startsWith('unknown'))).toBe(false);
    expect((await get(mailedLink(sent[0]!.raw))).status).toBe(200);
  });

  test('one network address asks for ten; a business that nobody has is a dead link', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1)
      statuses.push((await go('POST', page, { email: `a${i}@example.com` }, '203.0.113.9')).status);
    expect(statuses.at(-1)).toBe(429);
    expect(new Set(statuses.slice(0, 10))).toEqual(new Set([200]));
    expect((await get(`/my/of/${toPublicId('workspace', newId())}`)).status).toBe(410);
    expect((await post(page, { email: 'no address' })).status).toBe(422);
  });
});

describe('paying', () => {
  test('two invoices are one payment with one receipt, however often the form is sent', async () => {
    const { contact, invoices, method, path } = await customer();
    const { page, fields } = await review(path, invoices);
    expect(page.text).toContain('$140.00');
    const sent = fields(method);
    const answers = await Promise.all([1, 2, 3].map(() => post(`${path}/payments`, sent)));
    expect(answers.some(({ status }) => status === 303)).toBe(true);
    expect((await post(`${path}/payments`, sent)).status).toBe(303);
    expect(await paymentsOf(contact)).toHaveLength(1);
    for (const { id } of invoices) expect((await read(id)).status).toBe('paid');
    const result = await get(`${path}/payments/${sent.form}`);
    const receipt = new RegExp(`href="(${path}/receipts/[^"]+)"`).exec(result.text)![1]!;
    expect((await get(receipt)).headers['content-type']).toBe('application/pdf');
    const other = await customer();
    expect((await get(receipt.replace(path, other.path))).status).toBe(404);
    await expectBooksToAgree();
  });

  test('two devices, the document’s page and staff at once pay an invoice once, and every payment is accounted for', async () => {
    const { contact, invoices, method, path } = await customer();
    const [first] = invoices;
    const onPhone = await review(path, invoices);
    const second = await linkOf(contact);
    const onDesk = await review(second.path, [first!]);
    const documentPath = `${path}/documents/${first!.id}`;
    const form = newId();
    await Promise.all([
      post(`${path}/payments`, onPhone.fields(method)),
      post(`${second.path}/payments`, onDesk.fields(method)),
      post(`${documentPath}/payments`, { form, amount: '100.00', method }),
      server.call('POST', `/v1/contacts/${contact}/charges`, {
        as: workspace.apiKey,
        key: newId(),
        body: {
          payment_method_id: method,
          amount_minor: 10_000,
          currency: 'USD',
          allocations: [{ invoice_id: first!.id, amount_minor: 10_000 }],
        },
      }),
    ]);
    const settled = (await paymentsOf(contact)).filter(({ status }) => status === 'settled');
    const taken = settled.reduce((sum, { amount_minor }) => sum + amount_minor, 0);
    const after = await Promise.all(invoices.map(({ id }) => read(id)));
    expect(after[0]!.open_minor).toBe(0);
    const paid = after.reduce((sum, { paid_minor }) => sum + paid_minor, 0);
    const { body } = await call<{ data: { on_account_minor: number }[] }>('GET', `/v1/contacts/${contact}/account`);
    const onAccount = body.data.reduce((sum, { on_account_minor }) => sum + on_account_minor, 0);
    expect(taken).toBe(paid + onAccount);
    await expectBooksToAgree();
  });

  test('nothing is charged for another amount, a paid invoice, somebody else’s invoice or card', async () => {
    const { contact, invoices, method, path } = await customer();
    const other = await customer();
    const { fields } = await review(path, [invoices[0]!]);
    const good = fields(method);
    const bad = [
      { ...good, total: '1' },
      { ...good, method: other.method },
      { ...good, [`pay-${other.invoices[0]!.id}`]: 'yes' },
      { form: newId(), total: '0', method },
      { ...good, form: 'x' },
    ];
    for (const sent of bad) {
      const { status } = await post(`${path}/payments`, sent);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect(await paymentsOf(contact)).toEqual([]);
    await post(`${path}/payments`, good);
    expect((await post(`${path}/payments`, { ...good, form: newId() })).status).toBe(409);
    expect(await paymentsOf(contact)).toHaveLength(1);
  });
});

describe('cards and details', () => {
  test('a card is made the usual one and removed; somebody else’s is not found', async () => {
    const { contact, method, path } = await customer();
    const second = (await saveTestMethod(server, workspace, contact, 'approved_mastercard')).id;
    const other = await customer();
    expect((await post(`${path}/cards/remove`, { method: other.method })).status).toBe(404);
    expect((await post(`${path}/cards/default`, { method: second })).status).toBe(303);
    expect((await post(`${path}/cards/remove`, { method })).status).toBe(303);
    const { text } = await get(path);
    expect(text).not.toContain(`value="${method}"`);
    expect(text).toContain('used first');
  });

  test('details change at once and stand on the timeline with what was', async () => {
    const { contact, path } = await customer();
    const name = (await call<Contact>('GET', `/v1/contacts/${contact}`)).body.name;
    expect((await post(`${path}/details`, { name, phone: '+44 20 7946 0000', city: 'Leeds' })).status).toBe(303);
    const { body } = await call<Contact>('GET', `/v1/contacts/${contact}`);
    expect([body.phone, body.billing.city]).toEqual(['+44 20 7946 0000', 'Leeds']);
    expect(await notesOf(contact)).toContain('City: – → Leeds');
    expect((await post(`${path}/details`, { name: '' })).status).toBe(422);
    expect((await post(`${path}/details`, { name, phone: '4242 4242 4242 4242' })).status).toBe(422);
    await call('PATCH', '/v1/customer-page', { edits_details: false });
    expect((await post(`${path}/details`, { name, city: 'York' })).status).toBe(404);
    await call('PATCH', '/v1/customer-page', { edits_details: true });
  });

  test('a new address counts when the link that went to it is confirmed, once; that link opens nothing else', async () => {
    const { contact, path } = await customer();
    expect((await post(`${path}/email`, { email: 'new@example.com' })).status).toBe(303);
    const emailOf = async () => (await call<Contact>('GET', `/v1/contacts/${contact}`)).body.email;
    const before = await emailOf();
    expect(before).not.toBe('new@example.com');
    const mail = (await messages()).find(({ to_address }) => to_address === 'new@example.com')!;
    const confirm = mailedLink(mail.raw);
    expect((await get(confirm)).text).toContain('new@example.com');
    expect((await get(`${confirm}/statement`)).status).toBe(410);
    expect(await emailOf()).toBe(before);
    expect((await post(`${confirm}/confirm`)).status).toBe(200);
    expect(await emailOf()).toBe('new@example.com');
    expect((await post(`${confirm}/confirm`)).status).toBe(410);
    expect((await post(`${path}/confirm`)).status).toBe(410);
    expect(await notesOf(contact)).toContain('Confirmed a new e-mail address');
  });
});
