import { mkdirSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/foundation/clock.ts';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';
import { trustAuthority } from '../stand-ins/mollie/certificates.ts';
import { startMollieStandIn, TEST_KEY } from '../stand-ins/mollie/mollie-stand-in.ts';
import { STAND_IN_PUBLISHABLE_KEY, STAND_IN_SECRET_KEY, startStripeStandIn } from '../stand-ins/stripe/stand-in.ts';

vi.setConfig({ testTimeout: 120_000 });
const standIn = await startStripeStandIn({ now: systemClock.now });
afterAll(() => standIn.stop());
const mollie = await startMollieStandIn({ now: systemClock.now() });
const distrust = trustAuthority(mollie.authority);
afterAll(async () => {
  distrust();
  await mollie.stop();
});
const journey = await startJourney({
  gateways: { stripe: { apiBaseUrl: standIn.url }, mollie: { apiUrl: mollie.apiUrl } },
});
const workspace = await journey.workspace('Harbour Studio');
const page = await workspace.signIn();
const settings = `${journey.address}/w/${workspace.id}/settings/payments`;
const { actions } = standIn;

/** Nobody stumbles over it. With COUNTERFOIL_PICTURES=/folder, how it looks, wide and narrow, light and dark, is kept. */
async function look(name: string): Promise<void> {
  await expectAccessible(page);
  const folder = process.env.COUNTERFOIL_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const width of [1280, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      // Tall, because what scrolls inside the page is not in a picture of the whole.
      await page.setViewportSize({ width, height: 2_000 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, animations: 'disabled' });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What the account had before: two customers who paid, one of whom got something back. */
for (const name of ['Ada Lovelace', 'Grace Hopper']) {
  const customer = actions.createCustomer({ name, email: `${name.split(' ')[0]}@example.com` }).id;
  const method = actions.attachTestMethod('pm_card_visa', customer).id;
  const order = { currency: 'usd', customer, payment_method: method, confirm: 'true', off_session: 'true' };
  const paid = actions.createIntent({ ...order, amount: '12000' });
  if (name.startsWith('Ada')) actions.createRefund({ payment_intent: paid.id, amount: '2000' });
}
actions.payOut();

test('a business connects its Stripe account with its keys; a wrong one is told beside its field', async () => {
  await page.goto(settings);
  await look('gateways');
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await page.getByLabel('Secret key').fill('pk_test_not_the_secret_one');
  await page.getByLabel('Publishable key').fill(STAND_IN_PUBLISHABLE_KEY);
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await expectSeen(page, 'A secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_.');
  await look('connect');
  await page.getByLabel('Secret key').fill(STAND_IN_SECRET_KEY);
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await expectSeen(page, 'Stripe is connected');
  await expectSeen(page, `sk_test_standin_••••${STAND_IN_SECRET_KEY.slice(-4)}`);
  expect(await page.content()).not.toContain(STAND_IN_SECRET_KEY);
  await expectSeen(page, /Without the signing secret/);
  await look('connected');
});

test('the address and its signing secret are set up, and the first message is seen to come', async () => {
  const address = await page.getByRole('button', { name: /^Copy address for messages/ }).getAttribute('title');
  const secret = 'whsec_of_the_journey_0123456789';
  const webhook = standIn.addWebhook(address!, [secret]);
  await page.getByRole('button', { name: 'Exchange keys' }).click();
  await page.getByLabel('Signing secret of the webhook').fill(secret);
  await page.getByRole('button', { name: 'Check and exchange' }).click();
  await expectSeen(page, 'The new keys hold from now on');
  await expect.poll(() => page.getByText(/Without the signing secret/).count(), { timeout: PATIENCE_MS }).toBe(0);
  const newcomer = actions.createCustomer({ name: 'Somebody' }).id;
  actions.attachTestMethod('pm_card_visa', newcomer);
  await webhook.delivered();
  expect(webhook.answers).toEqual([200]);
  await page.reload();
  await expectSeen(page, /\(payment_method\.attached/);
  webhook.secrets = ['whsec_of_somebody_else_0123456'];
  actions.attachTestMethod('pm_card_visa', newcomer);
  await webhook.delivered();
  expect(webhook.answers.at(-1)).toBe(400);
  await page.reload();
  await expectSeen(page, /1 not signed as agreed/);
  webhook.secrets = [secret];
  await look('messages');
});

test('a Stripe that breaks in the middle of bringing over is told in words, and one can go on', async () => {
  const mend = standIn.faults.add('server_error_before', /GET \/v1\/charges/, null);
  await page.getByRole('button', { name: 'Bring over from Stripe' }).click();
  await expectSeen(page, /^The gateway does not answer just now\. What was brought over is whole/);
  await look('import-failed');
  mend();
});

test('what exists at Stripe is brought over, and both sides are seen to be equal', async () => {
  await page.getByRole('button', { name: 'Go on' }).click();
  await expectSeen(page, 'The book and the gateway’s own ledger are equal.');
  const brought = page.getByRole('region', { name: 'What exists at Stripe' });
  for (const words of [/^Done .*, begun by /, '2 new, 0 known']) await brought.getByText(words).first().waitFor();
  await look('import-done');
  await page.goto(`${journey.address}/w/${workspace.id}/contacts`);
  await page.getByRole('link', { name: 'Ada Lovelace' }).first().click();
  await expectSeen(page, '$100.00');
});

test('new cards go to the gateway that was chosen', async () => {
  await page.goto(settings);
  await expectSeen(page, 'New cards go here');
  await page.getByRole('button', { name: 'Use for new cards: Sandbox' }).click();
  await expectSeen(page, 'New cards go to Sandbox');
  await page.getByRole('button', { name: 'Use for new cards: Stripe' }).waitFor();
});

test('a disconnected account leaves its cards to be seen, and nobody can charge them', async () => {
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
  await expectSeen(page, 'Stripe is disconnected');
  await page.getByRole('button', { name: 'Connect Stripe' }).waitFor();
  await page.goto(`${journey.address}/w/${workspace.id}/contacts`);
  await page.getByRole('link', { name: 'Ada Lovelace' }).first().click();
  await page
    .getByRole('tab', { name: 'Cards' })
    .or(page.getByRole('link', { name: 'Cards' }))
    .first()
    .click();
  await expectSeen(page, /disconnected/);
});

test('a Mollie account is connected; its own page saves a card, which is charged without the customer', async () => {
  const contact = await workspace.contact('Marie Curie');
  await page.goto(settings);
  await page.getByRole('button', { name: 'Connect Mollie' }).click();
  await page.getByLabel('API key').fill(TEST_KEY);
  await page.getByRole('button', { name: 'Connect Mollie' }).click();
  await expectSeen(page, 'Mollie is connected');
  expect(await page.content()).not.toContain(TEST_KEY);
  await page.getByRole('button', { name: 'Use for new cards: Mollie' }).click();
  await expectSeen(page, 'New cards go to Mollie');
  await look('mollie');

  await page.goto(`${journey.address}/w/${workspace.id}/contacts/${contact.id}/cards`);
  await page.getByRole('button', { name: 'Add new card' }).first().click();
  const adding = page.getByRole('dialog');
  await adding.getByRole('button', { name: 'They agree, continue' }).click();
  const opening = page.context().waitForEvent('page');
  await adding.getByRole('link', { name: /Open/ }).click();
  await expectAccessible(page);
  const theirs = await opening;
  await theirs.getByLabel('Card that pays', { exact: true }).check();
  await theirs.getByRole('button', { name: 'Continue' }).click();
  await expectSeen(theirs, 'You can close this page');
  await theirs.close();
  await expectSeen(page, /is saved for/);

  await page.goto(`${journey.address}/w/${workspace.id}/contacts/${contact.id}`);
  await page.getByRole('button', { name: 'Charge now' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount').fill('50');
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Marie Curie paid $50.00').waitFor();
  expect(mollie.requests.filter(({ operation }) => operation === 'charge')).toHaveLength(1);
});
