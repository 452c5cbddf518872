import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Lines collected into groups by a key (an invoice, a customer), for files of any size: groups that no longer fit in
 * memory are written to one of a fixed number of files by a hash of their key, in parts, and put together again file by
 * file at the end.
 */
export interface LineGroups<Group> {
  get(key: string): Group | undefined;
  set(key: string, group: Group): void;
  /** Writes groups out when there are too many; call it between batches of lines. */
  relieve(): Promise<void>;
  /** All groups, each whole, in no promised order; can be read once. */
  drain(): AsyncGenerator<Group>;
}

/** Groups kept in memory: some hundred bytes each, so about twenty megabytes. */
const GROUPS_IN_MEMORY_MAX = 50_000;
/** With this many files, three million groups come back fifty thousand at a time. */
const PARTS = 64;

/** `merge` puts a later part of a group into an earlier one. Groups are plain data; bigints are allowed. */
export function makeLineGroups<Group>(
  folder: string,
  name: string,
  merge: (earlier: Group, later: Group) => Group,
  inMemoryMax: number = GROUPS_IN_MEMORY_MAX,
): LineGroups<Group> {
  let groups = new Map<string, Group>();
  let spilled = false;
  const fileOf = (part: number) => join(folder, `${name}.${part}.part`);

  async function spill() {
    if (!spilled) {
      await mkdir(folder, { recursive: true });
      for (let part = 0; part < PARTS; part += 1) await rm(fileOf(part), { force: true });
      spilled = true;
    }
    const texts = Array.from({ length: PARTS }, () => [] as string[]);
    for (const [key, group] of groups) texts[partOf(key)]!.push(packed([key, group]));
    for (let part = 0; part < PARTS; part += 1) {
      if (texts[part]!.length > 0) await appendFile(fileOf(part), `${texts[part]!.join('\n')}\n`);
    }
    groups = new Map();
  }

  return {
    get: (key) => groups.get(key),
    set(key, group) {
      groups.set(key, group);
    },
    async relieve() {
      if (groups.size >= inMemoryMax) await spill();
    },
    async *drain() {
      if (!spilled) {
        yield* groups.values();
        groups.clear();
        return;
      }
      await spill();
      for (let part = 0; part < PARTS; part += 1) {
        const whole = new Map<string, Group>();
        await appendFile(fileOf(part), '');
        for await (const line of createInterface({ input: createReadStream(fileOf(part)) })) {
          const [key, group] = unpacked(line) as [string, Group];
          const earlier = whole.get(key);
          whole.set(key, earlier === undefined ? group : merge(earlier, group));
        }
        await rm(fileOf(part), { force: true });
        yield* whole.values();
      }
    },
  };
}

function partOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
  return (hash >>> 0) % PARTS;
}

/** One line of JSON. Cells have no control characters left, so one marks a bigint without doubt. */
export function packed(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `\u0001${part}` : part));
}

export function unpacked(line: string): unknown {
  return JSON.parse(line, (_key, part: unknown) =>
    typeof part === 'string' && part.charCodeAt(0) === 1 ? BigInt(part.slice(1)) : part,
  );
}
