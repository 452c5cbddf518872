import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** 300 KB of gzipped script, in KiB as scripts/measure-web.mjs prints it. */
const FIRST_LOAD_KIB_MAX = 300_000 / 1024;

test('no page of the signed-in program needs more than 300 KB of script before it can be used', async () => {
  const script = fileURLToPath(new URL('../scripts/measure-web.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const loads = new Map(
    [...stdout.matchAll(/^src\/(\S+-page)\.tsx\s+([\d.]+) KiB/gm)].map(([, page, kib]) => [page!, Number(kib)]),
  );
  for (const page of ['home/home', 'contacts/contact', 'contacts/contact-list', 'payments/transaction-list']) {
    expect(loads.get(`${page}-page`), page).toBeGreaterThan(50);
  }
  expect([...loads].filter(([, kib]) => kib > FIRST_LOAD_KIB_MAX)).toEqual([]);
});
