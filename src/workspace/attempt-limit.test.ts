import { expect, test } from 'vitest';
import { makeAttemptLimit } from './attempt-limit.ts';
import { makeMemory } from './remember.ts';

const at = (second: number) => new Date(second * 1000);

test('so many attempts within the window, then none until it is over', () => {
  const limit = makeAttemptLimit(3, 60_000);
  expect([0, 1, 2, 3, 59].map((second) => limit.allows('a', at(second)))).toEqual([true, true, true, false, false]);
  expect(limit.allows('a', at(60))).toBe(true);
});

test('keys do not count for each other, and a forgotten one begins again', () => {
  const limit = makeAttemptLimit(1, 60_000);
  expect(limit.allows('a', at(1))).toBe(true);
  expect(limit.allows('b', at(1))).toBe(true);
  expect(limit.allows('a', at(2))).toBe(false);
  limit.forget('a');
  expect(limit.allows('a', at(3))).toBe(true);
});

test('memory is bounded: what was longest unused goes first', () => {
  const memory = makeMemory<number>(2);
  memory.set('a', 1);
  memory.set('b', 2);
  memory.get('a');
  memory.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([1, undefined, 3]);
});
