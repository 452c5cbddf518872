import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newNonce } from '../foundation/id.ts';
import { ENVELOPE_KEY_BYTES } from '../foundation/secret-box.ts';
import { type Config, ConfigRefused, readEnvelopeKeys as parseKeys } from './config.ts';

/** Beside the database, never in it: whoever has a copy of the one has not the other. */
const FILE = 'envelope.keys';

/**
 * The keys that secrets of gateways are sealed with: from the configuration, or from a file in the data folder, made at
 * the first start and readable by its owner only. A new key is put in as the first line; what was sealed with the others
 * still opens. Throws ConfigRefused with one sentence.
 */
export function readEnvelopeKeys(config: Pick<Config, 'envelopeKeys' | 'dataFolder'>): readonly Uint8Array[] {
  if (config.envelopeKeys) return config.envelopeKeys;
  const path = join(config.dataFolder, FILE);
  try {
    mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
    // 'wx': of two first starts one writes, and both read what was written.
    writeFileSync(path, `${newNonce(ENVELOPE_KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ConfigRefused(
        `The folder ${config.dataFolder} cannot be written to (${(error as NodeJS.ErrnoException).code}); set COUNTERFOIL_ENVELOPE_KEYS, or choose a folder with --data.`,
      );
    }
  }
  const keys = parseKeys(`The file ${path}`, readFileSync(path, 'utf8'));
  if (!keys) {
    throw new ConfigRefused(
      `The file ${path} is empty; put its key back. Without it the gateways have to be connected again.`,
    );
  }
  return keys;
}
