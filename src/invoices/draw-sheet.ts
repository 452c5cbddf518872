import { encodeQR } from 'qr';
import { drawBlock, openPdf, type PdfPaper } from '../foundation/pdf-document.ts';
import { type PdfFonts, preparePdfFonts } from '../foundation/pdf-fonts.ts';
import type { Picture } from '../foundation/pdf-picture.ts';
import { ASCENT_EMS, heightOf, layOutText, type TextBlock, type TextStyle, widthOf } from '../foundation/pdf-text.ts';
import type { DrawnPaper, DrawnRow, DrawnSheet, DrawnTable, Labelled } from './drawn-sheet.ts';

const INK = '#1c1b1a';
const QUIET = '#6b6762';
const LINE = '#dcd8d2';
const MARK = '#b4232a';
const SIDE = 56;
const LOGO = { width: 170, height: 56 };
const GAP = 8;
const CODE_SIZE = 84;
/** Where people print on Letter. */
const LETTER_COUNTRIES = new Set(['US', 'CA', 'MX', 'CO', 'CL', 'PH', 'VE', 'CR', 'GT', 'PA', 'DO', 'SV', 'NI', 'PR']);

/** A sheet as a tagged PDF with its fonts inside: the same sheet on the same paper gives the same bytes. */
export async function drawSheet(sheet: DrawnSheet, paper: DrawnPaper): Promise<Buffer> {
  const fonts = await preparePdfFonts(textsIn(sheet), { language: paper.locale });
  return new Drawing(fonts, sheet, paper).draw();
}

