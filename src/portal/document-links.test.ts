import { describe, expect, test } from 'vitest';
import { attach, SMALL_FILES } from '../../tests/setup/files.ts';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { Note } from '../contacts/api.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import type { Invoice, NewInvoiceBody } from '../invoices/api.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import { makeDocumentLink, revokeDocumentLinks } from '../messages/make-document-link.ts';
import type { Payment } from '../payments/api.ts';

const server = await testServer();
const workspace = await server.workspace();
const LINES = [
  { name: 'Consultation', quantity: '2', unit_price: '80.00' },
  { name: 'Travel', unit_price: '40' },
];

/** A customer's browser: pages by inject, with the cookies it was given. */
function browser(ip = '198.51.100.9') {
  const jar = new Map<string, string>();
  async function go(method: 'GET' | 'POST' | 'HEAD', path: string, fields?: Record<string, string>) {
    const answer = await server.app.inject({
      method,
      url: path,
      remoteAddress: ip,
      headers: {
        ...(jar.size ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
    });
    for (const { name, value } of answer.cookies) value === '' ? jar.delete(name) : jar.set(name, value);
    return { status: answer.statusCode, text: answer.body, headers: answer.headers, cookies: answer.cookies };
  }
  return {
    get: (path: string) => go('GET', path),
    head: (path: string) => go('HEAD', path),
    post: (path: string, fields: Record<string, string> = {}) => go('POST', path, fields),
    /** Agrees, and fills the sandbox's form in its frame with a test method. */
    async saveCard(path: string, testMethod: string) {
      const form = await go('POST', `${path}/consent`, { agree: 'yes' });
      expect(form.status).toBe(200);
      const address = /<iframe class="card" src="([^"]+)"/.exec(form.text)![1]!.replaceAll('&#38;', '&');
      const [formPath, query] = address.split('?');
      await go('POST', formPath!, { secret: new URLSearchParams(query).get('secret')!, test_method: testMethod });
      return form;
    },
  };
}

async function linkTo(document: Invoice, of: TestWorkspace = workspace) {
  const caller = await of.caller();
  const about = { kind: 'invoice', id: fromPublicId('invoice', document.id)! } as const;
  const { url } = await server.database.inWorkspace(of.id, (tx) =>
    makeDocumentLink(tx, caller, about, 'http://counterfoil.test'),
  );
  return { path: new URL(url).pathname, about, caller };
}

/** An issued document of a contact of its own, and its link. */
async function documentFor(part: Partial<NewInvoiceBody> = {}, of: TestWorkspace = workspace) {
  const contact = await makeContact(server, of);
  const { body: invoice, status } = await server.call<Invoice>('POST', '/v1/invoices', {
    as: of.apiKey,
    body: { contact_id: contact, lines: LINES, issue: true, ...part },
  });
  expect(status).toBe(201);
  return { contact, invoice, ...(await linkTo(invoice, of)) };
}

const read = async ({ id }: Invoice, of: TestWorkspace = workspace) =>
  (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as: of.apiKey })).body;
const step = (id: string, noun: string, body: unknown) =>
  server.call<Invoice>('POST', `/v1/invoices/${id}/${noun}`, { as: workspace.apiKey, body });
const paymentsOf = async (contact: string) =>
  (await server.call<{ data: Payment[] }>('GET', `/v1/payments?contact=${contact}`, { as: workspace.apiKey })).body
    .data;
const notesOf = async (contact: string) =>
  (await server.call<{ data: Note[] }>('GET', `/v1/contacts/${contact}/notes`, { as: workspace.apiKey })).body.data.map(
    ({ body }) => body,
  );
const formOf = (text: string) => /name="form" value="([^"]+)"/.exec(text)![1]!;
const differences = () =>
  server.database.inWorkspace(workspace.id, async (tx) => [...(await verifyBooks(tx)), ...(await verifyInvoices(tx))]);

