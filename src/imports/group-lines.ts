import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packed } from './packed-line.ts';
import { readAllStaged } from './stage-rows.ts';

/**
 * Lines collected into groups by a key (an invoice, a customer), for files of any size: groups that no longer fit in
 * memory are written to one of a fixed number of files by a hash of their key, in parts, and put together again file by
 * file at the end. A file that holds more groups than fit is divided once more, by another hash.
 */
export interface LineGroups<Group> {
  get(key: string): Group | undefined;
  set(key: string, group: Group): void;
  /** Writes groups out when there are too many; call it between batches of lines. */
  relieve(): Promise<void>;
  /**
   * All groups, each whole, in no promised order; can be read once. `between` is awaited now and then while parts are put
   * together, so that what merging has to say leaves memory.
   */
  drain(between?: () => Promise<void>): AsyncGenerator<Group>;
}

interface GroupLimits<Group> {
  /** Groups kept in memory. */
  readonly inMemoryMax?: number;
  /** What a group counts for where some are much larger than others; 1 is some hundred bytes. */
  readonly weightOf?: (group: Group) => number;
}

/** Some hundred bytes each, so about ten megabytes; four times as many read a large file no faster. */
const GROUPS_IN_MEMORY_MAX = 20_000;
/** Files per division: a million groups come back sixteen thousand at a time. */
const PARTS = 64;
/** 64 to the sixth: no file has so many keys, so what is still together then is one key with its parts. */
const DIVISIONS_MAX = 6;
/** Parts of groups put together between two calls of `between`. */
const ROWS_AT_ONCE = 5_000;

/** `merge` puts a later part of a group into an earlier one. Groups are plain data; bigints are allowed. */
export function makeLineGroups<Group>(
  folder: string,
  name: string,
  merge: (earlier: Group, later: Group) => Group,
  { inMemoryMax = GROUPS_IN_MEMORY_MAX, weightOf = () => 1 }: GroupLimits<Group> = {},
): LineGroups<Group> {
  let groups = new Map<string, Group>();
  let weight = 0;
  let parts: Parts | null = null;

  async function spill() {
    parts ??= await beginParts(folder, name, 0);
    await parts.write(groups);
    groups = new Map();
    weight = 0;
  }

  async function* drainPart(path: string, division: number, between: () => Promise<void>): AsyncGenerator<Group> {
    let whole = new Map<string, Group>();
    let wholeWeight = 0;
    let divided: Parts | null = null;
    for await (const rows of readAllStaged<[string, Group]>(path, ROWS_AT_ONCE)) {
      for (const [key, group] of rows) {
        const earlier = whole.get(key);
        if (earlier === undefined) wholeWeight += weightOf(group);
        whole.set(key, earlier === undefined ? group : merge(earlier, group));
      }
      await between();
      if (wholeWeight > inMemoryMax && division < DIVISIONS_MAX) {
        divided ??= await beginParts(folder, `${name}.${division}`, division);
        await divided.write(whole);
        whole = new Map();
        wholeWeight = 0;
      }
    }
    await rm(path, { force: true });
    if (divided === null) return yield* whole.values();
    await divided.write(whole);
    whole = new Map();
    for (const part of divided.paths()) yield* drainPart(part, division + 1, between);
  }

  return {
    get: (key) => groups.get(key),
    set(key, group) {
      groups.set(key, group);
      weight += weightOf(group);
    },
    async relieve() {
      if (groups.size >= inMemoryMax || weight >= 2 * inMemoryMax) await spill();
    },
    async *drain(between = async () => {}) {
      if (parts === null) {
        yield* groups.values();
        groups.clear();
        return;
      }
      await spill();
      for (const path of parts.paths()) yield* drainPart(path, 1, between);
    },
  };
}

interface Parts {
  /** Files that hold something. */
  paths(): readonly string[];
  write(groups: ReadonlyMap<string, unknown>): Promise<void>;
}

/** Files of one division, begun anew whatever a stop left under their names. */
async function beginParts(folder: string, name: string, division: number): Promise<Parts> {
  await mkdir(folder, { recursive: true });
  const begun = new Map<number, string>();
  return {
    paths: () => [...begun.values()],
    async write(groups) {
      const texts = Array.from({ length: PARTS }, () => [] as string[]);
      for (const [key, group] of groups) texts[partOf(key, division)]!.push(packed([key, group]));
      for (const [part, lines] of texts.entries()) {
        if (lines.length === 0) continue;
        const path = join(folder, `${name}.${part}.part`);
        await (begun.has(part) ? appendFile : writeFile)(path, `${lines.join('\n')}\n`);
        begun.set(part, path);
      }
    },
  };
}

/** FNV-1a begun anew for each division, so that keys that stayed together once are divided the next time. */
function partOf(key: string, division: number): number {
  let hash = 0x811c9dc5 + division * 0x9e3779b1;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % PARTS;
}
