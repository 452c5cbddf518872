import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeLineGroups } from './group-lines.ts';
import { appendStaged, readStagedRows, stageRows } from './stage-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-groups-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([10, 100_000])('groups come back whole when %i fit in memory', async (inMemoryMax) => {
  const groups = makeLineGroups<{ key: string; sum: bigint; lines: number }>(
    folder,
    'sums',
    (earlier, later) => ({ ...earlier, sum: earlier.sum + later.sum, lines: earlier.lines + later.lines }),
    { inMemoryMax },
  );
  const expected = new Map<string, bigint>();
  for (let line = 0; line < 5_000; line += 1) {
    const key = `k${(line * 7919) % 301}`;
    const value = BigInt(line) * (line % 2 === 0 ? 1n : -1n);
    expected.set(key, (expected.get(key) ?? 0n) + value);
    const group = groups.get(key);
    if (group) {
      group.sum += value;
      group.lines += 1;
    } else groups.set(key, { key, sum: value, lines: 1 });
    await groups.relieve();
  }
  const found = new Map<string, bigint>();
  let lines = 0;
  for await (const group of groups.drain()) {
    expect(found.has(group.key)).toBe(false);
    found.set(group.key, group.sum);
    lines += group.lines;
  }
  expect(lines).toBe(5_000);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(readdirSync(folder)).toEqual([]);
});

test('groups that fill one file many times over are divided again, and each part is put together in order', async () => {
  const groups = makeLineGroups<{ key: string; seen: number[] }>(
    folder,
    'many',
    (earlier, later) => ({ key: earlier.key, seen: [...earlier.seen, ...later.seen] }),
    { inMemoryMax: 20 },
  );
  const keys = 2_000;
  for (let round = 0; round < 3; round += 1) {
    for (let key = 0; key < keys; key += 1) {
      const group = groups.get(`key ${key}\u2028`);
      if (group) group.seen.push(round);
      else groups.set(`key ${key}\u2028`, { key: `key ${key}`, seen: [round] });
    }
    await groups.relieve();
  }
  const found = new Set<string>();
  for await (const { key, seen } of groups.drain()) {
    expect(seen).toEqual([0, 1, 2]);
    found.add(key);
  }
  expect(found.size).toBe(keys);
  expect(readdirSync(folder)).toEqual([]);
});

test('staged rows are read chunk by chunk from wherever one stopped', async () => {
  const path = join(folder, 'rows');
  const first = await stageRows<{ n: number; amount: bigint; text: string }>(path);
  for (let n = 0; n < 4_321; n += 1)
    await first.write({ n, amount: BigInt(n) ** 5n, text: `row ${n} é ${'x'.repeat(n % 300)}` });
  await first.end();
  const second = await stageRows<{ n: number; amount: bigint; text: string }>(`${path}.more`);
  await second.write({ n: 4_321, amount: -1n, text: '' });
  await second.end();
  await appendStaged(`${path}.more`, path);
  const read: bigint[] = [];
  for (let offset = 0; ; ) {
    const { rows, next } = await readStagedRows<{ n: number; amount: bigint; text: string }>(path, offset, 1_000);
    if (rows.length === 0) break;
    expect(rows[0]?.n).toBe(read.length);
    read.push(...rows.map((row) => row.amount));
    offset = next;
  }
  expect(read).toHaveLength(4_322);
  expect(read[4_320]).toBe(4_320n ** 5n);
  expect(read.at(-1)).toBe(-1n);
});
