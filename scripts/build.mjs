#!/usr/bin/env node
// Builds what is stale: `node scripts/build.mjs [server] [web] [--force]`.
import { buildServer } from './build-server.mjs';
import { buildWeb } from './build-web.mjs';
import { fingerprint, hasSources, isStale, markFresh } from './stale.mjs';

const BUILDERS = { server: buildServer, web: buildWeb };

const words = process.argv.slice(2);
const force = words.includes('--force');
const asked = words.filter((word) => word in BUILDERS);

try {
  await Promise.all((asked.length > 0 ? asked : Object.keys(BUILDERS)).map(buildIfStale));
} catch (error) {
  // The bundler has already shown the places in the source.
  console.error(error.errors?.length > 0 ? `The build failed (${error.errors.length} errors).` : error);
  process.exitCode = 1;
}

async function buildIfStale(target) {
  if (!hasSources(target)) {
    console.error(`Nothing to build for ${target}: its sources are not here.`);
    return;
  }
  if (!force && !isStale(target)) return;
  const startedAt = performance.now();
  const made = fingerprint(target);
  await BUILDERS[target]();
  markFresh(target, made);
  console.error(`Built ${target} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}
