import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret } from '../foundation/id.ts';
import { type Config, ConfigRefused } from './config.ts';

/**
 * The secret that signs cookies: from the configuration, or made at the first start and kept in the data folder, so that
 * people stay signed in over a restart.
 */
export function readProgramSecret(config: Config): string {
  if (config.secret) return config.secret;
  const path = join(config.dataFolder, 'secret');
  try {
    mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
    // 'wx': of two first starts one writes, and both read what was written.
    writeFileSync(path, `${newSecret()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ConfigRefused(
        `The folder ${config.dataFolder} cannot be written to (${(error as NodeJS.ErrnoException).code}); set COUNTERFOIL_SECRET, or choose a folder with --data.`,
      );
    }
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (secret === '') throw new ConfigRefused(`The file ${path} is empty; remove it, and everybody signs in again.`);
  return secret;
}
