import { createHash } from 'node:crypto';

/**
 * Hash of what a request asks for: the same key with another hash is refused (422). Field order does not matter, bigint
 * and number of the same value are the same.
 */
export function hashInput(operation: string, input: object): string {
  const entries = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString() : value instanceof Date ? value.toISOString() : String(value),
    ])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([operation, entries]))
    .digest('hex')
    .slice(0, 40);
}
