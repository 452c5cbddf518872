import type { HistoryPage } from '../gateways/history.ts';

/** One list of a gateway, page by page. */
export type ReadPage<Item> = (cursor: string | null) => Promise<HistoryPage<Item>>;

/** Consecutive pages of one list: what stands between two places. */
export interface PagesRead<Item> {
  /** Which list. */
  readonly at: number;
  /** Where the first of them was read. */
  readonly cursor: string | null;
  readonly items: readonly Item[];
  /** Where the list goes on; null at its end. */
  readonly nextCursor: string | null;
}

/** Pages that are read but not taken yet: enough that the gateway never waits for us, little enough to hold in memory. */
const AHEAD_MAX = 16;
/** Pages that are taken at once: bounds one transaction and what a stop has to read again. */
const TAKEN_MAX = 8;

/**
 * Reads lists one after the other, ahead of whoever takes the pages, so that only the gateway's pace counts. Pages of one
 * list that wait are taken together, because writing eight costs little more than writing one. A page that could not be
 * read is told of when those before it were taken.
 */
export function readPagesAhead<Item>(
  lists: readonly ReadPage<Item>[],
  from: { readonly at: number; readonly cursor: string | null },
): { next(): Promise<PagesRead<Item> | null>; stop(): void } {
  const waiting: PagesRead<Item>[] = [];
  let state: 'reading' | 'ended' | { readonly failed: unknown } = 'reading';
  let isStopped = false;
  let arrived = () => {};
  let taken = () => {};

  async function read(): Promise<void> {
    for (let { at, cursor } = from; at < lists.length; at += 1, cursor = null) {
      for (let isLast = false; !isLast; ) {
        while (waiting.length >= AHEAD_MAX && !isStopped) {
          await new Promise<void>((resolve) => {
            taken = resolve;
          });
        }
        if (isStopped) return;
        const { items, nextCursor } = await lists[at]!(cursor);
        waiting.push({ at, cursor, items, nextCursor });
        arrived();
        cursor = nextCursor;
        isLast = nextCursor === null;
      }
    }
  }
  void read()
    .then(
      () => {
        state = 'ended';
      },
      (error: unknown) => {
        state = { failed: error };
      },
    )
    .then(() => arrived());

  return {
    async next() {
      while (waiting.length === 0) {
        if (typeof state === 'object') throw state.failed;
        if (state === 'ended') return null;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      const other = waiting.findIndex(({ at }) => at !== waiting[0]!.at);
      const pages = waiting.splice(0, Math.min(other === -1 ? waiting.length : other, TAKEN_MAX));
      taken();
      return {
        at: pages[0]!.at,
        cursor: pages[0]!.cursor,
        items: pages.flatMap(({ items }) => items),
        nextCursor: pages.at(-1)!.nextCursor,
      };
    },
    stop() {
      isStopped = true;
      taken();
    },
  };
}
