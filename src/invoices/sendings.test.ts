import { beforeEach, describe, expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { makeContact } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import type { Message } from '../messages/api.ts';
import { resolveDocumentLink } from '../messages/make-document-link.ts';
import type { Invoice } from './api.ts';
import type { Sendings } from './api-sendings.ts';
import { markInvoiceOpened } from './mark-invoice-opened.ts';
import { sendInvoice } from './send-invoice.ts';

const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});
const { database, rooms, clock } = server;
let workspace: TestWorkspace;
let contact: string;

beforeEach(async () => {
  post.taken.length = 0;
  workspace = await server.workspace({ mode: 'live', name: 'Harbour <Studio>' });
  contact = await makeContact(server, workspace);
});

async function issued(more: Record<string, unknown> = {}) {
  const body = { contact_id: contact, lines: [{ name: 'Lesson', unit_price: '120.00' }], issue: true, ...more };
  return (await server.call<Invoice>('POST', '/v1/invoices', { as: workspace.apiKey, body })).body;
}
const send = (id: string, body: unknown = {}, key?: string) =>
  server.call<Message>('POST', `/v1/invoices/${id}/sendings`, { as: workspace.apiKey, body, ...(key ? { key } : {}) });
const sendingsOf = async (id: string) =>
  (await server.call<Sendings>('GET', `/v1/invoices/${id}/sendings`, { as: workspace.apiKey })).body.data;
const read = async (id: string) =>
  (
    await server.call<Invoice & { sent_at: string | null; opened_at: string | null }>('GET', `/v1/invoices/${id}`, {
      as: workspace.apiKey,
    })
  ).body;
const sendAll = () => rooms.messages.outbox.sendOf(workspace.id);

