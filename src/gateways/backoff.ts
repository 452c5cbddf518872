import { newId } from '../foundation/id.ts';

export interface Backoff {
  /** The first wait, before jitter. Each further one is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before a busy gateway is asked again: half of a doubling wait is fixed, the other half is by chance,
 * so that servers which were refused together do not come back together. `retry` counts from 0, `share` is in [0, 1).
 */
export function backoffMs(retry: number, share: number, { firstMs, longestMs }: Backoff): number {
  const wholeMs = Math.min(firstMs * 2 ** retry, longestMs);
  return Math.round(wholeMs / 2 + (wholeMs / 2) * share);
}

/** A share in [0, 1) for backoffMs, different each time. */
export function jitterShare(): number {
  return Number.parseInt(newId().slice(-6), 16) / 0x1000000;
}
