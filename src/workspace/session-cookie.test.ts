import { expect, test } from 'vitest';
import { signSessionToken, tokenFromCookie } from './session-cookie.ts';

const SECRET = 'one secret of enough length for a test';
const good = signSessionToken('abcdef', SECRET);

test.each<[string, string | undefined, string | null]>([
  ['what we signed', good, 'abcdef'],
  ['nothing', undefined, null],
  ['an empty value', '', null],
  ['a token alone', 'abcdef', null],
  ['an empty token', signSessionToken('', SECRET), null],
  ['an empty signature', 'abcdef.', null],
  ['another token under the signature', good.replace('abcdef', 'abcdeg'), null],
  ['a signature with another secret', signSessionToken('abcdef', `${SECRET}!`), null],
  ['a signature cut short', good.slice(0, -4), null],
  ['a signature with more after it', `${good}AAAA`, null],
  ['a very long value', `${'a'.repeat(10_000)}.x`, null],
])('%s', (_case, value, token) => {
  expect(tokenFromCookie(value, SECRET)).toBe(token);
});
