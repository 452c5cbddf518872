#!/usr/bin/env node
import { runFresh } from '../scripts/fresh.mjs';

const args = process.argv.slice(2);
const serves = args[0] === undefined || args[0] === 'start' || args[0].startsWith('--');
await runFresh(serves ? ['server', 'web'] : ['server'], args);
