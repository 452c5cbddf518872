import PDFDocument from 'pdfkit';
import { toDecimalText } from '../foundation/money.ts';
import type { Receipt } from './api.ts';
import { printableText } from './printable-text.ts';

export type PaperSize = 'A4' | 'A5';

const INK = '#1c1b1a';
const QUIET = '#6b6762';
const LINE = '#dcd8d2';
const MARK = '#b4232a';

const WORDS = {
  payment: { title: 'Receipt', party: 'Received from', amount: 'Amount paid', day: 'Paid on', method: 'Paid by' },
  refund: {
    title: 'Refund receipt',
    party: 'Paid back to',
    amount: 'Amount refunded',
    day: 'Refunded on',
    method: 'Refunded to',
  },
} as const;

/** Said when a name could not be printed letter by letter. */
const NOT_ALL_LETTERS =
  'Some letters of this document have no form in its typeface and were replaced. The exact text is kept with the payment.';

/**
 * The receipt as a PDF of one page, made from the receipt alone: the same receipt gives the same bytes. In a sandbox
 * TEST stands across the page. Text can be selected and read aloud.
 */
export function renderReceipt(receipt: Receipt, size: PaperSize = 'A4'): Promise<Buffer> {
  const doc = new PDFDocument({
    size,
    margins:
      size === 'A4' ? { top: 64, bottom: 48, left: 64, right: 64 } : { top: 40, bottom: 32, left: 40, right: 40 },
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${WORDS[receipt.kind].title} ${receipt.number} · ${receipt.business.name}`,
      Author: receipt.business.name,
      Subject: `${receipt.customer.name}: ${receipt.description}`,
      Creator: 'Counterfoil',
      Producer: 'Counterfoil',
      CreationDate: new Date(receipt.issued_at),
      ModDate: new Date(receipt.issued_at),
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  if (receipt.test) drawTestMark(doc);
  drawReceipt(doc, receipt);
  doc.end();
  return done;
}

function drawReceipt(doc: PDFKit.PDFDocument, receipt: Receipt): void {
  const words = WORDS[receipt.kind];
  const left = doc.page.margins.left;
  const width = doc.page.width - left - doc.page.margins.right;
  let everythingPrinted = true;
  const printed = (text: string) => {
    const printable = printableText(text);
    if (printable.changed) everythingPrinted = false;
    return printable.text;
  };
  const quiet = (text: string) =>
    doc.font('Helvetica').fontSize(9).fillColor(QUIET).text(printed(text), left, doc.y, { width });
  const plain = (text: string, size = 11) =>
    doc.font('Helvetica').fontSize(size).fillColor(INK).text(printed(text), left, doc.y, { width, lineGap: 2 });

  doc.font('Helvetica-Bold').fontSize(15).fillColor(INK).text(printed(receipt.business.name), left, doc.y, { width });
  if (receipt.business.address) quiet(receipt.business.address);
  if (receipt.business.tax_id) quiet(`Tax id ${receipt.business.tax_id}`);

  doc.moveDown(2);
  doc.font('Helvetica').fontSize(22).fillColor(INK).text(words.title, left, doc.y, { width });
  quiet(`${receipt.number} · issued ${dayInWords(receipt.issued_at.slice(0, 10))}`);

  doc.moveDown(1.5);
  quiet(words.party);
  plain(receipt.customer.name || 'Customer');
  if (receipt.customer.address) quiet(receipt.customer.address);
  if (receipt.customer.tax_id) quiet(`Tax id ${receipt.customer.tax_id}`);

  doc.moveDown(1.5);
  const row = (label: string, value: string, strong = false) => {
    const y = doc.y + 8;
    doc
      .moveTo(left, doc.y)
      .lineTo(left + width, doc.y)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke();
    doc
      .font('Helvetica')
      .fontSize(10)
      .fillColor(QUIET)
      .text(label, left, y, { width: width * 0.35 });
    const below = doc.y;
    doc
      .font(strong ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(strong ? 14 : 10)
      .fillColor(INK)
      .text(printed(value), left + width * 0.35, strong ? y - 2 : y, { width: width * 0.65, align: 'right' });
    doc.y = Math.max(below, doc.y) + 6;
  };
  if (receipt.description) row('For', receipt.description);
  row(words.day, dayInWords(receipt.paid_on));
  row(words.method, receipt.method);
  if (receipt.tax_minor > 0) row('Of which tax', amountInWords(receipt.tax_minor, receipt.currency));
  row(words.amount, amountInWords(receipt.amount_minor, receipt.currency), true);

  doc.moveDown(1.5);
  if (receipt.test) quiet('TEST: made in a sandbox. No money has moved, and this is no proof of payment.');
  if (!everythingPrinted) quiet(NOT_ALL_LETTERS);
}

/** Under everything else, so that it covers nothing. */
function drawTestMark(doc: PDFKit.PDFDocument): void {
  const { width, height } = doc.page;
  doc.save();
  doc.rotate(-35, { origin: [width / 2, height / 2] });
  doc
    .font('Helvetica-Bold')
    .fontSize(width / 3.2)
    .fillColor(MARK, 0.1)
    .text('TEST', 0, height / 2 - width / 6.4, { width, align: 'center', lineBreak: false });
  doc.restore();
  doc.fillOpacity(1);
  doc.x = doc.page.margins.left;
  doc.y = doc.page.margins.top;
}

/** "1,200.00 USD": the code and no sign, because half the world's signs are $ and the other half is not in the typeface. */
function amountInWords(amountMinor: number, currency: string): string {
  const [whole = '', fraction] = toDecimalText(BigInt(amountMinor), currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${currency}`;
}

function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}