test('a customer sees an invoice by its link, and pays a part and the rest with a new card after a decline', async () => {
  const { contact, invoice, path } = await documentFor();
  const customer = browser();
  expect((await customer.head(path)).status).not.toBe(200);
  expect((await read(invoice)).opened_at).toBe(null);
  const seen = await customer.get(path);
  for (const words of [`Invoice ${invoice.number}`, 'TEST', 'Consultation', 'Still to pay: $200.00', 'Harbour Studio'])
    expect(seen.text).toContain(words);
  expect((await read(invoice)).opened_at).not.toBe(null);

  await customer.saveCard(path, 'declined_insufficient_funds');
  expect((await customer.get(`${path}/progress`)).text).toContain('Your card is saved.');
  const first = await customer.get(path);
  const [declinedCard] = [...first.text.matchAll(/<option value="(pmt_\w+)">/g)].map((found) => found[1]!);
  const tried = { form: formOf(first.text), amount: '50', method: declinedCard! };
  expect((await customer.post(`${path}/payments`, tried)).status).toBe(303);
  expect((await customer.get(`${path}/payments/${tried.form}`)).text).toContain('Nothing was charged.');

  await customer.saveCard(path, 'approved_mastercard');
  const second = await customer.get(path);
  expect(second.text).toContain('Mastercard ·· 4444');
  const card = /<option value="(pmt_\w+)">Mastercard/.exec(second.text)![1]!;
  const part = { form: formOf(second.text), amount: '50,00', method: card };
  const answer = await customer.post(`${path}/payments`, part);
  expect((await customer.get(String(answer.headers.location))).text).toContain('$50.00 is paid to Harbour Studio.');
  const receipt = await customer.get(`${path}/payments/${part.form}/receipt.pdf`);
  expect([receipt.status, receipt.headers['content-type'], receipt.text.slice(0, 5)]).toEqual([
    200,
    'application/pdf',
    '%PDF-',
  ]);

  const rest = await customer.get(path);
  expect(rest.text).toContain('Still to pay: $150.00');
  expect(rest.text).toContain('value="150.00"');
  await customer.post(`${path}/payments`, { form: formOf(rest.text), amount: '150', method: card });
  const paid = await customer.get(path);
  expect(paid.text).toContain('Paid. Thank you.');
  expect(paid.text).not.toContain('name="amount"');
  expect(await read(invoice)).toMatchObject({ status: 'paid', paid_minor: 20_000, open_minor: 0 });
  expect((await paymentsOf(contact)).map(({ status, amount_minor }) => [status, amount_minor])).toEqual([
    ['settled', 15_000],
    ['settled', 5_000],
    ['declined', 5_000],
  ]);
  expect(await differences()).toEqual([]);
});

test('pressed twice, reloaded, gone back to, and paid in two browsers at once, it is one payment', async () => {
  const { contact, invoice, path } = await documentFor();
  const card = await saveTestMethod(server, workspace, contact);
  const [one, other] = [browser(), browser('198.51.100.10')];
  const [first, second] = [await one.get(path), await other.get(path)];
  const whole = (text: string) => ({ form: formOf(text), amount: '200.00', method: card.id });
  expect(formOf(first.text)).not.toBe(formOf(second.text));
  const answers = await Promise.all([
    one.post(`${path}/payments`, whole(first.text)),
    one.post(`${path}/payments`, whole(first.text)),
    other.post(`${path}/payments`, whole(second.text)),
  ]);
  for (const { status } of answers) expect([303, 409]).toContain(status);
  expect((await paymentsOf(contact)).map(({ amount_minor }) => amount_minor)).toEqual([20_000]);
  // Back to a form that was sent: what became of it; one that was not: a refusal in words.
  for (const { text } of [first, second])
    expect([303, 409]).toContain((await one.post(`${path}/payments`, whole(text))).status);
  const late = await browser().post(`${path}/payments`, { form: newId(), amount: '200', method: card.id });
  expect([late.status, /role="status">([^<]+)/.exec(late.text)?.[1]]).toEqual([409, `${invoice.number} is paid.`]);
  expect(await paymentsOf(contact)).toHaveLength(1);
  expect(await read(invoice)).toMatchObject({ status: 'paid', paid_minor: 20_000 });
  expect(await differences()).toEqual([]);
});

