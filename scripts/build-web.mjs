import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { root } from './stale.mjs';

/** Smaller than one packet: compressing saves nothing. */
const COMPRESSED_FROM_BYTES = 1_400;
const COMPRESSIBLE = /\.(js|css|html|svg|json|woff)$/;

/** Builds the web program into dist/web, with a .gz and a .br beside each text file, so that the server never compresses. */
export async function buildWeb() {
  const { build } = await import('vite');
  const folder = join(root, 'dist', `web.new-${process.pid}`);
  await build({
    root: join(root, 'web'),
    configFile: join(root, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true, reportCompressedSize: false },
  });
  await compressAll(folder);
  const place = join(root, 'dist', 'web');
  await rm(place, { recursive: true, force: true });
  await rename(folder, place);
}

async function compressAll(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => COMPRESSIBLE.test(name));
  await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name);
      if ((await stat(path)).size < COMPRESSED_FROM_BYTES) return;
      const bytes = await readFile(path);
      // Quality 8 of 11: the last few per cent would cost more than the rest of the build.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 8, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 8 }));
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
    }),
  );
}
