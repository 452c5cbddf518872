#!/usr/bin/env node
// `npm run bench -- [names] [flags]`: builds the server and bench/run.ts, then runs the benches in this process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildServer } from './build-server.mjs';
import { requireNode } from './fresh.mjs';
import { fingerprint, isStale, markFresh, root } from './stale.mjs';

requireNode();
const source = join(root, 'bench', 'run.ts');
if (!existsSync(source)) {
  console.error('There is no bench/run.ts here.');
  process.exit(1);
}
if (isStale('server')) {
  const made = fingerprint('server');
  await buildServer();
  markFresh('server', made);
}
// Two folders deep, like the server, so that what lies beside the sources is found the same way.
const program = join(root, 'dist', 'bench', 'run.js');
await build({
  entryPoints: [source],
  outfile: program,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
process.argv.splice(1, 1, program);
await import(pathToFileURL(program).href);
