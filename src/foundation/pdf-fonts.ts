import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Font } from 'fontkit';
import { check } from './assert.ts';

/** The two weights that documents are written in. */
export type PdfWeight = 400 | 700;

/** One font as documents use it: a part of a family, in one weight. */
export interface PdfFace {
  /** Names the face within the process and within a document. */
  readonly key: string;
  readonly font: Font;
  /** Shapes a text, once per text. */
  measure(text: string): ShapedText;
}

export interface ShapedText {
  /** In ems. */
  readonly width: number;
  /** What the glyphs stand for, from left to right. */
  readonly shown: string;
  /** Whether the font has turned the text, as it does for scripts that are written from right to left. */
  readonly isTurned: boolean;
}

/** What stands for a cluster of a text on paper. */
export interface PrintedCluster {
  /** The cluster itself, or the nearest that the fonts have. */
  readonly text: string;
  readonly file: FontFile;
  /** Whether something was left off or replaced. */
  readonly changed: boolean;
}

/** The fonts of one document, loaded for the texts that it was made for; pure from here on. */
export interface PdfFonts {
  /** How a cluster (one perceived character) of those texts is printed. Throws for a cluster that was not among them. */
  printed(cluster: string): PrintedCluster;
  face(file: FontFile, weight: PdfWeight): PdfFace;
}

/**
 * A family of fonts in a package of their own, cut into parts by ranges of characters. Which part has a character says
 * the package's unicode.json. Adding a script is a line here and a package.
 */
interface Family {
  /** Of the package and of its files. */
  readonly name: string;
  /** Parts that are used; null: those with a number, as the families for Chinese, Japanese and Korean are cut. */
  readonly parts: readonly string[] | null;
}

const ALPHABETS: readonly Family[] = [
  {
    name: 'noto-sans',
    parts: ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese', 'greek-ext', 'cyrillic-ext', 'devanagari'],
  },
  { name: 'noto-sans-hebrew', parts: ['hebrew'] },
  { name: 'noto-sans-arabic', parts: ['arabic'] },
];
const CHINESE: Family = { name: 'noto-sans-sc', parts: null };
const JAPANESE: Family = { name: 'noto-sans-jp', parts: null };
const KOREAN: Family = { name: 'noto-sans-kr', parts: null };

const LATIN: FontFile = { name: 'noto-sans', part: 'latin' };

export interface FontFile {
  readonly name: string;
  readonly part: string;
}

const require = createRequire(import.meta.url);
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * What is never drawn and stays out of documents: soft hyphens, zero-width spaces and joiners of no script, variation
 * selectors, controls. Marks that turn the direction of text go too: they could make an amount or a name read otherwise.
 */
const NEVER_DRAWN =
  /\u034f|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]|[\ufe00-\ufe0f]|(?!\n)\p{Cc}/gu;

/** Text as documents take it: composed, newlines only as line ends, nothing invisible, no broken characters. */
export function writableText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(NEVER_DRAWN, '');
}

