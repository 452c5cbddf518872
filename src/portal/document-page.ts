import { encodeQR } from 'qr';
import { toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { formatMinor, toDecimalText } from '../foundation/money.ts';
import { fileSizeText } from '../invoices/attachment.ts';
import { documentFigures } from '../invoices/document-figures.ts';
import { fill } from '../invoices/document-words.ts';
import type { Labelled } from '../invoices/drawn-sheet.ts';
import { epcText } from '../invoices/epc-code.ts';
import { type InvoiceSheet, invoiceSheet } from '../invoices/invoice-sheet.ts';
import { methodLabel } from '../payments/payment-method.ts';
import { customerWords } from './customer-words.ts';
import { amountsOffered, canBePaid, isOwed, type OpenedDocument } from './opened-document.ts';
import { type PayWords, payWords } from './page-words.ts';
import { consentForm, escapeHtml, page } from './pages.ts';

/** What one showing of the page needs besides the document. */
export interface Showing {
  /** Where the page stands: /d/{secret}. */
  readonly path: string;
  /** A value of this showing alone: sent twice, it is one payment. */
  readonly form: string;
  /** The page that it was reached from, where there is one. */
  readonly back: string | null;
}

/** A document for its customer: what it says, what is open, and everything they can do about it. */
export function documentPage(opened: OpenedDocument, { path, form, back }: Showing): string {
  const { snapshot, invoice } = opened;
  const sheet = invoiceSheet(snapshot);
  const words = payWords(snapshot.locale);
  const title = `${sheet.title} ${snapshot.number}`;
  const mark = snapshot.test ? ' <mark>TEST</mark>' : '';
  const logo = opened.hasLogo ? `<img class="logo" src="${path}/logo" alt="">` : '';
  const parts = [
    `${barOf(snapshot.colour)}${logo}<p class="quiet">${escapeHtml(sheet.business.name)}</p><h1>${escapeHtml(title)}${mark}</h1>`,
    standing(opened, words),
    invoice.kind === 'quote' ? answerForms(opened, words, path) : payForms(opened, words, path, form),
    contentOf(sheet, snapshot.currency),
    `<p class="action"><a class="button" href="${path}/document.pdf">${words.pdf}</a></p>`,
    filesOf(opened, words, path),
    isOwed(invoice) ? transferOf(opened, sheet, words) + promiseAndDispute(opened, words, path) : '',
    back === null
      ? ''
      : `<p class="action"><a class="button" href="${back}">${customerWords(snapshot.locale).back}</a></p>`,
    sheet.footer === '' ? '' : `<p class="quiet pre">${escapeHtml(sheet.footer)}</p>`,
  ];
  return page(`${title} · ${sheet.business.name}`, parts.join('\n'), { language: sheet.language });
}

/** The business's colour, where nothing has to be read on it. */
function barOf(colour: string): string {
  if (!/^#[\da-f]{6}$/i.test(colour)) return '';
  return `<svg width="100%" height="6" aria-hidden="true"><rect width="100%" height="6" rx="3" fill="${colour}"/></svg>`;
}

/** Where the document stands, in one or two sentences. */
function standing({ invoice, snapshot }: OpenedDocument, words: PayWords): string {
  const figures = documentFigures(snapshot.locale, invoiceSheet(snapshot).language, snapshot.currency);
  const said: string[] = [];
  if (invoice.voided_at !== null) said.push(words.isVoid);
  else if (invoice.kind === 'quote') {
    if (invoice.accepted_at !== null) said.push(fill(words.accepted, { name: invoice.accepted_by ?? '' }));
    if (invoice.declined_at !== null) said.push(words.declined);
  } else if (invoice.kind === 'invoice') {
    const open = formatMinor(invoice.open_minor, invoice.currency, snapshot.locale);
    said.push(invoice.open_minor > 0 ? `${words.open}: ${open}` : words.paid);
    if (invoice.status === 'processing') said.push(words.onItsWay);
    if (invoice.promised_on && invoice.open_minor > 0)
      said.push(fill(words.promised, { day: figures.day(invoice.promised_on) }));
    if (invoice.disputed_at !== null) said.push(words.disputed);
  }
  return said.map((sentence) => `<p role="status"><strong>${escapeHtml(sentence)}</strong></p>`).join('');
}

function contentOf(sheet: InvoiceSheet, currency: string): string {
  const lines = sheet.lines.map((line) => {
    const more = [`${line.quantity} × ${line.price}${line.tax ? ` · ${line.tax}` : ''}`, ...line.more];
    const below = more.map((text) => `<br><span class="quiet pre">${escapeHtml(text)}</span>`).join('');
    return row(`${escapeHtml(line.name)}${below}`, line.amount);
  });
  const totals = sheet.totals.map(({ label, value, isStrong }) => row(escapeHtml(label), value, isStrong));
  const notes = [...(sheet.payment?.words ?? []), ...sheet.notes];
  return `${table(sheet.facts)}
<table><thead><tr><th scope="col">${escapeHtml(sheet.head[0])}</th><td class="amount">${escapeHtml(currency)}</td></tr></thead><tbody>${lines.join('')}${totals.join('')}</tbody></table>
${notes.map((note) => `<p class="quiet pre">${escapeHtml(note)}</p>`).join('')}`;
}

const row = (label: string, value: string, isStrong = false) =>
  `<tr${isStrong ? ' class="strong"' : ''}><th scope="row">${label}</th><td class="amount">${escapeHtml(value)}</td></tr>`;

const table = (rows: readonly Labelled[]) =>
  rows.length === 0
    ? ''
    : `<table><tbody>${rows.map(({ label, value }) => row(escapeHtml(label), value)).join('')}</tbody></table>`;

/** Files that go with the document, each to be saved. */
function filesOf({ files, snapshot }: OpenedDocument, words: PayWords, path: string): string {
  if (files.length === 0) return '';
  const rows = files.map(({ id, name, size_bytes }) => {
    const link = `<a href="${path}/files/${toPublicId('attachment', id)}" download>${escapeHtml(name)}</a>`;
    return row(link, fileSizeText(size_bytes, snapshot.locale));
  });
  return `<h2 id="files">${escapeHtml(words.files)}</h2><table aria-labelledby="files"><tbody>${rows.join('')}</tbody></table>`;
}

function payForms(opened: OpenedDocument, words: PayWords, path: string, form: string): string {
  const { invoice, snapshot, methods, caller } = opened;
  if (!canBePaid(caller, invoice)) return '';
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const amounts = amountsOffered(invoice, today).map((minor) => toDecimalText(BigInt(minor), invoice.currency));
  const listed = amounts.map((amount) => `<option value="${amount}">`).join('');
  const pay = `<form method="post" action="${path}/payments"><input type="hidden" name="form" value="${form}">
<label class="field">${words.amount} (${escapeHtml(invoice.currency)})<input name="amount" inputmode="decimal" autocomplete="off" required maxlength="20" list="amounts" value="${amounts[0]}"></label><datalist id="amounts">${listed}</datalist>
<label class="field">${words.method}<select name="method">${methods
    .map((method) => `<option value="${method.id}">${escapeHtml(methodLabel(method))}</option>`)
    .join('')}</select></label><br><button class="main">${words.pay}</button></form>`;
  const card = consentForm(
    { name: snapshot.seller.name, locale: snapshot.locale },
    path,
    `<button${methods.length === 0 ? ' class="main"' : ''}>${words.newCard}</button>`,
  );
  if (methods.length === 0) return `<h2>${words.pay}</h2>${card}`;
  return `<h2>${words.pay}</h2>${pay}<details><summary>${words.newCard}</summary>${card}</details>`;
}

function answerForms({ invoice }: OpenedDocument, words: PayWords, path: string): string {
  if (invoice.status === 'invoiced' || invoice.status === 'expired' || invoice.voided_at !== null) return '';
  return `<form method="post" action="${path}/answer"><label class="field">${words.yourName}<input name="name" autocomplete="name" required maxlength="200"></label><br>
<button class="main" name="answer" value="accepted">${words.accept}</button><br><button name="answer" value="declined">${words.decline}</button></form>`;
}

/** The account to transfer to and, for euros, the code that banking apps read, of what is open today. */
function transferOf({ snapshot, invoice }: OpenedDocument, sheet: InvoiceSheet, words: PayWords): string {
  const { payment_details: details } = snapshot;
  if (!sheet.payment || (!details.iban && !details.instructions)) return '';
  const text =
    snapshot.currency === 'EUR'
      ? epcText({
          name: details.account_holder || snapshot.seller.name,
          iban: details.iban ?? '',
          bic: details.bic ?? '',
          amountMinor: BigInt(invoice.open_minor),
          reference: `${snapshot.test ? 'TEST ' : ''}${snapshot.number}`,
        })
      : null;
  return `<details><summary>${words.transfer}</summary>${table(sheet.payment.rows)}${text ? codeOf(text, sheet.payment.code?.caption ?? '') : ''}</details>`;
}

/** A QR code as one path, dark on light in every colour scheme, with the quiet border that cameras need. */
function codeOf(text: string, label: string): string {
  const cells = encodeQR(text, 'raw', { border: 4 });
  const path = cells.flatMap((line, y) => line.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return `<svg viewBox="0 0 ${cells.length} ${cells.length}" width="220" height="220" role="img" aria-label="${escapeHtml(label || 'QR')}" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}

function promiseAndDispute({ invoice, caller }: OpenedDocument, words: PayWords, path: string): string {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const promise = `<details><summary>${words.promise}</summary><form method="post" action="${path}/promise">
<label class="field">${words.promiseDay}<input type="date" name="day" required min="${today}"></label><br><button>${words.send}</button></form></details>`;
  if (invoice.disputed_at !== null) return promise;
  const lines = invoice.lines.map(
    ({ name }, index) => `<option value="${index + 1}">${index + 1}. ${escapeHtml(name)}</option>`,
  );
  return `${promise}<details><summary>${words.dispute}</summary><form method="post" action="${path}/dispute">
<label class="field">${words.disputeWords}<textarea name="words" rows="3" required maxlength="1000"></textarea></label>
<label class="field">${words.disputeLine}<select name="line"><option value="">–</option>${lines.join('')}</select></label><br><button>${words.send}</button></form></details>`;
}
