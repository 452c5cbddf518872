import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pause } from '../../src/foundation/clock.ts';
import type { GatewayConnection } from '../../src/gateways/api.ts';
import type { CardForm, GatewayImport, Payment, PaymentDetail } from '../../src/payments/api.ts';
import { mailServer } from '../setup/mail-server.ts';
import { ask, wholeProgram } from '../setup/whole-program.ts';
import { answerCheckout } from '../stand-ins/mollie/checkout-page.ts';
import { startMollieStandIn, TEST_KEY } from '../stand-ins/mollie/mollie-stand-in.ts';
import type { Fault } from '../stand-ins/stripe/fault.ts';
import { STAND_IN_PUBLISHABLE_KEY, STAND_IN_SECRET_KEY, startStripeStandIn } from '../stand-ins/stripe/stand-in.ts';
import { signMessage } from '../stand-ins/stripe/webhooks.ts';
import { leaksIn } from './leaks.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/**
 * A server that says all it can, in a process of its own, does everything that has to do with a secret, and everything
 * goes wrong in every way. What it printed is then searched for each secret that was used and for what the gateways sent.
 */
const PLANTED_BY_STRIPE = 'plantedByStripe_8Jw2kQv7';
const PLANTED_BY_MOLLIE = 'plantedByMollie_5Tz9mXc3';
const PLANTED_BY_MAIL_SERVER = 'plantedByMailServer_4Hn6bLp1';
const secrets = new Map<string, string>([
  ['what Stripe sent', PLANTED_BY_STRIPE],
  ['what Mollie sent', PLANTED_BY_MOLLIE],
  ['what the mail server said', PLANTED_BY_MAIL_SERVER],
  ['a secret key', STAND_IN_SECRET_KEY],
  ['the next secret key', 'sk_test_standin_rotated_9fQ2LrXv7TmB'],
  ['a secret key that is refused', 'sk_test_standin_refused_3hZ8KwNc5YpD'],
  ['a live key in a sandbox', 'sk_live_standin_6jR4VtGb1XsE0aUq'],
  ['a signing secret', 'whsec_first_7dM3PzHk9WqF2cTj'],
  ['the next signing secret', 'whsec_next_1gS5RxLn8VyJ4bUm'],
  ['a signing secret that a forger made up', 'whsec_forged_0kD6TvCq2ZfH5nWr'],
  ['Mollie’s key', TEST_KEY],
  ['a key of Mollie that is refused', 'test_refused2Bq7YkLd4MxSv9PzTn6WcRgH8'],
  ['a password', 'correct horse battery 5Xk2'],
  ['a wrong password', 'wrong horse battery 8Yp4'],
  ['the password of the server’s mail server', 'smtpOfServer_3Rv8TqZx'],
  ['the password of a workspace’s mail server', 'smtpOfWorkspace_6Wn1KcJd'],
  ['the password of the database', 'passwordOfDatabase_2Lh7'],
  ['the secret of the program', 'program secret 9Bt4QmXw7CvK1ZrLs8Np'],
  ['an envelope key', Buffer.from('envelope key of 32 bytes 7KqW3xZ').subarray(0, 32).toString('base64')],
  ['a made-up API key', 'cfk_test_madeUp1Vb8HnGz5KxQr3MpYd7JtWc'],
  ['a made-up session', 'madeUpSession.6Qw2Er8Ty4Ui0OpAs'],
  ['a made-up link', 'madeUpLink7Zx3Cv9Bn5Mq1We'],
  ['a card number', '4242424242424242'],
]);
const secret = (name: string) => secrets.get(name)!;

const now = () => new Date();
const [stripe, mollie, mail] = await Promise.all([
  startStripeStandIn({
    now,
    planted: PLANTED_BY_STRIPE,
    secretKeys: [STAND_IN_SECRET_KEY, secret('the next secret key')],
  }),
  startMollieStandIn({ now: now(), planted: PLANTED_BY_MOLLIE }),
  mailServer({
    onAuth(auth, _session, done) {
      if (auth.password === secret('the password of a workspace’s mail server')) return done(null, { user: 'ada' });
      return done(new Error(`No such password: ${auth.password} ${PLANTED_BY_MAIL_SERVER}`));
    },
  }),
]);
afterAll(() => Promise.all([stripe.stop(), mollie.stop()]));
const program = await wholeProgram();
const { database } = program;
const authority = join(program.dataFolder, 'authority.pem');
writeFileSync(authority, mollie.authority);
const trust = pathToFileURL(join(import.meta.dirname, '../stand-ins/mollie/trust-authority.mjs')).href;