/** Perceived characters: a letter with its marks is one. */
export function clustersOf(text: string): string[] {
  // All but a few texts are plain ASCII, and segmenting costs a hundred times what this does.
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/**
 * Loads the fonts that `texts` need. The same Han character looks different in Chinese, Japanese and Korean; which form
 * is meant is told by `language` (BCP 47), or by kana or Hangul anywhere in the texts, and is Chinese otherwise.
 */
export async function preparePdfFonts(
  texts: readonly string[],
  options: { language?: string | undefined } = {},
): Promise<PdfFonts> {
  const written = texts.map(writableText);
  const families = [...ALPHABETS, ...hanFamilies(written.join('\n'), options.language)];
  const printed = new Map<string, PrintedCluster>();
  const faces = new Map<string, PdfFace>();
  const load = async (file: FontFile, weight: PdfWeight) => {
    const key = faceKey(file, weight);
    const face = faces.get(key) ?? (await openFace(file, weight));
    faces.set(key, face);
    return face;
  };
  for (const weight of [400, 700] as const) await load(LATIN, weight);
  for (const cluster of new Set(written.flatMap((text) => clustersOf(`${text} ?`)))) {
    if (cluster !== '\n') printed.set(cluster, await choose(cluster, families, (file) => load(file, 400)));
  }
  for (const { file } of printed.values()) await load(file, 700);
  return {
    printed(cluster) {
      const found = printed.get(cluster);
      check(found, `fonts were prepared for every character of the document, “${cluster}” too`);
      return found;
    },
    face(file, weight) {
      const found = faces.get(faceKey(file, weight));
      check(found, `the font ${faceKey(file, weight)} was loaded for this document`);
      return found;
    },
  };
}

function hanFamilies(text: string, language = ''): Family[] {
  if (/^ja\b/.test(language) || (!language.match(/^(zh|ko)\b/) && /[\p{sc=Hira}\p{sc=Kana}]/u.test(text)))
    return [JAPANESE, CHINESE, KOREAN];
  if (/^ko\b/.test(language) || (!/^zh\b/.test(language) && /\p{sc=Hang}/u.test(text)))
    return [KOREAN, CHINESE, JAPANESE];
  return [CHINESE, JAPANESE, KOREAN];
}

/** The cluster in the first font that has all of it; else without what no font has; else a question mark. */
async function choose(
  cluster: string,
  families: readonly Family[],
  load: (file: FontFile) => Promise<PdfFace>,
): Promise<PrintedCluster> {
  for (const [attempt, text] of [cluster, ...nearestTo(cluster)].entries()) {
    for (const family of families) {
      const file = await fileWith(family, text);
      if (!file || !hasAllOf(await load(file), text)) continue;
      return { text, file, changed: attempt > 0 && cluster.trim() !== '' };
    }
  }
  return { text: '?', file: LATIN, changed: true };
}

/** What reads the same or nearly so: compatibility forms, then the letter without its marks. */
function nearestTo(cluster: string): string[] {
  if (cluster.trim() === '') return [' '];
  const forms = [cluster.normalize('NFKC'), cluster.normalize('NFKD').replace(/[\p{M}\u200c\u200d]/gu, '')];
  return forms.filter((form) => form !== '' && form !== cluster);
}

export function hasAllOf({ font }: PdfFace, text: string): boolean {
  return [...text].every((character) => font.hasGlyphForCodePoint(character.codePointAt(0)!));
}

/** Which characters which part of a family has, as its package says. */
type Ranges = Readonly<Record<string, readonly (readonly [from: number, to: number])[]>>;
const rangesOf = new Map<string, Promise<Ranges>>();
const partsOf = new Map<string, Promise<ReadonlyMap<number, string>>>();

function readRanges(name: string): Promise<Ranges> {
  return once(rangesOf, name, async () => {
    const written = JSON.parse(await readFile(join(folderOf(name), 'unicode.json'), 'utf8')) as Record<string, string>;
    const parts = Object.entries(written).map(([part, ranges]) => {
      const ends = ranges.split(',').map((range) => {
        const [from = '', to = from] = range.trim().slice('U+'.length).split('-');
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
      });
      return [part.replace(/[[\]]/g, ''), ends] as const;
    });
    return Object.fromEntries(parts);
  });
}

/** The part of a family that has the text's first character. */
async function fileWith({ name, parts }: Family, text: string): Promise<FontFile | null> {
  const found = await once(partsOf, name, async () => {
    const ranges = await readRanges(name);
    const partOf = new Map<number, string>();
    for (const part of parts ?? Object.keys(ranges).filter((key) => /^\d+$/.test(key))) {
      // Parts overlap in marks; the one that is named first keeps them.
      for (const code of codesIn(ranges[part])) if (!partOf.has(code)) partOf.set(code, part);
    }
    return partOf;
  });
  const part = found.get(text.codePointAt(0)!);
  return part === undefined ? null : { name, part };
}

function* codesIn(ranges: Ranges[string] = []): Generator<number> {
  for (const [from, to] of ranges) for (let code = from; code <= to; code += 1) yield code;
}

function once<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(name) ?? make();
  known.set(name, value);
  value.catch(() => known.delete(name));
  return value;
}

