import { expect, test, vi } from 'vitest';
import { pause } from '../../src/foundation/clock.ts';
import type { Invoice } from '../../src/invoices/api.ts';
import type { ContactAccount } from '../../src/payments/api-account.ts';
import { SMALL_FILES } from '../setup/files.ts';
import { expectSeen, type JourneyWorkspace, PATIENCE_MS, startJourney } from '../setup/journey.ts';
import { JOURNEY_MS, look } from '../setup/look.ts';
import { mailServer } from '../setup/mail-server.ts';

vi.setConfig({ testTimeout: JOURNEY_MS });
const journey = await startJourney();
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const issue = (workspace: JourneyWorkspace, contact: { id: string }, amount: string, more: object = {}) =>
  workspace.api<Invoice>('POST', '/v1/invoices', {
    contact_id: contact.id,
    lines: [{ name: 'Consultation', unit_price: amount }],
    issue: true,
    ...more,
  });
const read = (workspace: JourneyWorkspace, id: string) => workspace.api<Invoice>('GET', `/v1/invoices/${id}`);

test('terms are made with a preview, an invoice is written, issued, charged in part, and the rest is recorded as a transfer', async () => {
  const workspace = await journey.workspace('Harbour Studio');
  const contact = await workspace.contact('Ada Lovelace', 'approved');
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;
  // As in a browser with a window; this one has none and says that it shows no PDFs.
  await page.addInitScript('Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { get: () => true })');

  // What is about to be clicked is not pushed away by what comes late.
  await page.route('**/v1/payment-terms', async (route) => {
    await pause(400);
    await route.continue();
  });
  await page.goto(at('settings/invoices'));
  const newTax = page.getByRole('button', { name: 'New tax' });
  await newTax.waitFor();
  const place = await newTax.boundingBox();
  await page.waitForLoadState('networkidle');
  expect(await newTax.boundingBox()).toEqual(place);
  await page.unroute('**/v1/payment-terms');
  await newTax.click();
  await page.getByLabel('Name on documents').fill('VAT 20 %');
  await page.getByLabel('Rate, %').fill('20');
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill('VAT20');
  await look(page, 'settings-new-tax');
  await page.getByRole('button', { name: 'Add tax' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'New terms' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Two halves');
  await page.getByRole('combobox', { name: 'Due', exact: true }).click();
  await page.getByRole('option', { name: 'In instalments' }).click();
  await expectSeen(page, 'An invoice of today would be');
  await page.getByLabel('The usual terms').check();
  await look(page, 'settings-new-terms');
  await page.getByRole('button', { name: 'Add terms' }).click();
  await expectSeen(page, 'Two halves');
  await look(page, 'settings-invoices');

  // Written from the contact, with the sums of the server's own functions beside it.
  await page.goto(at(`contacts/${contact.id}/invoices`));
  await expectSeen(page, 'No invoices yet');
  await look(page, 'contact-invoices-empty');

  // They agreed on the telephone that a card is charged on due dates.
  await page.getByRole('button', { name: 'Edit billing' }).click();
  const billing = page.getByRole('dialog');
  await billing.getByLabel('Charge invoices automatically on their due date').check();
  await billing.getByText('I agree that Harbour Studio charges my saved card').waitFor();
  await look(page, 'contact-billing');
  await billing.getByRole('button', { name: 'Save billing' }).click();
  await expectSeen(page, 'Visa ·· 4242 is charged by itself.');
  await look(page, 'contact-billing-agreed');
  await page.getByRole('link', { name: 'New invoice' }).first().click();
  await page.getByRole('combobox', { name: 'Line 1: item' }).fill('Painting');
  await page.getByLabel('Line 1: quantity').fill('2');
  await page.getByLabel(/Line 1: unit price/).fill('100');
  const sums = page.getByRole('complementary', { name: 'Sums' });
  await sums.getByText('$240.00').first().waitFor();
  await sums.getByText('$120.00').first().waitFor();
  expect(await page.getByLabel('Charge it by itself on its due date').isChecked()).toBe(true);
  // Files go with it; what may not go with a document is said before it is sent.
  const files = page.getByRole('region', { name: 'Files' });
  const choose = (name: string, content: string) =>
    files.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) });
  await choose('plan.html', '<p>');
  await files.getByText('Only these can go with a document').waitFor();
  await look(page, 'draft-file-refused');
  await choose('Plan.pdf', '%PDF-1.7 plan');
  await files.getByRole('button', { name: 'Take Plan.pdf away' }).waitFor();
  await choose('old.txt', 'old');
  await files.getByRole('button', { name: 'Take old.txt away' }).click();
  await expectSeen(page, 'old.txt is taken away');
  // The page as it will be stands beside the editor, comes anew with every change that is kept, and is remembered.
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  const shown = page.getByTitle('The draft as a PDF').last();
  await shown.waitFor();
  const before = await shown.getAttribute('src');
  await page.getByLabel('Their reference').fill('PO 77');
  await expect.poll(() => shown.getAttribute('src'), { timeout: 10_000 }).not.toBe(before);
  await look(page, 'draft-preview');
  await page.reload();
  await shown.waitFor();
  await page.getByRole('button', { name: 'Hide preview' }).click();
  await look(page, 'draft');
  await page.getByRole('button', { name: 'Issue invoice' }).click();
  await page.getByRole('dialog').getByText('$240.00').waitFor();
  await look(page, 'issue-dialog');
  await page.getByRole('dialog').getByRole('button', { name: 'Issue invoice' }).click();
  await page.getByRole('heading', { name: /^Invoice INV-/ }).waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Plan.pdf' }).click();
  expect((await saved).suggestedFilename()).toBe('Plan.pdf');
  await page.getByRole('region', { name: 'Charged by itself' }).getByText('with Visa ·· 4242').waitFor();
  await look(page, 'invoice-open');

  // The first half by card.
  await page.getByRole('button', { name: 'Charge card' }).click();
  const sheet = page.getByRole('dialog');
  await expect.poll(() => sheet.getByLabel('Amount').inputValue()).toBe('120.00');
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.getByText('Pays', { exact: true }).waitFor();
  await look(page, 'invoice-charge');
  await sheet.getByRole('button', { name: 'Confirm & charge' }).click();
  await sheet.getByText('Ada Lovelace paid $120.00').waitFor();
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expectSeen(page, 'Partly paid');
  await expectSeen(page, 'Paid with');
  await look(page, 'invoice-partly-paid');

  // The rest by transfer: the split is suggested.
  await page.getByRole('button', { name: 'Record payment' }).click();
  await sheet.getByText('Pays', { exact: true }).waitFor();
  await look(page, 'record-payment');
  await sheet.getByRole('button', { name: 'Record $120.00' }).click();
  await expectSeen(page, 'Everything is paid.');
  await look(page, 'invoice-paid');
  const [invoice] = (await workspace.api<{ data: { id: string }[] }>('GET', '/v1/invoices')).data;
  expect(await read(workspace, invoice!.id)).toMatchObject({ status: 'paid', paid_minor: 24_000, open_minor: 0 });
});

