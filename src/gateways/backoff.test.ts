import { expect, it } from 'vitest';
import { backoffMs, jitterShare } from './backoff.ts';

const LIMITS = { firstMs: 400, longestMs: 3_000 };

it.each([
  [0, 0, 200],
  [0, 0.999, 400],
  [1, 0, 400],
  [1, 0.5, 600],
  [2, 0, 800],
  [3, 0, 1_500],
  [3, 0.999, 2_999],
  [9, 0.999, 2_999],
])('retry %i with share %d waits %i ms', (retry, share, expected) => {
  expect(Math.abs(backoffMs(retry, share, LIMITS) - expected)).toBeLessThanOrEqual(2);
});

it('servers that were refused together come back apart', () => {
  const waits = Array.from({ length: 50 }, () => backoffMs(2, jitterShare(), LIMITS));
  expect(new Set(waits).size).toBeGreaterThan(25);
  for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(800);
  for (const wait of waits) expect(wait).toBeLessThanOrEqual(1_600);
});
