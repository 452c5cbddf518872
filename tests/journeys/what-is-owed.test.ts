import { expect, test, vi } from 'vitest';
import { pause } from '../../src/foundation/clock.ts';
import type { Invoice, InvoiceRowAnswer } from '../../src/invoices/api.ts';
import { SMALL_FILES } from '../setup/files.ts';
import { expectSeen, type JourneyWorkspace, PATIENCE_MS, startJourney } from '../setup/journey.ts';
import { JOURNEY_MS, look } from '../setup/look.ts';

vi.setConfig({ testTimeout: JOURNEY_MS });
const journey = await startJourney();
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DAY_S = 86_400;

const pass = (workspace: JourneyWorkspace, days: number) =>
  workspace.api('PUT', '/v1/sandbox/clock', { advance_seconds: days * DAY_S });
const NET_14 = { due: { kind: 'net', days: 14 }, early_discount: null, shift: 'none' };
const issue = (workspace: JourneyWorkspace, contact: { id: string }, unit_price: string) =>
  workspace.api<Invoice>('POST', '/v1/invoices', {
    ...{ contact_id: contact.id, lines: [{ name: 'Consultation', unit_price }], issue: true, terms: NET_14 },
  });

test('who owes how much since when, today and on a day of the past; each line opens its invoices', async () => {
  const workspace = await journey.workspace('Ageing House');
  const [ada, otto] = [await workspace.contact('Ada Early'), await workspace.contact('Otto Overdue')];
  const first = await issue(workspace, otto, '250');
  await pass(workspace, 50);
  await issue(workspace, ada, '100');
  const { today } = await workspace.api<{ today: string }>('GET', '/v1/home');
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;
  await page.goto(at('payments/ageing'));
  const row = (name: RegExp) => page.getByRole('row', { name });
  await row(/Otto Overdue/).waitFor();
  await expectSeen(page, /Receivables account on .*\$350\.00 — agrees/);
  expect(await row(/Otto Overdue/).textContent()).toContain('$250.00');
  await look(page, 'ageing');

  // Before Ada was billed and while nothing was late.
  const past = new Date(Date.parse(today) - 45 * DAY_S * 1_000).toISOString().slice(0, 10);
  await page.getByLabel('At the end of').fill(past);
  await expectSeen(page, /Receivables account on .*\$250\.00 — agrees/);
  expect(await row(/Ada Early/).count()).toBe(0);
  await look(page, 'ageing-past');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  expect((await saved).suggestedFilename()).toMatch(/ageing.*\.csv$/);

  await page.goto(at('payments/ageing'));
  await row(/Otto Overdue/)
    .getByRole('link')
    .first()
    .click();
  await row(new RegExp(first.number!)).waitFor();
  expect(await page.getByRole('row', { name: /INV-/ }).count()).toBe(1);

  const phone = await workspace.signIn(PHONE);
  await phone.goto(at('payments/ageing'));
  await expectSeen(phone, 'Otto Overdue');
  await look(phone, 'phone-ageing');
  expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('a recurring invoice whose card declines says why, another card pays it, and the next one goes by itself again', async () => {
  const workspace = await journey.workspace('Retainer House');
  const contact = await workspace.contact('Rita Retainer', 'declined_expired_card', 'approved_mastercard');
  const [failing, other] = contact.cards;
  const agree = (payment_method_id: string) =>
    workspace.api('PATCH', `/v1/contacts/${contact.id}/billing`, {
      auto_charge: { payment_method_id, consent_channel: 'phone' },
    });
  await agree(failing!.id);
  const { today } = await workspace.api<{ today: string }>('GET', '/v1/home');
  const schedule = await workspace.api<{ id: string }>('POST', '/v1/recurring-invoices', {
    ...{ contact_id: contact.id, name: 'Retainer', auto_charge: true },
    schedule: { unit: 'month', starts_on: today },
    lines: [{ name: 'Retainer', unit_price: '75' }],
    terms: { due: { kind: 'immediate' }, early_discount: null, shift: 'none' },
  });
  const invoices = async () =>
    (await workspace.api<{ data: InvoiceRowAnswer[] }>('GET', `/v1/invoices?kind=invoice&contact=${contact.id}`)).data;
  // The clock of the sandbox moves: what is due by then is made and charged.
  await pass(workspace, 0.01);
  await expect.poll(async () => (await invoices()).length, { timeout: PATIENCE_MS }).toBe(1);
  const [made] = await invoices();
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;
  await expect
    .poll(
      async () => {
        await pass(workspace, 1 / 1_440);
        return (await workspace.api<{ data: object[] }>('GET', `/v1/payments?contact=${contact.id}`)).data.length;
      },
      { timeout: PATIENCE_MS },
    )
    .toBe(1);

  await page.goto(at(`payments/invoices/${made!.id}`));
  await expectSeen(page, /Not tried again/);
  await expectSeen(page, /As soon as they agree to another card/);
  await look(page, 'recurring-declined');
  // The customer was told of it.
  const mails = await workspace.api<{ data: { to: string; kind: string }[] }>('GET', '/v1/messages');
  expect(mails.data.map(({ to, kind }) => [to, kind])).toContainEqual(['rita.retainer@example.com', 'charge_failed']);

  // On the phone she gives the other card: it is charged now, and agreed to for what comes.
  await page.getByRole('button', { name: 'Charge card' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: /Mastercard/ }).check();
  await look(page, 'recurring-other-card');
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Rita Retainer paid $75.00').waitFor();
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expectSeen(page, 'Everything is paid.');
  await agree(other!.id);
  await pass(workspace, 32);
  await expect
    .poll(async () => (await invoices()).map(({ status }) => status), { timeout: PATIENCE_MS })
    .toEqual(['paid', 'paid']);
  await page.goto(at(`contacts/${contact.id}`));
  await expectSeen(page, '$150.00');
  await look(page, 'recurring-paid');

  // From today on it costs more: the days that are left are credited as they were billed, and billed anew.
  await page.goto(at(`payments/recurring/${schedule.id}`));
  await page.getByRole('button', { name: 'Edit' }).click();
  await sheet.getByLabel('Unit price').fill('105');
  await sheet.getByRole('radio', { name: /^from today on/ }).check();
  await sheet.getByText('More to pay').waitFor();
  const [credited, billed, more] = await sheet.locator('dd').allTextContents();
  await look(page, 'recurring-edit');
  await sheet.getByRole('button', { name: 'Save the change' }).click();
  await expectSeen(page, 'The schedule is changed');
  const totals = async (kind: string) =>
    (
      await workspace.api<{ data: InvoiceRowAnswer[] }>('GET', `/v1/invoices?kind=${kind}&contact=${contact.id}`)
    ).data.map(({ total_minor }) => total_minor);
  const minor = (text = '') => Math.round(Number(text.replace(/[^\d.]/g, '')) * 100);
  expect([await totals('credit_note'), (await totals('invoice'))[0]]).toEqual([[minor(credited)], minor(billed)]);
  expect(minor(more)).toBe(minor(billed) - minor(credited));
  expect(minor(billed)).toBeGreaterThan(minor(credited));
  // A file that goes with every invoice from now on, and an end.
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'House rules.pdf', mimeType: '', buffer: SMALL_FILES.pdf });
  await page.getByRole('button', { name: 'Take House rules.pdf away' }).waitFor();
  await page.getByRole('button', { name: 'Edit' }).click();
  await sheet.getByRole('combobox', { name: 'Ends' }).click();
  await page.getByRole('option', { name: 'After a number of invoices' }).click();
  await sheet.getByLabel('Invoices in all').fill('3');
  await sheet.getByRole('button', { name: 'Save the change' }).click();
  await expectSeen(page, 'after 3 invoices');
  await look(page, 'recurring-page');
});

