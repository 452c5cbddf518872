#!/usr/bin/env node
// `npm start`: builds what is stale, then starts the server with the given flags.
import { runFresh } from './fresh.mjs';

await runFresh(['server', 'web'], ['start', ...process.argv.slice(2)]);
