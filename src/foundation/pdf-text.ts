import bidiFactory from 'bidi-js';
import LineBreaker from 'linebreak';
import { clustersOf, hasAllOf, type PdfFace, type PdfFonts, type PdfWeight, writableText } from './pdf-fonts.ts';

export interface TextStyle {
  readonly weight: PdfWeight;
  /** Points. */
  readonly size: number;
  /** Points; lines are broken to fit. */
  readonly width: number;
  readonly align?: 'left' | 'right' | 'center';
}

/** A piece of a line in one face and one direction. */
export interface TextRun {
  readonly face: PdfFace;
  /** As the font wants it: already mirrored and turned where its own shaping does not. */
  readonly text: string;
  /** Points from the left edge of the block. */
  readonly x: number;
}

export interface TextLine {
  /** As it is read. */
  readonly text: string;
  readonly runs: readonly TextRun[];
  /** Points. */
  readonly width: number;
  /** Whether the glyphs, one after the other, stand for other characters than the text: turned, shaped or mirrored. */
  readonly isReordered: boolean;
}

export interface TextBlock {
  readonly lines: readonly TextLine[];
  readonly style: TextStyle;
  /** Whether some character had no form in any font and was replaced. */
  readonly changed: boolean;
}

/** Height of a line and of what stands above its baseline, in ems; from the metrics of Noto Sans. */
export const LINE_HEIGHT_EMS = 1.36;
export const ASCENT_EMS = 1.07;

const bidi = bidiFactory();

interface Cluster {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly level: number;
  readonly face: PdfFace;
}

/**
 * Text in lines and runs, ready to be drawn: each character in a font that has it, lines broken where its script breaks
 * them, right-to-left text in its order (Unicode's UAX 9 and 14). The same text, fonts and style give the same block.
 */
export function layOutText(fonts: PdfFonts, text: string, style: TextStyle): TextBlock {
  const lines: TextLine[] = [];
  let changed = false;
  for (const paragraph of writableText(text).split('\n')) {
    const printed = clustersOf(paragraph).map((cluster) => fonts.printed(cluster));
    changed ||= printed.some((one) => one.changed);
    const clusters = withLevels(fonts, printed, style.weight);
    for (const line of breakLines(clusters, style.width / style.size)) lines.push(setLine(line, style));
  }
  return { lines, style, changed };
}

/** The longest line of a block, in points. */
export function widthOf(block: TextBlock): number {
  return Math.max(...block.lines.map(({ width }) => width));
}

/** Points. */
export function heightOf(block: TextBlock): number {
  return block.lines.length * block.style.size * LINE_HEIGHT_EMS;
}

/** The side at which prose begins, by its first letter. */
export function startOf(text: string): 'left' | 'right' {
  return FIRST_LETTER.exec(text)?.[1] ? 'right' : 'left';
}

const FIRST_LETTER = /^\P{L}*(?:([\p{sc=Arab}\p{sc=Hebr}])|\p{L})/u;

function withLevels(
  fonts: PdfFonts,
  printed: readonly ReturnType<PdfFonts['printed']>[],
  weight: PdfWeight,
): Cluster[] {
  const { levels } = bidi.getEmbeddingLevels(printed.map(({ text }) => text).join(''));
  const clusters: Cluster[] = [];
  let start = 0;
  for (const { text, file } of printed) {
    const end = start + text.length;
    const level = levels[start] ?? 0;
    const before = clusters.at(-1);
    let face = fonts.face(file, weight);
    // Spaces and points between right-to-left words stay in their font, so that the words are shaped and turned as one.
    if (level % 2 === 1 && before?.level === level && hasAllOf(before.face, text)) face = before.face;
    clusters.push({ text, start, end, level, face });
    start = end;
  }
  return clusters;
}

