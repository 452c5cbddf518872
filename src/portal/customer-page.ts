import { toPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { formatMinor } from '../foundation/money.ts';
import type { InvoiceRowAnswer } from '../invoices/api.ts';
import { documentFigures } from '../invoices/document-figures.ts';
import { fill } from '../invoices/document-words.ts';
import type { Statement } from '../ledger/statement.ts';
import type { PaymentMethod } from '../payments/api.ts';
import { methodLabel } from '../payments/payment-method.ts';
import type { CustomerPageContent, PayableInvoice } from './customer-content.ts';
import { type CustomerWords, customerLanguage, customerWords } from './customer-words.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { payWords } from './page-words.ts';
import { consentForm, escapeHtml, heading, page } from './pages.ts';

/** What is said on top of the page after something was done. */
export type Said = 'email' | 'confirmed' | null;

interface Place {
  /** Where the page stands: /my/{secret}. */
  readonly path: string;
}

const businessName = ({ caller: { workspace } }: OpenedCustomer) => workspace.legal.name || workspace.name;
const isTest = ({ caller: { workspace } }: OpenedCustomer) => workspace.mode === 'sandbox';

/** All that a customer has with the business, on one page. */
export function customerPage(
  opened: OpenedCustomer,
  content: CustomerPageContent,
  { path, said, email }: Place & { readonly said: Said; readonly email: string },
): string {
  const { locale } = opened;
  const words = customerWords(locale);
  const name = businessName(opened);
  const note = said === 'email' ? fill(words.emailSent, { email }) : said === 'confirmed' ? words.confirmed : null;
  const until = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: opened.caller.workspace.timeZone });
  const parts = [
    content.hasLogo ? `<img class="logo" src="${path}/logo" alt="">` : '',
    `<p class="quiet">${escapeHtml(name)}</p>${heading(words.title, { isTest: isTest(opened) })}<p>${escapeHtml(opened.contact.name)}</p>`,
    note ? `<p role="status"><strong>${escapeHtml(note)}</strong></p>` : '',
    openSection(opened, content, words, path),
    documents(words.quotes, content.quotes, opened, path),
    documents(words.paid, content.paid, opened, path),
    documents(words.creditNotes, content.creditNotes, opened, path),
    receipts(opened, content, words, path),
    `<p class="action"><a class="button" href="${path}/statement">${words.statement}</a></p>`,
    cards(opened, content.methods, words, path),
    content.settings.edits_details ? details(opened, words, path) : '',
    `<p class="quiet">${escapeHtml(fill(words.private, { day: until.format(opened.link.expires_at) }))}</p>`,
  ];
  return page(`${words.title} · ${name}`, parts.join('\n'), { language: customerLanguage(locale) });
}

const dayOf = (locale: string, day: string) =>
  documentFigures(locale, customerLanguage(locale), 'EUR').day(day as LocalDate);

function openSection(
  opened: OpenedCustomer,
  { open, methods }: CustomerPageContent,
  words: CustomerWords,
  path: string,
): string {
  const head = `<h2>${words.toPay}</h2>`;
  if (open.length === 0) return `${head}<p role="status">${words.nothing}</p>`;
  const mayPay = opened.caller.workspace.switches.charge_customers_directly;
  const currencies = [...new Set(open.map(({ row }) => row.currency))];
  // One payment is in one currency: each has a form of its own.
  const forms = currencies.map((currency) => {
    const rows = open.filter(({ row }) => row.currency === currency);
    const listed = rows.map((one) => openRow(opened, one, words, path, mayPay && methods.length > 0)).join('');
    const total = rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const foot = `<tr class="strong"><th scope="row">${words.toPay}</th><td class="amount">${formatMinor(total, currency, opened.locale)}</td></tr>`;
    const table = `<table><tbody>${listed}${foot}</tbody></table>`;
    if (!mayPay || methods.length === 0) return table;
    return `<form method="get" action="${path}/pay">${table}<button class="main">${words.review}</button></form>`;
  });
  return head + forms.join('');
}

function openRow(
  { locale }: OpenedCustomer,
  { row, amountMinor }: PayableInvoice,
  words: CustomerWords,
  path: string,
  isChosen: boolean,
): string {
  const late = row.overdue_since;
  const day = row.next_due_on ?? row.due_on;
  const when = late
    ? fill(words.overdue, { day: dayOf(locale, late) })
    : day
      ? fill(words.due, { day: dayOf(locale, day) })
      : '';
  const way = row.status === 'processing' ? ` · ${payWords(locale).onItsWay}` : '';
  const number = escapeHtml(row.number ?? '');
  const box =
    isChosen && row.status !== 'processing'
      ? `<label class="pick"><input type="checkbox" name="pay-${row.id}" value="yes" checked aria-label="${number}"></label> `
      : '';
  return `<tr><th scope="row">${box}<a href="${path}/documents/${row.id}">${number}</a><br><span class="quiet">${escapeHtml(when + way)}</span></th><td class="amount">${formatMinor(amountMinor, row.currency, locale)}</td></tr>`;
}

