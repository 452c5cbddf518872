#!/usr/bin/env node
// `npm run counterfoil -- <command>`: any command of the program, built first where stale.
import { runFresh } from './fresh.mjs';

await runFresh(['server'], process.argv.slice(2));