/** Lets the server die as of a fault of ours, with what libraries hang on their errors. */
const DIES = `process.on('SIGUSR2', () => { throw Object.assign(new Error('died'), { raw: process.env.PLANTED }) })`;
const ENV = {
  LOG_LEVEL: 'debug',
  PLANTED: PLANTED_BY_STRIPE,
  DATABASE_URL: program.databaseUrl.replace('postgres@', `postgres:${secret('the password of the database')}@`),
  COUNTERFOIL_SECRET: secret('the secret of the program'),
  COUNTERFOIL_ENVELOPE_KEYS: secret('an envelope key'),
  STRIPE_API_URL: stripe.url,
  STRIPE_TIMEOUT_MS: '5000',
  MOLLIE_API_URL: mollie.apiUrl,
  NODE_OPTIONS: `--import ${trust} --import data:text/javascript,${encodeURIComponent(DIES)}`,
  COUNTERFOIL_TEST_AUTHORITY: authority,
  SMTP_URL: `smtp://ada:${secret('the password of the server’s mail server')}@127.0.0.1:${mail.smtp.port}?security=none`,
  MAIL_FROM: 'billing@example.com',
};

let address = '';
let apiKey = '';
let output: () => string = () => '';
const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  ask<T>(address, method, path, { as: apiKey, ...(body === undefined ? {} : { body }) });

async function made<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { status, body: answer, text } = await call<T>(method, path, body);
  expect([status, text]).toEqual([expect.toBeOneOf([200, 201, 204]), text]);
  return answer;
}

beforeAll(async () => {
  const { server, address: listening } = await program.serve(ENV);
  address = listening;
  output = () => server.output().stdout + server.output().stderr;
  const studio = await program.setUp('Studio', ENV);
  apiKey = studio.apiKey;
  secrets.set('an API key', apiKey);
  await signIn(studio.signInUrl);
  await sendMail();
  const contact = await made<{ id: string }>('POST', '/v1/contacts', { name: 'Ada', email: 'ada@example.com' });
  const card = await useStripe(contact.id);
  const other = await made<{ id: string }>('POST', '/v1/contacts', { name: 'Grace', email: 'grace@example.com' });
  await Promise.all([breakSlowly(contact.id, card), useMollie(other.id).then(() => followLinks(other.id))]);
  await letTheDatabaseRefuse();
  server.child.kill('SIGUSR2');
  expect(await server.ended).toBe(1);
});

async function signIn(url: string): Promise<void> {
  const token = url.split('/').at(-1)!;
  secrets.set('the token of a sign-in link', token);
  const headers = { 'counterfoil-client': 'web' };
  const opened = await ask(address, 'POST', `/v1/sign-in-links/${token}/redemption`, { headers, body: {} });
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  secrets.set('a session', decodeURIComponent(cookie.split('=')[1]!));
  const [password, wrong] = [secret('a password'), secret('a wrong password')];
  const body = { current_password: null, new_password: password };
  const changed = await ask(address, 'PUT', '/v1/session/password', { headers: { ...headers, cookie }, body });
  expect([changed.status, changed.text]).toEqual([204, '']);
  for (const [given, status] of [
    [password, 200],
    [wrong, 401],
  ] as const) {
    const email = 'ada@example.com';
    const answer = await ask(address, 'POST', '/v1/session', { headers, body: { email, password: given } });
    expect(answer.status).toBe(status);
  }
  const madeUp = { headers: { ...headers, cookie: `counterfoil_session=${secret('a made-up session')}` } };
  expect((await ask(address, 'GET', '/v1/session', madeUp)).status).toBe(401);
  expect((await ask(address, 'GET', '/v1/contacts', { as: secret('a made-up API key') })).status).toBe(401);
  expect((await ask(address, 'GET', `/v1/sign-in-links/${secret('a made-up link')}`)).status).toBeGreaterThanOrEqual(
    400,
  );
  const malformed = await ask(address, 'POST', '/v1/session', {
    headers: { ...headers, 'content-type': 'application/json' },
    body: `{"email":"ada@example.com","password":"${password}`,
  });
  expect(malformed.status).toBe(400);
}

