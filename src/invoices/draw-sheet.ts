import { drawBlock, openPdf, type PdfPaper } from '../foundation/pdf-document.ts';
import { type PdfFonts, preparePdfFonts } from '../foundation/pdf-fonts.ts';
import type { Picture } from '../foundation/pdf-picture.ts';
import {
  ASCENT_EMS,
  heightOf,
  layOutText,
  startOf,
  type TextBlock,
  type TextStyle,
  widthOf,
} from '../foundation/pdf-text.ts';
import { drawCode } from './draw-code.ts';
import type { DrawnPaper, DrawnRow, DrawnSheet, DrawnTable } from './drawn-sheet.ts';
import { type Cell, COLUMN_GAP, columnWidths, heightOfCells } from './table-columns.ts';

const INK = '#1c1b1a';
const QUIET = '#6b6762';
const LINE = '#dcd8d2';
const MARK = '#b4232a';
const SIDE = 56;
const LOGO = { width: 170, height: 56 };
/** Between a label and what it is for. */
const GAP = 14;
const CODE_SIZE = 84;
/** Points that are kept on one page where they can be; what is higher may be cut by the end of a page. */
const KEPT_TOGETHER_MAX = 320;
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

interface LaidRow {
  readonly cells: readonly Cell[];
  readonly more: readonly TextBlock[];
  /** Of the cells alone. */
  readonly height: number;
  readonly needed: number;
}

