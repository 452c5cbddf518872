import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, wherever the command was given. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What can be built: where it comes from (files and folders) and where its result lies. */
const TARGETS = {
  server: { from: ['src', 'package-lock.json', 'scripts/build-server.mjs'], entry: 'src/app/cli.ts' },
  // Screens share schemas and pure nouns with the server.
  web: { from: ['web', 'src', 'package-lock.json', 'scripts/build-web.mjs'], entry: 'web/index.html' },
};

/** Hash of all sources of a target. Contents, not times: those change with every clone and every switch of branches. */
export function fingerprint(target) {
  const hash = createHash('sha256');
  for (const path of TARGETS[target].from.flatMap(filesUnder)) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the built result is missing or was made from other sources. */
export function isStale(target) {
  const note = noteOf(target);
  const built = existsSync(join(root, 'dist', target));
  return !built || !existsSync(note) || readFileSync(note, 'utf8') !== fingerprint(target);
}

/** Notes what a result was made from; `made` is the fingerprint taken before the build began. */
export function markFresh(target, made) {
  writeFileSync(noteOf(target), made);
}

/** A packaged Counterfoil carries only what was built. */
export function hasSources(target) {
  return existsSync(join(root, TARGETS[target].entry));
}

const noteOf = (target) => join(root, 'dist', `${target}.made-from`);

function filesUnder(from) {
  const path = join(root, from);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [from];
  return readdirSync(path, { recursive: true })
    .filter((name) => !/\.test\.tsx?$/.test(name) && statSync(join(path, name)).isFile())
    .map((name) => join(from, name))
    .sort();
}
