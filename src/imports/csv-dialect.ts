import { type CsvRow, makeRowSplitter } from './csv-rows.ts';

/** Text encodings that files come in. Latin-1 is read as Windows-1252, which it is a part of. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** How a file is to be read. */
export interface Dialect {
  readonly encoding: Encoding;
  readonly separator: Separator;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
}

/** Encoding told by a byte order mark, or null. */
export function encodingOfMark(start: Uint8Array): Encoding | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return null;
}

/** Kinds of file that people send for CSV, told by their first bytes, with what to do instead. */
const OTHER_FILES: readonly { readonly bytes: readonly number[]; readonly sentence: string }[] = [
  { bytes: [0x50, 0x4b], sentence: 'This is a ZIP archive or an Excel workbook; save the sheet as CSV and send that.' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], sentence: 'This is an old Excel workbook; save the sheet as CSV and send that.' },
  { bytes: [0x25, 0x50, 0x44, 0x46], sentence: 'This is a PDF; a CSV file is needed.' },
];

/**
 * What the first bytes of a file say: an encoding, or why it is not text. Without a mark, UTF-16 is told by its zero
 * bytes (the Latin letters, digits and separators of a CSV have one each); null leaves UTF-8 or Windows-1252 open.
 */
export function judgeStart(start: Uint8Array): { readonly encoding: Encoding | null } | { readonly refused: string } {
  for (const { bytes, sentence } of OTHER_FILES) {
    if (bytes.every((byte, index) => start[index] === byte)) return { refused: sentence };
  }
  const marked = encodingOfMark(start);
  if (marked !== null) return { encoding: marked };
  const zeros = [0, 0];
  let controls = 0;
  for (let at = 0; at < start.length; at += 1) {
    const byte = start[at]!;
    if (byte === 0) zeros[at % 2]! += 1;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls += 1;
  }
  const half = start.length / 2;
  if (zeros[1]! > half * 0.4 && zeros[0]! < half * 0.05) return { encoding: 'utf-16le' };
  if (zeros[0]! > half * 0.4 && zeros[1]! < half * 0.05) return { encoding: 'utf-16be' };
  if (zeros[0]! + zeros[1]! + controls > 0) return { refused: 'This is not a text file; a CSV file is needed.' };
  return { encoding: null };
}

/** Rows that the choice of separator is judged by. */
const SNIFFED_ROWS_MAX = 50;

/**
 * The separator that divides the sample into the most columns on the most rows alike. `text` is the decoded beginning
 * of the file and may end anywhere.
 */
export function sniffSeparator(text: string): Separator {
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const widths = sampleRows(text, separator).map((row) => row.cells.length);
    const usual = mostFrequent(widths);
    if (usual < 2) continue;
    const alike = widths.filter((width) => width === usual).length / widths.length;
    const score = alike * alike * Math.log2(usual + 1);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** Rows of a sample that may break off; a quote left open by the break is no fault. */
export function sampleRows(text: string, separator: Separator): CsvRow[] {
  const splitter = makeRowSplitter(separator);
  const rows: CsvRow[] = [];
  try {
    rows.push(...splitter.push(text));
    if (rows.length < SNIFFED_ROWS_MAX) rows.push(...splitter.end());
  } catch {
    // The sample broke off inside a quoted cell, or the quote never closes: the full read tells which.
  }
  return rows.slice(0, SNIFFED_ROWS_MAX);
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  let best = 0;
  for (const [number, count] of counts) if (count > (counts.get(best) ?? 0)) best = number;
  return best;
}

/** Whether the first row names columns: all its cells are different words, none is a number, a date or an e-mail. */
export function looksLikeHeader(first: readonly string[]): boolean {
  const names = first.map((cell) => cell.trim().toLowerCase());
  while (names.length > 0 && names.at(-1) === '') names.pop();
  if (names.length === 0 || new Set(names).size !== names.length) return false;
  return names.every(
    (name) => name !== '' && name.length <= 100 && /\p{L}/u.test(name) && !/@|^\d[\d.,:/ -]*$/.test(name),
  );
}

/** Names of the columns: the header's, or “Column 1” and so on. */
export function columnNames(rows: readonly CsvRow[], hasHeader: boolean): string[] {
  const first = rows[0]?.cells ?? [];
  if (hasHeader) return first.map((cell, index) => cell.trim() || `Column ${index + 1}`);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  return Array.from({ length: width }, (_, index) => `Column ${index + 1}`);
}