/** Every text of the sheet, for the choice of fonts. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return ['0123456789'];
  return Object.values(value).flatMap(textsIn);
}

type Style = Omit<TextStyle, 'width'> & { readonly width?: number };

class Drawing {
  private readonly fonts: PdfFonts;
  private readonly sheet: DrawnSheet;
  private readonly accent: string;
  private readonly logo: Picture | null;
  private readonly paper: PdfPaper;
  private readonly footer: TextBlock;
  private readonly footerAt: number;
  private isAllPrinted = true;

  constructor(fonts: PdfFonts, sheet: DrawnSheet, on: DrawnPaper) {
    this.fonts = fonts;
    this.sheet = sheet;
    this.accent = on.colour;
    this.logo = on.logo;
    const size = LETTER_COUNTRIES.has(on.country) ? 'LETTER' : 'A4';
    const pageSize = size === 'A4' ? { width: 595.28, height: 841.89 } : { width: 612, height: 792 };
    this.footer = layOutText(fonts, sheet.footer, { weight: 400, size: 7.5, width: pageSize.width - SIDE * 2 });
    const footerHeight = sheet.footer === '' ? 0 : heightOf(this.footer);
    this.footerAt = pageSize.height - 44 - footerHeight;
    this.paper = openPdf({
      size,
      margins: { top: 56, left: SIDE, right: SIDE, bottom: 58 + footerHeight },
      language: sheet.language,
      title: on.title,
      author: sheet.business.name,
      subject: sheet.customer.name,
      createdAt: new Date(`${on.madeOn}T00:00:00Z`),
      ...(on.archive && { archive: on.archive }),
    });
  }

  draw(): Promise<Buffer> {
    const { paper } = this;
    this.drawMark();
    paper.whenPageBegins = () => this.drawMark();
    paper.onEachPage = (doc, page, pages) => this.drawPageEnd(doc, page, pages);
    this.drawHead();
    this.drawParties();
    for (const table of this.sheet.tables) this.drawTable(table);
    this.drawPayment();
    for (const note of this.sheet.notes) {
      paper.y += 10;
      paper.text(this.lay(note, { weight: 400, size: 9 }), { colour: INK });
    }
    if (!this.isAllPrinted) this.quiet(this.sheet.notAllLetters);
    // The footer of the last page is read aloud; those before are its shadows.
    if (this.sheet.footer !== '') {
      paper.y = this.footerAt;
      paper.text(this.footer, { colour: QUIET, isFixed: true });
    }
    return paper.finish();
  }

  private lay(text: string, style: Style): TextBlock {
    const block = layOutText(this.fonts, text, { width: this.paper.width, ...style });
    if (block.changed) this.isAllPrinted = false;
    return block;
  }

  private quiet(text: string, style: Partial<Style> = {}, x = this.paper.left): void {
    this.paper.text(this.lay(text, { weight: 400, size: 8.5, ...style }), { colour: QUIET, x });
  }

  private rule(colour = LINE, thickness = 0.5, from = 0): void {
    const { left, width, y } = this.paper;
    this.paper.decorate((doc) => {
      doc
        .moveTo(left + from, y)
        .lineTo(left + width, y)
        .lineWidth(thickness)
        .strokeColor(colour)
        .stroke();
    });
  }

  /** Under everything else, so that it covers nothing. */
  private drawMark(): void {
    const { mark } = this.sheet;
    if (mark === '') return;
    const { width, height } = this.paper.doc.page;
    const measured = widthOf(layOutText(this.fonts, mark, { weight: 700, size: 100, width: 10_000 }));
    const size = Math.min(width / 3.4, (100 * width * 0.95) / measured);
    const block = layOutText(this.fonts, mark, { weight: 700, size, width: width * 1.2, align: 'center' });
    this.paper.decorate((doc) => {
      doc.rotate(-35, { origin: [width / 2, height / 2] });
      drawBlock(doc, block, { x: -width * 0.1, baseline: height / 2 + size * 0.36, colour: MARK, opacity: 0.1 });
    });
  }

  private drawHead(): void {
    const { paper, sheet } = this;
    const half = paper.width / 2 - 10;
    const top = paper.y;
    if (this.logo) {
      const { bytes, width, height } = this.logo;
      const scale = Math.min(LOGO.width / width, LOGO.height / height);
      paper.figure(sheet.business.name, (doc) => {
        doc.image(bytes, paper.left, top, { width: width * scale, height: height * scale });
      });
      paper.y = top + height * scale + 10;
    }
    paper.text(this.lay(sheet.business.name, { weight: 700, size: 12, width: half }), { colour: INK });
    for (const line of sheet.business.lines) this.quiet(line, { width: half });
    const bottom = paper.y;

    paper.y = top;
    const right = paper.left + half + 20;
    paper.text(this.lay(sheet.title, { weight: 400, size: 22, width: half, align: 'right' }), {
      colour: INK,
      role: 'H1',
      x: right,
    });
    paper.y += 4;
    for (const { label, value } of sheet.facts) this.labelled({ label, value }, right, half, 0.34);
    paper.y = Math.max(paper.y, bottom) + 14;
    this.rule(this.accent, 2);
  }

  /** A label and what it is for, on one baseline. */
  private labelled({ label, value }: Labelled, x: number, width: number, share: number): void {
    const { paper } = this;
    const labelBlock = this.lay(label, { weight: 400, size: 8.5, width: width * share - GAP });
    const valueBlock = this.lay(value, { weight: 400, size: 9.5, width: width * (1 - share), align: 'right' });
    paper.makeRoom(Math.max(heightOf(labelBlock), heightOf(valueBlock)) + 2);
    const top = paper.y;
    paper.y = top + (valueBlock.style.size - labelBlock.style.size) * ASCENT_EMS;
    paper.text(labelBlock, { colour: QUIET, x });
    const below = paper.y;
    paper.y = top;
    paper.text(valueBlock, { colour: INK, x: x + width * share });
    paper.y = Math.max(paper.y, below) + 1;
  }

  private drawParties(): void {
    const { paper, sheet } = this;
    paper.y += 16;
    this.quiet(sheet.customer.label);
    paper.text(this.lay(sheet.customer.name, { weight: 700, size: 10.5 }), { colour: INK });
    for (const line of sheet.customer.lines) {
      paper.text(this.lay(line, { weight: 400, size: 9.5 }), { colour: INK });
    }
    paper.y += 18;
  }

  private cells(
    columns: DrawnTable['columns'],
    texts: readonly string[],
    style: Pick<Style, 'weight' | 'size'>,
  ): { block: TextBlock; x: number }[] {
    let x = this.paper.left;
    return texts.map((text, column) => {
      const { share, align } = columns[column]!;
      const room = share * this.paper.width;
      const width = column === texts.length - 1 ? room : room - GAP;
      const cell = { block: this.lay(text, { ...style, width, align }), x };
      x += room;
      return cell;
    });
  }

  private drawTable(drawn: DrawnTable): void {
    const { paper } = this;
    if (drawn.title !== '') {
      // A title stands with the head and the first row.
      paper.makeRoom(70);
      paper.text(this.lay(drawn.title, { weight: 700, size: 10 }), { colour: INK, role: 'H2' });
      paper.y += 6;
    }
    const head = this.cells(drawn.columns, drawn.head, { weight: 700, size: 8.5 });
    const headHeight = Math.max(...head.map(({ block }) => heightOf(block)));
    const table = paper.table();
    const row = table.add('TR');
    const top = paper.y;
    for (const { block, x } of head) {
      paper.y = top;
      paper.text(block, { colour: QUIET, role: 'TH', x, within: row });
    }
    row.end();
    paper.y = top + headHeight + 4;
    this.rule(INK, 0.7);
    paper.y += 6;
    paper.whenPageBegins = () => {
      this.drawMark();
      paper.decorate((doc) => {
        for (const { block, x } of head) {
          drawBlock(doc, block, { x, baseline: paper.y + block.style.size * ASCENT_EMS, colour: QUIET });
        }
      });
      paper.y += headHeight + 4;
      this.rule(INK, 0.7);
      paper.y += 6;
    };
    for (const each of drawn.rows) this.drawRow(table, drawn.columns, each);
    paper.whenPageBegins = () => this.drawMark();
    table.end();
    this.drawTotals(drawn.totals);
  }

  private drawRow(table: ReturnType<PdfPaper['table']>, columns: DrawnTable['columns'], drawn: DrawnRow): void {
    const { paper } = this;
    const cells = this.cells(columns, drawn.cells, { weight: drawn.isStrong ? 700 : 400, size: 9.5 });
    const height = Math.max(...cells.map(({ block }) => heightOf(block)));
    paper.makeRoom(height + 8);
    const row = table.add('TR');
    const top = paper.y;
    for (const { block, x } of cells) {
      paper.y = top;
      paper.text(block, { colour: INK, role: 'TD', x, within: row });
    }
    row.end();
    paper.y = top + height;
    for (const text of drawn.more ?? []) {
      const more = table.add('TR');
      const block = this.lay(text, { weight: 400, size: 8.5, width: paper.width * 0.62 });
      paper.text(block, { colour: QUIET, role: 'TD', within: more });
      more.end();
    }
    paper.y += 4;
    this.rule();
    paper.y += 5;
  }

  private drawTotals(totals: DrawnTable['totals']): void {
    const { paper } = this;
    const from = paper.width * 0.38;
    const width = paper.width - from;
    paper.y += 4;
    for (const { label, value, isStrong } of totals) {
      const style = { weight: isStrong ? 700 : 400, size: isStrong ? 12 : 9.5 } as const;
      const labelBlock = this.lay(label, { ...style, width: width * 0.58 });
      const valueBlock = this.lay(value, { ...style, width: width * 0.42, align: 'right' });
      paper.makeRoom(Math.max(heightOf(labelBlock), heightOf(valueBlock)) + 10);
      if (isStrong) {
        paper.y += 3;
        this.rule(this.accent, 1.5, from);
        paper.y += 5;
      }
      const top = paper.y;
      paper.text(labelBlock, { colour: isStrong ? INK : QUIET, x: paper.left + from });
      const below = paper.y;
      paper.y = top;
      paper.text(valueBlock, { colour: INK, x: paper.left + from + width * 0.58 });
      paper.y = Math.max(paper.y, below) + 2;
    }
  }

  private drawPayment(): void {
    const { paper } = this;
    const { payment } = this.sheet;
    if (!payment) return;
    paper.y += 18;
    paper.makeRoom(payment.code ? CODE_SIZE + 40 : 40);
    const page = paper.doc.bufferedPageRange().count;
    const top = paper.y;
    const width = payment.code ? paper.width - CODE_SIZE - 40 : paper.width * 0.7;
    paper.text(this.lay(payment.title, { weight: 700, size: 10 }), { colour: INK, role: 'H2' });
    paper.y += 2;
    if (payment.code) {
      const x = paper.left + paper.width - CODE_SIZE;
      this.drawCode(payment.code, x, top);
      paper.y = top + 16;
    }
    for (const text of payment.words) {
      paper.text(this.lay(text, { weight: 400, size: 9.5, width }), { colour: INK });
    }
    paper.y += 4;
    for (const row of payment.rows) this.labelled(row, paper.left, width, 0.45);
    // Below the code, unless the rows have gone on to another page.
    const isSamePage = paper.doc.bufferedPageRange().count === page;
    if (payment.code && isSamePage) paper.y = Math.max(paper.y, top + CODE_SIZE + 40);
  }

  private drawCode({ text, caption }: { text: string; caption: string }, x: number, top: number): void {
    // The library insists on a border; the page has room of its own around the code.
    const bordered = encodeQR(text, 'raw', { ecc: 'medium', border: 1 });
    const modules = bordered.slice(1, -1).map((row) => row.slice(1, -1));
    const size = CODE_SIZE / modules.length;
    this.paper.figure(caption, (doc) => {
      for (const [row, cells] of modules.entries()) {
        for (let from = cells.indexOf(true); from !== -1; ) {
          const end = cells.indexOf(false, from);
          const until = end === -1 ? cells.length : end;
          doc.rect(x + from * size, top + row * size, (until - from) * size, size);
          from = cells.indexOf(true, until);
        }
      }
      doc.fill('#000000');
    });
    const block = this.lay(caption, { weight: 400, size: 7, width: CODE_SIZE + 20, align: 'right' });
    this.paper.y = top + CODE_SIZE + 4;
    this.paper.text(block, { colour: QUIET, x: x - 20, isFixed: true });
  }

  private drawPageEnd(doc: PDFKit.PDFDocument, page: number, pages: number): void {
    const { left, width } = this.paper;
    const words = this.sheet.pageWords.replace('{page}', String(page)).replace('{pages}', String(pages));
    const block = layOutText(this.fonts, words, { weight: 400, size: 7.5, width, align: 'right' });
    const below = this.footerAt + (this.sheet.footer === '' ? 0 : heightOf(this.footer)) + 6;
    drawBlock(doc, block, { x: left, baseline: below + 7.5, colour: QUIET });
    if (page < pages && this.sheet.footer !== '') {
      drawBlock(doc, this.footer, { x: left, baseline: this.footerAt + 7.5 * ASCENT_EMS, colour: QUIET });
    }
  }
}