describe('paying is refused in words', () => {
  test.each([
    ['more than is open', '200.01', /At most \$200\.00/],
    ['nothing', '0', /look at the amount/i],
    ['less than nothing', '-5', /look at the amount/i],
    ['no number', 'all of it', /look at the amount/i],
    ['parts of a cent', '10.0055', /look at the amount/i],
  ])('%s', async (_name, amount, words) => {
    const { contact, path } = await documentFor();
    const card = await saveTestMethod(server, workspace, contact);
    const customer = browser();
    const form = formOf((await customer.get(path)).text);
    const answer = await customer.post(`${path}/payments`, { form, amount, method: card.id });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).toMatch(words);
    expect(await paymentsOf(contact)).toEqual([]);
  });

  test('with somebody else’s card, of a void invoice, and of a quote', async () => {
    const { invoice, path, contact } = await documentFor();
    const stranger = await saveTestMethod(server, workspace, await makeContact(server, workspace, 'Bob Babbage'));
    const own = await saveTestMethod(server, workspace, contact);
    const customer = browser();
    const pay = (to: string, method: string) =>
      customer.post(`${to}/payments`, { form: newId(), amount: '10', method });
    expect((await pay(path, stranger.id)).text).toContain('This card cannot be used.');
    expect((await step(invoice.id, 'voiding', { reason: 'Wrong' })).status).toBe(201);
    const page = await customer.get(path);
    expect(page.text).toContain('This document is void.');
    expect(page.text).not.toContain('<form');
    expect((await pay(path, own.id)).text).toContain(`${invoice.number} is void.`);
    const quote = await documentFor({ kind: 'quote' });
    expect((await pay(quote.path, own.id)).status).toBe(409);
    expect(await paymentsOf(contact)).toEqual([]);
  });
});

test('a bank that asks its customer is gone to and come back from', async () => {
  const { contact, invoice, path } = await documentFor();
  const card = await saveTestMethod(server, workspace, contact, 'authentication_required');
  const customer = browser();
  const form = formOf((await customer.get(path)).text);
  await customer.post(`${path}/payments`, { form, amount: '200', method: card.id });
  const asked = await customer.get(`${path}/payments/${form}`);
  expect(asked.text).toContain('Your bank asks you to confirm');
  const bank = /href="([^"]+)" target="_blank"/.exec(asked.text)![1]!.replaceAll('&#38;', '&');
  const [bankPath, query] = bank.replace('http://counterfoil.test', '').split('?');
  const secret = new URLSearchParams(query).get('secret')!;
  await customer.post(bankPath!, { secret, answer: 'confirm' });
  expect((await customer.get(`${path}/payments/${form}`)).text).toContain('$200.00 is paid to');
  expect((await read(invoice)).status).toBe('paid');
});

test('a bank debit is started and not paid yet; what is on its way is not paid twice', async () => {
  const { contact, path } = await documentFor();
  const debit = await saveTestMethod(server, workspace, contact, 'debit_paid');
  const customer = browser();
  const form = formOf((await customer.get(path)).text);
  await customer.post(`${path}/payments`, { form, amount: '200', method: debit.id });
  expect((await customer.get(`${path}/payments/${form}`)).text).toContain('The payment has started');
  const page = await customer.get(path);
  expect(page.text).toContain('A payment is on its way.');
  const again = await customer.post(`${path}/payments`, { form: formOf(page.text), amount: '200', method: debit.id });
  expect(again.text).toContain('is on its way; wait until it is known.');
  expect(await paymentsOf(contact)).toHaveLength(1);
});

test('a quote is accepted with a name, and declined after all', async () => {
  const { invoice, path, contact } = await documentFor({ kind: 'quote' });
  const customer = browser();
  expect((await customer.get(path)).text).toContain('Accept');
  expect((await customer.post(`${path}/answer`, { answer: 'accepted', name: ' ' })).status).toBe(422);
  await customer.post(`${path}/answer`, { answer: 'accepted', name: 'Ada <b>L</b>' });
  expect((await customer.get(path)).text).toContain('Accepted by Ada &#60;b&#62;L&#60;/b&#62;.');
  expect(await read(invoice)).toMatchObject({ status: 'accepted', accepted_by: 'Ada <b>L</b>' });
  expect(await notesOf(contact)).toEqual([`Ada <b>L</b> accepted the quote ${invoice.number}.`]);
  await customer.post(`${path}/answer`, { answer: 'declined', name: 'Ada' });
  expect((await read(invoice)).status).toBe('declined');
});