async function sendMail(): Promise<void> {
  await made('PATCH', '/v1/mail-settings', { sandbox_sends: true });
  const own = { host: '127.0.0.1', port: mail.smtp.port, security: 'none', user: 'ada' };
  const from_address = 'ada@example.com';
  for (const password of [null, secret('the password of a workspace’s mail server'), secret('a wrong password')]) {
    if (password !== null) await made('PATCH', '/v1/mail-settings', { server: { ...own, password }, from_address });
    await call('POST', '/v1/mail-settings/tests', { to: 'ada@example.com' });
  }
}

let webhook: { path: string; connectionId: string };
async function deliver(rawBody: string, signature: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  return (await fetch(address + webhook.path, { method: 'POST', headers, body: rawBody })).status;
}

/** Resolves with the id of a card that pays. */
async function useStripe(contact: string): Promise<string> {
  const connect = (secret_key: string) =>
    call<GatewayConnection>('POST', '/v1/gateway-connections', {
      gateway: 'stripe',
      values: { secret_key, publishable_key: STAND_IN_PUBLISHABLE_KEY, signing_secret: secret('a signing secret') },
    });
  for (const wrong of ['a secret key that is refused', 'a live key in a sandbox']) {
    expect((await connect(secret(wrong))).status).toBeGreaterThanOrEqual(400);
  }
  const { body: connection } = await connect(STAND_IN_SECRET_KEY);
  const rotation = { secret_key: secret('the next secret key'), signing_secret: secret('the next signing secret') };
  await made('POST', `/v1/gateway-connections/${connection.id}/rotations`, { values: rotation });
  webhook = { path: new URL(connection.event_address!).pathname, connectionId: connection.id };
  secrets.set('the token of an address for messages', webhook.path.split('/').at(-1)!);

  const visa = await saveCard(contact, 'pm_card_visa');
  const settled = await charge(contact, visa);
  expect(settled.status).toBe('settled');
  const refund = { amount_minor: 500, reason: 'other' };
  await made('POST', `/v1/payments/${settled.id}/refunds`, refund);
  const asking = await charge(contact, await saveCard(contact, 'pm_card_authenticationRequired'));
  expect(asking.status).toBe('needs_customer');
  const { customer_link } = await made<PaymentDetail>('GET', `/v1/payments/${asking.id}`);
  await openPage(customer_link!);
  const declining = await saveCard(contact, 'pm_card_visa_chargeDeclined');
  const declined = await charge(contact, declining);
  expect(declined.status).toBe('declined');

  for (const fault of [
    'server_error_before',
    'server_error_after',
    'malformed_after',
    'null_after',
    'cut_mid_reply',
  ] as const) {
    await breakCharge(contact, visa, fault);
    const mend = stripe.faults.add(fault, /\/v1\/(setup_intents|refunds|account|customers)/, 1);
    await call('POST', `/v1/contacts/${contact}/card-forms`, { consent_channel: 'web' });
    mend();
  }
  for (const { client_secret } of stripe.world.objects.values() as Iterable<{ client_secret?: string }>) {
    if (client_secret)
      secrets.set(`the client secret ${client_secret.split('_secret_')[0]}`, client_secret.split('_secret_')[1]!);
  }
  await tellOfEvents();
  await bringOver();
  return visa;
}

async function breakCharge(contact: string, method: string, fault: Fault): Promise<void> {
  const mend = stripe.faults.add(fault, /POST \/v1\/payment_intents/, null);
  const broken = await charge(contact, method, 1_000 + fault.length);
  mend();
  expect(broken.status).not.toBe('settled');
}

/** These end with the time that a call may take: other things are done meanwhile. */
async function breakSlowly(contact: string, method: string): Promise<void> {
  for (const fault of ['hang_after', 'rate_limited'] as const) await breakCharge(contact, method, fault);
}

async function saveCard(contact: string, testMethod: string): Promise<string> {
  const form = await made<CardForm>('POST', `/v1/contacts/${contact}/card-forms`, { consent_channel: 'web' });
  await openPage(form.url);
  stripe.actions.completeSetup(new URL(form.url).pathname.split('/').at(-1)!, testMethod, true);
  return (await made<CardForm>('GET', `/v1/card-forms/${form.id}`)).payment_method!.id;
}

