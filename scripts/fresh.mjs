import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasSources, isStale, root } from './stale.mjs';

/** Ends the process with a sentence when this Node is too old to read the program. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Counterfoil needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Builds the given targets where they are stale, then runs the command line in this very process (so that signals reach
 * it). The build has a process of its own: the bundlers' memory would otherwise stay with the server.
 */
export async function runFresh(targets, args) {
  requireNode();
  const stale = targets.filter((target) => hasSources(target) && isStale(target));
  if (stale.length > 0) {
    const build = [join(root, 'scripts', 'build.mjs'), ...stale];
    const { status } = spawnSync(process.execPath, build, { stdio: 'inherit' });
    if (status !== 0) {
      console.error('Counterfoil could not be built; nothing was started.');
      process.exit(1);
    }
  }
  const program = join(root, 'dist', 'server', 'cli.js');
  if (!existsSync(program)) {
    console.error('Counterfoil is not built here, and its sources are not either.');
    process.exit(1);
  }
  const { main } = await import(pathToFileURL(program).href);
  await main(args);
}
