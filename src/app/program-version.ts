import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** package.json lies two folders up from src/app/ as from dist/server/. */
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};

export const PROGRAM_VERSION = version;
