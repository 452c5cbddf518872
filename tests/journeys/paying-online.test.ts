import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import type { Invoice } from '../../src/invoices/api.ts';
import { expectSeen, startJourney } from '../setup/journey.ts';
import { JOURNEY_MS, look } from '../setup/look.ts';

vi.setConfig({ testTimeout: JOURNEY_MS });
const journey = await startJourney();
const workspace = await journey.workspace('Harbour Studio');
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function documentFor(contactId: string, kind: 'invoice' | 'quote') {
  const document = await workspace.api<Invoice>('POST', '/v1/invoices', {
    kind,
    contact_id: contactId,
    lines: [
      { name: 'Consultation about the new shop by the harbour', quantity: '2', unit_price: '80.00' },
      { name: 'Travel', unit_price: '40' },
    ],
    issue: true,
  });
  return { document, link: await journey.documentLink(workspace, document.id) };
}
const read = (id: string) => workspace.api<Invoice>('GET', `/v1/invoices/${id}`);

async function giveCard(customer: Page, testMethod: RegExp) {
  await customer.getByLabel('I agree').check();
  await customer.getByRole('button', { name: 'Use a new card' }).click();
  const form = customer.frameLocator('iframe[title="Your card"]');
  await form.getByLabel(testMethod).check();
  await form.getByRole('button', { name: 'Save this card' }).click();
  await customer.frameLocator('iframe.progress').getByRole('link', { name: 'Continue' }).click();
}

test('on a telephone, a customer pays a part by card, is declined, and pays the rest with another card', async () => {
  const contact = await workspace.contact('Petra Phone');
  const { document, link } = await documentFor(contact.id, 'invoice');
  const customer = await journey.open(PHONE);
  await customer.goto(link);
  await expectSeen(customer, 'Still to pay: $200.00');
  await look(customer, 'pay-page');
  expect(await customer.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);

  await giveCard(customer, /^Approved$|Approved \(second card\)/);
  await customer.getByLabel('Amount (USD)').fill('50');
  await look(customer, 'pay-part');
  await customer.getByRole('button', { name: 'Pay', exact: true }).click();
  await expectSeen(customer, '$50.00 is paid to Harbour Studio.');
  await look(customer, 'pay-done');
  expect(await customer.getByRole('link', { name: 'Receipt' }).getAttribute('href')).toMatch(/receipt\.pdf$/);
  await customer.goBack();
  await customer.goForward();
  await customer.getByRole('link', { name: 'Back' }).click();
  await expectSeen(customer, 'Still to pay: $150.00');

  await customer.getByText('Use a new card').first().click();
  await giveCard(customer, /insufficient funds/i);
  const methods = customer.getByLabel('Pay with');
  const declined = await methods.locator('option').evaluateAll((all) => all.map((one) => one.textContent));
  expect(declined).toHaveLength(2);
  const bad = declined.findIndex((label) => !label?.includes('4444'));
  await methods.selectOption({ index: bad });
  await customer.getByRole('button', { name: 'Pay', exact: true }).click();
  await expectSeen(customer, 'Nothing was charged.');
  await look(customer, 'pay-declined');
  await customer.getByRole('link', { name: 'Back' }).click();
  await customer.getByLabel('Pay with').selectOption({ index: 1 - bad });
  await customer.getByRole('button', { name: 'Pay', exact: true }).click();
  await expectSeen(customer, '$150.00 is paid to Harbour Studio.');
  await customer.getByRole('link', { name: 'Back' }).click();
  await expectSeen(customer, 'Paid. Thank you.');
  await look(customer, 'pay-page-paid');
  expect(await read(document.id)).toMatchObject({ status: 'paid', paid_minor: 20_000 });
  await customer.context().close();
});

