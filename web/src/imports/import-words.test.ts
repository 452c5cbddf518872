import { expect, it } from 'vitest';
import { bytesWords, countWords, exactMoney, whatWords } from './import-words.ts';

it.each([
  ['8300065.81', 'GBP', '£8,300,065.81'],
  ['-0.0005', 'GBP', '-£0.0005'],
  ['12', 'JPY', '¥12'],
  // More digits than a number can hold: none is lost.
  ['90071992547409931.25', 'USD', '$90,071,992,547,409,931.25'],
])('writes %s %s without losing a digit', (decimal, currency, words) => {
  expect(exactMoney(decimal, currency, 'en-US')).toBe(words);
});

it.each([
  [{ payments: 0, contacts: 0, companies: 0 }, null],
  [{ payments: 1, contacts: 0, companies: 0 }, '1 payment'],
  [{ payments: 0, contacts: 2_000, companies: 1 }, '2,000 contacts and 1 company'],
  [{ payments: 3, contacts: 2, companies: 2 }, '3 payments, 2 contacts, and 2 companies'],
])('says what %o is', (counts, words) => {
  expect(whatWords(counts, 'en-US')).toBe(words);
});

it('counts in words', () => {
  expect(countWords(1, 'row', 'rows', 'en-US')).toBe('1 row');
  expect(countWords(541_909, 'row', 'rows', 'en-US')).toBe('541,909 rows');
  expect(bytesWords(4_404_019, 'en-US')).toBe('4.2 MB');
  expect(bytesWords(0, 'en-US')).toBe('0 bytes');
});