async function openPage(url: string): Promise<void> {
  const { pathname, search, searchParams } = new URL(url);
  secrets.set(`the key of the page ${pathname.split('/').at(-1)}`, searchParams.get('key')!);
  expect((await ask(address, 'GET', pathname + search)).status).toBe(200);
  expect((await ask(address, 'GET', `${pathname}?key=${secret('a made-up link')}`)).status).toBe(404);
  expect(
    (await ask(address, 'GET', `${pathname.replace(/stripe-pages.\w+/, 'stripe-pages/other')}${search}`)).status,
  ).toBe(404);
}

async function charge(contact: string, payment_method_id: string, amount_minor = 12_000): Promise<Payment> {
  const body = {
    payment_method_id,
    amount_minor,
    currency: 'USD',
    description: 'Consultation',
    confirm_same_again: true,
  };
  const numbered = { ...body, description: `paid with ${secret('a card number')}` };
  expect((await call('POST', `/v1/contacts/${contact}/charges`, numbered)).status).toBe(422);
  return made('POST', `/v1/contacts/${contact}/charges`, body);
}

/** Valid, signed by somebody else, ancient, and no message at all. */
async function tellOfEvents(): Promise<void> {
  const event = stripe.events.at(-1)!;
  const seconds = stripe.world.seconds();
  const signed = (by: string, at = seconds) => signMessage(event, [secret(by)], at);
  const [valid, old, forged, ancient] = [
    signed('the next signing secret'),
    signed('a signing secret'),
    signed('a signing secret that a forger made up'),
    signed('a signing secret', seconds - 3_600),
  ];
  for (const [{ rawBody, signature }, status] of [
    [valid, 200],
    [old, 200],
    [forged, 400],
    [ancient, 400],
    [{ ...valid, rawBody: valid.rawBody.slice(0, 200) }, 400],
  ] as const) {
    expect(await deliver(rawBody, signature)).toBe(status);
  }
  const noJson = `{"${PLANTED_BY_STRIPE}": ${secret('a secret key')}`;
  const v1 = createHmac('sha256', secret('the next signing secret')).update(`${seconds}.${noJson}`).digest('hex');
  expect(await deliver(noJson, `t=${seconds},v1=${v1}`)).toBe(400);
  const elsewhere = await ask(address, 'POST', `/gateway-events/stripe/${secret('a made-up link')}`, { body: {} });
  expect(elsewhere.status).toBe(404);
  expect((await ask(address, 'POST', '/gateway-events/stripe/short', { body: {} })).status).toBe(404);
}

async function bringOver(): Promise<void> {
  const mend = stripe.faults.add('malformed_after', /GET \/v1\/charges/, null);
  expect((await importing()).status).toBe('failed');
  mend();
  expect((await importing()).status).toBe('done');
}

async function importing(): Promise<GatewayImport> {
  await made('POST', '/v1/gateway-imports', { gateway: 'stripe' });
  for (;;) {
    const { data } = await made<{ data: GatewayImport[] }>('GET', '/v1/gateway-imports');
    if (data[0]!.status !== 'running') return data[0]!;
    await pause(20);
  }
}

async function useMollie(contact: string): Promise<void> {
  const connect = (api_key: string) =>
    call('POST', '/v1/gateway-connections', { gateway: 'mollie', values: { api_key, first_payment: '0.01' } });
  expect((await connect(secret('a key of Mollie that is refused'))).status).toBeGreaterThanOrEqual(400);
  expect((await connect(TEST_KEY)).status).toBe(201);
  const form = await made<CardForm>('POST', `/v1/contacts/${contact}/card-forms`, {
    consent_channel: 'phone',
    gateway: 'mollie',
  });
  answerCheckout(mollie.state, mollie.state.payments.get(form.url.split('/').at(-1)!)!, 'card_pays');
  const { payment_method } = await made<CardForm>('GET', `/v1/card-forms/${form.id}`);
  const pay = (amount_minor: number) =>
    made<Payment>('POST', `/v1/contacts/${contact}/charges`, {
      payment_method_id: payment_method!.id,
      amount_minor,
      currency: 'EUR',
      description: 'Consultation',
    });
  const settled = await pay(2_000);
  expect(settled.status).toBe('settled');
  await made('POST', `/v1/payments/${settled.id}/refunds`, { amount_minor: 300, reason: 'other' });
  for (const fault of ['malformed_after', 'cut_mid_reply', 'server_error_before', 'rate_limited'] as const) {
    const mend = mollie.faults.plan('charge', fault, null);
    expect((await pay(3_000 + fault.length)).status).not.toBe('settled');
    mend();
  }
}

