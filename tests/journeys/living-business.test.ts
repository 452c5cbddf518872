import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');

/** Pages of a business that lives, by their addresses under the workspace. */
const PAGES = ['', '/contacts', '/payments/transactions', '/settings', '/imports'];

async function firstOf<T extends { id: string }>(path: string): Promise<T> {
  const [first] = (await workspace.api<{ data: T[] }>('GET', path)).data;
  return first!;
}

/** Nothing is wider than the screen, so that nobody has to pan. */
async function expectNoPanning(page: Page) {
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(wider, new URL(page.url()).pathname).toBeLessThanOrEqual(0);
}

async function settle(page: Page) {
  await page.getByRole('main').waitFor();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: PATIENCE_MS }).toBe(0);
}

test('a newcomer fills the sandbox with the sample business and sees it live', async () => {
  const page = await workspace.signIn();
  await page.getByRole('button', { name: 'Fill with a sample business' }).click();
  await page.getByText('This is a sample business').waitFor({ timeout: 90_000 });
  await expectAccessible(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
  await expect
    .poll(() => page.getByRole('grid').getByRole('row').count(), { timeout: PATIENCE_MS })
    .toBeGreaterThan(10);
  await page.context().close();
});

test.each([
  ['on a phone, 390 points wide', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ['in the dark', { colorScheme: 'dark' as const }],
])('every page is whole and accessible %s', async (_where, options) => {
  const page = await workspace.signIn(options);
  const payment = await firstOf('/v1/payments?status=settled&kind=charge&method=card&limit=1');
  const contact = await firstOf('/v1/contacts?limit=1');
  for (const path of [...PAGES, `/contacts/${contact.id}`, `/payments/transactions/${payment.id}`]) {
    await page.goto(`${journey.address}/w/${workspace.id}${path}`);
    await settle(page);
    await expectNoPanning(page);
    await expectAccessible(page);
  }
  await page.context().close();
});

test('a charge and its transaction on a phone', async () => {
  const { id } = await workspace.contact('Petra Phone', 'approved');
  const page = await workspace.signIn({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto(`${journey.address}/w/${workspace.id}/contacts/${id}`);
  await page.getByRole('button', { name: 'Charge now' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount').fill('27');
  await sheet.getByRole('button', { name: 'Continue' }).tap();
  await expectNoPanning(page);
  await sheet.getByRole('button', { name: 'Confirm & charge' }).tap();
  await sheet.getByText('Petra Phone paid $27.00').waitFor();
  await expectAccessible(page);
  await sheet.getByRole('link', { name: 'View transaction' }).tap();
  await page.waitForURL(/transactions\/pay_/);
  await expectSeen(page, '$27.00');
  await page.context().close();
});

test('the sample business goes with one click, and what was worked on stays', async () => {
  const page = await workspace.signIn();
  const contact = await firstOf<{ id: string; name: string }>('/v1/contacts?sort=name&limit=1');
  await workspace.api('POST', `/v1/contacts/${contact.id}/notes`, { body: 'Called back.' });
  await page.goto(`${journey.address}/w/${workspace.id}`);
  await page.getByRole('button', { name: 'Remove the sample' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the sample' }).click();
  await page.getByText(/The sample business is gone, but for one contact/).waitFor({ timeout: 90_000 });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
  await expectSeen(page, contact.name);
  await expectSeen(page, 'Petra Phone');
  await expect.poll(() => page.getByRole('grid').getByRole('row').count(), { timeout: PATIENCE_MS }).toBe(3);
  await page.context().close();
});