test('what is overpaid waits on account, is put to another invoice, and can be taken back', async () => {
  const workspace = await journey.workspace('Harbour Studio');
  const contact = await workspace.contact('Olga Overpaid');
  const first = await issue(workspace, contact, '50');
  const second = await issue(workspace, contact, '80');
  const page = await workspace.signIn();
  const at = (id: string) => `${journey.address}/w/${workspace.id}/payments/invoices/${id}`;
  await page.goto(at(first.id));
  await page.getByRole('button', { name: 'Record payment' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount received').fill('70');
  await sheet.getByLabel(`To ${second.number}`).fill('0');
  await sheet.getByText('stays on the customer’s account').waitFor();
  await look(page, 'record-overpaid');
  await sheet.getByRole('button', { name: 'Record $70.00' }).click();
  await expectSeen(page, 'Everything is paid.');
  const account = async () =>
    (await workspace.api<ContactAccount>('GET', `/v1/contacts/${contact.id}/account`)).data[0];
  expect(await account()).toMatchObject({ on_account_minor: 2_000, open_minor: 8_000 });

  await page.goto(at(second.id));
  await page.getByRole('button', { name: 'Pay from the account' }).click();
  await look(page, 'apply');
  await page.getByRole('dialog').getByRole('button', { name: 'Pay from the account' }).click();
  await expectSeen(page, 'Partly paid');
  expect(await read(workspace, second.id)).toMatchObject({ open_minor: 6_000, paid_minor: 2_000 });
  await page.getByRole('button', { name: 'Take back' }).click();
  await expectSeen(page, 'The money is on account again');
  expect(await account()).toMatchObject({ on_account_minor: 2_000, open_minor: 8_000 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectSeen(page, 'Partly paid');
  expect(await account()).toMatchObject({ on_account_minor: 0, open_minor: 6_000 });

  await page.goto(`${journey.address}/w/${workspace.id}/contacts/${contact.id}/invoices`);
  await expectSeen(page, 'too few to tell');
  await look(page, 'contact-invoices');

  // The same as a statement: 50 and 80 were charged, 70 was paid.
  await page.getByRole('button', { name: 'More' }).first().click();
  await page.getByRole('menuitem', { name: 'Statement of account' }).click();
  await sheet.getByText('3 entries').waitFor();
  expect(await sheet.locator('dd').allTextContents()).toEqual(['$0.00', '$60.00', '$60.00']);
  await look(page, 'statement-sheet');
  const saved = page.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Download' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^statement-\d{4}-01-01-\d{4}-\d\d-\d\d\.pdf$/);
  // By e-mail too, once; without a mail server it is kept in the outbox.
  await sheet.getByRole('button', { name: 'Send by e-mail' }).click();
  await look(page, 'statement-sending');
  await sheet.getByRole('button', { name: 'Send the statement' }).click();
  await expectSeen(page, 'The statement is on its way to');
  const { data: mails } = await workspace.api<{ data: { kind: string }[] }>('GET', '/v1/messages');
  expect(mails.filter(({ kind }) => kind === 'statement')).toHaveLength(1);
  await sheet.getByLabel('From').fill('2999-01-01');
  await sheet.getByText('Not after the last day.').waitFor();
  await page.keyboard.press('Escape');

  // A credit note is issued at once, with what goes with it.
  await page.goto(at(second.id));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Credit' }).click();
  await sheet.getByLabel('Reason').fill('Sent back');
  await sheet.locator('input[type=file]').setInputFiles({ name: 'Photo.png', mimeType: '', buffer: SMALL_FILES.png });
  await sheet.getByRole('button', { name: 'Take Photo.png away' }).waitFor();
  await look(page, 'credit-with-file');
  await sheet.getByRole('button', { name: /^Credit \$80.00/ }).click();
  await page.getByRole('heading', { name: /^Credit note / }).waitFor();
  await page.getByRole('button', { name: 'Photo.png' }).waitFor();
});

test('an invoice is made recurring, paused and resumed; its customer gets a page of their own and pays there', async () => {
  const workspace = await journey.workspace('Harbour Studio');
  const contact = await workspace.contact('Rosa Recurring', 'approved');
  const invoice = await issue(workspace, contact, '49');
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;
  await page.goto(at(`payments/invoices/${invoice.id}`));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Make recurring' }).click();
  await look(page, 'make-recurring');
  await page.getByRole('dialog').getByRole('button', { name: 'Make recurring' }).click();
  await page.getByRole('heading', { name: 'Consultation', level: 1 }).waitFor();
  await expectSeen(page, 'What comes next');
  await look(page, 'recurring');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expectSeen(page, 'Paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expectSeen(page, 'Active');
  await page.goto(at('payments/recurring'));
  await expectSeen(page, 'Rosa Recurring');
  await look(page, 'recurring-list');

  await page.goto(at(`contacts/${contact.id}`));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'The customer’s page' }).click();
  await page.getByRole('button', { name: 'Make a link to copy' }).click();
  await expectSeen(page, 'is not shown again');
  await look(page, 'customer-link');
  const { url } = await workspace.api<{ url: string }>('POST', `/v1/contacts/${contact.id}/customer-links`, {
    send: false,
  });
  const customer = await journey.open(PHONE);
  await customer.goto(url);
  await expectSeen(customer, invoice.number!);
  await look(customer, 'phone-customers-page');
  expect(await customer.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('an appointment is added and done, waits to be invoiced, and becomes a draft; what is thrown away waits again', async () => {
  const workspace = await journey.workspace('Work House');
  const contact = await workspace.contact('Wanda Work');
  const other = await workspace.contact('Otto Other');
  const { today } = await workspace.api<{ today: string }>('GET', '/v1/home');
  const day = (days: number) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;
  await page.goto(at('payments/to-invoice'));
  await expectSeen(page, 'Everything that is done is invoiced');

  await page.goto(at(`contacts/${contact.id}/work`));
  await expectSeen(page, 'No work yet');
  await look(page, 'work-empty');
  await page.getByRole('button', { name: 'Add appointment' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Title').fill('First consultation');
  await sheet.getByRole('combobox', { name: 'Line 1: item' }).fill('Consultation');
  await sheet.getByLabel('Line 1: quantity').fill('1.5');
  await sheet.getByLabel(/Line 1: unit price/).fill('80');
  await sheet.getByText('$120.00').first().waitFor();
  await look(page, 'work-sheet');
  await sheet.getByRole('button', { name: 'Add appointment' }).click();
  await sheet.waitFor({ state: 'detached' });
  await expectSeen(page, 'Planned');
  await page
    .getByRole('row', { name: /First consultation/ })
    .getByRole('button', { name: 'More' })
    .click();
  await page.getByRole('menuitem', { name: 'Mark done' }).click();
  await page.getByRole('button', { name: 'Invoice $120.00' }).waitFor();
  await look(page, 'work-done');

  const work = (title: string, contact_id: string, done_on: string, lines: object[]) =>
    workspace.api('POST', '/v1/work-items', { contact_id, title, done_on, lines });
  await work('Second sitting', contact.id, day(12), [{ name: 'Sitting', unit_price: '45' }]);
  await work('Kitchen', other.id, day(40), [{ name: 'Kitchen', unit_price: '900' }]);
  await work('Inspection', other.id, day(3), []);
  await page.goto(at('payments/to-invoice'));
  await expectSeen(page, 'oldest done 40 days ago');
  await page.getByRole('checkbox', { name: 'Choose Kitchen' }).check();
  // Another contact's work begins another choice.
  await page.getByRole('checkbox', { name: 'Choose Second sitting' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('checkbox', { name: 'Choose First consultation' }).check();
  expect(await page.getByRole('checkbox', { name: 'Choose Kitchen' }).isChecked()).toBe(false);
  await expectSeen(page, '2 chosen');
  await look(page, 'to-invoice');
  await page.getByRole('button', { name: 'Make invoice' }).click();
  await page.getByRole('heading', { name: 'Draft invoice' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Line 1: item' }).inputValue()).toBe('Sitting');
  expect(await page.getByRole('combobox', { name: 'Line 2: item' }).inputValue()).toBe('Consultation');
  await page.goto(at(`contacts/${contact.id}/work`));
  await expectSeen(page, 'On a draft');
  await page.goBack();
  await page.getByRole('button', { name: 'Throw away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click();
  await page.goto(at('payments/to-invoice'));
  await page.getByRole('button', { name: 'Invoice $165.00 to Wanda Work' }).waitFor();
  await page.goto(at(''));
  await page.getByRole('link', { name: /4 appointments and deals are done and not invoiced/ }).waitFor();
  await look(page, 'home-to-invoice');

  const phone = await workspace.signIn(PHONE);
  for (const [path, seen] of [
    ['payments/to-invoice', 'Otto Other'],
    [`contacts/${contact.id}/work`, 'Second sitting'],
  ] as const) {
    await phone.goto(at(path));
    await expectSeen(phone, seen);
    await look(phone, `phone-${path.split('/').pop()}`);
    expect(await phone.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
  }
  await phone.getByRole('button', { name: 'Add deal' }).click();
  await expectSeen(phone, 'To be billed');
  await look(phone, 'phone-work-sheet');
  expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('on a telephone the list, an invoice, the editor and the settings fit, and an invoice is sent', async () => {
  const workspace = await journey.workspace('Harbour Studio');
  const contact = await workspace.contact('Petra Phone', 'approved');
  const invoice = await issue(workspace, contact, '120.50');
  await workspace.api('POST', '/v1/invoices', { contact_id: contact.id, lines: [{ name: 'Later', unit_price: '10' }] });
  const page = await workspace.signIn(PHONE);
  const fits = async (path: string, seen: string, name: string) => {
    await page.goto(`${journey.address}/w/${workspace.id}/${path}`);
    await expectSeen(page, seen);
    await look(page, name);
    expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
  };
  await fits('payments/invoices', 'Petra Phone', 'phone-list');
  await fits('payments/invoices/draft', 'Subtotal', 'phone-editor');
  const draft = await issue(workspace, contact, '10', { issue: false, auto_charge: true });
  await page.goto(`${journey.address}/w/${workspace.id}/payments/invoices/draft?draft=${draft.id}`);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: `${'Long name '.repeat(8)}.pdf`, mimeType: '', buffer: Buffer.from('%PDF-1.7') });
  await page.getByRole('button', { name: /^Take Long name/ }).waitFor();
  await fits(`payments/invoices/draft?draft=${draft.id}`, 'Long name', 'phone-draft-files');
  await fits('settings/invoices', 'Payment terms', 'phone-settings');
  await fits(`contacts/${contact.id}/invoices`, 'Owed now', 'phone-contact');
  await fits(`payments/invoices/${invoice.id}`, '$120.50', 'phone-invoice');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await look(page, 'phone-send');
  await page.getByRole('button', { name: 'Send to Petra Phone' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expectSeen(page, /^E-mail:/);
  await look(page, 'phone-invoice-sent');
});

test('mail is set up against a real server, says its own words, and what becomes of it stands with the invoice and the contact', async () => {
  const post = await mailServer({
    onAuth: ({ username, password }, _session, done) =>
      username === 'ada' && password === 'right' ? done(null, { user: 'ada' }) : done(new Error('No')),
  });
  const workspace = await journey.workspace('Mail House', 'live');
  const { id: contact } = await workspace.api<{ id: string }>('POST', '/v1/contacts', {
    name: 'Petra Post',
    email: 'petra@example.com',
  });
  const invoice = await issue(workspace, { id: contact }, '80.00');
  const page = await workspace.signIn();
  const at = (path: string) => `${journey.address}/w/${workspace.id}/${path}`;

  await page.goto(at('settings/mail'));
  await expectSeen(page, 'No mail server is configured: messages are kept in the outbox.');
  const tryOut = page.getByRole('button', { name: 'Send a test mail' });
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('me@example.com');
  await tryOut.click();
  await expectSeen(page, 'It was not sent');
  await look(page, 'settings-mail-nothing');
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByRole('combobox', { name: 'Security' }).click();
  await page.getByRole('option', { name: /^None/ }).click();
  await page.getByLabel('Port').fill(String(post.smtp.port));
  await page.getByRole('textbox', { name: 'User' }).fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expectSeen(page, 'Your own mail server needs an address to send from.');
  await page.getByLabel('Sender’s address').fill('ada@harbour.test');
  await save.click();
  await expectSeen(page, 'Messages go out through your mail server.');
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('me@example.com');
  await tryOut.click();
  await expectSeen(page, /does not accept the user name or password/);
  await page.getByLabel('Password', { exact: true }).fill('right');
  await save.click();
  await expect.poll(() => page.getByLabel('Password', { exact: true }).inputValue(), { timeout: PATIENCE_MS }).toBe('');
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('me@example.com');
  await tryOut.click();
  await expectSeen(page, 'The mail server has taken it');
  expect(post.taken.map(({ to }) => to)).toEqual([['me@example.com']]);
  await page.getByText('What to enter for common providers').click();
  await look(page, 'settings-mail-set');

  await page.getByRole('link', { name: 'Words' }).click();
  await expectSeen(page, 'Hello {{ customer }}');
  const frame = page.frameLocator('iframe[title="Preview: Invoice or quote"]');
  await frame.getByText('please find invoice INV-2026-0042').waitFor();
  const words = page.getByRole('textbox', { name: 'Text' });
  await words.fill('Dear {{ custmer }}');
  await expectSeen(page, /There is no variable “custmer” here/);
  await look(page, 'settings-mail-words-broken');
  await words.fill('Dear {{ customer }}, <b>pay</b> {{ open }}.');
  await frame.getByText('Dear Ada Lovelace, <b>pay</b> $1,200.00.').waitFor();
  await page.getByRole('button', { name: 'Save words' }).click();
  await expectSeen(page, 'Your words: English');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'German' }).click();
  await expect.poll(() => words.inputValue(), { timeout: PATIENCE_MS }).toContain('Guten Tag {{ customer }},');
  await frame.getByText('hiermit erhalten Sie: Rechnung INV-2026-0042 über 1.200,00').waitFor();
  await look(page, 'settings-mail-words-german');

  // Sent twice: the link of the first is opened, the second comes back.
  await page.goto(at(`payments/invoices/${invoice.id}`));
  for (const [count, button] of ['Send', 'Send again'].entries()) {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('button', { name: 'Send to Petra Post' }).click();
    await expect.poll(() => post.taken.length, { timeout: PATIENCE_MS }).toBe(2 + count);
    await expect.poll(() => page.getByText('E-mail: sent').count(), { timeout: PATIENCE_MS }).toBe(1 + count);
  }
  const [, first, second] = post.taken;
  expect(first?.mail.text).toContain('Dear Petra Post, <b>pay</b> $80.00.');
  const customer = await journey.open();
  await customer.goto(/http:\S+\/d\/\S+/.exec(first?.mail.text ?? '')![0]);
  await expectSeen(customer, invoice.number!);
  await page.goto(at('settings/mail/outbox'));
  const report = [
    'From: MAILER-DAEMON@example.com',
    'To: ada@harbour.test',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '\r\n--b\r\nContent-Type: message/delivery-status\r\n',
    'Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such mailbox',
    '\r\n--b\r\nContent-Type: text/rfc822-headers\r\n',
    `Message-ID: ${second?.mail.messageId}`,
    '\r\n--b--\r\n',
  ].join('\r\n');
  const returned = { name: 'returned.eml', mimeType: 'message/rfc822', buffer: Buffer.from(report) };
  await page.locator('input[type=file]').setInputFiles(returned);
  await expectSeen(page, /The message it is about came back/);
  await look(page, 'settings-outbox');
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Link opened' }).click();
  const rows = page.getByRole('grid').getByRole('row').filter({ hasText: 'petra@example.com' });
  await expect.poll(() => rows.count(), { timeout: PATIENCE_MS }).toBe(1);
  await rows.first().click();
  await page.getByRole('dialog').getByText('Download .eml').waitFor();
  await look(page, 'settings-outbox-message');
  await page.getByRole('dialog').getByRole('link', { name: 'Open the document' }).click();
  await expectSeen(page, 'E-mail: its link was opened');
  await expectSeen(page, 'E-mail: came back');
  await expectSeen(page, /550 No such mailbox/);
  await look(page, 'invoice-sent-and-returned');
  await page.goto(at(`contacts/${contact}`));
  await expectSeen(page, 'Came back');
  await expectSeen(page, 'Link opened');
  await look(page, 'contact-with-mail');

  const phone = await workspace.signIn(PHONE);
  for (const place of ['settings/mail', 'settings/mail/templates?kind=receipt', 'settings/mail/outbox']) {
    await phone.goto(at(place));
    await phone.getByRole('navigation', { name: 'Mail' }).waitFor();
    await phone.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await look(phone, `phone-${place.replaceAll(/\W+/g, '-')}`);
  }
});