async function followLinks(contact: string): Promise<void> {
  for (const [kind, path] of [
    ['card', `/v1/contacts/${contact}/card-links`],
    ['my', `/v1/contacts/${contact}/customer-links`],
  ] as const) {
    const { url } = await made<{ url: string }>('POST', path, {});
    const { pathname } = new URL(url);
    secrets.set(`the token of a link (${kind})`, pathname.split('/').at(-1)!);
    expect((await ask(address, 'GET', pathname)).status).toBe(200);
    const agreed = await fetch(`${address}${pathname}/consent`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'agree=yes',
    });
    expect(agreed.status).toBe(200);
    for (const nobodys of [secret('a made-up link'), secret('a made-up link').repeat(5)]) {
      expect((await ask(address, 'GET', `/${kind}/${nobodys}`)).status).toBe(410);
    }
  }
}

/** Rows are refused by the database in the middle of what it was given: PostgreSQL then tells the whole row. */
async function letTheDatabaseRefuse(): Promise<void> {
  for (const table of ['gateway_events', 'gateway_connections', 'mail_settings', 'card_links', 'auth_sessions']) {
    await database.asOwner(`ALTER TABLE ${table} ADD CONSTRAINT nothing_more CHECK (false) NOT VALID`);
  }
  const customer = stripe.actions.createCustomer({ name: 'Somebody' });
  stripe.world.tell('mandate.updated', customer);
  const told = signMessage(stripe.events.at(-1)!, [secret('the next signing secret')], stripe.world.seconds());
  expect(await deliver(told.rawBody, told.signature)).toBe(500);
  const rotated = await call('POST', `/v1/gateway-connections/${webhook.connectionId}/rotations`, {
    values: { secret_key: STAND_IN_SECRET_KEY },
  });
  expect(rotated.status).toBe(500);
  const { body } = await call<{ data: { id: string }[] }>('GET', '/v1/contacts');
  expect((await call('POST', `/v1/contacts/${body.data[0]!.id}/card-links`, {})).status).toBe(500);
  const signedIn = await ask(address, 'POST', '/v1/session', {
    headers: { 'counterfoil-client': 'web' },
    body: { email: 'ada@example.com', password: secret('a password') },
  });
  expect(signedIn.status).toBe(500);
}

test('nothing of any secret, and nothing of what a gateway sent, stands in the log', () => {
  expect(secrets.size).toBeGreaterThan(30);
  expect(leaksIn(output(), secrets)).toEqual([]);
});

test('the log did say what went wrong', () => {
  const lines = output().trim().split('\n');
  const said = (words: RegExp) => lines.filter((line) => words.test(line)).length;
  expect(said(/Stripe did not carry out a request/)).toBeGreaterThan(5);
  expect(said(/An answer of Stripe could not be read/)).toBeGreaterThan(0);
  expect(said(/request failed/)).toBeGreaterThan(3);
  expect(said(/nothing_more/)).toBeGreaterThan(2);
  expect(said(/^Error: died$/)).toBe(1);
  for (const line of lines.filter((one) => one.startsWith('{'))) expect(() => JSON.parse(line), line).not.toThrow();
});

describe('the search finds', () => {
  test.each([
    ['as it is', (text: string) => text],
    ['a part of it', (text: string) => text.slice(-13)],
    ['in an address', (text: string) => encodeURIComponent(text)],
    ['in JSON that is a text of JSON', (text: string) => JSON.stringify(JSON.stringify({ text }))],
    ['in base64, whatever stands before it', (text: string) => Buffer.from(`\0ada\0${text}!`).toString('base64')],
    ['in hex', (text: string) => Buffer.from(text).toString('hex')],
  ])('every secret %s', (_how, write) => {
    expect(secrets.size).toBeGreaterThan(30);
    for (const [name, value] of secrets) {
      const line = `{"level":50,"msg":"something failed: ${write(value)}"}`;
      expect(leaksIn(line, new Map([[name, value]])), name).toEqual([name]);
    }
  });
});
