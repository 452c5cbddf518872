/**
 * The only file that reads the machine's clock. Everything else takes the moment as an argument, or a Clock when it
 * has to ask again later.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Monotonic milliseconds for measuring how long something took; not a time of day. */
export function monotonicMs(): number {
  return performance.now();
}

/** A clock that stands still until it is moved: for tests. */
export function movableClock(start: Date): Clock & { moveTo(at: Date): void; advanceMs(ms: number): void } {
  let at = start;
  return {
    now: () => new Date(at),
    moveTo: (to) => {
      at = to;
    },
    advanceMs: (ms) => {
      at = new Date(at.getTime() + ms);
    },
  };
}

/** Waits without holding the process open for longer than `ms`; resolves early when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Resolves after `ms` unless it is stopped before, when it never does: for racing against something that may take too long. */
export function alarm(ms: number): { readonly rings: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const rings = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { rings, stop: () => clearTimeout(timer) };
}
