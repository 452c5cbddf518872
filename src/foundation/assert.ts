/** Our own mistake, told in a sentence. Never used for what a person or a gateway did: those are values or Failures. */
export class BrokenAssumption extends Error {
  override name = 'BrokenAssumption';
}

/** Throws BrokenAssumption with `sentence` (what was supposed to hold) when `condition` does not hold. */
export function check(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new BrokenAssumption(`This should hold and does not: ${sentence}.`);
}

/** For the default branch of a switch over a closed union: the compiler proves it is never reached. */
export function unreachable(value: never, what: string): never {
  throw new BrokenAssumption(`This ${what} is not one the program knows: ${JSON.stringify(value)}.`);
}
