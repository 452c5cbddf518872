import type { Locator, Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type { Payment } from '../../src/payments/api.ts';
import { expectAccessible, expectSeen, PATIENCE_MS, startJourney } from '../setup/journey.ts';
import { readPdf } from '../setup/pdf.ts';

vi.setConfig({ testTimeout: 120_000 });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');
const base = `${journey.address}/w/${workspace.id}`;
const page = await workspace.signIn();

const openContact = (one: Page, id: string) => one.goto(`${base}/contacts/${id}`);
const paymentsOf = async (contactId: string) =>
  (await workspace.api<{ data: Payment[] }>('GET', `/v1/payments?contact=${contactId}`)).data;
const chargeOf = async (contact: { id: string; cards: { id: string }[] }, amountMinor: number) =>
  workspace.api<Payment>('POST', `/v1/contacts/${contact.id}/charges`, {
    amount_minor: amountMinor,
    currency: 'USD',
    payment_method_id: contact.cards[0]!.id,
    description: 'Consultation',
  });
/** Waits: while the page does not know yet what somebody may do, it shows everything. */
const expectNone = (locator: Locator, name: string | RegExp = '') =>
  expect.poll(() => locator.count(), { timeout: PATIENCE_MS, message: String(name) }).toBe(0);
/** The sheet of the contact's page as it stands at its confirmation. */
async function atConfirmation(one: Page, contactId: string, amount: string): Promise<Locator> {
  await openContact(one, contactId);
  await one.getByRole('button', { name: 'Charge now' }).click();
  const sheet = one.getByRole('dialog');
  await sheet.getByLabel('Amount').fill(amount);
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).waitFor();
  return sheet;
}

test('a confirmation that stands in two tabs and is pressed in both is one charge, and both show it', async () => {
  const { id } = await workspace.contact('Tilda Twotabs', 'approved');
  const sheet = await atConfirmation(page, id, '38');
  const opening = page.waitForEvent('popup');
  await page.evaluate('void window.open(location.href)');
  const second = await opening;
  await second.getByRole('button', { name: 'Charge now' }).click();
  const secondSheet = second.getByRole('dialog');
  await secondSheet.getByText('Charge Tilda Twotabs $38.00 on Visa ·· 4242').waitFor();
  await Promise.all([
    sheet.getByRole('button', { name: 'Confirm & charge' }).click(),
    secondSheet.getByRole('button', { name: 'Confirm & charge' }).click(),
  ]);
  await Promise.all([sheet, secondSheet].map((one) => one.getByText('Tilda Twotabs paid $38.00').waitFor()));
  expect(await paymentsOf(id)).toHaveLength(1);
  await second.close();
});

test('a charge begun anew in another tab is asked about, because the same was charged a moment ago', async () => {
  const { id } = await workspace.contact('Nina Newtab', 'approved');
  const sheet = await atConfirmation(page, id, '41');
  const other = await page.context().newPage();
  const otherSheet = await atConfirmation(other, id, '41');
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Nina Newtab paid $41.00').waitFor();
  await otherSheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await otherSheet.getByText(/The same was charged a moment ago/).waitFor();
  expect(await paymentsOf(id)).toHaveLength(1);
  await other.close();
});

test('cash, a cheque and a transfer are recorded with their day and reference, stand in Transactions, and count', async () => {
  const { id } = await workspace.contact('Otto Offline');
  await openContact(page, id);
  for (const [how, amount, reference] of [
    ['Cash', '20', ''],
    ['Cheque', '30.50', '000123'],
    ['Bank transfer', '49.50', 'REF 77'],
  ] as const) {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Record a payment' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Amount received').fill(amount);
    await sheet.getByRole('combobox', { name: 'How' }).click();
    await page.getByRole('option', { name: how }).click();
    await sheet.getByLabel('Received on').fill('2026-01-15');
    if (reference) await sheet.getByLabel(/reference|number/i).fill(reference);
    if (how === 'Cheque') await expectAccessible(page);
    await sheet.getByRole('button', { name: /^Record \$/ }).click();
    await sheet.waitFor({ state: 'detached' });
  }
  await page.getByRole('region', { name: 'Lifetime value' }).getByText('$100.00').first().waitFor();
  expect((await paymentsOf(id)).map((one) => [one.method.kind, one.amount_minor, one.reference])).toEqual([
    ['bank_transfer', 4950, 'REF 77'],
    ['cheque', 3050, '000123'],
    ['cash', 2000, null],
  ]);
  await page.goto(`${base}/payments/transactions?contact=${id}`);
  const rows = page.getByRole('grid').getByRole('row').filter({ hasText: 'Otto Offline' });
  await expect.poll(() => rows.count(), { timeout: PATIENCE_MS }).toBe(3);
  for (const words of ['Cash', 'Cheque', 'Bank transfer']) await rows.filter({ hasText: words }).waitFor();
});