describe('an invoice by e-mail', () => {
  test('goes to the customer once a day, with its numbers and a link that opens it', async () => {
    const invoice = await issued();
    const first = await send(invoice.id);
    expect(first).toMatchObject({
      status: 201,
      body: { state: 'queued', to: 'ada@example.com', document_id: invoice.id },
    });
    const repeated = await Promise.all([send(invoice.id), send(invoice.id)]);
    expect(repeated.map(({ body }) => body.id)).toEqual([first.body.id, first.body.id]);
    await sendAll();
    expect(post.taken).toHaveLength(1);
    const { mail } = post.taken[0]!;
    expect(mail.subject).toBe(`Invoice ${invoice.number} from Harbour <Studio>`);
    expect(mail.text).toContain(`please find invoice ${invoice.number} over $120.00, due on`);
    expect(mail.html).toContain('Harbour &lt;Studio&gt;');
    const [, token = ''] = /\/d\/([\w-]{43})/.exec(mail.text ?? '') ?? [];
    const opened = await resolveDocumentLink(database, token);
    expect(opened).toMatchObject({
      workspaceId: workspace.id,
      about: { kind: 'invoice', id: fromPublicId('invoice', invoice.id) },
    });
    expect((await read(invoice.id)).sent_at).not.toBeNull();
    clock.advanceMs(1_000);
    for (const _look of [1, 2]) {
      await database.inWorkspace(workspace.id, (tx) =>
        markInvoiceOpened(tx, opened.about.id, opened.linkId, clock.now()),
      );
    }
    const [sending] = await sendingsOf(invoice.id);
    expect(sending).toMatchObject({ state: 'sent', opened_at: clock.now().toISOString() });
    expect((await read(invoice.id)).opened_at).toBe(clock.now().toISOString());
  });

  test('with a key it is sent again whenever somebody means it; a key means one thing', async () => {
    const invoice = await issued();
    const [key, other] = [newId(), newId()];
    const [one, same, two] = [
      await send(invoice.id, {}, key),
      await send(invoice.id, {}, key),
      await send(invoice.id, {}, other),
    ];
    expect([one.body.id === same.body.id, one.body.id === two.body.id]).toEqual([true, false]);
    const reused = await send(invoice.id, { to: 'bob@example.com' }, key);
    expect([reused.status, reused.body]).toMatchObject([422, { code: 'idempotency_key_reused' }]);
    expect(await sendingsOf(invoice.id)).toHaveLength(2);
  });

  test('says what was written for it, also with words of one’s own that have no place for that', async () => {
    const as = workspace.apiKey;
    const words = { subject: 'Bill {{ number }}', body: 'Please pay {{ open }} by {{ due }}.' };
    expect((await server.call('PUT', '/v1/message-templates/invoice/en', { as, body: words })).status).toBe(204);
    const invoice = await issued();
    await send(invoice.id, { message: 'Thank you for {{ business }} <b>today</b>.', to: 'cfo@example.com' });
    await sendAll();
    const { mail, to } = post.taken[0]!;
    expect([to, mail.subject]).toEqual([['cfo@example.com'], `Bill ${invoice.number}`]);
    expect(mail.text).toContain('Thank you for {{ business }} <b>today</b>.\n\nPlease pay $120.00 by ');
    expect(mail.html).toContain('Thank you for {{ business }} &lt;b&gt;today&lt;/b&gt;.');
  });

  test.each([
    [
      'de-AT',
      /^Rechnung INV-.* von Harbour/,
      /Guten Tag Ada Lovelace,\n\nhiermit erhalten Sie: Rechnung INV-\S+ über [^,]*120,00[^,]*, fällig am \d+\. /u,
    ],
    ['fr-FR', /^Facture /, /voici votre document : facture INV-\S+ d’un montant de 120,00[^,]*, à régler avant le /u],
    ['es-ES', /^Factura /, /Aquí tiene su documento: factura INV-\S+ por 120,00[^,]*, con vencimiento el /u],
    ['nl-NL', /^Factuur /, /hierbij ontvangt u factuur INV-\S+ van [^,]*120,00, te betalen uiterlijk /u],
    ['it-IT', /^Fattura /, /ecco il Suo documento: fattura INV-\S+ di 120,00[^,]*, con scadenza /u],
    ['pl-PL', /^Invoice /, /please find invoice INV-/u],
  ])('goes in the customer’s language: %s', async (locale, subject, text) => {
    const as = workspace.apiKey;
    // English words of the owner's own are for those who read English.
    const own = { subject: 'Bill', body: 'Please find invoice' };
    if (locale !== 'pl-PL') await server.call('PUT', '/v1/message-templates/invoice/en', { as, body: own });
    await server.call('PATCH', `/v1/contacts/${contact}`, { as, body: { locale } });
    const invoice = await issued();
    await send(invoice.id);
    await sendAll();
    const { mail } = post.taken[0]!;
    expect(mail.subject).toMatch(subject);
    expect(mail.text).toMatch(text);
    expect(mail.html).toContain(`<html lang="${locale}"`);
  });

  test('words that are no template are refused where they are kept', async () => {
    const as = workspace.apiKey;
    const { status, body } = await server.call('PUT', '/v1/message-templates/invoice/en', {
      as,
      body: { subject: 'x', body: '{{ numbr }}' },
    });
    expect([status, body]).toMatchObject([422, { fields: [{ path: 'body' }] }]);
  });

  test('a renderer’s PDF is attached unless it is not wanted', async () => {
    const invoice = await issued();
    const caller = await workspace.caller();
    const id = fromPublicId('invoice', invoice.id)!;
    const renderPdf = async ({ number }: { number: string }) => ({
      name: `${number}.pdf`,
      mediaType: 'application/pdf',
      bytes: Buffer.from('%PDF-1.7'),
    });
    for (const attach_pdf of [true, false]) {
      await database.inWorkspace(workspace.id, (tx) =>
        sendInvoice({ messages: rooms.messages, renderPdf }, tx, caller, id, { attach_pdf, key: String(attach_pdf) }),
      );
    }
    await sendAll();
    const files = post.taken.map(({ mail }) => mail.attachments.map(({ filename }) => filename).join());
    expect(files.sort()).toEqual(['', `${invoice.number}.pdf`]);
  });

  test('refused in words: a draft, a void invoice, no address, a wrong one, somebody else’s', async () => {
    const draft = await issued({ issue: false });
    expect((await send(draft.id)).body).toMatchObject({ code: 'invoice_state_conflict' });
    const invoice = await issued();
    expect((await send(invoice.id, { to: 'not an address' })).body).toMatchObject({ code: 'invalid_request' });
    const stranger = await server.workspace({ mode: 'live' });
    const foreign = await server.call('POST', `/v1/invoices/${invoice.id}/sendings`, { as: stranger.apiKey, body: {} });
    expect(foreign.status).toBe(404);
    await server.call('PATCH', `/v1/contacts/${contact}`, { as: workspace.apiKey, body: { email: null } });
    expect((await send(invoice.id)).body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'to' }] });
    await server.call('POST', `/v1/invoices/${invoice.id}/voiding`, {
      as: workspace.apiKey,
      body: { reason: 'wrong' },
    });
    expect([404, 409]).toContain((await send(invoice.id, { to: 'a@example.com' })).status);
    const viewer = await workspace.keyWith('invoices.read');
    expect((await server.call('POST', `/v1/invoices/${invoice.id}/sendings`, { as: viewer, body: {} })).status).toBe(
      403,
    );
    expect(await sendingsOf(invoice.id)).toEqual([]);
  });
});

test('an invoice by link: the address is told once, and all of them can be made worthless', async () => {
  const invoice = await issued();
  const as = workspace.apiKey;
  const made = await server.call<{ id: string; url: string }>('POST', `/v1/invoices/${invoice.id}/links`, { as });
  expect([made.status, made.body.url]).toEqual([201, expect.stringMatching(/\/d\/[\w-]{43}$/)]);
  const token = made.body.url.split('/').at(-1)!;
  const list = await server.call('GET', `/v1/invoices/${invoice.id}/links`, { as });
  expect(list.text).not.toContain(token);
  expect(list.body).toMatchObject({ data: [{ id: made.body.id, revoked_at: null }] });
  expect((await server.call('DELETE', `/v1/invoices/${invoice.id}/links`, { as })).status).toBe(204);
  await expect(resolveDocumentLink(database, token)).rejects.toMatchObject({ code: 'link_not_valid' });
  expect((await server.call('DELETE', `/v1/invoices/${invoice.id}/links`, { as })).status).toBe(404);
});
