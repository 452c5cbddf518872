import type { LocalDate } from '../foundation/local-date.ts';
import { drawBlock, openPdf, type PdfPaper } from '../foundation/pdf-document.ts';
import { type PdfFonts, preparePdfFonts } from '../foundation/pdf-fonts.ts';
import { ASCENT_EMS, heightOf, layOutText, startOf, type TextStyle } from '../foundation/pdf-text.ts';
import { documentWords, fill } from '../invoices/document-words.ts';
import type { Receipt } from './api.ts';
import { methodWords, type ReceiptWords, receiptFigures, receiptWords } from './receipt-words.ts';

export type PaperSize = 'A4' | 'A5';

const INK = '#1c1b1a';
const QUIET = '#6b6762';
const LINE = '#dcd8d2';
const MARK = '#b4232a';

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
  const words = receiptWords(receipt.locale);
  const rows = rowsOf(receipt, words);
  const { title, party } = words[receipt.kind];
  const fonts = await preparePdfFonts([
    ...[
      words.notAllLetters,
      words.noProof,
      title,
      party,
      words.customer,
      documentWords(receipt.locale).taxId,
      issuedLine(receipt, words),
    ],
    ...Object.values(receipt.business),
    ...Object.values(receipt.customer),
    ...rows.flatMap(({ label, value }) => [label, value]),
  ]);
  const paper = openPdf({
    size,
    margins: MARGINS[size],
    language: words.language,
    title: `${title} ${receipt.number} · ${receipt.business.name}`,
    author: receipt.business.name,
    subject: `${receipt.customer.name}: ${receipt.description}`,
    createdAt: new Date(receipt.issued_at),
  });
  if (receipt.test) drawTestMark(paper, fonts);
  drawReceipt(paper, fonts, receipt, { rows, words });
  return paper.finish();
}

function rowsOf(receipt: Receipt, words: ReceiptWords): Row[] {
  const { day, method, amount } = words[receipt.kind];
  const figures = receiptFigures(receipt);
  return [
    ...(receipt.description ? [{ label: words.purpose, value: receipt.description }] : []),
    { label: day, value: figures.day(receipt.paid_on) },
    { label: method, value: methodWords(receipt.method, receipt.locale) },
    ...(receipt.tax_minor > 0 ? [{ label: words.ofWhichTax, value: figures.money(receipt.tax_minor) }] : []),
    { label: amount, value: figures.money(receipt.amount_minor), isStrong: true },
  ];
}

function issuedLine(receipt: Receipt, words: ReceiptWords): string {
  const day = receiptFigures(receipt).day(receipt.issued_at.slice(0, 10) as LocalDate);
  return fill(words.issued, { number: receipt.number, day });
}

function drawReceipt(
  paper: PdfPaper,
  fonts: PdfFonts,
  receipt: Receipt,
  { rows, words }: { readonly rows: readonly Row[]; readonly words: ReceiptWords },
): void {
  const { title, party } = words[receipt.kind];
  const taxId = (id: string) => fill(documentWords(receipt.locale).taxId, { id });
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
  if (receipt.business.tax_id) quiet(taxId(receipt.business.tax_id));

  paper.y += 26;
  paper.text(lay(title, { weight: 400, size: 21 }), { colour: INK, role: 'H1' });
  quiet(issuedLine(receipt, words));

  paper.y += 20;
  quiet(party);
  paper.text(lay(receipt.customer.name || words.customer, { weight: 400, size: 11 }), { colour: INK });
  if (receipt.customer.address) quiet(receipt.customer.address);
  if (receipt.customer.tax_id) quiet(taxId(receipt.customer.tax_id));

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
  if (receipt.test) quiet(words.noProof);
  if (!isAllPrinted) quiet(words.notAllLetters);
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