/** Greedy: as many unbreakable pieces as fit; a piece that is wider than a line is cut between characters. In ems. */
function breakLines(clusters: readonly Cluster[], width: number): Cluster[][] {
  // Most texts of a document fit on one line: then its pieces need not be measured, which is half of laying out.
  const mayFit = clusters.length * NARROWEST_EMS <= width;
  if (mayFit && widthOfClusters(withoutTrailingSpace(clusters)) <= width + HAIR) return [[...clusters]];
  const lines: Cluster[][] = [[]];
  let used = 0;
  const begin = (piece: Cluster[]) => {
    lines.push(piece);
    used = widthOfClusters(piece);
  };
  for (const piece of piecesOf(clusters)) {
    const line = lines.at(-1)!;
    const needed = widthOfClusters(withoutTrailingSpace(piece));
    // A hair of tolerance: sums of the same widths in another order differ in the last bit.
    if (used + needed <= width + HAIR) {
      line.push(...piece);
      used += widthOfClusters(piece);
    } else if (needed <= width + HAIR) begin([...piece]);
    else {
      for (const cluster of piece) {
        const one = cluster.face.measure(cluster.text).width;
        if (used + one > width + HAIR && lines.at(-1)!.length > 0) begin([cluster]);
        else {
          lines.at(-1)!.push(cluster);
          used += one;
        }
      }
    }
  }
  return lines;
}

const HAIR = 0.0001;
/** Text of which no character was wider would be all i and l. */
const NARROWEST_EMS = 0.25;

function widthOfClusters(clusters: readonly Cluster[]): number {
  return itemsOf(clusters).reduce((sum, { face, text }) => sum + face.measure(text).width, 0);
}

/** Clusters between places where a line may end. */
function piecesOf(clusters: readonly Cluster[]): Cluster[][] {
  const ends = new Set<number>();
  const breaker = new LineBreaker(clusters.map(({ text }) => text).join(''));
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) ends.add(next.position);
  const pieces: Cluster[][] = [];
  let piece: Cluster[] = [];
  for (const cluster of clusters) {
    piece.push(cluster);
    if (!ends.has(cluster.end)) continue;
    pieces.push(piece);
    piece = [];
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}

function withoutTrailingSpace(clusters: readonly Cluster[]): readonly Cluster[] {
  let end = clusters.length;
  while (end > 0 && clusters[end - 1]!.text.trim() === '') end -= 1;
  return clusters.slice(0, end);
}

interface Item {
  readonly face: PdfFace;
  readonly level: number;
  readonly text: string;
}

/** Neighbours in one face and one direction, as the font is to be given them. */
function itemsOf(clusters: readonly Cluster[]): Item[] {
  const items: Item[] = [];
  let first = 0;
  for (let next = 1; next <= clusters.length; next += 1) {
    const { face, level } = clusters[first]!;
    if (clusters[next]?.face === face && clusters[next]?.level === level) continue;
    items.push({ face, level, text: textForFont(clusters.slice(first, next)) });
    first = next;
  }
  return items;
}

function textForFont(clusters: readonly Cluster[]): string {
  const { face, level } = clusters[0]!;
  const isRightToLeft = level % 2 === 1;
  const texts = clusters.map(({ text }) => (isRightToLeft ? (bidi.getMirroredCharacter(text) ?? text) : text));
  const text = texts.join('');
  if (texts.length === 1 || (!isRightToLeft && !WRITTEN_FROM_RIGHT.test(text))) return text;
  // The font turns text by its script alone: brackets among right-to-left text, or Persian digits, come the other way.
  return face.measure(text).isTurned === isRightToLeft ? text : texts.reverse().join('');
}

const WRITTEN_FROM_RIGHT = /[\p{sc=Arab}\p{sc=Hebr}]/u;

/** One line from left to right: rule L2 of UAX 9 over runs. */
function setLine(clusters: readonly Cluster[], style: TextStyle): TextLine {
  const seen = withoutTrailingSpace(clusters);
  const items = seen.length === 0 ? [] : itemsOf(seen);
  const highest = Math.max(0, ...items.map(({ level }) => level));
  for (let level = highest; level >= 1; level -= 1) {
    for (let first = 0; first < items.length; first += 1) {
      let next = first;
      while (next < items.length && items[next]!.level >= level) next += 1;
      if (next - first > 1) items.splice(first, next - first, ...items.slice(first, next).reverse());
      first = Math.max(first, next - 1);
    }
  }
  const shaped = items.map((item) => item.face.measure(item.text));
  const width = shaped.reduce((sum, one) => sum + one.width, 0) * style.size;
  const room = style.width - width;
  let x = style.align === 'right' ? room : style.align === 'center' ? room / 2 : 0;
  const runs = items.map(({ face, text }, i) => {
    const run = { face, text, x };
    x += shaped[i]!.width * style.size;
    return run;
  });
  const text = seen.map((cluster) => cluster.text).join('');
  return { text, runs, width, isReordered: shaped.map(({ shown }) => shown).join('') !== text };
}
