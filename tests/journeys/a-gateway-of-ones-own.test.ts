import type { Locator } from 'playwright-core';
import { afterAll, expect, test, vi } from 'vitest';
import { pause, systemClock } from '../../src/foundation/clock.ts';
import type { GatewayConnection } from '../../src/gateways/api.ts';
import type { LifetimeValue } from '../../src/insights/api.ts';
import type { Payment } from '../../src/payments/api.ts';
import { sweepGatewayEvents } from '../../src/payments/sweep-gateway-events.ts';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';
import { STAND_IN_PUBLISHABLE_KEY, STAND_IN_SECRET_KEY, startStripeStandIn } from '../stand-ins/stripe/stand-in.ts';

/**
 * A business with an account of its own at Stripe: the official SDK and a script in the browser speak to a stand-in, and
 * time passes there and here alike.
 */
vi.setConfig({ testTimeout: 120_000 });
const SIGNING_SECRET = 'whsec_of_the_journey_0123456789';
const DAY_MS = 86_400_000;
let passedMs = 0;
const clock = { now: () => new Date(systemClock.now().getTime() + passedMs) };
const standIn = await startStripeStandIn({ now: clock.now });
afterAll(() => standIn.stop());
const { actions, world } = standIn;
const stripe = { apiBaseUrl: standIn.url, scriptUrl: standIn.scriptUrl, scriptOrigins: [standIn.url] };
const journey = await startJourney({ clock, gateways: { stripe, mollie: {} } });
const workspace = await journey.workspace('Harbour Studio');
const connection = await workspace.api<GatewayConnection>('POST', '/v1/gateway-connections', {
  gateway: 'stripe',
  values: {
    secret_key: STAND_IN_SECRET_KEY,
    publishable_key: STAND_IN_PUBLISHABLE_KEY,
    signing_secret: SIGNING_SECRET,
  },
});
const webhook = standIn.addWebhook(connection.event_address!, [SIGNING_SECRET]);
const staff = await workspace.signIn();
const base = `${journey.address}/w/${workspace.id}`;

function pass(ms: number): void {
  passedMs += ms;
  world.moveOn();
}
const paymentsOf = async (contactId: string) =>
  (await workspace.api<{ data: Payment[] }>('GET', `/v1/payments?contact=${contactId}`)).data;
const ltvOf = async (contactId: string) =>
  (await workspace.api<{ data: LifetimeValue[] }>('GET', `/v1/contacts/${contactId}/lifetime-value`)).data[0]
    ?.ltv_minor;
const panel = (name: string) => staff.getByRole('region', { name, exact: true });

/** Charge now on a contact's page, with a new method given to Stripe's own form inside the sheet. */
async function addAndCharge(contactId: string, testMethod: string, amount: string): Promise<Locator> {
  await staff.goto(`${base}/contacts/${contactId}/cards`);
  await staff.getByRole('button', { name: 'Add new card' }).first().click();
  const adding = staff.getByRole('dialog');
  await adding.getByRole('button', { name: 'They agree, continue' }).click();
  const form = adding.frameLocator('iframe[title="Card form of the payment provider"]');
  await form.frameLocator('iframe').getByLabel('Test method').selectOption(testMethod);
  await form.getByRole('button', { name: 'Save card' }).click();
  await expectSeen(staff, /is saved for/);
  await staff.goto(`${base}/contacts/${contactId}`);
  await staff.getByRole('button', { name: 'Charge now' }).click();
  const sheet = staff.getByRole('dialog');
  await sheet.getByLabel('Amount').fill(amount);
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  return sheet;
}

test('a card is given to Stripe’s form inside our page, is charged, and its fee stands on the transaction', async () => {
  const contact = await workspace.contact('Ada Lovelace');
  const sheet = await addAndCharge(contact.id, 'pm_card_visa', '120');
  await sheet.getByText('Ada Lovelace paid $120.00').waitFor();
  expect(standIn.events.filter(({ type }) => type === 'setup_intent.succeeded')).toHaveLength(1);
  const [payment] = await paymentsOf(contact.id);
  expect(payment).toMatchObject({ status: 'settled', gateway: 'stripe', amount_minor: 12_000 });
  await staff.goto(`${base}/payments/transactions/${payment!.id}`);
  await staff.getByText('$3.78').filter({ visible: true }).first().waitFor();
  await expectSeen(staff, /Visa ·· 4242/);
  await expectAccessible(staff);
  expect(await ltvOf(contact.id)).toBe(12_000);
});

test('a declined card is answered with its next step, and another one pays', async () => {
  const contact = await workspace.contact('Dina Declined');
  const sheet = await addAndCharge(contact.id, 'pm_card_visa_chargeDeclinedLostCard', '45');
  await sheet.getByText('$45.00 was not paid').waitFor();
  await expectAccessible(staff);
  const again = await addAndCharge(contact.id, 'pm_card_mastercard', '45');
  await again.getByText('Dina Declined paid $45.00').waitFor();
  expect((await paymentsOf(contact.id)).map(({ status }) => status)).toEqual(['settled', 'declined']);
});

