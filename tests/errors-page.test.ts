import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAILURES } from '../src/foundation/failure.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/help/errors.md'), 'utf8');

/** Rows of the page's table: code, status, retry, title, what to do. */
const rows = [...PAGE.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| (.+?) \| (.+) \|$/gm)].map(
  ([, code, status, retry, title, advice]) => ({ code, status: Number(status), retry: retry === 'yes', title, advice }),
);

test('the page names every error as the program answers it, in the same order, and no other', () => {
  const known = Object.entries(FAILURES).map(([code, { status, retry, title }]) => ({ code, status, retry, title }));
  expect(rows.map(({ advice: _advice, ...row }) => row)).toEqual(known);
});

test('every error says what to do', () => {
  for (const { code, advice } of rows) expect([code, advice!.length > 10]).toEqual([code, true]);
});

test('what can be tried again unchanged is about the moment, not about the request', () => {
  for (const [code, { status, retry }] of Object.entries(FAILURES)) {
    if (retry) expect([code, [409, 429, 500, 502, 503].includes(status)]).toEqual([code, true]);
  }
});
