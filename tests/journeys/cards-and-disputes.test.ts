import type { Locator } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type { Home, LifetimeValue } from '../../src/insights/api.ts';
import type { Payment } from '../../src/payments/api.ts';
import { expectAccessible, expectSeen, startJourney } from '../setup/journey.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DAY_S = 86_400;

const pass = (days: number) => workspace.api('PUT', '/v1/sandbox/clock', { advance_seconds: days * DAY_S });
const paymentsOf = async (contactId: string) =>
  (await workspace.api<{ data: Payment[] }>('GET', `/v1/payments?contact=${contactId}`)).data;
const ltvOf = async (contactId: string) =>
  (await workspace.api<{ data: LifetimeValue[] }>('GET', `/v1/contacts/${contactId}/lifetime-value`)).data[0]
    ?.ltv_minor;
const charge = (contact: { id: string; cards: { id: string }[] }, amountMinor: number) =>
  workspace.api<Payment>('POST', `/v1/contacts/${contact.id}/charges`, {
    amount_minor: amountMinor,
    currency: 'USD',
    payment_method_id: contact.cards[0]!.id,
    description: 'Consultation',
  });
const pageOf = (contactId: string) => `${journey.address}/w/${workspace.id}/contacts/${contactId}`;

const staff = await workspace.signIn();

