import { describe, expect, test } from 'vitest';
import { readPdf } from '../../tests/setup/pdf.ts';
import { openPdf } from './pdf-document.ts';
import { preparePdfFonts } from './pdf-fonts.ts';
import { layOutText, type TextBlock, widthOf } from './pdf-text.ts';

async function lay(text: string, style: { width?: number; align?: 'left' | 'right' } = {}, language?: string) {
  const fonts = await preparePdfFonts([text], { language });
  return layOutText(fonts, text, { weight: 400, size: 10, width: 400, ...style });
}

/** The faces of a block without their weight, in the order of their runs. */
const facesOf = (block: TextBlock) =>
  block.lines.flatMap(({ runs }) => runs.map(({ face }) => face.key.replace(/-\d+$/, '')));

async function print(...texts: string[]) {
  const fonts = await preparePdfFonts(texts);
  const paper = openPdf({
    size: 'A4',
    margins: { top: 50, bottom: 50, left: 50, right: 50 },
    language: 'en',
    title: 'Names',
    author: 'Counterfoil',
    subject: '',
    createdAt: new Date('2026-03-02T09:00:00Z'),
  });
  for (const text of texts) {
    for (const weight of [400, 700] as const) {
      paper.text(layOutText(fonts, text, { weight, size: 11, width: paper.width }), { colour: '#000000' });
    }
  }
  return paper.finish();
}

describe('text on paper', () => {
  test.each([
    ['Latin', 'Émile Dvořák, Łódź, Đorđe, ẞ, Æsir'],
    ['Vietnamese', 'Nguyễn Thị Hương'],
    ['letters with marks that no single character is', 'a\u030cx\u0301'],
    ['Greek', 'Ολυμπία Παπαδοπούλου, ὦ'],
    ['Cyrillic', 'Ольга Ґалаґан, Ђорђе'],
    ['Hebrew', 'שלום כהן'],
    ['Hebrew among brackets and numbers', 'כהן (בע"מ) 12-34'],
    ['Arabic', 'محمد علي الحسن'],
    ['Arabic with every kind of digit', 'شركة (لا) 123 ١٢٣ ۱۲۳'],
    ['Persian and Urdu', 'پگاه گچ ٹیکسی'],
    ['Arabic within English', 'Invoice for محمد علي, Ltd. (2026)'],
    ['Chinese, simplified', '王小明 北京市朝阳区'],
    ['Chinese, traditional', '陳慧嫻 臺灣體育'],
    ['Japanese', '山田太郎 さくら カタカナ 込辻濵﨑'],
    ['Korean', '김철수 서울특별시 힣'],
    ['Devanagari', 'क्षत्रिय'],
    ['signs of money', '€ ₹ ₺ ₽ ₪ ₩ ¥ £'],
  ])('%s comes out as real glyphs that can be copied', async (_name, text) => {
    const { lines, missingGlyphs, isEmbedded } = readPdf(await print(text));
    expect(lines).toEqual([text.normalize('NFC'), text.normalize('NFC')]);
    expect([missingGlyphs, isEmbedded]).toEqual([0, true]);
  });

  test.each([
    ['an emoji', 'Zoë 👍🏽!', 'Zoë ?!'],
    ['a script without a font', 'Աննա', '????'],
  ])('%s becomes a question mark, and the block says so', async (_name, text, printed) => {
    const block = await lay(text);
    expect(block.lines.map((line) => line.text)).toEqual([printed]);
    expect(block.changed).toBe(true);
  });

  test.each([
    ['a composed form', 'e\u0301', 'é'],
    ['a space of another width', 'a\u3000b\u202fc', 'a b c'],
    ['a tab', 'a\tb', 'a b'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['what is never seen', 'a\u00adb\u200bc\ufe0f\u0007', 'abc'],
    ['marks that turn text round', '\u202e00.001\u202c USD', '00.001 USD'],
  ])('%s changes nothing that anyone would see', async (_name, text, printed) => {
    const block = await lay(text);
    expect(block.lines.map((line) => line.text.replace(/\s/g, ' '))).toEqual([printed]);
    expect(block.changed).toBe(false);
  });

  test('right-to-left words stand in their order from left to right, and brackets look the right way', async () => {
    const runs = (await lay('אב (גד) EF 12')).lines[0]!.runs;
    expect(runs.map(({ text }) => text)).toEqual(['EF 12', ' (', 'גד', ') ', 'אב']);
    for (const [i, run] of runs.entries()) expect(run.x).toBeGreaterThan(i === 0 ? -1 : runs[i - 1]!.x);
    const within = (await lay('EF אב, 12')).lines[0]!.runs;
    expect(within.map(({ text }) => text)).toEqual(['EF ', '12', ' ,', 'אב']);
  });

  test('Arabic letters are joined: in a word they are other glyphs than alone', async () => {
    const { face } = (await lay('محمد')).lines[0]!.runs[0]!;
    const ids = (text: string) => face.font.layout(text).glyphs.map(({ id }) => id);
    expect(ids('محمد')).not.toEqual([...ids('م'), ...ids('ح'), ...ids('م'), ...ids('د')].reverse());
  });

  test('lines are broken between words, between Han characters, and within what is too long', async () => {
    const words = await lay('The quick brown fox jumps over the lazy dog', { width: 90 });
    expect(words.lines.map(({ text }) => text)).toEqual(['The quick brown', 'fox jumps over the', 'lazy dog']);
    expect((await lay('東京都港区芝公園四丁目', { width: 50 })).lines.map(({ text }) => text.length)).toEqual([
      5, 5, 1,
    ]);
    const long = await lay('x'.repeat(300), { width: 90 });
    expect(long.lines.map(({ text }) => text).join('')).toBe('x'.repeat(300));
    for (const block of [words, long]) expect(widthOf(block)).toBeLessThanOrEqual(90);
    expect((await lay('one\n\ntwo\r\nthree')).lines.map(({ text }) => text)).toEqual(['one', '', 'two', 'three']);
  });

  test('aligned right, every line ends at the edge', async () => {
    const { lines } = await lay('A long value that takes several lines\nمحمد علي', { width: 90, align: 'right' });
    for (const line of lines) expect(line.runs[0]!.x + line.width).toBeCloseTo(90);
  });

  test('Han characters have the form of the language that the document is in', async () => {
    const of = async (text: string, language?: string) => facesOf(await lay(text, {}, language))[0]!.slice(0, 12);
    expect(await of('直')).toBe('noto-sans-sc');
    expect(await of('直', 'ja-JP')).toBe('noto-sans-jp');
    expect(await of('直', 'ko')).toBe('noto-sans-kr');
    expect(await of('直 さくら')).toBe('noto-sans-jp');
    expect(await of('直 さくら', 'zh')).toBe('noto-sans-sc');
  });

  test('a letter still copies as itself after a document that embedded it as part of another', async () => {
    await print('É');
    expect(readPdf(await print('E')).lines).toEqual(['E', 'E']);
  });

  test('the same document is the same bytes, whatever was made in between', async () => {
    const first = await print('Émile 王小明', 'שלום');
    await print('Ольга');
    expect((await print('Émile 王小明', 'שלום')).equals(first)).toBe(true);
  });
});