test('a promise and a dispute of a line are seen by staff on the invoice and on the timeline', async () => {
  const { invoice, path, contact } = await documentFor();
  const customer = browser();
  expect((await customer.post(`${path}/promise`, { day: '2026-03-01' })).status).toBe(409);
  expect((await customer.post(`${path}/promise`, { day: 'soon' })).status).toBe(422);
  expect((await customer.post(`${path}/promise`, { day: '2026-03-20' })).status).toBe(303);
  expect((await customer.post(`${path}/dispute`, { words: 'Never came.', line: '2' })).status).toBe(303);
  expect(await read(invoice)).toMatchObject({
    status: 'disputed',
    promised_on: '2026-03-20',
    dispute_words: 'Line 2 (Travel): Never came.',
  });
  expect((await notesOf(contact)).sort()).toEqual([
    `Says that ${invoice.number} will be paid on 2026-03-20.`,
    `Says that something is wrong with ${invoice.number}: Line 2 (Travel): Never came.`,
  ]);
  const page = await customer.get(path);
  expect(page.text).toContain('You said you will pay on');
  expect(page.text).toContain('You said that something is wrong.');
  expect((await customer.post(`${path}/dispute`, { words: 'Again.' })).status).toBe(409);
});

test('the page speaks the customer’s language, and offers a transfer with a code for what is open', async () => {
  const euros = await server.workspace({ currency: 'EUR', name: 'Hafenwerk' });
  const details = { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', account_holder: 'Hafenwerk' };
  const set = await server.call('PATCH', '/v1/invoicing', {
    as: euros.apiKey,
    body: { payment_details: details, colour: '#2f5bd7' },
  });
  expect(set.status).toBe(200);
  const contact = await makeContact(server, euros);
  await server.call('PATCH', `/v1/contacts/${contact}`, { as: euros.apiKey, body: { locale: 'de-DE' } });
  const { body: invoice } = await server.call<Invoice>('POST', '/v1/invoices', {
    as: euros.apiKey,
    body: { contact_id: contact, lines: LINES, issue: true },
  });
  const { path } = await linkTo(invoice, euros);
  const page = await browser().get(path);
  for (const words of ['<html lang="de">', 'Rechnung', 'Noch offen: 200,00', 'Per Überweisung bezahlen', 'DE89 3704'])
    expect(page.text).toContain(words);
  expect(page.text).toMatch(/<svg viewBox="0 0 \d+ \d+"[^>]+role="img"/);
  const pdf = await browser().get(`${path}/document.pdf`);
  expect([pdf.headers['content-type'], pdf.text.slice(0, 5)]).toEqual(['application/pdf', '%PDF-']);
});

test('HTML and templates stay text, no script is on the page, and its headers keep it to its reader', async () => {
  const nasty = '<script>alert(1)</script>{{ 7 | times: 7 }}"\'';
  const { path } = await documentFor({
    lines: [{ name: nasty, description: nasty, unit_price: '5' }],
    notes: nasty,
    reference: nasty.slice(0, 90),
  });
  const customer = browser();
  for (const page of [await customer.get(path), await customer.post(`${path}/consent`, { agree: 'yes' })]) {
    expect(page.text).not.toMatch(/<script|\son\w+=|style="/i);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; .*frame-ancestors 'none'; report-uri \/csp-reports/,
    );
  }
  expect((await customer.get(path)).text).toContain('{{ 7 | times: 7 }}');
});

test('files of a document are saved from its page, with its own secret only', async () => {
  const { body: draft } = await server.call<Invoice>('POST', '/v1/invoices', {
    as: workspace.apiKey,
    body: { contact_id: await makeContact(server, workspace), lines: LINES },
  });
  await attach(server, workspace.apiKey, draft.id, 'Plan & <list>.pdf', SMALL_FILES.pdf);
  const { body: invoice } = await step(draft.id, 'issuance', {});
  const { path } = await linkTo(invoice);
  const customer = browser();
  const seen = await customer.get(path);
  expect(seen.text).toContain('Attachments');
  const [, address = '', name] = /<a href="([^"]+)" download>([^<]+)<\/a>/.exec(seen.text) ?? [];
  expect(name).toBe('Plan &#38; -list-.pdf');
  const file = await customer.get(address);
  expect([file.status, file.text]).toEqual([200, SMALL_FILES.pdf.toString()]);
  expect(file.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment; filename="Plan & -list-\.pdf"/),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  const other = await documentFor();
  expect((await customer.get(address.replace(path, other.path))).status).toBe(404);
  expect((await customer.get(address.replace(path, `/d/${'x'.repeat(43)}`))).status).toBe(410);
  expect((await customer.get(`${path}/files/x`)).status).toBe(404);
  expect((await customer.get(other.path)).text).not.toContain('Attachments');
});

