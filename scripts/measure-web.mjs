// Prints what a browser loads before a page can be used: the entry, what it imports, the shell and the page, each once.
// Exits 1 when the signed-in program's first load is above its limit. Needs a build: `npx vite build web`.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** The budget of the first load of the signed-in program, in bytes of gzipped script. */
const FIRST_LOAD_BYTES_MAX = 300 * 1024;

const built = process.argv[2] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'web');
const manifest = JSON.parse(await readFile(path.join(built, '.vite', 'manifest.json'), 'utf8').catch(() => 'null'));
if (!manifest) {
  console.error('dist/web has no manifest. Build first: npx vite build web');
  process.exit(1);
}

const sizes = new Map();
async function gzipBytes(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(await readFile(path.join(built, file))).length);
  return sizes.get(file);
}

/** Every chunk that `key` needs before it runs, itself included. */
function neededBy(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const imported of manifest[key]?.imports ?? []) neededBy(imported, found);
  return found;
}

async function load(...keys) {
  const chunks = new Set(keys.flatMap((key) => [...neededBy(key)]));
  let script = 0;
  const styles = new Set();
  for (const key of chunks) {
    script += await gzipBytes(manifest[key].file);
    for (const file of manifest[key].css ?? []) styles.add(file);
  }
  let style = 0;
  for (const file of styles) style += await gzipBytes(file);
  return { script, style, files: chunks.size };
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = 'src/app/shell/shell.tsx';
const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && /-page\.tsx$/.test(key));
const outside = new Set(['sign-in', 'welcome', 'join', 'no-workspace'].map((name) => `src/workspace/${name}-page.tsx`));

const kibibytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
console.log(`${'first load of'.padEnd(48)}${'script gz'.padStart(10)}${'style gz'.padStart(10)}${'files'.padStart(7)}`);
let isTooLarge = false;
for (const page of pages.sort()) {
  const { script, style, files } = await load(entry, page, ...(outside.has(page) ? [] : [shell]));
  const isOver = script > FIRST_LOAD_BYTES_MAX;
  isTooLarge ||= isOver;
  console.log(
    `${page.padEnd(48)}${kibibytes(script)}${kibibytes(style)}${String(files).padStart(7)}${isOver ? '  above the limit' : ''}`,
  );
}
console.log(`limit for script: ${kibibytes(FIRST_LOAD_BYTES_MAX).trim()}`);
process.exit(isTooLarge ? 1 : 0);
