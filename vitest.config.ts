import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/setup/longest-first.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    // These look at what the first run has sent to the database: scripts/test.mjs runs them afterwards.
    exclude: [...configDefaults.exclude, 'tests/statements/**'],
    globalSetup: ['tests/setup/embedded.ts'],
    // Processes, not threads: tests start and kill servers, and a thread's end is not a process's end.
    pool: 'forks',
    // A process keeps the program loaded from file to file: loading it anew for each took a quarter of the run. What a
    // test needs of its own it makes itself: its database, its server, its clock.
    isolate: false,
    // One more than the processors that there are at least: tests wait for databases, browsers and programs of ours.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Real databases and a real browser on a busy machine; a hanging test should still end the run today.
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
  },
});