const CELL_STYLES = {
  head: { weight: 700, size: 8.5 },
  row: { weight: 400, size: 9.5 },
  strong: { weight: 700, size: 9.5 },
} as const;

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
    for (const [index, table] of this.sheet.tables.entries()) this.drawTable(table, index === 0);
    this.drawPayment();
    for (const note of this.sheet.notes) {
      paper.y += 10;
      const block = this.lay(note, { weight: 400, size: 9, align: startOf(note) });
      this.keepTogether(heightOf(block));
      paper.text(block, { colour: INK });
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

  private keepTogether(height: number): void {
    if (height <= KEPT_TOGETHER_MAX) this.paper.makeRoom(height);
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
    this.drawLabelled(sheet.facts, right, half, 'right');
    paper.y = Math.max(paper.y, bottom) + 14;
    this.rule(this.accent, 2);
  }

  /** Labels and what they are for, each on one baseline: at the right edge, or beside the longest label. */
  private drawLabelled(
    rows: NonNullable<DrawnSheet['payment']>['rows'],
    x: number,
    width: number,
    align: 'left' | 'right',
  ): void {
    const { paper } = this;
    const labels = rows.map(({ label }) => this.lay(label, { weight: 400, size: 8.5, width: width * 0.5 }));
    const beside = Math.max(0, ...labels.map(widthOf)) + GAP;
    const values = rows.map(({ value }) => this.lay(value, { weight: 400, size: 9.5, width: width - beside, align }));
    const widest = Math.max(0, ...values.filter((_, index) => rows[index]!.isAmount).map(widthOf));
    for (const [index, value] of values.entries()) {
      const label = labels[index]!;
      paper.makeRoom(Math.max(heightOf(label), heightOf(value)) + 2);
      const top = paper.y;
      paper.y = top + (value.style.size - label.style.size) * ASCENT_EMS;
      paper.text(label, { colour: QUIET, x });
      const below = paper.y;
      paper.y = top;
      const indent = align === 'left' && rows[index]!.isAmount ? widest - widthOf(value) : 0;
      paper.text(value, { colour: INK, x: x + beside + indent });
      paper.y = Math.max(paper.y, below) + 1;
    }
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
    { columns }: DrawnTable,
    widths: readonly number[],
    texts: readonly string[],
    style: Pick<Style, 'weight' | 'size'>,
  ): Cell[] {
    let x = this.paper.left;
    return texts.map((text, column) => {
      const room = widths[column]!;
      const width = column === texts.length - 1 ? room : room - COLUMN_GAP;
      const cell = { block: this.lay(text, { ...style, width, align: columns[column]!.align }), x };
      x += room;
      return cell;
    });
  }

  private drawTable(drawn: DrawnTable, isFirst: boolean): void {
    const { paper } = this;
    const widths = columnWidths(drawn, paper.width, (text, style) =>
      text === '' ? 0 : widthOf(layOutText(this.fonts, text, { ...CELL_STYLES[style], width: 10_000 })),
    );
    const head = this.cells(drawn, widths, drawn.head, CELL_STYLES.head);
    const headHeight = heightOfCells(head) + 10;
    const totals = this.layTotals(drawn.totals);
    const last = drawn.rows.length - 1;
    const rows = drawn.rows.map((row, index) => this.layRow(drawn, widths, row, index === last ? totals.height : 0));
    if (!isFirst) paper.y += 20;
    // A title stands with the head and the first rows.
    const title = drawn.title === '' ? null : this.lay(drawn.title, { weight: 700, size: 10 });
    const begins = (title ? heightOf(title) + 6 : 0) + headHeight;
    this.keepTogether(begins + (rows[0]?.needed ?? 0) + (rows.length > 1 && title ? rows[1]!.needed : 0));
    if (title) {
      paper.text(title, { colour: INK, role: 'H2' });
      paper.y += 6;
    }
    const table = paper.table();
    const row = table.add('TR');
    const top = paper.y;
    for (const { block, x } of head) {
      paper.y = top;
      paper.text(block, { colour: QUIET, role: 'TH', x, within: row });
    }
    row.end();
    paper.y = top + headHeight - 6;
    this.rule(INK, 0.7);
    paper.y += 6;
    paper.whenPageBegins = () => {
      this.drawMark();
      paper.decorate((doc) => {
        for (const { block, x } of head) {
          drawBlock(doc, block, { x, baseline: paper.y + block.style.size * ASCENT_EMS, colour: QUIET });
        }
      });
      paper.y += headHeight - 6;
      this.rule(INK, 0.7);
      paper.y += 6;
    };
    for (const each of rows) this.drawRow(table, each);
    paper.whenPageBegins = () => this.drawMark();
    table.end();
    totals.draw();
  }

  /** A row and how much room it wants on its page: with `below`, for the sums that stand with the last one. */
  private layRow(drawn: DrawnTable, widths: readonly number[], row: DrawnRow, below: number): LaidRow {
    const cells = this.cells(drawn, widths, row.cells, CELL_STYLES[row.isStrong ? 'strong' : 'row']);
    const more = (row.more ?? []).map((text) =>
      this.lay(text, { weight: 400, size: 8.5, width: this.paper.width * 0.62 }),
    );
    const height = heightOfCells(cells);
    const whole = height + more.reduce((sum, block) => sum + heightOf(block), 0) + 9;
    const needed = [whole + below, whole].find((one) => one <= KEPT_TOGETHER_MAX) ?? height + 8;
    return { cells, more, height, needed };
  }

  private drawRow(table: ReturnType<PdfPaper['table']>, { cells, more, height, needed }: LaidRow): void {
    const { paper } = this;
    paper.makeRoom(needed);
    const row = table.add('TR');
    const top = paper.y;
    for (const { block, x } of cells) {
      paper.y = top;
      paper.text(block, { colour: INK, role: 'TD', x, within: row });
    }
    row.end();
    paper.y = top + height;
    for (const block of more) {
      const below = table.add('TR');
      paper.text(block, { colour: QUIET, role: 'TD', within: below });
      below.end();
    }
    paper.y += 4;
    this.rule();
    paper.y += 5;
  }

  private layTotals(totals: DrawnTable['totals']): { readonly height: number; draw(): void } {
    const { paper } = this;
    const from = paper.width * 0.38;
    const width = paper.width - from;
    const style = (isStrong: boolean) => ({ weight: isStrong ? 700 : 400, size: isStrong ? 12 : 9.5 }) as const;
    // A figure is never broken: labels get what is left beside it.
    const values = totals.map(({ value, isStrong }) =>
      this.lay(value, { ...style(isStrong), width: width * 0.7, align: 'right' }),
    );
    const rows = totals.map(({ label, isStrong }, index) => {
      const value = values[index]!;
      const labelled = this.lay(label, { ...style(isStrong), width: width - widthOf(value) - GAP });
      return { label: labelled, value, isStrong, height: Math.max(heightOf(labelled), heightOf(value)) };
    });
    const height = rows.reduce((sum, row) => sum + row.height + (row.isStrong ? 10 : 2), 4);
    const draw = () => {
      paper.y += 4;
      for (const { label, value, isStrong, height } of rows) {
        paper.makeRoom(height + (isStrong ? 10 : 2));
        if (isStrong) {
          paper.y += 3;
          this.rule(this.accent, 1.5, from);
          paper.y += 5;
        }
        const top = paper.y;
        paper.text(label, { colour: isStrong ? INK : QUIET, x: paper.left + from });
        paper.y = top;
        paper.text(value, { colour: INK, x: paper.left + paper.width - width * 0.7 });
        paper.y = top + height + 2;
      }
    };
    return { height, draw };
  }

  private drawPayment(): void {
    const { paper } = this;
    const { payment } = this.sheet;
    if (!payment) return;
    paper.y += 18;
    const width = payment.code ? paper.width - CODE_SIZE - 40 : paper.width * 0.7;
    const words = payment.words.map((text) => this.lay(text, { weight: 400, size: 9.5, width, align: startOf(text) }));
    const wordsHeight = words.reduce((sum, block) => sum + heightOf(block), 0);
    const whole = 20 + wordsHeight + payment.rows.length * 14;
    const code = payment.code ? CODE_SIZE + 40 : 40;
    paper.makeRoom(Math.max(code, whole <= KEPT_TOGETHER_MAX ? whole : 0));
    const page = paper.doc.bufferedPageRange().count;
    const top = paper.y;
    paper.text(this.lay(payment.title, { weight: 700, size: 10 }), { colour: INK, role: 'H2' });
    paper.y += 2;
    if (payment.code) {
      const x = paper.left + paper.width - CODE_SIZE;
      this.drawCode(payment.code, x, top);
      paper.y = top + 16;
    }
    for (const block of words) paper.text(block, { colour: INK });
    paper.y += 4;
    this.drawLabelled(payment.rows, paper.left, width, 'left');
    // Below the code, unless the rows have gone on to another page.
    const isSamePage = paper.doc.bufferedPageRange().count === page;
    if (payment.code && isSamePage) paper.y = Math.max(paper.y, top + CODE_SIZE + 28);
  }

  private drawCode({ text, caption }: { text: string; caption: string }, x: number, top: number): void {
    this.paper.figure(caption, (doc) => drawCode(doc, text, { x, y: top, side: CODE_SIZE }));
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
