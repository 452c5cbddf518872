#!/usr/bin/env node
// `npm test`: builds, runs every test, then the rules over all SQL statements that the tests have sent. The last line
// says `N passed, N failed`. Further arguments go to vitest (a path, `-t name`); then the rules are left out, because
// they are about the whole.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNode } from './fresh.mjs';
import { root } from './stale.mjs';

requireNode();
const filters = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'counterfoil-run-'));
const env = { ...process.env, COUNTERFOIL_STATEMENT_LOG: join(scratch, 'statements') };

let exitCode = 1;
try {
  exitCode = runEverything();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = exitCode;

function runEverything() {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit', cwd: root });
  if (built.status !== 0) {
    console.log('0 passed, 1 failed');
    return 1;
  }
  const runs = [runVitest('tests', filters)];
  const rules = join(root, 'tests', 'statements');
  if (filters.length === 0 && readdirSync(rules).some((name) => name.endsWith('.test.ts'))) {
    runs.push(runVitest('statements', ['--config', join(rules, 'vitest.config.ts')]));
  }
  const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
  const counts = [`${sum('passed')} passed`, `${sum('failed')} failed`];
  if (sum('skipped') > 0) counts.push(`${sum('skipped')} skipped`);
  console.log(counts.join(', '));
  return runs.every((run) => run.ok) && sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

function runVitest(name, args) {
  const report = join(scratch, `${name}.json`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
    stdio: 'inherit',
    cwd: root,
    env,
  });
  if (!existsSync(report)) return { ok: false, passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // A file that could not even be loaded has no tests to count; it is one failure.
  const unloaded = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = result.numFailedTests + unloaded;
  return {
    ok: status === 0,
    passed: result.numPassedTests,
    // An error outside of any test (a leaked rejection, a teardown that failed) also fails the run.
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  };
}