test('a quote is accepted, becomes an invoice, is paid in part by card and the rest by transfer, and has its receipt', async () => {
  const contact = await workspace.contact('Quinn Quoted');
  const quote = await documentFor(contact.id, 'quote');
  const customer = await journey.open(PHONE);
  await customer.goto(quote.link);
  await customer.getByLabel('Your name').fill('Quinn');
  await customer.getByRole('button', { name: 'Accept' }).click();
  await expectSeen(customer, 'Accepted by Quinn.');

  const staff = await workspace.signIn();
  const sheet = staff.getByRole('dialog');
  await staff.goto(`${journey.address}/w/${workspace.id}/payments/invoices/${quote.document.id}`);
  await staff.getByRole('button', { name: 'Make invoice' }).click();
  await staff.getByRole('button', { name: 'Issue invoice' }).click();
  await sheet.getByRole('button', { name: 'Issue invoice' }).click();
  await staff.getByRole('heading', { name: /^Invoice INV-/ }).waitFor();
  await staff.getByRole('button', { name: 'Send', exact: true }).click();
  await sheet.getByRole('button', { name: 'Send to Quinn Quoted' }).click();
  await expectSeen(staff, 'is on its way to quinn.quoted@example.com');
  const { followed_by } = await read(quote.document.id);
  expect(followed_by).toHaveLength(1);
  const invoice = followed_by[0]!.id;

  await customer.goto(await journey.documentLink(workspace, invoice));
  await giveCard(customer, /^Approved$|Approved \(second card\)/);
  await customer.getByLabel('Amount (USD)').fill('80');
  await customer.getByRole('button', { name: 'Pay', exact: true }).click();
  await expectSeen(customer, '$80.00 is paid to Harbour Studio.');
  const saved = await customer
    .context()
    .request.get(
      (await customer.getByRole('link', { name: 'Receipt' }).getAttribute('href'))!.replace(
        /^\//,
        `${journey.address}/`,
      ),
    );
  expect([saved.status(), (await saved.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-']);

  // The rest came to the bank; who sees the statement records it.
  await staff.reload();
  await expectSeen(staff, 'Partly paid');
  await staff.getByRole('button', { name: 'Record payment' }).click();
  await sheet.getByRole('button', { name: 'Record $120.00' }).click();
  await expectSeen(staff, 'Everything is paid.');
  expect(await read(invoice)).toMatchObject({ status: 'paid', paid_minor: 20_000, open_minor: 0 });
  await customer.goto(await journey.documentLink(workspace, invoice));
  await expectSeen(customer, 'Paid. Thank you.');
  await staff
    .getByRole('link', { name: /\$120\.00/ })
    .or(staff.getByRole('link', { name: 'Receipt' }))
    .first()
    .waitFor();
  await look(staff, 'quote-to-paid');
  await staff.context().close();
  await customer.context().close();
});

test('a quote is accepted on its page; a promise and an objection reach the contact’s timeline', async () => {
  const contact = await workspace.contact('Quentin Quote');
  const customer = await journey.open({ ...PHONE, colorScheme: 'dark' });
  const quote = await documentFor(contact.id, 'quote');
  await customer.goto(quote.link);
  await look(customer, 'quote-page');
  await customer.getByLabel('Your name').fill('Quentin');
  await customer.getByRole('button', { name: 'Accept' }).click();
  await expectSeen(customer, 'Accepted by Quentin.');
  expect((await read(quote.document.id)).status).toBe('accepted');

  const invoice = await documentFor(contact.id, 'invoice');
  await customer.goto(invoice.link);
  await customer.getByText('Say when you will pay').click();
  const day = new Date(Date.parse(invoice.document.issued_on!) + 5 * 86_400_000).toISOString().slice(0, 10);
  await customer.getByLabel('Day').fill(day);
  await customer.getByRole('button', { name: 'Send' }).first().click();
  await expectSeen(customer, 'You said you will pay on');
  await customer.getByText('Something is wrong').click();
  await look(customer, 'quote-answered');
  await customer.getByLabel('What is wrong?').fill('Travel was not agreed.');
  await customer.getByLabel('Which line?').selectOption({ index: 2 });
  await customer.getByRole('button', { name: 'Send' }).last().click();
  await expectSeen(customer, 'You said that something is wrong.');
  await customer.context().close();

  const staff = await workspace.signIn();
  await staff.goto(`${journey.address}/w/${workspace.id}/contacts/${contact.id}`);
  await expectSeen(staff, 'Line 2 (Travel): Travel was not agreed.');
  await expectSeen(staff, `will be paid on ${day}`);
  expect(await read(invoice.document.id)).toMatchObject({ status: 'disputed', promised_on: day });
  await staff.context().close();
});
