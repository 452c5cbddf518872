import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newNonce } from '../foundation/id.ts';
import { ENVELOPE_KEY_BYTES, type KeySource } from '../foundation/secret-box.ts';
import { type Config, ConfigRefused, readEnvelopeKeys as parseKeys } from './config.ts';

/** Beside the database, never in it: whoever has a copy of the one has not the other. */
const FILE = 'envelope.keys';

type KeyConfig = Pick<Config, 'envelopeKeys' | 'dataFolder'>;
const fileOf = ({ dataFolder }: KeyConfig) => join(dataFolder, FILE);

/**
 * The keys that secrets of gateways are sealed with: from the configuration, or from a file in the data folder, made at
 * the first start and readable by its owner only. A new key is put in as the first line; what was sealed with the others
 * still opens. Throws ConfigRefused with one sentence.
 */
export function readEnvelopeKeys(config: KeyConfig): readonly Uint8Array[] {
  if (config.envelopeKeys) return config.envelopeKeys;
  const path = fileOf(config);
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
  return readFile(path);
}

/** The same for a program that goes on while keys are changed: a file is read anew each time, but never made again. */
export function envelopeKeySource(config: KeyConfig): KeySource {
  readEnvelopeKeys(config);
  return () => config.envelopeKeys ?? readFile(fileOf(config));
}

/** Puts a new key before the others of the file. Throws ConfigRefused where the keys are not in a file. */
export function addEnvelopeKey(config: KeyConfig): void {
  refuseGivenKeys(config, 'put a new one first there, and start every server that uses them again');
  readEnvelopeKeys(config);
  rewrite(config, (keys) => [newNonce(ENVELOPE_KEY_BYTES), ...keys]);
}

/** Takes every key but the first out of the file; returns how many there were. Throws ConfigRefused as adding does. */
export function forgetOldEnvelopeKeys(config: KeyConfig): number {
  refuseGivenKeys(config, 'take the others out there');
  let forgotten = 0;
  rewrite(config, (keys) => {
    forgotten = keys.length - 1;
    return keys.slice(0, 1);
  });
  return forgotten;
}

function refuseGivenKeys({ envelopeKeys }: KeyConfig, instead: string): void {
  if (envelopeKeys) throw new ConfigRefused(`The keys are given by COUNTERFOIL_ENVELOPE_KEYS; ${instead}.`);
}

/**
 * Writes the file beside its place, to the disk, and then puts it there at once: whoever reads finds the keys before or
 * after. 'wx': of two who change keys at the same time one is refused, so that no key of the other is lost.
 */
function rewrite(config: KeyConfig, change: (keys: readonly Uint8Array[]) => readonly Uint8Array[]): void {
  const path = fileOf(config);
  const beside = `${path}.new`;
  let file: number;
  try {
    file = openSync(beside, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigRefused(
      code === 'EEXIST'
        ? `Keys are being changed already, or a change was stopped; if nobody else is at it, remove ${beside} and try again.`
        : `The folder ${config.dataFolder} cannot be written to (${code}).`,
    );
  }
  try {
    const keys = change(readFile(path));
    writeFileSync(file, keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''));
    fsyncSync(file);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  syncFolder(config.dataFolder);
}

/** What is sealed with a new key must not be on the disk before the key is. Windows has no such thing for folders. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function readFile(path: string): readonly Uint8Array[] {
  const keys = parseKeys(`The file ${path}`, readFileSync(path, 'utf8'));
  if (!keys) {
    throw new ConfigRefused(
      `The file ${path} is empty; put its key back. Without it the gateways have to be connected again.`,
    );
  }
  return keys;
}
