import { expect, test, vi } from 'vitest';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();

test('an owner sets the program up by its link, adds a contact and a card, charges it, finds the transaction, and refunds', async () => {
  const page = await journey.open();
  await page.goto(await journey.ownerLink());
  await page.getByLabel('Your name').fill('Olive Owner');
  await page.getByLabel('E-mail').fill('olive@example.com');
  await page.getByLabel('Password').first().fill('a long enough password');
  await page.getByLabel('Business').fill('Harbour Studio');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await page.waitForURL(/\/w\/wsp_/);
  await expectSeen(page, 'TEST');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectAccessible(page);

  // A contact.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
  await expectSeen(page, 'No contacts yet');
  await expectAccessible(page);
  await page
    .getByRole('button', { name: /New contact|Add contact/ })
    .first()
    .click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('Ada Lovelace');
  await sheet.getByLabel('E-mail').fill('ada@example.com');
  await expectAccessible(page);
  await sheet.getByRole('button', { name: /Add contact|Save|Create/ }).click();
  await page.waitForURL(/contacts\/con_/);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await expectAccessible(page);

  // A card, through the gateway's own form; no field of ours takes a number.
  await page.getByRole('button', { name: 'Charge now' }).click();
  const charge = page.getByRole('dialog');
  await charge.getByLabel('Amount').fill('120');
  await charge.getByLabel('Description').fill('Consultation');
  await charge.getByRole('button', { name: /Add new card/ }).click();
  await charge.getByRole('button', { name: 'They agree, continue' }).click();
  const form = page.frameLocator('iframe');
  await form.getByRole('radio', { name: /^Approved\s*visa/ }).check();
  await form.getByRole('button', { name: 'Save this card' }).click();
  await charge.getByText('Visa ·· 4242').first().waitFor();
  await expectAccessible(page);

  // The confirmation repeats who, how much and how.
  await charge.getByRole('button', { name: 'Continue' }).click();
  await charge.getByText('Charge Ada Lovelace $120.00 on Visa ·· 4242').waitFor();
  await expectAccessible(page);
  await charge.getByRole('button', { name: 'Confirm & charge' }).click();
  await charge.getByText('Ada Lovelace paid $120.00').waitFor();
  await charge.getByText('Lifetime value now').waitFor();
  await expectAccessible(page);
  const download = page.waitForEvent('download').catch(() => null);
  const popup = page.waitForEvent('popup').catch(() => null);
  await charge.getByRole('button', { name: 'Open receipt' }).click();
  expect(await Promise.race([download, popup])).not.toBeNull();

  // The transaction.
  await charge.getByRole('link', { name: 'View transaction' }).click();
  await page.waitForURL(/transactions\/pay_/);
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Ada Lovelace' }).waitFor();
  await expectSeen(page, '$120.00');
  await expectAccessible(page);

  // A part of it back.
  await page.getByRole('button', { name: 'Refund' }).click();
  const refund = page.getByRole('dialog');
  await refund.getByLabel('Amount').fill('20');
  await refund.getByRole('combobox', { name: 'Reason' }).or(refund.getByLabel('Reason')).first().click();
  await page.getByRole('option', { name: 'The customer asked for it' }).click();
  await refund.getByRole('button', { name: 'Continue' }).click();
  await refund.getByRole('button', { name: 'Refund $20.00' }).click();
  await refund.getByText('$20.00 refunded').waitFor();
  await expectAccessible(page);
  await refund.getByRole('button', { name: 'Done' }).click();

  // Both stand in Transactions, and on the contact.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Payments' }).click();
  const grid = page.getByRole('grid');
  await expect
    .poll(() => grid.getByRole('row').filter({ hasText: 'Ada Lovelace' }).count(), { timeout: PATIENCE_MS })
    .toBe(2);
  await expectAccessible(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
  await page.getByRole('grid').getByText('Ada Lovelace').click();
  await page.waitForURL(/contacts\/con_/);
  await expectSeen(page, '$100.00');

  // Signing out and in again by password.
  await page.context().clearCookies();
  await page.goto(journey.address);
  await page.getByLabel('E-mail').fill('olive@example.com');
  await page.getByLabel('Password').first().fill('not this one, surely');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectSeen(page, /do not go together/);
  await expectAccessible(page);
  await page.getByLabel('Password').first().fill('a long enough password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/w\/wsp_/);
  await page.context().close();
});