test('an expired card is shown, says so, and cannot be chosen', async () => {
  const { id } = await workspace.contact('Erin Expired', 'expired', 'approved_mastercard');
  await openContact(page, id);
  await page.getByRole('button', { name: 'Charge now' }).click();
  const sheet = page.getByRole('dialog');
  const choices = sheet.getByRole('radio');
  await expect.poll(() => choices.count(), { timeout: PATIENCE_MS }).toBe(2);
  const expired = sheet.getByRole('radio', { disabled: true });
  expect(await expired.count()).toBe(1);
  await sheet
    .getByText(/Expired/)
    .first()
    .waitFor();
  expect(await sheet.getByRole('radio', { name: /4444/ }).isChecked()).toBe(true);
  await expectAccessible(page);
  await page.goto(`${base}/contacts/${id}/cards`);
  await expectSeen(page, /expired/i);
});

test('somebody who may only look sees the money, and finds nothing to charge, refund, export or change', async () => {
  const contact = await workspace.contact('Vera Viewed', 'approved');
  const payment = await chargeOf(contact, 6_200);
  const { link } = await workspace.api<{ link: string }>('POST', '/v1/invitations', {
    email: 'viewer@example.com',
    role: 'viewer',
  });
  const viewer = await journey.open();
  await viewer.goto(link);
  await viewer.getByLabel('Your name').fill('Vic Viewer');
  await viewer.getByLabel('Choose a password').fill('a long enough password');
  await viewer.getByRole('button', { name: 'Join' }).click();
  await viewer.waitForURL(/\/w\/wsp_/);

  await openContact(viewer, contact.id);
  await viewer.getByRole('region', { name: 'Lifetime value' }).getByText('$62.00').first().waitFor();
  await expectAccessible(viewer);
  for (const name of ['Charge now', /Add new card/, /Add note/]) {
    await expectNone(viewer.getByRole('button', { name }), name);
  }
  await viewer.getByRole('button', { name: 'More' }).click();
  await viewer.getByRole('menuitem', { name: 'Copy id' }).waitFor();
  for (const name of [/^Edit/, /Record a payment/, /Merge/, /Archive/]) {
    await expectNone(viewer.getByRole('menuitem', { name }), name);
  }
  await viewer.keyboard.press('Escape');
  await viewer.keyboard.press('c');
  expect(await viewer.getByRole('dialog').count()).toBe(0);

  await viewer.goto(`${base}/contacts`);
  await viewer.getByRole('grid').getByText('Vera Viewed').first().waitFor();
  for (const name of [/Export/, /New contact/]) {
    await expectNone(viewer.getByRole('button', { name }), name);
  }
  await viewer.goto(`${base}/payments/transactions`);
  await viewer.getByRole('grid').getByText('Vera Viewed').first().waitFor();
  await expectNone(viewer.getByRole('button', { name: /Export/ }));
  await viewer.goto(`${base}/payments/transactions/${payment.id}`);
  await expectSeen(viewer, '$62.00');
  await expectNone(viewer.getByRole('button', { name: 'Refund' }));
  await viewer.goto(`${base}/settings/labs`);
  await expect
    .poll(() => viewer.getByRole('switch', { name: 'Charge Customers Directly' }).isDisabled(), {
      timeout: PATIENCE_MS,
    })
    .toBe(true);
  await expectAccessible(viewer);

  // What the screens leave out the server refuses as well.
  const asViewer = { 'counterfoil-client': 'web', 'counterfoil-workspace': workspace.id };
  const ask = (method: string, path: string, data?: unknown) =>
    viewer.context().request.fetch(journey.address + path, {
      method,
      headers: { ...asViewer, 'idempotency-key': crypto.randomUUID() },
      ...(data === undefined ? {} : { data }),
    });
  const charge = { amount_minor: 100, currency: 'USD', payment_method_id: contact.cards[0]!.id, description: '' };
  for (const [method, path, data] of [
    ['POST', `/v1/contacts/${contact.id}/charges`, charge],
    ['POST', `/v1/payments/${payment.id}/refunds`, { amount_minor: 100, reason: 'requested_by_customer' }],
    ['GET', '/v1/exports/transactions.csv', undefined],
    ['PUT', '/v1/switches/payments_and_ltv', { enabled: false }],
    ['PATCH', `/v1/contacts/${contact.id}`, { name: 'Somebody else' }],
  ] as const) {
    const answer = await ask(method, path, data);
    expect([path, answer.status(), (await answer.json()).code]).toEqual([path, 403, 'right_missing']);
  }
  expect((await ask('GET', `/v1/payments/${payment.id}`)).status()).toBe(200);
  await viewer.context().close();
});

