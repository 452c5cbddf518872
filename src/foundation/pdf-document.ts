import PDFDocument from 'pdfkit';
import { ASCENT_EMS, LINE_HEIGHT_EMS, type TextBlock, type TextLine } from './pdf-text.ts';
import { xmlText } from './xml.ts';

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
  /** Makes it a PDF/A-3 (else PDF/UA), which may carry files; what readers are told of them is XMP. */
  readonly archive?: { readonly files: readonly PdfAttachment[]; readonly xmp: string };
}

/** A file within a PDF. */
export interface PdfAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly description: string;
  /** What it is to the document: the same in another form, or data that it was made from. */
  readonly relationship: 'Alternative' | 'Data' | 'Supplement';
}

/** What a block of text is to someone who has the document read aloud. */
export type TextRole = 'H1' | 'H2' | 'P' | 'TH' | 'TD';

/** A part of the document that holds others; `end()` when nothing more comes. */
export interface PdfPart {
  add(part: 'TR' | 'Div'): PdfPart;
  end(): void;
}

export interface TextPlace {
  readonly colour: string;
  readonly role?: TextRole;
  readonly x?: number;
  readonly within?: PdfPart;
  /** Stays where it is put, on this page, below the margin too. */
  readonly isFixed?: boolean;
}

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
  text(block: TextBlock, options: TextPlace): void;
  /** Begins a table; its rows are `add('TR')`, their cells text within a row. */
  table(): PdfPart;
  /** A picture that says something: `alt` is read aloud in its place. */
  figure(alt: string, draw: (doc: PDFKit.PDFDocument) => void): void;
  /** Told when a page was begun because the one before was full; it may draw and move down. */
  whenPageBegins: (() => void) | null;
  /** Drawn on every page at the end, when their number is known; `page` counts from 1. */
  onEachPage: ((doc: PDFKit.PDFDocument, page: number, pages: number) => void) | null;
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
    subset: (facts.archive ? 'PDF/A-3' : 'PDF/UA') as 'PDF/A-1',
    tagged: true,
    bufferPages: true,
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
  // pdfkit puts titles and names into XML as they are; one with & or < would break it.
  Object.assign(doc, { _addInfo: () => writeMetadata(doc, facts) });
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
    whenPageBegins: null,
    onEachPage: null,
    table: () => new Part(doc, root, 'Table'),
    figure(alt, draw) {
      const element = doc.struct('Figure', { alt });
      root.add(element);
      element.add(() => {
        doc.save();
        draw(doc);
        doc.restore();
      });
      element.end();
    },
    text(block, { colour, role = 'P', x = facts.margins.left, within, isFixed = false }) {
      const element = doc.struct(role);
      (within instanceof Part ? within.element : root).add(element);
      const lineHeight = block.style.size * LINE_HEIGHT_EMS;
      for (const line of block.lines) {
        if (!isFixed) paper.makeRoom(lineHeight);
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
      paper.whenPageBegins?.();
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
      const { start, count } = doc.bufferedPageRange();
      for (let page = 0; paper.onEachPage && page < count; page += 1) {
        doc.switchToPage(start + page);
        const draw = paper.onEachPage;
        paper.decorate(() => draw(doc, page + 1, count));
      }
      for (const file of facts.archive?.files ?? []) {
        doc.file(file.bytes, {
          name: file.name,
          type: file.mediaType,
          description: file.description,
          creationDate: facts.createdAt,
          modifiedDate: facts.createdAt,
          // The types lack it.
          ...{ relationship: file.relationship },
        });
      }
      doc.end();
      return done;
    },
  };
  return paper;
}

class Part implements PdfPart {
  readonly element: PDFKit.PDFStructureElement;
  private readonly doc: PDFKit.PDFDocument;

  constructor(doc: PDFKit.PDFDocument, parent: PDFKit.PDFStructureElement, role: string) {
    this.doc = doc;
    this.element = doc.struct(role as 'Div');
    parent.add(this.element);
  }

  add(role: 'TR' | 'Div'): Part {
    return new Part(this.doc, this.element, role);
  }

  end(): void {
    this.element.end();
  }
}

/** XMP says the same as the information dictionary, as PDF/A wants it, and what an archive's files are. */
function writeMetadata(doc: PDFKit.PDFDocument, facts: PdfFacts): void {
  const append = (xml: string) => (doc as unknown as { appendXML(xml: string): void }).appendXML(xml);
  const moment = `${facts.createdAt.toISOString().slice(0, 19)}Z`;
  const alt = (tag: string, text: string) =>
    text === ''
      ? ''
      : `<dc:${tag}><rdf:Alt><rdf:li xml:lang="x-default">${xmlText(text)}</rdf:li></rdf:Alt></dc:${tag}>`;
  append(`<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>${moment}</xmp:CreateDate><xmp:ModifyDate>${moment}</xmp:ModifyDate><xmp:CreatorTool>Counterfoil</xmp:CreatorTool>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
${alt('title', facts.title)}${facts.author === '' ? '' : `<dc:creator><rdf:Seq><rdf:li>${xmlText(facts.author)}</rdf:li></rdf:Seq></dc:creator>`}${alt('description', facts.subject)}
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>Counterfoil</pdf:Producer></rdf:Description>
${facts.archive?.xmp ?? ''}`);
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