function documents(title: string, rows: readonly InvoiceRowAnswer[], { locale }: OpenedCustomer, path: string): string {
  if (rows.length === 0) return '';
  const listed = rows.map(
    (row) =>
      `<tr><th scope="row"><a href="${path}/documents/${row.id}">${escapeHtml(row.number ?? '')}</a> <a class="quiet" href="${path}/documents/${row.id}/document.pdf" aria-label="PDF ${escapeHtml(row.number ?? '')}">PDF</a><br><span class="quiet">${row.issued_on ? escapeHtml(dayOf(locale, row.issued_on)) : ''}</span></th><td class="amount">${formatMinor(row.total_minor, row.currency, locale)}</td></tr>`,
  );
  return `<details><summary>${title} (${rows.length})</summary><table><tbody>${listed.join('')}</tbody></table></details>`;
}

function receipts(
  { locale, caller }: OpenedCustomer,
  { payments }: CustomerPageContent,
  words: CustomerWords,
  path: string,
): string {
  if (payments.length === 0) return '';
  const listed = payments.map((row) => {
    const text = row.description || row.method_label;
    const url = `${path}/receipts/${toPublicId('payment', row.id)}.pdf`;
    return `<tr><th scope="row"><a href="${url}">${escapeHtml(dayOf(locale, localDateOf(row.occurred_at, caller.workspace.timeZone)))}</a><br><span class="quiet">${escapeHtml(text)}</span></th><td class="amount">${formatMinor(row.amount_minor, row.currency, locale)}</td></tr>`;
  });
  return `<details><summary>${words.receipts} (${payments.length})</summary><table><tbody>${listed.join('')}</tbody></table></details>`;
}

function cards(opened: OpenedCustomer, methods: readonly PaymentMethod[], words: CustomerWords, path: string): string {
  const listed = methods.map((method) => {
    const marks = [method.is_default ? words.usual : '', method.state === 'expired' ? words.expired : '']
      .filter(Boolean)
      .join(', ');
    const label = escapeHtml(methodLabel(method));
    const hidden = `<input type="hidden" name="method" value="${method.id}">`;
    const first =
      method.is_default || method.state !== 'usable'
        ? ''
        : `<form method="post" action="${path}/cards/default">${hidden}<button aria-label="${words.makeUsual}: ${label}">${words.makeUsual}</button></form>`;
    return `<li><p>${label}${marks ? ` <span class="quiet">${marks}</span>` : ''}</p>${first}<form method="post" action="${path}/cards/remove">${hidden}<button aria-label="${words.remove}: ${label}">${words.remove}</button></form></li>`;
  });
  const list = listed.length === 0 ? `<p>${words.noCards}</p>` : `<ul>${listed.join('')}</ul>`;
  const isOpen = methods.length === 0 ? ' open' : '';
  const business = { name: businessName(opened), locale: opened.locale };
  const add = consentForm(business, path, `<button>${words.add}</button>`);
  return `<h2>${words.cards}</h2>${list}<details${isOpen}><summary>${words.add}</summary>${add}</details>`;
}

function details({ contact }: OpenedCustomer, words: CustomerWords, path: string): string {
  const field = (name: string, label: string, value: string | null, more = '') =>
    `<label class="field">${label}<input name="${name}" value="${escapeHtml(value ?? '')}" maxlength="200"${more}></label>`;
  const { billing } = contact;
  return `<details><summary>${words.details}</summary><form method="post" action="${path}/details">
${field('name', words.name, contact.name, ' required autocomplete="name"')}${field('phone', words.phone, contact.phone, ' type="tel" autocomplete="tel"')}
${field('line1', words.street, billing.line1, ' autocomplete="address-line1"')}${field('line2', words.more, billing.line2, ' autocomplete="address-line2"')}
${field('postal_code', words.postal, billing.postal_code, ' autocomplete="postal-code"')}${field('city', words.city, billing.city, ' autocomplete="address-level2"')}
${field('region', words.region, billing.region, ' autocomplete="address-level1"')}${field('tax_id', words.taxId, billing.tax_id)}<br><button class="main">${words.save}</button></form>
<form method="post" action="${path}/email">${field('email', words.email, contact.email, ' type="email" required autocomplete="email"')}<p class="quiet">${words.emailHint}</p><button>${words.save}</button></form></details>`;
}

