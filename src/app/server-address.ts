import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** The running server leaves its address in the data folder, so that a command beside it can print links that lead there. */
const nameOf = (config: Config) => join(config.dataFolder, 'address');

/** Leaves the address; the function takes it away again. */
export function leaveAddress(config: Config, address: string): () => void {
  writeFileSync(nameOf(config), `${address}\n`, { mode: 0o600 });
  return () => rmSync(nameOf(config), { force: true });
}

/** Address for links: the configured one, else that of the running server, else where the next one will listen. */
export function findAddress(config: Config): string {
  if (config.publicUrl) return config.publicUrl;
  try {
    return readFileSync(nameOf(config), 'utf8').trim();
  } catch {
    return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
  }
}
