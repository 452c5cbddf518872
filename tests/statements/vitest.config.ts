import { defineConfig } from 'vitest/config';

/** The second, small run: rules over all statements that the first run recorded. No database is needed. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/statements/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
  },
});
