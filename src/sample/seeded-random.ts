/**
 * Numbers that look random and are the same for the same seed, everywhere: Marsaglia's xorshift on 32 bits (shifts 13,
 * 17, 5) whose state is multiplied by an odd constant on the way out; the seed text is folded into the first state by
 * FNV-1a. Good enough to make a business look alive, and for nothing else.
 */
export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** Whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the entries, each as often as its weight says. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
}

const HUNDRED = 100;

/** Each part of a business draws from its own source, so that a change in one place leaves the others as they were. */
export function seededRandom(seed: string): SeededRandom {
  let state = foldSeed(seed);
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.imul(state, 0x9e3779b1) >>> 0;
  };
  // Similar seeds begin alike; a few steps part them.
  for (let step = 0; step < 8; step += 1) next();
  const fraction = () => next() / 0x1_0000_0000;
  const whole = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    whole,
    chance: (percent) => fraction() * HUNDRED < percent,
    pick: (list) => list[whole(0, list.length - 1)]!,
    weighted(list) {
      let left = fraction() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [entry, weight] of list) {
        left -= weight;
        if (left < 0) return entry;
      }
      return list.at(-1)![0];
    },
  };
}

/** A first state that is never 0, which xorshift could not leave. */
function foldSeed(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  return hash === 0 ? 1 : hash;
}