describe('a link', () => {
  test('that was guessed or revoked says nothing of anybody, and guessing is limited', async () => {
    const { path, about, caller, invoice } = await documentFor();
    await server.database.inWorkspace(workspace.id, (tx) => revokeDocumentLinks(tx, caller, about, null));
    for (const end of ['', '/document.pdf', '/logo', '/progress', `/payments/${newId()}`]) {
      const answer = await browser().get(path + end);
      expect([end, answer.status]).toEqual([end, 410]);
      expect(answer.text).not.toMatch(new RegExp(`${invoice.number}|Ada|Harbour`));
    }
    expect((await browser().post(`${path}/payments`, { form: newId(), amount: '1', method: 'pmt_x' })).status).toBe(
      410,
    );
    const thief = browser('203.0.113.77');
    const statuses = new Set<number>();
    for (let count = 0; count < 32; count += 1) statuses.add((await thief.get(`/d/${newId()}`)).status);
    expect([...statuses]).toEqual([410, 429]);
  });

  test('shows nothing while payments are off, or its contact is archived, and takes no card where charging is off', async () => {
    const other = await server.workspace();
    const off = await documentFor({}, other);
    const set = (name: string, enabled: boolean) =>
      server.call('PUT', `/v1/switches/${name}`, { as: other.apiKey, body: { enabled } });
    await set('charge_customers_directly', false);
    const page = await browser().get(off.path);
    expect([page.status, page.text.includes('name="amount"'), page.text.includes('/consent')]).toEqual([
      200,
      false,
      false,
    ]);
    expect((await browser().post(`${off.path}/consent`, { agree: 'yes' })).status).toBe(409);
    await set('payments_and_ltv', false);
    expect((await browser().get(off.path)).status).toBe(410);
    const { path, contact } = await documentFor();
    const archived = await server.call('POST', `/v1/contacts/${contact}/archival`, { as: workspace.apiKey });
    expect(archived.status).toBeLessThan(300);
    expect((await browser().get(path)).status).toBe(410);
  });

  test('shows no payment that was made by another', async () => {
    const first = await documentFor();
    const card = await saveTestMethod(server, workspace, first.contact);
    const form = newId();
    await browser().post(`${first.path}/payments`, { form, amount: '200', method: card.id });
    const second = await documentFor();
    expect((await browser().get(`${first.path}/payments/${form}`)).status).toBe(200);
    expect((await browser().get(`${second.path}/payments/${form}`)).status).toBe(404);
    expect((await browser().get(`${second.path}/payments/${form}/receipt.pdf`)).status).toBe(404);
  });
});

test('reports of browsers are taken, limited in size and number', async () => {
  const report = (size: number) =>
    server.app.inject({
      method: 'POST',
      url: '/csp-reports',
      remoteAddress: '203.0.113.5',
      headers: { 'content-type': 'application/csp-report' },
      payload: 'x'.repeat(size),
    });
  expect((await report(20_000)).statusCode).toBe(413);
  const statuses: number[] = [];
  for (let count = 0; count < 61; count += 1) statuses.push((await report(10)).statusCode);
  expect([statuses[0], statuses.at(-1)]).toEqual([204, 429]);
});
