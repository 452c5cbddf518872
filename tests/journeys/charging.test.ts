import type { Locator, Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type { Payment } from '../../src/payments/api.ts';
import { expectAccessible, expectSeen, type JourneyWorkspace, startJourney } from '../setup/journey.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');
const page = await workspace.signIn();

/** Opens the contact's page and its charge sheet, and types an amount. */
async function beginCharge(contactId: string, amount: string): Promise<Locator> {
  await page.goto(`${journey.address}/w/${workspace.id}/contacts/${contactId}`);
  await page.getByRole('button', { name: 'Charge now' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount').fill(amount);
  return sheet;
}

async function review(sheet: Locator, card?: RegExp) {
  if (card) await sheet.getByRole('radio', { name: card }).check();
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).waitFor();
}

async function paymentsOf(of: JourneyWorkspace, contactId: string): Promise<Payment[]> {
  return (await of.api<{ data: Payment[] }>('GET', `/v1/payments?contact=${contactId}`)).data;
}

function mainOf(one: Page): Locator {
  return one.getByRole('main');
}

test('a declined card is followed by another saved card with one click, and the failed charge is settled with it', async () => {
  const { id } = await workspace.contact('Dina Declined', 'declined_insufficient_funds', 'approved_mastercard');
  const sheet = await beginCharge(id, '75');
  await review(sheet, /9995/);
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  const alert = sheet.getByRole('alert');
  await alert.getByText('$75.00 was not paid').waitFor();
  await alert.getByText(/Insufficient funds/).waitFor();
  await expectAccessible(page);
  // What would be sent to the customer is one click away.
  await sheet.getByRole('button', { name: /Ask for a new card/ }).waitFor();
  await sheet.getByRole('button', { name: /4444/ }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Dina Declined paid $75.00').waitFor();
  await sheet.getByRole('button', { name: 'Done' }).click();
  await mainOf(page).getByText('$75.00').first().waitFor();
  await expectAccessible(page);
  const payments = await paymentsOf(workspace, id);
  expect(payments.map(({ status, needs_action }) => [status, needs_action])).toEqual([
    ['settled', false],
    ['declined', false],
  ]);
  expect(payments[0]?.retry_of).toBe(payments[1]?.id);
});

test('a confirmation that is reloaded and then pressed twice is one charge', async () => {
  const { id } = await workspace.contact('Dora Double', 'approved');
  const sheet = await beginCharge(id, '31');
  await review(sheet);
  await page.reload();
  await page.getByRole('button', { name: 'Charge now' }).click();
  await sheet.getByText('Charge Dora Double $31.00 on Visa ·· 4242').waitFor();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).dblclick();
  await sheet.getByText('Dora Double paid $31.00').waitFor();
  expect(await paymentsOf(workspace, id)).toHaveLength(1);
});

test('reloaded in the middle of a charge, the page takes it up again and it is one charge', async () => {
  const { id } = await workspace.contact('Rita Reload', 'approved');
  const sheet = await beginCharge(id, '44');
  await review(sheet);
  // The server takes the request, and its answer does not come before the page is reloaded.
  let tellReached = () => {};
  const reached = new Promise<void>((resolve) => {
    tellReached = resolve;
  });
  await page.route('**/charges', async (route) => {
    await route.fetch();
    tellReached();
  });
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await reached;
  await page.reload();
  await page.unroute('**/charges');
  const again = page.getByRole('dialog');
  await again.getByText('Rita Reload paid $44.00').waitFor();
  expect(await paymentsOf(workspace, id)).toHaveLength(1);
});

test('a charge whose answer was lost resolves before one’s eyes and is not made twice', async () => {
  const { id } = await workspace.contact('Una Unknown', 'timeout_after_success');
  const sheet = await beginCharge(id, '52');
  await review(sheet);
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText(/nothing will be charged twice/i).waitFor();
  await expectAccessible(page);
  await sheet.getByText('Una Unknown paid $52.00').waitFor();
  expect((await paymentsOf(workspace, id)).map(({ status }) => status)).toEqual(['settled']);
});

test('a charge that the bank wants confirmed is confirmed by the customer on a page of their own', async () => {
  const { id } = await workspace.contact('Nora Needed', 'authentication_required');
  const sheet = await beginCharge(id, '63');
  await review(sheet);
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  const address = await sheet.getByText(/sandbox-gateway\/confirm/).textContent();
  await expectAccessible(page);
  const customer = await journey.open();
  await customer.goto(address ?? '');
  await expectSeen(customer, '$63.00');
  await expectAccessible(customer);
  await customer.getByRole('button', { name: 'Confirm' }).click();
  await customer.getByRole('status').waitFor();
  await customer.context().close();
  await sheet.getByText('Nora Needed paid $63.00').waitFor();
});

test('the same amount again within minutes is asked about first', async () => {
  const { id } = await workspace.contact('Sam Again', 'approved');
  for (const round of [1, 2]) {
    const sheet = await beginCharge(id, '19');
    await review(sheet);
    await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
    if (round === 2) {
      await sheet.getByText(/The same was charged a moment ago/).waitFor();
      await expectAccessible(page);
      expect(await paymentsOf(workspace, id)).toHaveLength(1);
      await sheet.getByRole('button', { name: 'Charge again' }).click();
    }
    await sheet.getByText('Sam Again paid $19.00').waitFor();
  }
  expect(await paymentsOf(workspace, id)).toHaveLength(2);
});
