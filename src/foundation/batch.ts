import { check } from './assert.ts';

/**
 * Group commit: items that arrive for one key while the previous group is being written are written together in the
 * next transaction, and each caller is answered only when the transaction that holds its item has committed.
 *
 * Nothing waits on a timer: an item that finds nobody writing starts at once, so one client alone pays nothing, and
 * thirty-two clients share one COMMIT. When a group fails as a whole, its items are written again one by one, so that
 * one bad item cannot take the others with it.
 */
export interface Batcher<Item, Result> {
  write(key: string, item: Item): Promise<Result>;
  /** Resolves when nothing is waiting or being written. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions {
  /** Largest group: bounds the size of one statement and how long one transaction holds its locks. */
  readonly groupSizeMax: number;
  /** Groups of one key in flight at once. One is best for merging; two keeps the disk busy while the next is prepared. */
  readonly groupsInFlightMax: number;
}

/** Makes a batcher over `writeGroup`, which must return one result per item, in order. */
export function makeBatcher<Item, Result>(
  writeGroup: (key: string, items: Item[]) => Promise<Result[]>,
  options: BatcherOptions = { groupSizeMax: 64, groupsInFlightMax: 1 },
): Batcher<Item, Result> {
  const queues = new Map<string, { waiting: Waiting<Item, Result>[]; inFlight: number }>();
  let idleWaiters: (() => void)[] = [];

  function pump(key: string) {
    const queue = queues.get(key);
    if (!queue) return;
    while (queue.waiting.length > 0 && queue.inFlight < options.groupsInFlightMax) {
      const group = queue.waiting.splice(0, options.groupSizeMax);
      queue.inFlight += 1;
      void flush(key, group).finally(() => {
        queue.inFlight -= 1;
        if (queue.waiting.length === 0 && queue.inFlight === 0) queues.delete(key);
        if (queues.size === 0) {
          for (const done of idleWaiters) done();
          idleWaiters = [];
        }
        pump(key);
      });
    }
  }

  async function flush(key: string, group: Waiting<Item, Result>[]) {
    try {
      const results = await writeGroup(
        key,
        group.map((waiting) => waiting.item),
      );
      check(results.length === group.length, 'a group answers every item');
      group.forEach((waiting, index) => {
        waiting.resolve(results[index]!);
      });
    } catch (error) {
      if (group.length === 1) {
        group[0]!.reject(error);
        return;
      }
      for (const waiting of group) await flush(key, [waiting]);
    }
  }

  return {
    write(key, item) {
      return new Promise<Result>((resolve, reject) => {
        let queue = queues.get(key);
        if (!queue) {
          queue = { waiting: [], inFlight: 0 };
          queues.set(key, queue);
        }
        queue.waiting.push({ item, resolve, reject });
        // One turn of the event loop lets requests that were parsed together join the same group.
        if (queue.waiting.length === 1) setImmediate(pump, key);
      });
    },
    idle: () => (queues.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}
