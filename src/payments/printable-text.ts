/**
 * The fonts that every PDF reader has know the Latin letters of Western Europe only (Windows code page 1252). Text
 * beyond it is brought as near as it goes: accents that the fonts lack are left off, and what has no Latin form at all
 * becomes a question mark. Whoever prints says so on the page; the exact text stays in the record and in the
 * document's own properties.
 */
export interface PrintableText {
  readonly text: string;
  /** Whether something was left off or replaced. */
  readonly changed: boolean;
}

/** Code page 1252 above ASCII: Latin-1 and what stands where Latin-1 has control characters. */
const PRINTABLE = /^[\n\x20-\x7e\xa0-\xffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]$/u;

/** Letters that no accent explains. */
const NEAREST: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  ẞ: 'SS',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
  '\t': ' ',
};

/** `text` in letters that the standard fonts have. Runs without a Latin form become one question mark per character. */
export function printableText(text: string): PrintableText {
  let changed = false;
  const printed = [...text.normalize('NFC').replace(/\r\n?/g, '\n')].map((character) => {
    if (PRINTABLE.test(character)) return character;
    const nearest = NEAREST[character] ?? withoutAccents(character);
    if (nearest.trim() !== '' || character.trim() !== '') changed = true;
    return nearest;
  });
  return { text: printed.join(''), changed };
}

function withoutAccents(character: string): string {
  const letters = [...character.normalize('NFKD')].filter((part) => !/\p{M}/u.test(part));
  if (letters.length === 0) return '';
  return letters.every((letter) => PRINTABLE.test(letter)) ? letters.join('') : '?';
}
