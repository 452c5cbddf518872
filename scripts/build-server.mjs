import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './stale.mjs';

/**
 * Bundles our own files into dist/server (cli.js and parts that are loaded on demand); packages stay where npm put them. What lies beside the source
 * (migrations) is two folders up from there, as it is from src/<room>/.
 */
export async function buildServer() {
  const { build } = await import('esbuild');
  const folder = join(root, 'dist', `server.new-${process.pid}`);
  await build({
    entryPoints: [join(root, 'src', 'app', 'cli.ts')],
    outdir: folder,
    bundle: true,
    // A command that is imported when it is called brings its packages only then.
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  const place = join(root, 'dist', 'server');
  await rm(place, { recursive: true, force: true });
  await rename(folder, place);
}
