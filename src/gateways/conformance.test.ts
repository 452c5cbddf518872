import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');

it('no file of the program imports the conformance kit, which imports the test runner', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith(join('gateways', 'conformance')),
  );
  expect(files.length).toBeGreaterThan(100);
  const importing = files.filter((path) =>
    /from '[^']*(\/conformance(\.ts|\/)|vitest)/.test(readFileSync(join(SRC, path), 'utf8')),
  );
  expect(importing).toEqual([]);
});