function folderOf(name: string): string {
  return dirname(require.resolve(`@fontsource-variable/${name}/package.json`));
}

function faceKey({ name, part }: FontFile, weight: PdfWeight): string {
  return `${name}-${part}-${weight}`;
}

/**
 * A face for one document. An opened font remembers for its glyphs which characters they were first asked for, and
 * embedding asks for parts of letters: documents that share one would copy as text with holes. What it has read of its
 * file they do share, as fontkit itself does between variations of a font; that spares a quarter of a document's time.
 */
async function openFace(file: FontFile, weight: PdfWeight): Promise<PdfFace> {
  const key = faceKey(file, weight);
  const [{ create }, { bytes, tables }] = await Promise.all([import('fontkit'), keepFontFile(file, weight, key)]);
  const font = create(bytes) as Font;
  Object.assign(font, { _tables: tables });
  // The file goes by the name of the variable font's lightest weight, whatever was pinned.
  const shownName = `${file.name}-${file.part}`.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  Object.defineProperty(font, 'postscriptName', { value: `${shownName}-${weight === 400 ? 'Regular' : 'Bold'}` });
  shapeOnce(font);
  const shaped = new Map<string, ShapedText>();
  return {
    key,
    font,
    measure(text) {
      let known = shaped.get(text);
      if (!known) {
        const { advanceWidth, glyphs, direction } = font.layout(text);
        known = {
          width: advanceWidth / font.unitsPerEm,
          shown: glyphs.map(({ codePoints }) => String.fromCodePoint(...codePoints)).join(''),
          isTurned: direction === 'rtl',
        };
        shaped.set(text, known);
      }
      return known;
    },
  };
}

/**
 * Measuring, breaking lines and drawing ask for the same texts; shaping them is most of a document's time. pdfkit scales
 * the positions that it is given, so each asker gets its own.
 */
function shapeOnce(font: Font): void {
  const shape = font.layout.bind(font);
  const runs = new Map<string, ReturnType<Font['layout']>>();
  const copyOf = <T extends object>(value: T): T => Object.assign(Object.create(Object.getPrototypeOf(value)), value);
  font.layout = (text: string, features?: unknown) => {
    const asked = Array.isArray(features) ? features.length > 0 : features !== undefined;
    if (asked) return shape(text, features as never);
    const run = runs.get(text) ?? shape(text);
    runs.set(text, run);
    return Object.assign(copyOf(run), { positions: run.positions.map(copyOf) });
  };
}

/** Kept per process: making one takes some 40 ms, and ordinary documents need the same two. 30 to 140 kB each. */
const FONT_FILES_MAX = 96;
const kept = new Map<string, Promise<KeptFontFile>>();

interface KeptFontFile {
  readonly bytes: Buffer;
  /** What fonts opened on these bytes have decoded. */
  readonly tables: object;
}

function keepFontFile(file: FontFile, weight: PdfWeight, key: string): Promise<KeptFontFile> {
  const made = kept.get(key) ?? makeFontFile(file, weight).then((bytes) => ({ bytes, tables: {} }));
  // The newest stands last, so that what was not used for longest goes first.
  kept.delete(key);
  kept.set(key, made);
  for (const oldest of kept.keys()) {
    if (kept.size <= FONT_FILES_MAX) break;
    kept.delete(oldest);
  }
  made.catch(() => kept.delete(key));
  return made;
}

/** The packages hold variable fonts; documents take static ones, so the weight is pinned first. */
async function makeFontFile({ name, part }: FontFile, weight: PdfWeight): Promise<Buffer> {
  // Only whoever makes documents pays for it.
  const { default: subsetFont } = await import('subset-font');
  const file = await readFile(join(folderOf(name), 'files', `${name}-${part}-wght-normal.woff2`));
  let text = '';
  for (const code of codesIn((await readRanges(name))[part])) {
    if (code > 0 && (code < 0xd800 || code > 0xdfff)) text += String.fromCodePoint(code);
  }
  return subsetFont(file, text, { targetFormat: 'truetype', variationAxes: { wght: weight } });
}
