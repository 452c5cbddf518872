import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { Payment, PaymentMethod } from '../payments/api.ts';
import { CONSENT_TEXT_VERSION } from '../payments/consent.ts';
import type { CardLink, NewCardLink } from './api.ts';

const server = await testServer();
const HOUR_MS = 3_600_000;

/** A customer's browser: pages by inject, with the cookies it was given. */
function browser(ip = '198.51.100.7') {
  let cookie = '';
  async function go(method: 'GET' | 'POST', path: string, fields?: Record<string, string>) {
    const answer = await server.app.inject({
      method,
      url: path,
      remoteAddress: ip,
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
    });
    const given = answer.cookies.find((one) => one.name === 'counterfoil_card_visit');
    if (given) cookie = `${given.name}=${given.value}`;
    return { status: answer.statusCode, text: answer.body, headers: answer.headers, cookies: answer.cookies };
  }
  return {
    get: (path: string) => go('GET', path),
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

async function failedCharge(workspace: TestWorkspace, testMethod = 'declined_insufficient_funds') {
  const contactId = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contactId, testMethod);
  const charge = (await chargeThrough(server, workspace, contactId, card.id)).body;
  expect(charge.status).toBe('declined');
  return { contactId, charge };
}

async function linkFor(workspace: TestWorkspace, charge: Payment) {
  const { body, status } = await server.call<NewCardLink>('POST', `/v1/payments/${charge.id}/card-links`, {
    as: workspace.apiKey,
  });
  expect(status).toBe(201);
  return { link: body, path: new URL(body.url).pathname };
}

const paymentsOf = async (workspace: TestWorkspace, contactId: string) =>
  (await server.call<{ data: Payment[] }>('GET', `/v1/payments?contact=${contactId}`, { as: workspace.apiKey })).body
    .data;
const methodsOf = async (workspace: TestWorkspace, contactId: string) =>
  (
    await server.call<{ data: PaymentMethod[] }>('GET', `/v1/contacts/${contactId}/payment-methods`, {
      as: workspace.apiKey,
    })
  ).body.data;
const stateOf = async (workspace: TestWorkspace, contactId: string) =>
  (
    await server.call<{ data: CardLink[] }>('GET', `/v1/contacts/${contactId}/card-links`, { as: workspace.apiKey })
  ).body.data.map(({ state }) => state);

const workspace = await server.workspace();

test('a customer saves a card by the link of a declined charge and pays it, once', async () => {
  const { contactId, charge } = await failedCharge(workspace);
  const { link, path } = await linkFor(workspace, charge);
  expect(link).toMatchObject({ state: 'open', payment_id: charge.id, message: { to: 'ada@example.com' } });
  expect(link.message.body).toContain(link.url);
  expect(link.message.body).toContain('$120.00');

  const customer = browser();
  const asked = await customer.get(path);
  expect(asked.text).toContain('I agree that Harbour Studio keeps my card');
  expect(asked.text).toContain('TEST');
  expect(asked.text).not.toContain('Ada');
  expect(asked.text).not.toContain('120');
  await customer.saveCard(path, 'approved_mastercard');
  expect((await customer.get(`${path}/progress`)).text).toContain('Your card is saved.');

  const saved = await customer.get(path);
  expect(saved.text).toContain('Mastercard ·· 4444');
  expect(saved.text).toContain('Pay $120.00 now with this card');
  const method = (await methodsOf(workspace, contactId)).find(({ last4 }) => last4 === '4444')!;
  expect(method.consent).toEqual({
    text_version: CONSENT_TEXT_VERSION,
    channel: 'web',
    at: server.clock.now().toISOString(),
  });
  const consent = await server.database.inWorkspace(workspace.id, (tx) =>
    tx.many({
      text: `SELECT consent_ip FROM payment_methods WHERE workspace_id = $1 AND last4 = '4444'`,
      values: [tx.workspaceId],
    }),
  );
  expect(consent).toEqual([{ consent_ip: '198.51.100.7' }]);

  const both = await Promise.all([1, 2].map(() => customer.post(`${path}/payments`, { payment: charge.id })));
  expect(both.map(({ status }) => status)).toContain(303);
  const paid = await customer.get(`${path}/payments/${charge.id}`);
  expect(paid.text).toContain('$120.00 is paid to Harbour Studio.');
  await customer.post(`${path}/payments`, { payment: charge.id });
  expect((await paymentsOf(workspace, contactId)).map(({ status, source }) => [status, source])).toEqual([
    ['settled', 'card_link'],
    ['declined', 'api'],
  ]);
  expect((await customer.get(path)).text).toContain('There is nothing else to do.');
  expect(await stateOf(workspace, contactId)).toEqual(['used']);
});

test('a used link is dead in every other browser, and in this one when its visit is over', async () => {
  const { charge } = await failedCharge(workspace);
  const { path } = await linkFor(workspace, charge);
  const customer = browser();
  await customer.saveCard(path, 'approved');
  // Nobody has looked at the link since the card was saved; somebody else does first.
  const stranger = await browser().get(path);
  expect([stranger.status, stranger.text.includes('$120.00'), stranger.text.includes('Harbour')]).toEqual([
    410,
    false,
    false,
  ]);
  expect((await browser().post(`${path}/payments`, { payment: charge.id })).status).toBe(410);
  expect((await browser().post(`${path}/consent`, { agree: 'yes' })).status).toBe(410);
  expect((await customer.get(path)).status).toBe(200);
  server.clock.advanceMs(31 * 60_000);
  expect((await customer.get(path)).status).toBe(410);
  expect((await customer.post(`${path}/payments`, { payment: charge.id })).status).toBe(410);
});

describe('a link ends', () => {
  test('with its time', async () => {
    const contactId = await makeContact(server, workspace);
    const { body } = await server.call<NewCardLink>('POST', `/v1/contacts/${contactId}/card-links`, {
      as: workspace.apiKey,
      body: { expires_in_hours: 2 },
    });
    const path = new URL(body.url).pathname;
    expect((await browser().get(path)).status).toBe(200);
    server.clock.advanceMs(2 * HOUR_MS);
    expect((await browser().get(path)).status).toBe(410);
    expect(await stateOf(workspace, contactId)).toEqual(['expired']);
  });

  test('when staff end it, and the visit that was open with it', async () => {
    const contactId = await makeContact(server, workspace);
    const { body } = await server.call<NewCardLink>('POST', `/v1/contacts/${contactId}/card-links`, {
      as: workspace.apiKey,
      body: {},
    });
    const path = new URL(body.url).pathname;
    const customer = browser();
    await customer.saveCard(path, 'approved');
    expect((await customer.get(path)).status).toBe(200);
    for (const _twice of [1, 2]) {
      const answer = await server.call('DELETE', `/v1/card-links/${body.id}`, { as: workspace.apiKey });
      expect(answer.status).toBe(204);
    }
    expect((await customer.get(path)).status).toBe(410);
    expect(await stateOf(workspace, contactId)).toEqual(['revoked']);
  });

  test('when its contact is archived', async () => {
    const contactId = await makeContact(server, workspace);
    const { body } = await server.call<NewCardLink>('POST', `/v1/contacts/${contactId}/card-links`, {
      as: workspace.apiKey,
      body: {},
    });
    const { headers } = await server.call('GET', `/v1/contacts/${contactId}`, { as: workspace.apiKey });
    const archived = await server.call('POST', `/v1/contacts/${contactId}/archival`, {
      as: workspace.apiKey,
      ifMatch: String(headers.etag ?? ''),
    });
    expect(archived.status).toBeLessThan(300);
    expect((await browser().get(new URL(body.url).pathname)).status).toBe(410);
  });
});

describe('what a customer may not do', () => {
  test('nothing is saved without agreeing', async () => {
    const { charge } = await failedCharge(workspace);
    const { path } = await linkFor(workspace, charge);
    const answer = await browser().post(`${path}/consent`, {});
    expect([answer.status, answer.text.includes('<iframe')]).toEqual([422, false]);
  });

  test('somebody else’s charge is not paid', async () => {
    const mine = await failedCharge(workspace);
    const other = await failedCharge(workspace);
    const { path } = await linkFor(workspace, mine.charge);
    const customer = browser();
    await customer.saveCard(path, 'approved');
    await customer.get(path);
    for (const payment of [other.charge.id, 'pay_nonsense', '']) {
      expect((await customer.post(`${path}/payments`, { payment })).status).toBe(404);
    }
    expect((await paymentsOf(workspace, other.contactId)).map(({ status }) => status)).toEqual(['declined']);
  });

  test('secrets cannot be tried at speed', async () => {
    const guesser = browser('203.0.113.9');
    const statuses = [];
    for (let index = 0; index < 32; index += 1) statuses.push((await guesser.get(`/card/guess-${index}`)).status);
    expect(new Set(statuses.slice(0, 30))).toEqual(new Set([410]));
    expect(statuses.slice(30)).toEqual([429, 429]);
  });

  test('a link is no place to try out a list of cards', async () => {
    const { charge } = await failedCharge(workspace);
    const { path } = await linkFor(workspace, charge);
    const customer = browser();
    const statuses = [];
    for (let index = 0; index < 9; index += 1) {
      statuses.push((await customer.post(`${path}/consent`, { agree: 'yes' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 429]);
  });
});

test('a second declined card is told in neutral words, and another card pays what is then open', async () => {
  const { contactId, charge } = await failedCharge(workspace);
  const { path } = await linkFor(workspace, charge);
  const customer = browser();
  await customer.saveCard(path, 'declined_stolen_card');
  await customer.get(path);
  await customer.post(`${path}/payments`, { payment: charge.id });
  const declined = await customer.get(`${path}/payments/${charge.id}`);
  expect(declined.text).toContain('Your bank did not allow the payment.');
  expect(declined.text).not.toMatch(/stolen/i);
  await customer.saveCard(path, 'approved_amex');
  const again = await customer.get(path);
  const open = /name="payment" value="([^"]+)"/.exec(again.text)![1]!;
  expect(open).not.toBe(charge.id);
  await customer.post(`${path}/payments`, { payment: open });
  expect((await customer.get(`${path}/payments/${open}`)).text).toContain('Thank you');
  expect((await paymentsOf(workspace, contactId)).map(({ status }) => status)).toEqual([
    'settled',
    'declined',
    'declined',
  ]);
});

test.each([
  ['authentication_required', 'Your bank asks you to confirm'],
  ['debit_paid', 'The payment has started'],
  ['timeout_after_success', 'The payment is being checked'],
])('a payment by %s says: %s', async (testMethod, words) => {
  const { contactId, charge } = await failedCharge(workspace);
  const { path } = await linkFor(workspace, charge);
  const customer = browser();
  await customer.saveCard(path, testMethod);
  await customer.get(path);
  await customer.post(`${path}/payments`, { payment: charge.id });
  expect((await customer.get(`${path}/payments/${charge.id}`)).text).toContain(words);
  await customer.post(`${path}/payments`, { payment: charge.id });
  expect(await paymentsOf(workspace, contactId)).toHaveLength(2);
  // Staff cannot pay the same debt meanwhile, while nobody knows.
  if (testMethod !== 'timeout_after_success') return;
  const card = await saveTestMethod(server, workspace, contactId, 'approved');
  const meanwhile = await chargeThrough(server, workspace, contactId, card.id, {
    body: { retry_of: charge.id, confirm_same_again: true },
  });
  expect(meanwhile.body).toMatchObject({ code: 'payment_state_conflict' });
});

test('the pages carry no script, are framed by nobody and listed nowhere, and their cookie is the browser’s own', async () => {
  const { charge } = await failedCharge(workspace);
  const { path } = await linkFor(workspace, charge);
  const customer = browser();
  const form = await customer.saveCard(path, 'approved');
  for (const page of [form, await customer.get(path), await browser().get('/card/nothing')]) {
    expect(page.text).not.toMatch(/<script|\son\w+=|style="/i);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri \/csp-reports; report-to policy-reports$/,
    );
  }
  expect(form.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path });
});

describe('making a link', () => {
  test('is refused for what needs none', async () => {
    const contactId = await makeContact(server, workspace);
    const card = await saveTestMethod(server, workspace, contactId, 'approved');
    const paid = (await chargeThrough(server, workspace, contactId, card.id)).body;
    const answer = await server.call('POST', `/v1/payments/${paid.id}/card-links`, { as: workspace.apiKey });
    expect(answer.body).toMatchObject({ code: 'payment_state_conflict' });
    const { charge } = await failedCharge(workspace);
    const foreign = await server.call('POST', `/v1/contacts/${contactId}/card-links`, {
      as: workspace.apiKey,
      body: { payment_id: charge.id },
    });
    expect(foreign.body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'payment_id' }] });
    const long = await server.call('POST', `/v1/contacts/${contactId}/card-links`, {
      as: workspace.apiKey,
      body: { expires_in_hours: 10_000 },
    });
    expect(long.status).toBe(422);
  });

  test('keeps only the hash of its secret', async () => {
    const { charge } = await failedCharge(workspace);
    const { path } = await linkFor(workspace, charge);
    const secret = path.split('/').at(-1)!;
    expect(secret).toMatch(/^[\w-]{43}$/);
    const rows = await server.database.inGlobal((tx) =>
      tx.many<{ token_hash: string }>({ text: 'SELECT token_hash FROM card_link_directory' }),
    );
    expect(rows.map((row) => row.token_hash).join()).not.toContain(secret);
  });

  test('needs the right to charge', async () => {
    const contactId = await makeContact(server, workspace);
    const key = await workspace.keyWith('payments.read', 'contacts.read');
    const answer = await server.call('POST', `/v1/contacts/${contactId}/card-links`, { as: key, body: {} });
    expect(answer.status).toBe(403);
  });
});

test('the message that carries a link is in the customer’s language, and says why in words that they may read', async () => {
  const workspace = await server.workspace();
  const { contactId, charge } = await failedCharge(workspace, 'declined_stolen_card');
  await server.call('PATCH', `/v1/contacts/${contactId}`, { as: workspace.apiKey, body: { locale: 'nl-BE' } });
  const { message } = (await linkFor(workspace, charge)).link;
  expect(message.subject).toMatch(/^Uw betaling aan /);
  expect(message.body).toContain('Beste Ada Lovelace,\n\nwij hebben geprobeerd ');
  expect(message.body).toContain('Hier kunt u een kaart opgeven, zonder account:\nhttp');
  expect(message.body).not.toMatch(/gestolen|stolen|Hello|Your/);
  const asked = await server.call<{ body: string }>('GET', `/v1/payments/${charge.id}/card-update-message`, {
    as: workspace.apiKey,
  });
  expect(asked.body.body).toContain('Geef ons een andere kaart');
});
