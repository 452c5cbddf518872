import { expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { readPdf } from '../../tests/setup/pdf.ts';
import { testServer } from '../../tests/setup/server.ts';
import type { Invoice } from '../invoices/api.ts';
import type { NewCustomerLink } from './api.ts';

/** What people write is shown as they wrote it: no markup of it works, and no template in it is filled in. */
const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});

const FIELDS = [
  ...(['contact', 'seller', 'footer', 'instructions', 'tax', 'line', 'description', 'unit', 'notes'] as const),
  ...(['reference', 'late_fee', 'reason', 'message', 'objection', 'answerer', 'city'] as const),
];
type Field = (typeof FIELDS)[number];
/** Its own for each field, so that it is known which one leaked. */
const written = (field: Field) => `<b title="${field}">&{{ 7 | times: 6 }}{% if true %}${field}{% endif %}</b>`;
const FILLED = /\b42\b/;

test('HTML and Liquid in every text field stay text: on pages, in mails, in PDFs and in e-invoices', async () => {
  const workspace = await server.workspace({ mode: 'live', currency: 'EUR', name: 'Harbour' });
  const as = workspace.apiKey;
  const call = async <T>(method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown) => {
    const answer = await server.call<T>(method, url, { as, ...(body === undefined ? {} : { body }) });
    expect([url, answer.status < 300, answer.text]).toEqual([url, true, answer.text]);
    return answer.body;
  };
  await call('PATCH', '/v1/invoicing', {
    seller: {
      name: written('seller'),
      line1: 'Am Kai 1',
      city: 'Hamburg',
      postal_code: '20457',
      country: 'DE',
      tax_id: 'DE123456788',
    },
    footer: written('footer'),
    payment_details: {
      iban: 'DE89370400440532013000',
      account_holder: 'Harbour',
      instructions: written('instructions'),
    },
  });
  await call('POST', '/v1/taxes', { code: 'VAT', label: written('tax').slice(0, 60), rate: '19' });
  const terms = { name: 'Own', terms: { due: { kind: 'net', days: 14 } }, late_fee_text: written('late_fee') };
  const { id: terms_id } = await call<{ id: string }>('POST', '/v1/payment-terms', terms);
  const contact = await call<{ id: string }>('POST', '/v1/contacts', {
    name: written('contact'),
    email: 'ada@example.com',
    country: 'DE',
    billing: { line1: 'Weg 1', city: written('city'), postal_code: '10115' },
  });
  const lines = [
    {
      ...{ name: written('line'), description: written('description'), unit: written('unit').slice(0, 20) },
      ...{ quantity: '1', unit_price: '100', taxes: ['VAT'] },
    },
  ];
  const whole = { contact_id: contact.id, lines, notes: written('notes'), reference: written('reference'), terms_id };
  const invoice = await call<Invoice>('POST', '/v1/invoices', { ...whole, issue: true });
  const quote = await call<Invoice>('POST', '/v1/invoices', { ...whole, kind: 'quote', issue: true });
  const credit = await call<Invoice>('POST', `/v1/invoices/${invoice.id}/credit-notes`, {
    reason: written('reason'),
    lines: [{ ...lines[0], unit_price: '10' }],
  });
  const pathOf = async (url: string, body: object = {}) =>
    new URL((await call<NewCustomerLink>('POST', url, body)).url).pathname;
  const page = await pathOf(`/v1/invoices/${invoice.id}/links`);
  const asked = await pathOf(`/v1/invoices/${quote.id}/links`);
  const own = await pathOf(`/v1/contacts/${contact.id}/customer-links`);
  const say = (url: string, fields: Record<string, string>) =>
    server.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  expect((await say(`${page}/dispute`, { words: written('objection') })).statusCode).toBe(303);
  expect((await say(`${asked}/answer`, { answer: 'accepted', name: written('answerer') })).statusCode).toBe(303);
  await call('POST', `/v1/invoices/${invoice.id}/sendings`, { message: written('message') });
  await call('POST', `/v1/contacts/${contact.id}/statement-sendings`, { message: written('message') });
  await server.rooms.messages.outbox.sendOf(workspace.id);

  const read = async (url: string, how: 'page' | 'api' = 'page') => {
    const answer = await server.app.inject({ url, headers: how === 'api' ? { authorization: `Bearer ${as}` } : {} });
    expect([url, answer.statusCode]).toEqual([url, 200]);
    return answer;
  };
  const html = [
    ...(await Promise.all([page, asked, own, `${own}/statement`].map(async (url) => (await read(url)).body))),
    ...post.taken.map(({ mail }) => String(mail.html)),
  ];
  const papers = await Promise.all([
    ...[invoice.id, quote.id, credit.id].map(async (id) => {
      const { rawPayload } = await read(`/v1/invoices/${id}/document.pdf`, 'api');
      return (await readPdf(rawPayload)).text;
    }),
    (async () => (await readPdf((await read(`/v1/contacts/${contact.id}/statement.pdf`, 'api')).rawPayload)).text)(),
  ]);
  const xml = (await read(`/v1/invoices/${invoice.id}/document.xml`, 'api')).body;
  const plain = post.taken.flatMap(({ mail }) => [mail.text ?? '', mail.subject ?? '']);
  expect(post.taken).toHaveLength(2);

  for (const field of FIELDS) {
    for (const text of [...html, xml]) expect(text, field).not.toContain(`<b title="${field}"`);
  }
  for (const text of [...html, ...papers, ...plain, xml]) {
    expect(text.match(FILLED)?.[0] ?? null).toBeNull();
    expect(text.includes('{%') || !text.includes('title=')).toBe(true);
  }
  // Each of them is somewhere, so that this looks at something; objections are for staff.
  const everything = [...html.map(unescaped), ...papers.map((text) => text.replaceAll(/\s+/g, ' ')), ...plain].join(
    '\n',
  );
  const seen = FIELDS.filter((field) => everything.includes(written(field).slice(0, field === 'unit' ? 14 : 30)));
  expect(FIELDS.filter((field) => !seen.includes(field))).toEqual(['objection']);
});

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&amp;', '&');
}
