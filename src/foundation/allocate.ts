import { check } from './assert.ts';

/**
 * Splits `totalMinor` in proportion to `weights` so that the parts add up exactly (largest remainder, ties to the
 * earlier part). Weights are non-negative integers, not all zero; a negative total is split as its opposite.
 */
export function allocateByWeight(totalMinor: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0n);
  check(weightSum > 0n && weights.every((weight) => weight >= 0n), 'weights are non-negative and not all zero');
  if (totalMinor < 0n) return allocateByWeight(-totalMinor, weights).map((part) => -part);
  const parts = weights.map((weight) => (totalMinor * weight) / weightSum);
  const left = totalMinor - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (totalMinor * weight) % weightSum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (let i = 0; i < Number(left); i += 1) parts[byRemainder[i]!.index]! += 1n;
  return parts;
}

/** `partMinor / wholeMinor` of `amountMinor`, rounded half away from zero: the proportional share of a tax or fee. */
export function proportionHalfUp(amountMinor: bigint, partMinor: bigint, wholeMinor: bigint): bigint {
  check(wholeMinor > 0n, 'the whole is positive');
  const product = amountMinor * partMinor;
  const half = wholeMinor / 2n;
  return product >= 0n ? (product + half) / wholeMinor : -((-product + half) / wholeMinor);
}