test('asked by a link from a declined charge, a customer saves a new card on their telephone and pays with it', async () => {
  const contact = await workspace.contact('Petra Phone', 'declined_insufficient_funds');
  await staff.goto(pageOf(contact.id));
  await staff.getByRole('button', { name: 'Charge now' }).click();
  const sheet = staff.getByRole('dialog');
  await sheet.getByLabel('Amount').fill('120');
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('$120.00 was not paid').waitFor();
  await sheet.getByText('May work later').waitFor();
  await sheet.getByRole('button', { name: 'Ask for a new card' }).click();
  const message = await sheet.getByText(/\/card\/[\w-]{43}/).textContent();
  await expectAccessible(staff);
  const link = /http\S+\/card\/[\w-]{43}/.exec(message ?? '')![0];

  const customer = await journey.open(PHONE);
  const reached = await customer.goto(link);
  expect(reached?.headers()['content-security-policy']).toContain("default-src 'none'");
  await expectAccessible(customer);
  await customer.getByLabel('I agree').check();
  await customer.getByRole('button', { name: 'Continue to the card' }).click();
  const form = customer.frameLocator('iframe[title="Your card"]');
  await form.getByLabel(/Approved \(second card\)/).check();
  await form.getByRole('button', { name: 'Save this card' }).click();
  await customer.frameLocator('iframe.progress').getByRole('link', { name: 'Continue' }).click();
  await customer.getByText(/Mastercard ·· 4444 is saved/).waitFor();
  await expectAccessible(customer);
  expect(await customer.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await customer.getByRole('button', { name: 'Pay $120.00 now with this card' }).click();
  await expectSeen(customer, '$120.00 is paid to Harbour Studio.');
  await expectAccessible(customer);
  const stranger = await journey.open(PHONE);
  await stranger.goto(link);
  await expectSeen(stranger, /It has been used/);
  await stranger.context().close();
  await customer.context().close();

  await staff.goto(pageOf(contact.id));
  await panel('Owed now').getByText('Nothing').waitFor();
  await panel('Card').getByText('Mastercard ·· 4444').waitFor();
  expect((await paymentsOf(contact.id)).map(({ status, source }) => [status, source])).toEqual([
    ['settled', 'card_link'],
    ['declined', 'charge_now'],
  ]);
});

test('a payment that the bank wants confirmed is confirmed by the link that the transaction shows', async () => {
  const contact = await workspace.contact('Nils Needed', 'authentication_required');
  const payment = await charge(contact, 6_300);
  expect(payment.status).toBe('needs_customer');
  await staff.goto(`${journey.address}/w/${workspace.id}/payments/transactions/${payment.id}`);
  await staff.getByRole('link', { name: 'Write e-mail' }).waitFor();
  const address = await staff.getByText(/sandbox-gateway\/confirm/).textContent();
  await expectAccessible(staff);
  const customer = await journey.open(PHONE);
  await customer.goto(address ?? '');
  await customer.getByRole('button', { name: 'Confirm' }).click();
  await customer.getByRole('status').waitFor();
  await customer.context().close();
  await staff.reload();
  await staff.getByText('Received. It is in gateway clearing').waitFor();
  expect((await paymentsOf(contact.id)).map(({ status }) => status)).toEqual(['settled']);
});

test('a bank debit is started, not paid, and four days later it has failed and is owed', async () => {
  const contact = await workspace.contact('Bodo Bank', 'debit_fails');
  const payment = await charge(contact, 9_900);
  await staff.goto(`${journey.address}/w/${workspace.id}/payments/transactions/${payment.id}`);
  await expectSeen(staff, 'Started, not paid yet');
  await expectAccessible(staff);
  expect(await ltvOf(contact.id)).toBe(0);
  await pass(4);
  await staff.goto(pageOf(contact.id));
  await panel('Owed now').getByText('$99.00').first().waitFor();
  await expectSeen(staff, 'Declined');
  expect(await ltvOf(contact.id)).toBe(0);
});

test('a dispute is answered too late, lost, and what it took is owed again and charged again', async () => {
  const contact = await workspace.contact('Dora Dispute', 'dispute_asked_lost', 'approved_amex');
  await charge(contact, 20_000);
  await pass(3);
  const home = await workspace.api<Home>('GET', '/v1/home');
  expect(home.attention.map(({ kind, status }) => [kind, status])).toContainEqual(['dispute', 'needs_response']);
  await staff.goto(`${journey.address}/w/${workspace.id}`);
  await expectSeen(staff, /Send evidence · [67] days left/);
  await expectAccessible(staff);
  await staff.getByText(/Send evidence/).click();
  await staff.getByText(/The bank asks for evidence: [67] days left/).waitFor();
  await expectAccessible(staff);
  await staff.getByLabel('What was sent').fill('Signed order');
  await staff.getByRole('button', { name: 'Evidence is sent' }).click();
  await staff.getByText('Evidence is sent. The bank decides.').waitFor();
  expect(await ltvOf(contact.id)).toBe(20_000);
  await pass(1);
  expect(await ltvOf(contact.id)).toBe(0);
  await pass(10);
  await staff.reload();
  await staff.getByText('The dispute was lost, and what it took is owed again').waitFor();
  await staff.getByText('Dispute losses', { exact: false }).first().waitFor({ state: 'attached' });
  await staff.goto(pageOf(contact.id));
  await panel('Owed now').getByText('$200.00').first().waitFor();
  await expectAccessible(staff);
  await panel('Owed now').getByRole('button', { name: 'Charge again' }).click();
  const sheet = staff.getByRole('dialog');
  await sheet.getByRole('radio', { name: /0005/ }).check();
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Dora Dispute paid $200.00').waitFor();
  await sheet.getByRole('button', { name: 'Done' }).click();
  await panel('Owed now').getByText('Nothing').waitFor();
  expect(await ltvOf(contact.id)).toBe(20_000);
});

test('a needed card is listed before it expires', async () => {
  const contact = await workspace.contact('Edda Expiring', 'expires_soon');
  await charge(contact, 1_500);
  await pass(45);
  await staff.goto(`${journey.address}/w/${workspace.id}`);
  await staff.getByRole('link', { name: 'All expiring cards' }).click();
  await staff.waitForURL(/expiring-cards/);
  await staff.getByRole('heading', { name: 'Cards about to expire', level: 1 }).waitFor();
  await staff.getByRole('link', { name: /Edda Expiring/ }).waitFor();
  await expectAccessible(staff);
});

function panel(name: string): Locator {
  return staff.getByRole('region', { name, exact: true });
}
