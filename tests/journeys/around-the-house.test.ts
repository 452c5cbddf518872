import { expect, test, vi } from 'vitest';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');
const base = `${journey.address}/w/${workspace.id}`;
const ada = await workspace.contact('Ada Lovelace', 'approved');
await workspace.contact('Grace Hopper', 'approved_amex');
await workspace.api('POST', `/v1/contacts/${ada.id}/charges`, {
  amount_minor: 12_000,
  currency: 'USD',
  payment_method_id: ada.cards[0]!.id,
  description: 'Consultation',
});
const page = await workspace.signIn();

test('“Charge Customers Directly” off takes the button away and leaves the history; on again it is back', async () => {
  await page.goto(`${base}/settings/labs`);
  const labs = page.getByRole('switch', { name: 'Charge Customers Directly' });
  await expectAccessible(page);
  await labs.press('Space');
  await expectSeen(page, /is off for everybody/);
  await page.goto(`${base}/contacts/${ada.id}`);
  await expectSeen(page, '$120.00');
  expect(await page.getByRole('button', { name: 'Charge now' }).count()).toBe(0);
  await page.goto(`${base}/settings/labs`);
  await labs.press('Space');
  await expectSeen(page, /is on for everybody/);
  await page.goto(`${base}/contacts/${ada.id}`);
  await page.getByRole('button', { name: 'Charge now' }).waitFor();
});

test('“Payments and Customer LTV” off takes money out of sight everywhere; on again nothing is lost', async () => {
  await page.goto(`${base}/settings/payments`);
  const payments = page.getByRole('switch', { name: 'Payments and Customer LTV' });
  await expectAccessible(page);
  await payments.press('Space');
  await expectSeen(page, /is off for everybody/);
  await expect
    .poll(() => page.getByRole('link', { name: 'Payments', exact: true }).count(), { timeout: PATIENCE_MS })
    .toBeLessThan(2);
  await page.goto(`${base}/contacts/${ada.id}`);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  expect(await page.getByText('$120.00').count()).toBe(0);
  expect(await page.getByText('Lifetime value').count()).toBe(0);
  await expectAccessible(page);
  await page.goto(`${base}/settings/payments`);
  await payments.press('Space');
  await expectSeen(page, /is on for everybody/);
  await page.goto(`${base}/contacts/${ada.id}`);
  await expectSeen(page, 'Lifetime value');
  await expectSeen(page, '$120.00');
});

test('customers come in from a CSV file, are looked at before, and go again with one undo', async () => {
  await page.goto(`${base}/imports/new`);
  await expectAccessible(page);
  const rows = [
    'Katherine Johnson,katherine@example.com,US',
    'Mary Jackson,mary@example.com,US',
    ',nobody@example.com,',
  ];
  await page.locator('input[type=file]').setInputFiles({
    name: 'customers.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`Name,E-mail,Country\n${rows.join('\n')}\n`),
  });
  await page.waitForURL(/imports\/imp_/);
  await expectSeen(page, 'Katherine Johnson');
  await expectAccessible(page);
  await page.getByRole('button', { name: /Check/ }).click();
  const write = page.getByRole('button', { name: /^Import \d|^Import two|^Import/ });
  await write.waitFor();
  await expectSeen(page, 'What would be written');
  await expectAccessible(page);
  await write.click();
  await page.getByRole('button', { name: 'Undo import' }).waitFor();
  await page.goto(`${base}/contacts`);
  await expectSeen(page, 'Mary Jackson');
  await page.goBack();
  await page.getByRole('button', { name: 'Undo import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Undo/ }).click();
  await expectSeen(page, /This import is undone/);
  await page.goto(`${base}/contacts`);
  await expectSeen(page, 'Ada Lovelace');
  expect(await page.getByText('Mary Jackson').count()).toBe(0);
});

test('people are found as one types, in the list and in the palette', async () => {
  await page.goto(`${base}/contacts`);
  const rows = page.getByRole('grid').getByRole('row');
  await expectSeen(page, 'Grace Hopper');
  await page.getByLabel('Search contacts').fill('hopp');
  await expect.poll(() => rows.filter({ hasText: 'Ada Lovelace' }).count(), { timeout: PATIENCE_MS }).toBe(0);
  await expectSeen(page, 'Grace Hopper');
  await page.getByLabel('Search contacts').fill('nobody at all');
  await expectSeen(page, /Nobody found/);
  await expectAccessible(page);

  await page.goto(`${base}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: /Search contacts, transactions/ });
  await palette.fill('lovel');
  await page
    .getByRole('option', { name: /Ada Lovelace/ })
    .first()
    .waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`contacts/${ada.id}`));
});

test('“charge” and a name in the palette opens the sheet of whoever is called so', async () => {
  await page.goto(`${base}/`);
  await expectSeen(page, 'Taken today');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: /Search contacts, transactions/ });
  await palette.fill('charge');
  await page.getByRole('option', { name: 'Charge Ada Lovelace' }).waitFor();
  await palette.fill('charge grace');
  await page.getByRole('option', { name: 'Charge Grace Hopper' }).click();
  const sheet = page.getByRole('dialog', { name: 'Charge Grace Hopper' });
  await sheet.getByLabel('Amount').waitFor();
  expect(page.url()).toMatch(/contacts\/con_\w+$/);
  await page.reload();
  await page.getByRole('button', { name: 'Charge now' }).waitFor();
  expect(await sheet.count()).toBe(0);
});

test('a charge is made with the keyboard alone', async () => {
  await page.goto(`${base}/contacts`);
  await expectSeen(page, 'Grace Hopper');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`contacts/${ada.id}`));
  await page.getByRole('button', { name: 'Charge now' }).waitFor();
  await page.keyboard.press('c');
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount').waitFor();
  await page.keyboard.type('15.50');
  await page.keyboard.press('Enter');
  await sheet.getByText('Charge Ada Lovelace $15.50 on Visa ·· 4242').waitFor();
  await page.keyboard.press('Enter');
  await sheet.getByText('Ada Lovelace paid $15.50').waitFor();
  // Done has the focus; the sheet closes and the page is there again.
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL(/payments/);
  await page.getByRole('grid').getByRole('row').filter({ hasText: '$15.50' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/transactions\/pay_/);
  await expectSeen(page, '$15.50');
});
