import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Bundles a TypeScript file so that plain Node can run it as a process of its own (tests that kill processes need real
 * ones). With `call`, the program is that exported function, called with the command line's words. It lies two folders
 * deep in the repository like the built server, so that packages and migrations are found. With `whole`, its packages are
 * in the one file too: it starts in half the time, for tests that start a hundred. Remove it with `remove`.
 */
export async function bundleProgram(
  source: string,
  options: { call?: string; whole?: boolean } = {},
): Promise<{ path: string; remove: () => void }> {
  const name = basename(source, '.ts');
  const folder = join(root, 'dist', `test-${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const call = options.call;
  const contents = call
    ? `import { ${call} } from ${JSON.stringify(source)}; await ${call}(process.argv.slice(2));`
    : `import ${JSON.stringify(source)};`;
  await build({
    stdin: { contents, resolveDir: root, sourcefile: `${name}-program.ts` },
    outdir: folder,
    bundle: true,
    // As the built server: what a command does not need is not loaded.
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: options.whole ? 'bundle' : 'external',
    // Packages in the older form ask for modules by a function that modules of this form have not.
    ...(options.whole && {
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
    }),
    external: ['pg-native'],
    sourcemap: !options.whole,
    logLevel: 'error',
  });
  return { path: join(folder, 'stdin.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the first line of stdout that matches; rejects when the program ends first. */
  line(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Runs a program of `bundleProgram` (or any script) with this Node. */
export function runProgram(path: string, args: readonly string[], options: SpawnOptions = {}): RunningProgram {
  const child = spawn(process.execPath, ['--enable-source-maps', path, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  // 'close' comes after the last output was read, 'exit' may not.
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    child,
    ended,
    output: () => ({ ...printed }),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = printed.stdout.split('\n').slice(0, -1).join('\n').match(pattern);
          if (match) resolve(match);
          return match !== null;
        };
        if (look()) return;
        child.stdout?.on('data', look);
        void ended.then((how) => {
          if (!look())
            reject(new Error(`ended (${how}) before printing ${pattern}: ${printed.stdout}${printed.stderr}`));
        });
      }),
  };
}