test('a charge that the bank wants confirmed is confirmed on Stripe’s page by the link, and staff see it paid', async () => {
  const contact = await workspace.contact('Nils Needed');
  const sheet = await addAndCharge(contact.id, 'pm_card_authenticationRequired', '63');
  const address = await sheet.getByText(/stripe-pages\/confirm/).textContent();
  await expectAccessible(staff);
  const customer = await journey.open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  customer.on('dialog', (dialog) => void dialog.accept());
  await customer.goto(address ?? '');
  await expectSeen(customer, 'Confirm a payment to Harbour Studio');
  await expectAccessible(customer);
  await customer.getByRole('button', { name: 'Confirm $63.00' }).click();
  await expectSeen(customer, 'The payment is confirmed.');
  await customer.context().close();
  await sheet.getByText('Nils Needed paid $63.00').waitFor();
  expect((await paymentsOf(contact.id)).map(({ status }) => status)).toEqual(['settled']);
});

test('a bank debit is started, not paid; four days later it has failed, counts for nothing and is owed', async () => {
  const contact = await workspace.contact('Bodo Bank');
  const sheet = await addAndCharge(contact.id, 'pm_usBankAccount_insufficientFunds', '99');
  await sheet
    .getByText(/started/i)
    .first()
    .waitFor();
  const [payment] = await paymentsOf(contact.id);
  expect(payment!.status).toBe('pending');
  await staff.goto(`${base}/payments/transactions/${payment!.id}`);
  await expectSeen(staff, 'Started, not paid yet');
  await expectAccessible(staff);
  expect(await ltvOf(contact.id)).toBe(0);
  pass(4 * DAY_MS + 60_000);
  await webhook.delivered();
  await expect.poll(async () => (await paymentsOf(contact.id))[0]!.status, { timeout: PATIENCE_MS }).toBe('declined');
  await staff.goto(`${base}/contacts/${contact.id}`);
  await panel('Owed now').getByText('$99.00').first().waitFor();
  expect(await ltvOf(contact.id)).toBe(0);
});

test('while the address was out of order a refund was made at Stripe; the sweep finds it, and the page says so', async () => {
  const contact = await workspace.contact('Otto Outage');
  const sheet = await addAndCharge(contact.id, 'pm_card_visa', '80');
  await sheet.getByText('Otto Outage paid $80.00').waitFor();
  await webhook.delivered();
  webhook.isDown = true;
  const intent = world.all('payment_intent')[0]!;
  actions.createRefund({ payment_intent: intent.id, amount: '3000' });
  await webhook.delivered();
  expect(await ltvOf(contact.id)).toBe(8_000);
  webhook.isDown = false;
  pass(6 * 60_000);
  // The program does it by itself twice a minute; a journey does not wait for that.
  for (let found = 0; found === 0 && (await ltvOf(contact.id)) === 8_000; await pause(200)) {
    found = await sweepGatewayEvents(journey.rooms.payments, clock.now());
  }
  await expect.poll(() => ltvOf(contact.id), { timeout: PATIENCE_MS }).toBe(5_000);
  await staff.goto(`${base}/contacts/${contact.id}`);
  await panel('Lifetime value').getByText('$50.00').first().waitFor();
  await staff.goto(`${base}/settings/payments`);
  await expectSeen(staff, /[1-9]\d* found that never came/);
  await expectAccessible(staff);
});

test('a dispute is told by Stripe, takes the money, is lost, and what it took is owed again', async () => {
  const contact = await workspace.contact('Dora Dispute');
  const sheet = await addAndCharge(contact.id, 'pm_card_visa', '200');
  await sheet.getByText('Dora Dispute paid $200.00').waitFor();
  const intent = world.all('payment_intent')[0]!;
  actions.openDispute(intent.id);
  await webhook.delivered();
  const statusIs = async (status: string) =>
    expect
      .poll(async () => (await paymentsOf(contact.id)).map((row) => row.status), { timeout: PATIENCE_MS })
      .toContain(status);
  await statusIs('needs_response');
  expect(await ltvOf(contact.id)).toBe(20_000);
  await staff.goto(base);
  await staff
    .getByText(/Send evidence/)
    .first()
    .click();
  await staff.getByText(/The bank asks for evidence: \d+ days left/).waitFor();
  await expectAccessible(staff);
  actions.withdrawDispute(intent.id);
  await webhook.delivered();
  await statusIs('withdrawn');
  expect(await ltvOf(contact.id)).toBe(0);
  actions.endDispute(intent.id, 'lost');
  await webhook.delivered();
  await statusIs('lost');
  await staff.reload();
  await staff.getByText('The dispute was lost, and what it took is owed again').waitFor();
  await staff.goto(`${base}/contacts/${contact.id}`);
  await panel('Owed now').getByText('$200.00').first().waitFor();
  expect(await ltvOf(contact.id)).toBe(0);
});

test('everything that was asked of Stripe, and every answer, fits its published description', () => {
  expect(webhook.answers.filter((status) => status !== 200)).toEqual([]);
  expect(standIn.problems()).toEqual([]);
});
