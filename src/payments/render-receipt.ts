import { toDecimalText } from '../foundation/money.ts';
import { drawBlock, openPdf, type PdfPaper } from '../foundation/pdf-document.ts';
import { type PdfFonts, preparePdfFonts } from '../foundation/pdf-fonts.ts';
import { ASCENT_EMS, heightOf, layOutText, startOf, type TextStyle } from '../foundation/pdf-text.ts';
import type { Receipt } from './api.ts';

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
  'Some characters of this document have no form in its typefaces and were replaced. The exact text is kept with the payment.';
const NO_PROOF = 'TEST: made in a sandbox. No money has moved, and this is no proof of payment.';

const MARGINS = {
  A4: { top: 64, bottom: 48, left: 64, right: 64 },
  A5: { top: 40, bottom: 32, left: 40, right: 40 },
} as const;

/** A line of the receipt: what it is, and what it is for this payment. */
interface Row {
  readonly label: string;
  readonly value: string;
  readonly isStrong?: boolean;
}

/**
 * The receipt as a tagged PDF, made from the receipt alone: the same receipt gives the same bytes. In a sandbox TEST
 * stands across the page. Text of every script can be selected and read aloud.
 */
export async function renderReceipt(receipt: Receipt, size: PaperSize = 'A4'): Promise<Buffer> {
  const words = WORDS[receipt.kind];
  const rows = rowsOf(receipt);
  const fonts = await preparePdfFonts([
    ...[NOT_ALL_LETTERS, NO_PROOF, words.title, words.party, 'Customer', 'Tax id · issued', receipt.number],
    ...Object.values(receipt.business),
    ...Object.values(receipt.customer),
    ...rows.flatMap(({ label, value }) => [label, value]),
    dayInWords(receipt.issued_at.slice(0, 10)),
  ]);
  const paper = openPdf({
    size,
    margins: MARGINS[size],
    language: 'en',
    title: `${words.title} ${receipt.number} · ${receipt.business.name}`,
    author: receipt.business.name,
    subject: `${receipt.customer.name}: ${receipt.description}`,
    createdAt: new Date(receipt.issued_at),
  });
  if (receipt.test) drawTestMark(paper, fonts);
  drawReceipt(paper, fonts, receipt, rows);
  return paper.finish();
}

function rowsOf(receipt: Receipt): Row[] {
  const words = WORDS[receipt.kind];
  const tax = amountInWords(receipt.tax_minor, receipt.currency);
  return [
    ...(receipt.description ? [{ label: 'For', value: receipt.description }] : []),
    { label: words.day, value: dayInWords(receipt.paid_on) },
    { label: words.method, value: receipt.method },
    ...(receipt.tax_minor > 0 ? [{ label: 'Of which tax', value: tax }] : []),
    { label: words.amount, value: amountInWords(receipt.amount_minor, receipt.currency), isStrong: true },
  ];
}

function drawReceipt(paper: PdfPaper, fonts: PdfFonts, receipt: Receipt, rows: readonly Row[]): void {
  const words = WORDS[receipt.kind];
  const { left, width } = paper;
  let isAllPrinted = true;
  const lay = (text: string, style: Omit<TextStyle, 'width'> & { width?: number }) => {
    const block = layOutText(fonts, text, { width, ...style });
    if (block.changed) isAllPrinted = false;
    return block;
  };
  const quiet = (text: string) => paper.text(lay(text, { weight: 400, size: 9 }), { colour: QUIET });

  paper.text(lay(receipt.business.name, { weight: 700, size: 14 }), { colour: INK });
  if (receipt.business.address) quiet(receipt.business.address);
  if (receipt.business.tax_id) quiet(`Tax id ${receipt.business.tax_id}`);

  paper.y += 26;
  paper.text(lay(words.title, { weight: 400, size: 21 }), { colour: INK, role: 'H1' });
  quiet(`${receipt.number} · issued ${dayInWords(receipt.issued_at.slice(0, 10))}`);

  paper.y += 20;
  quiet(words.party);
  paper.text(lay(receipt.customer.name || 'Customer', { weight: 400, size: 11 }), { colour: INK });
  if (receipt.customer.address) quiet(receipt.customer.address);
  if (receipt.customer.tax_id) quiet(`Tax id ${receipt.customer.tax_id}`);

  paper.y += 20;
  for (const row of rows) {
    const label = lay(row.label, { weight: 400, size: 10, width: width * LABEL_SHARE });
    const style = {
      weight: row.isStrong ? 700 : 400,
      size: row.isStrong ? 13 : 10,
      width: width * (1 - LABEL_SHARE),
    } as const;
    const short = lay(row.value, { ...style, align: 'right' });
    // What is longer than a line is prose, and read from its own side.
    const value = short.lines.length === 1 ? short : lay(row.value, { ...style, align: startOf(row.value) });
    paper.makeRoom(Math.min(heightOf(value), MOST_KEPT_TOGETHER) + 12);
    const top = paper.y;
    paper.decorate((doc) => {
      doc
        .moveTo(left, top)
        .lineTo(left + width, top)
        .lineWidth(0.5)
        .strokeColor(LINE)
        .stroke();
    });
    // Both first lines stand on one baseline, whatever their sizes.
    paper.y = top + 7 + (value.style.size - label.style.size) * ASCENT_EMS;
    paper.text(label, { colour: QUIET });
    paper.y = top + 7;
    paper.text(value, { colour: INK, x: left + width * LABEL_SHARE });
    paper.y += 5;
  }

  paper.y += 20;
  if (receipt.test) quiet(NO_PROOF);
  if (!isAllPrinted) quiet(NOT_ALL_LETTERS);
}

/** Of the width of a row. */
const LABEL_SHARE = 0.35;
/** Points; a value that is higher than this may be cut by the end of a page. */
const MOST_KEPT_TOGETHER = 200;

/** Under everything else, so that it covers nothing. */
function drawTestMark(paper: PdfPaper, fonts: PdfFonts): void {
  const { width, height } = paper.doc.page;
  const size = width / 3.4;
  const mark = layOutText(fonts, 'TEST', { weight: 700, size, width, align: 'center' });
  paper.decorate((doc) => {
    doc.rotate(-35, { origin: [width / 2, height / 2] });
    drawBlock(doc, mark, { x: 0, baseline: height / 2 + size * 0.36, colour: MARK, opacity: 0.1 });
  });
}

/** "1,200.00 USD": the code and no sign, because half the world's signs are $ and the other half is not in the typeface. */
function amountInWords(amountMinor: number, currency: string): string {
  const [whole = '', fraction] = toDecimalText(BigInt(amountMinor), currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${currency}`;
}

const LONG_DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

function dayInWords(day: string): string {
  return LONG_DAY.format(new Date(`${day}T00:00:00Z`));
}
