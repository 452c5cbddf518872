import { describe, expect, test } from 'vitest';
import { foldText, phoneDigits, type Searchable, sortNameOf, termsOf, typedWordsOf } from './search-terms.ts';

const NOBODY: Searchable = { name: '', email: null, phone: null, companyName: null, externalRef: null };

/** Whether what is typed finds the contact, by the rule that the database follows. */
function finds(typed: string, contact: Partial<Searchable>): boolean {
  const terms = termsOf({ ...NOBODY, ...contact });
  const words = typedWordsOf(typed);
  return words.length > 0 && words.every((word) => terms.some((term) => term.startsWith(word)));
}

describe('what finds whom', () => {
  test.each<[string, Partial<Searchable>, boolean]>([
    ['ann', { name: 'Anna Müller' }, true],
    ['MULL', { name: 'Anna Müller' }, true],
    ['müll ann', { name: 'Anna Müller' }, true],
    ['ann anna', { name: 'Anna Müller' }, true],
    ['nna', { name: 'Anna Müller' }, false],
    ['otto', { name: 'Anna Müller' }, false],
    ['strasse', { name: 'Hotel Straße 7' }, true],
    ['oster', { name: 'Søren Øster' }, true],
    ['łodz', { name: 'Firma Łódź' }, true],
    ['иван', { name: 'Иван Петров' }, true],
    ['小明', { name: '王小明' }, true],
    ['王小', { name: '王小明' }, true],
    ['明', { name: '王小明' }, true],
    ['大', { name: '王小明' }, false],
    ['김', { name: '김민준' }, true],
    ['タカ', { name: 'ヤマダタカシ' }, true],
    ['anna@exa', { name: 'Anna', email: 'Anna@Example.com' }, true],
    ['example.com', { name: 'Anna', email: 'Anna@Example.com' }, true],
    ['anna@other', { name: 'Anna', email: 'Anna@Example.com' }, false],
    ['+44 20 7946', { name: 'Anna', phone: '+44 20 7946 0018' }, true],
    ['0044207946', { name: 'Anna', phone: '+44 20 7946 0018' }, true],
    ['020 7946 00', { name: 'Anna', phone: '+44 20 7946 0018' }, true],
    ['0018', { name: 'Anna', phone: '+44 20 7946 0018' }, true],
    ['17850', { name: 'Customer', externalRef: '17850' }, true],
    ['00042', { name: 'Customer', externalRef: '0042' }, true],
    ['acme', { name: 'Anna', companyName: 'ACME Ltd' }, true],
    ['anna acme', { name: 'Anna', companyName: 'ACME Ltd' }, true],
    ['  ', { name: 'Anna' }, false],
    ['!?', { name: 'Anna' }, false],
  ])('“%s” in %o: %s', (typed, contact, expected) => {
    expect(finds(typed, contact)).toBe(expected);
  });
});

test('terms stay bounded for a name that is a novel', () => {
  const terms = termsOf({ ...NOBODY, name: Array.from({ length: 300 }, (_, index) => `word${index}`).join(' ') });
  expect(terms.length).toBeLessThanOrEqual(80);
  expect(Math.max(...termsOf({ ...NOBODY, name: '𠮷'.repeat(200) }).map((term) => [...term].length))).toBe(64);
});

test('typed words are few, longest first, without beginnings of others', () => {
  expect(typedWordsOf('an anna b')).toEqual(['anna', 'b']);
  expect(typedWordsOf(Array.from({ length: 40 }, (_, index) => `q${index}x`).join(' '))).toHaveLength(8);
});

test('names are ordered without capitals and accents', () => {
  expect(sortNameOf('  Émile   ZOLA ')).toBe('emile zola');
  expect(foldText('Ærø')).toBe('aero');
  expect(phoneDigits('0044 (20) 7946-0018')).toBe('442079460018');
});