/** What is about to be paid, with what, and one button: nothing moves before it is pressed. */
export function reviewPage(
  opened: OpenedCustomer,
  chosen: readonly PayableInvoice[],
  methods: readonly PaymentMethod[],
  { path, form }: Place & { readonly form: string },
): string {
  const words = customerWords(opened.locale);
  const currency = chosen[0]!.row.currency;
  const total = chosen.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const amount = formatMinor(total, currency, opened.locale);
  const rows = chosen.map(
    ({ row, amountMinor }) =>
      `<tr><th scope="row">${escapeHtml(row.number ?? '')}</th><td class="amount">${formatMinor(amountMinor, currency, opened.locale)}</td></tr>`,
  );
  const hidden = chosen.map(({ row }) => `<input type="hidden" name="pay-${row.id}" value="yes">`).join('');
  const options = methods.map((method) => `<option value="${method.id}">${escapeHtml(methodLabel(method))}</option>`);
  const title = fill(words.payNow, { amount });
  return page(
    title,
    `<p class="quiet">${escapeHtml(businessName(opened))}</p>${heading(title, { isTest: isTest(opened) })}
<table><tbody>${rows.join('')}</tbody></table>
<form method="post" action="${path}/payments"><input type="hidden" name="form" value="${form}"><input type="hidden" name="total" value="${total}">${hidden}
<label class="field">${payWords(opened.locale).method}<select name="method">${options.join('')}</select></label><br><button class="main">${escapeHtml(title)}</button></form>
<p class="action"><a class="button" href="${path}">${words.back}</a></p>`,
    { language: customerLanguage(opened.locale) },
  );
}

/** The statement of a time, per currency. `numbers` are those of documents by their ids. */
export function statementPage(
  opened: OpenedCustomer,
  statements: readonly Statement[],
  numbers: ReadonlyMap<string, string>,
  { path, from, to }: Place & { readonly from: string; readonly to: string },
): string {
  const words = customerWords(opened.locale);
  const tables = statements.map(({ currency, openingMinor, movements, closingMinor, isWhole }) => {
    const money = (minor: bigint) => formatMinor(minor, currency, opened.locale);
    const line = (label: string, minor: bigint, day: string | null) =>
      `<tr${day === null ? ' class="strong"' : ''}><th scope="row">${escapeHtml(label)}${day === null ? '' : `<br><span class="quiet">${escapeHtml(dayOf(opened.locale, day))}</span>`}</th><td class="amount">${money(minor)}</td></tr>`;
    const rows = movements.map((row) => line(movementLabel(row, numbers, words), row.amount_minor, row.on));
    const more = isWhole ? '' : `<p role="status">${words.narrow}</p>`;
    return `<h2>${currency}</h2>${more}<table><tbody>${line(words.opening, openingMinor, null)}${rows.join('')}${line(words.closing, closingMinor, null)}</tbody></table>`;
  });
  const day = (name: string, label: string, value: string) =>
    `<label class="field">${label}<input type="date" name="${name}" value="${value}" required></label>`;
  return page(
    `${words.statement} · ${businessName(opened)}`,
    `<p class="quiet">${escapeHtml(businessName(opened))}</p>${heading(words.statement, { isTest: isTest(opened) })}<p>${escapeHtml(opened.contact.name)}</p>
<form method="get" action="${path}/statement">${day('from', words.from, from)}${day('to', words.to, to)}<br><button>${words.show}</button></form>
${tables.join('') || `<p role="status">${words.nothing}</p>`}
<p class="action"><a class="button" href="${path}/statement.pdf?from=${from}&amp;to=${to}">PDF</a> <a class="button" href="${path}">${words.back}</a></p>`,
    { language: customerLanguage(opened.locale) },
  );
}

/** What a movement is called: the document that it comes from, or money that came or went. */
export function movementLabel(
  row: { readonly document_id: string | null; readonly amount_minor: bigint },
  numbers: ReadonlyMap<string, string>,
  words: CustomerWords,
): string {
  const number = row.document_id === null ? undefined : numbers.get(row.document_id);
  return number ?? (row.amount_minor < 0n ? words.payment : words.repaid);
}

/** Asks whether a new address is really the customer's; opening the link alone confirms nothing. */
export function confirmPage(opened: OpenedCustomer, { path }: Place): string {
  const words = customerWords(opened.locale);
  const title = fill(words.confirm, { email: opened.link.new_email ?? '' });
  return page(
    businessName(opened),
    `${heading(businessName(opened), { isTest: isTest(opened) })}<form method="post" action="${path}/confirm"><button class="main">${escapeHtml(title)}</button></form>`,
    { language: customerLanguage(opened.locale) },
  );
}

export function confirmedPage(opened: OpenedCustomer): string {
  const words = customerWords(opened.locale);
  return page(
    businessName(opened),
    `${heading(businessName(opened), { isTest: isTest(opened) })}<p role="status">${words.confirmed}</p>`,
    { language: customerLanguage(opened.locale) },
  );
}

/** Where customers ask for a link. What it says afterwards is the same for every address. */
export function askPage(
  business: { readonly name: string; readonly locale: string; readonly isTest: boolean },
  path: string,
  isDone: boolean,
): string {
  const words = customerWords(business.locale);
  const title = fill(words.ask, { business: business.name });
  const body = isDone
    ? `<p role="status">${words.askDone}</p>`
    : `<p>${words.askHint}</p><form method="post" action="${path}"><label class="field">${words.email}<input type="email" name="email" required maxlength="320" autocomplete="email"></label><br><button class="main">${words.askSend}</button></form>`;
  return page(title, `${heading(title, business)}${body}`, { language: customerLanguage(business.locale) });
}