test('money is put to the invoice it was received for, though what is open comes late, or not at first, and is much', async () => {
  const workspace = await journey.workspace('Patient House');
  const many = await workspace.contact('Mona Many');
  const oldest = await issue(workspace, many, '100');
  await pass(workspace, 1);
  // More than one answer of the list holds, which begins with what is newest.
  for (let made = 0; made < 210; made += 30) {
    await Promise.all(Array.from({ length: 30 }, () => issue(workspace, many, '1')));
  }
  const page = await workspace.signIn();
  let asked = 0;
  await page.route(/\/v1\/invoices\?.*status=outstanding/, async (route) => {
    asked += 1;
    await pause(600);
    await (asked === 1 ? route.fulfill({ status: 500 }) : route.continue());
  });
  await page.goto(`${journey.address}/w/${workspace.id}/payments/invoices/${oldest.id}`);
  await page.getByRole('button', { name: 'Record payment' }).click();
  const sheet = page.getByRole('dialog');
  const record = sheet.getByRole('button', { name: 'Record $100.00' });
  await record.waitFor();
  expect(await record.isDisabled()).toBe(true);
  await expectSeen(page, 'What is open could not be read');
  await look(page, 'record-unread');
  await sheet.getByLabel('Amount received').press('Enter');
  await sheet.getByRole('button', { name: 'Retry' }).click();
  await sheet.getByLabel('Amount received').press('Enter');
  await sheet.getByRole('button', { name: /^Show \d+ more$/ }).waitFor();
  expect(await sheet.getByLabel(`To ${oldest.number}`).inputValue()).toBe('100.00');
  await look(page, 'record-many');
  await record.click();
  await expectSeen(page, 'Everything is paid.');
  expect(await workspace.api<Invoice>('GET', `/v1/invoices/${oldest.id}`)).toMatchObject({
    ...{ status: 'paid', paid_minor: 10_000, open_minor: 0 },
  });
  const { data } = await workspace.api<{ data: unknown[] }>('GET', `/v1/payments?contact=${many.id}`);
  expect(data).toHaveLength(1);
});
