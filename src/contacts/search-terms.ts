/**
 * What a contact is found by. One rule for what is kept and for what is typed, so that they meet: accents and case are
 * folded away, words are runs of letters and digits, a word of digits loses its leading zeros. A typed word finds every
 * kept term that begins with it.
 *
 * Scripts that are written without spaces (Chinese, Japanese, Thai …) have no words to begin with: there every ending of
 * a run is kept as a term (王小明 → 王小明, 小明, 明), so that any piece of it that somebody types begins a term.
 */

/** Terms longer than this are cut, kept and typed alike: nobody types more to find somebody. */
const TERM_LENGTH_MAX = 64;
/** Bounds what one contact can add to the index. */
const TERMS_OF_CONTACT_MAX = 80;
/** Words beyond this say nothing more about who is meant; each costs a probe. */
const TYPED_WORDS_MAX = 8;
/** Endings kept of a run without spaces; longer runs are sentences, not names. */
const ENDINGS_MAX = 24;

/** Letters that NFKD does not take apart but people type as others. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
};

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Lower case without accents: “Émile Øster” and “emile oster” are one. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþıħ]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

/** What names are ordered and told apart by. */
export function sortNameOf(name: string): string {
  return foldText(name).trim().replace(/\s+/g, ' ').slice(0, 200);
}

/** Digits of a telephone number without leading zeros (so 0044 and +44 are one); empty when there are none. */
export function phoneDigits(phone: string): string {
  return phone.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
}

export interface Searchable {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly companyName: string | null;
  readonly externalRef: string | null;
}

/** The terms to keep for a contact, each once. */
export function termsOf(contact: Searchable): string[] {
  const terms = new Set<string>();
  const keep = (term: string) => {
    if (term !== '' && terms.size < TERMS_OF_CONTACT_MAX) terms.add(cut(term));
  };
  for (const word of wordsOf(contact.name)) for (const ending of endingsOf(word)) keep(ending);
  if (contact.externalRef) for (const word of wordsOf(contact.externalRef)) keep(word);
  if (contact.email) {
    keep(foldText(contact.email));
    for (const word of wordsOf(contact.email)) keep(word);
  }
  if (contact.phone) for (const digits of phoneTerms(contact.phone)) keep(digits);
  if (contact.companyName)
    for (const word of wordsOf(contact.companyName)) for (const ending of endingsOf(word)) keep(ending);
  return [...terms];
}

/**
 * The words of what somebody typed, longest first, without those that another one already begins with. Empty when
 * nothing in it can be searched for.
 */
export function typedWordsOf(typed: string): string[] {
  const text = typed.trim();
  const words = looksLikePhone(text)
    ? [phoneDigits(text)]
    : text
        .split(/\s+/)
        .flatMap((piece) => (piece.includes('@') && !piece.startsWith('@') ? [foldText(piece)] : wordsOf(piece)));
  const longestFirst = [...new Set(words.filter((word) => word !== '').map(cut))].sort(
    (a, b) => b.length - a.length || (a < b ? -1 : 1),
  );
  return longestFirst
    .filter((word, index) => !longestFirst.slice(0, index).some((longer) => longer.startsWith(word)))
    .slice(0, TYPED_WORDS_MAX);
}

/** First text after every text that begins with `prefix`, in the byte order that terms and names are kept in. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

function wordsOf(text: string): string[] {
  return (foldText(text).match(WORD) ?? []).map((word) => (/^\d+$/.test(word) ? word.replace(/^0+(?=\d)/, '') : word));
}

function endingsOf(word: string): string[] {
  if (!UNSPACED.test(word)) return [word];
  const letters = [...word];
  return letters.slice(0, ENDINGS_MAX).map((_, index) => letters.slice(index).join(''));
}

/**
 * The whole number, and its last ten, nine and four digits: people type numbers with and without the country's code,
 * and remember how they end.
 */
function phoneTerms(phone: string): string[] {
  const digits = phoneDigits(phone);
  return [
    digits,
    ...[10, 9, 4].filter((length) => digits.length > length).map((length) => digits.slice(-length).replace(/^0+/, '')),
  ];
}

/** Nothing but digits and the marks between them, and enough of them to be more than a reference. */
function looksLikePhone(text: string): boolean {
  return /^\+?[0-9 ()./\-\u00a0]+$/.test(text) && text.replace(/\D/g, '').length >= 5;
}

function cut(term: string): string {
  return term.length <= TERM_LENGTH_MAX ? term : [...term].slice(0, TERM_LENGTH_MAX).join('');
}
