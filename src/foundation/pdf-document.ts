import PDFDocument from 'pdfkit';
import { ASCENT_EMS, LINE_HEIGHT_EMS, type TextBlock, type TextLine } from './pdf-text.ts';

export interface PdfFacts {
  readonly size: 'A4' | 'A5' | 'LETTER';
  /** Points. */
  readonly margins: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
  /** Of the document's own words, BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  /** The only moment in the file: with it, the same content gives the same bytes whenever it is made. */
  readonly createdAt: Date;
}

/** What a block of text is to someone who has the document read aloud. */
export type TextRole = 'H1' | 'H2' | 'P' | 'TH' | 'TD';

/**
 * A tagged PDF (PDF/UA) on which text is drawn from top to bottom. Text of every script comes from pdf-text.ts; lines,
 * fills and pictures are drawn on `doc` within `decorate()`.
 */
export interface PdfPaper {
  readonly doc: PDFKit.PDFDocument;
  readonly left: number;
  /** Between the margins, in points. */
  readonly width: number;
  /** Where the next block goes; set it to move. */
  y: number;
  /** Draws a block at `x` (the left margin unless told) and moves below it; pages follow as they are needed. */
  text(block: TextBlock, options: { colour: string; role?: TextRole; x?: number }): void;
  /** Whether `height` points are left; where they are not, a new page begins. */
  makeRoom(height: number): void;
  /** Draws what says nothing to a reader: rules, backgrounds, marks. */
  decorate(draw: (doc: PDFKit.PDFDocument) => void): void;
  /** Ends the document and answers with its bytes. */
  finish(): Promise<Buffer>;
}

export function openPdf(facts: PdfFacts): PdfPaper {
  const doc = new PDFDocument({
    size: facts.size,
    margins: { ...facts.margins },
    pdfVersion: '1.7',
    // The types lack the value.
    subset: 'PDF/UA' as 'PDF/A-1',
    tagged: true,
    lang: facts.language,
    displayTitle: true,
    // Every font is embedded; the one that pdfkit would begin with is not.
    font: null as unknown as string,
    info: {
      Title: facts.title,
      Author: facts.author,
      Subject: facts.subject,
      Creator: 'Counterfoil',
      Producer: 'Counterfoil',
      CreationDate: facts.createdAt,
      ModDate: facts.createdAt,
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  const root = doc.struct('Document');
  doc.addStructure(root);
  const bottom = () => doc.page.height - facts.margins.bottom;

  const paper: PdfPaper = {
    doc,
    left: facts.margins.left,
    width: doc.page.width - facts.margins.left - facts.margins.right,
    y: facts.margins.top,
    text(block, { colour, role = 'P', x = facts.margins.left }) {
      const element = doc.struct(role);
      root.add(element);
      const lineHeight = block.style.size * LINE_HEIGHT_EMS;
      for (const line of block.lines) {
        paper.makeRoom(lineHeight);
        const baseline = paper.y + block.style.size * ASCENT_EMS;
        if (line.runs.length > 0) element.add(() => drawLine(doc, line, block.style.size, x, baseline, colour));
        paper.y += lineHeight;
      }
      element.end();
    },
    makeRoom(height) {
      if (paper.y + height <= bottom()) return;
      doc.addPage();
      paper.y = facts.margins.top;
    },
    decorate(draw) {
      doc.markContent('Artifact', { type: 'Layout' });
      doc.save();
      draw(doc);
      doc.restore();
      doc.endMarkedContent();
    },
    finish() {
      root.end();
      doc.end();
      return done;
    },
  };
  return paper;
}

/** A block within `decorate()`: its first baseline stands at `baseline`. */
export function drawBlock(
  doc: PDFKit.PDFDocument,
  block: TextBlock,
  at: { x: number; baseline: number; colour: string; opacity?: number },
): void {
  doc.fillOpacity(at.opacity ?? 1);
  block.lines.forEach((line, i) => {
    drawLine(doc, line, block.style.size, at.x, at.baseline + i * block.style.size * LINE_HEIGHT_EMS, at.colour);
  });
  doc.fillOpacity(1);
}

function drawLine(
  doc: PDFKit.PDFDocument,
  line: TextLine,
  size: number,
  left: number,
  baseline: number,
  colour: string,
): void {
  // What glyphs alone would tell wrongly says itself how it reads, for those who copy it or have it read aloud.
  if (line.isReordered) doc.markContent('Span', { actual: line.text });
  doc.fontSize(size).fillColor(colour);
  for (const { face, text, x } of line.runs) {
    // pdfkit takes an opened font as it takes a file; its types do not say so. Given features, it shapes the run as one.
    doc.registerFont(face.key, face.font as unknown as Buffer);
    doc.font(face.key).text(text, left + x, baseline, { lineBreak: false, baseline: 'alphabetic', features: [] });
  }
  if (line.isReordered) doc.endMarkedContent();
}
