import { inflateSync } from 'node:zlib';

/** What a PDF says, read from its bytes: as much of the format as our own documents use. */
export interface ReadPdf {
  /** Per line of text on paper, in the order of the file: what a reader copies out. */
  readonly lines: string[];
  readonly text: string;
  /** Glyphs that stand for "no such character". */
  readonly missingGlyphs: number;
  /** Whether every font is inside the file. */
  readonly isEmbedded: boolean;
  readonly fonts: string[];
  readonly pages: number;
  /** What is drawn on each page, as operators. */
  readonly contents: string[];
  /** Roles of the structure tree, in the order of the file. */
  readonly roles: string[];
}

interface Piece {
  readonly dictionary: string;
  readonly content: string;
}

export function readPdf(pdf: Buffer): ReadPdf {
  const objects = objectsOf(pdf);
  const dictionaries = [...objects.values()].map(({ dictionary }) => dictionary);
  const fonts = new Map<string, Map<string, string>>();
  const names: string[] = [];
  let isEmbedded = true;
  for (const [number, { dictionary }] of objects) {
    if (!/\/Type \/Font\b/.test(dictionary) || /CIDFont/.test(dictionary)) continue;
    names.push(/\/BaseFont \/(\S+)/.exec(dictionary)?.[1] ?? '');
    const toUnicode = objects.get(Number(/\/ToUnicode (\d+)/.exec(dictionary)?.[1]));
    const descendant = objects.get(Number(/\/DescendantFonts \[(\d+)/.exec(dictionary)?.[1]));
    const descriptor = objects.get(Number(/\/FontDescriptor (\d+)/.exec(descendant?.dictionary ?? '')?.[1]));
    if (!toUnicode || !/\/FontFile2 \d+/.test(descriptor?.dictionary ?? '')) isEmbedded = false;
    fonts.set(String(number), charactersOf(toUnicode?.content ?? ''));
  }
  const fontNames = new Map<string, string>();
  for (const dictionary of dictionaries) {
    for (const [, name, number] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) fontNames.set(name!, number!);
  }
  let missingGlyphs = 0;
  const lines: string[] = [];
  const contents: string[] = [];
  for (const { dictionary, content } of objects.values()) {
    if (/\/Type|\/Length1/.test(dictionary) || !/\bBT\b/.test(content)) continue;
    contents.push(content);
    let font = new Map<string, string>();
    let actual = false;
    let baseline = '';
    // A string may hold anything, line ends too, so what stands for text is taken out first.
    const stated: string[] = [];
    const lean = content.replace(
      /\/Span <<\s*\/ActualText \(((?:\\.|[^\\)])*)\)\s*>> BDC/gs,
      (_, escaped: string) => `\nACTUAL ${stated.push(textString(escaped)) - 1}\n`,
    );
    for (const line of lean.split('\n')) {
      const begun = /^ACTUAL (\d+)/.exec(line);
      if (begun) {
        lines.push(stated[Number(begun[1])]!);
        actual = true;
        continue;
      }
      if (line === 'EMC') actual = false;
      const chosen = /^\/(F\d+) \S+ Tf/.exec(line);
      if (chosen) font = fonts.get(fontNames.get(chosen[1]!) ?? '') ?? new Map();
      const placed = /^1 0 0 1 \S+ (\S+) Tm/.exec(line)?.[1];
      if (!/T[Jj]$/.test(line)) {
        if (placed !== undefined && placed !== baseline) {
          if (!actual) lines.push('');
          baseline = placed;
        }
        continue;
      }
      let shown = '';
      for (const [, hex] of line.matchAll(/<([0-9a-f]*)>/gi)) {
        for (const [glyph] of hex!.matchAll(/.{4}/g)) {
          if (glyph === '0000') missingGlyphs += 1;
          shown += font.get(glyph) ?? '\ufffd';
        }
      }
      if (!actual) lines.push((lines.pop() ?? '') + shown);
    }
  }
  return {
    lines: lines.filter((line) => line !== ''),
    text: lines.join('\n'),
    missingGlyphs,
    isEmbedded: isEmbedded && names.length > 0,
    fonts: names,
    contents,
    pages: dictionaries.filter((one) => /\/Type \/Page\b/.test(one)).length,
    roles: dictionaries.flatMap((one) => /^<<\s*\/S \/(\w+)/.exec(one)?.[1] ?? []),
  };
}

function objectsOf(pdf: Buffer): Map<number, Piece> {
  const source = pdf.toString('latin1');
  const objects = new Map<number, Piece>();
  for (const match of source.matchAll(/^(\d+) 0 obj\n/gm)) {
    const start = match.index + match[0].length;
    const end = source.indexOf('\nendobj', start);
    const body = source.slice(start, end);
    const streamAt = body.search(/stream\r?\n/);
    const dictionary = streamAt === -1 ? body : body.slice(0, streamAt);
    let content = '';
    if (streamAt !== -1) {
      const bytes = Buffer.from(
        body.slice(body.indexOf('\n', streamAt) + 1, body.lastIndexOf('\nendstream')),
        'latin1',
      );
      content = (/FlateDecode/.test(dictionary) ? inflateSync(bytes) : bytes).toString('latin1');
    }
    objects.set(Number(match[1]), { dictionary, content });
  }
  return objects;
}

/** The ToUnicode map: glyph as four hex digits to the characters it stands for. */
function charactersOf(map: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, from, , list] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)) {
    const entries = [...list!.matchAll(/<([0-9a-f ]*)>/gi)].map(([, hex]) => hex!);
    entries.forEach((hex, i) => {
      const units = hex
        .split(' ')
        .filter(Boolean)
        .map((unit) => Number.parseInt(unit, 16));
      found.set((Number.parseInt(from!, 16) + i).toString(16).padStart(4, '0'), String.fromCharCode(...units));
    });
  }
  return found;
}

/** A PDF string in its brackets: UTF-16 behind a byte order mark, else Latin-1. */
function textString(escaped: string): string {
  const bytes = Buffer.from(
    escaped.replace(
      /\\([nrtbf()\\])/g,
      (_, one: string) => ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' })[one] ?? one,
    ),
    'latin1',
  );
  return bytes[0] === 0xfe && bytes[1] === 0xff
    ? bytes.subarray(2).swap16().toString('utf16le')
    : bytes.toString('latin1');
}