test('two contacts that are one person are merged and are worth the sum; parted again, each has its own', async () => {
  const kept = await workspace.contact('Meg Merged', 'approved');
  const double = await workspace.contact('Megan Merged', 'approved_mastercard');
  await chargeOf(kept, 1_100);
  await chargeOf(double, 2_200);
  const worth = page.getByRole('region', { name: 'Lifetime value' });
  await openContact(page, kept.id);
  await worth.getByText('$11.00').first().waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Merge a duplicate' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Which contact is the same person?').fill('Megan');
  await sheet.getByRole('radio', { name: /Megan Merged/ }).check();
  await sheet.getByRole('region', { name: 'What will happen' }).getByText('$33.00').waitFor();
  await expectAccessible(page);
  await sheet.getByRole('button', { name: 'Merge' }).click();
  await sheet.waitFor({ state: 'detached' });
  await worth.getByText('$33.00').first().waitFor();
  await page
    .getByRole('link', { name: 'Cards' })
    .or(page.getByRole('tab', { name: 'Cards' }))
    .first()
    .click();
  await expectSeen(page, /4242/);
  await expectSeen(page, /4444/);

  await page.goto(`${base}/contacts/${kept.id}/details`);
  await page.getByRole('button', { name: 'Part again' }).click();
  await worth.getByText('$11.00').first().waitFor();
  await openContact(page, double.id);
  await worth.getByText('$22.00').first().waitFor();
});

test('a smart list follows payments as they post', async () => {
  const nearly = await workspace.contact('Nell Nearly', 'approved');
  await chargeOf(nearly, 40_000);
  await page.goto(`${base}/contacts/lists/new`);
  await page.getByLabel('Name').fill('Worth five hundred');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('menuitem', { name: 'Lifetime value' }).click();
  await page.getByLabel('At least').fill('500');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expectSeen(page, '0 contacts fit now');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create list' }).click();
  await page.waitForURL(/list=/);
  const tab = page
    .getByRole('navigation', { name: 'Lists of contacts' })
    .getByRole('link', { name: /Worth five hundred/ });
  await expect.poll(() => tab.textContent(), { timeout: PATIENCE_MS }).toBe('Worth five hundred0');

  const payment = await chargeOf(nearly, 10_000);
  await page.reload();
  await expect.poll(() => tab.textContent(), { timeout: PATIENCE_MS }).toBe('Worth five hundred1');
  await page.getByRole('grid').getByText('Nell Nearly').waitFor();
  await workspace.api('POST', `/v1/payments/${payment.id}/refunds`, { amount_minor: 1, reason: 'other' });
  await page.reload();
  await expect.poll(() => tab.textContent(), { timeout: PATIENCE_MS }).toBe('Worth five hundred0');
});

test('a sandbox says TEST on its pages, its receipts and its exports; a live workspace says it nowhere and has no sandbox', async () => {
  const live = await journey.workspace('Quay Studio', 'live');
  const { id } = await live.contact('Lena Live');
  const cash = {
    amount_minor: 5_000,
    currency: 'USD',
    method_kind: 'cash',
    received_on: '2026-01-15',
    reference: '',
    description: '',
  };
  const livePayment = await live.api<Payment>('POST', `/v1/contacts/${id}/offline-payments`, cash);
  const testContact = await workspace.contact('Tess Test');
  const testPayment = await workspace.api<Payment>('POST', `/v1/contacts/${testContact.id}/offline-payments`, cash);

  const livePage = await live.signIn();
  const liveBase = `${journey.address}/w/${live.id}`;
  for (const [one, address, marks] of [
    [page, base, true],
    [livePage, liveBase, false],
  ] as const) {
    const [contactId, paymentId] = marks ? [testContact.id, testPayment.id] : [id, livePayment.id];
    for (const path of [
      '',
      '/contacts',
      `/contacts/${contactId}`,
      '/payments/transactions',
      `/payments/transactions/${paymentId}`,
      '/settings',
    ]) {
      await one.goto(address + path);
      await one.getByRole('heading', { level: 1 }).first().waitFor();
      await expect.poll(() => one.locator('[aria-busy=true]').count(), { timeout: PATIENCE_MS }).toBe(0);
      const seen = await one.getByText('TEST', { exact: true }).filter({ visible: true }).count();
      expect([path, seen > 0]).toEqual([path, marks]);
    }
  }
  expect(await livePage.getByRole('link', { name: 'Sandbox' }).count()).toBe(0);
  await livePage.goto(liveBase);
  expect(await livePage.getByRole('button', { name: /sample business/ }).count()).toBe(0);
  await expect(live.api('POST', `/v1/contacts/${id}/sandbox-methods`, { test_method: 'approved' })).rejects.toThrow(
    /: 4\d\d /,
  );

  for (const list of ['contacts', 'payments/transactions']) {
    await page.goto(`${base}/${list}`);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^TEST-(contacts|transactions)-[-\d]+\.csv$/);
  }
  for (const [of, payment, marks] of [
    [workspace, testPayment, true],
    [live, livePayment, false],
  ] as const) {
    expect(readPdf(await of.file(`/v1/payments/${payment.id}/receipt.pdf`)).text.includes('TEST')).toBe(marks);
    expect((await of.file('/v1/exports/transactions.csv')).includes('TEST')).toBe(marks);
    expect((await of.file('/v1/exports/contacts.csv')).includes('TEST,')).toBe(marks);
  }
  await livePage.context().close();
});
