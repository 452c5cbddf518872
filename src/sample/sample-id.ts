import { createHash } from 'node:crypto';
import { SAMPLE_METHOD_PREFIX } from '../payments/sample-payment.ts';

/** The seed that is taken where nobody asks for another one. */
export const USUAL_SEED = 'harbour';

/** Contacts written (or removed) in one transaction: some hundred payments, a fraction of a second. */
export const CONTACTS_PER_STEP = 16;

/** The id that everything of a sample carries, made from its seed, so that it is found again without being kept. */
export function sampleIdOf(seed: string): string {
  const hex = createHash('sha256').update(`sample business ${seed}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** How the sandbox gateway calls a card of the sample. */
export function sampleMethodRef(methodId: string): string {
  return `${SAMPLE_METHOD_PREFIX}${methodId}`;
}
