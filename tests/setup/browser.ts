import { existsSync } from 'node:fs';
import { mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Longer than unpacking takes on a slow disk; a lock older than this was left by a killed run. */
const UNPACK_MS_MAX = 120_000;
const LOCK_PAUSE_MS = 200;

/**
 * Real headless Chromium. Uses the one that CHROMIUM_PATH names, else the one that comes inside the registry package,
 * so that no browser has to be installed. The package's own list of switches is not used: it turns web security off,
 * and with it what the tests are there to see (content security policy, same-origin cookies).
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, packagedFolder } = await findChromium();
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  // Machines without any font would show empty boxes; the package carries one.
  if (packagedFolder && !existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = path.join(packagedFolder, 'fonts');
  try {
    return await launch(executablePath, env);
  } catch (error) {
    // A bare machine lacks libraries that every desktop has (NSS and what it needs); the package carries those too.
    if (!packagedFolder || !/error while loading shared libraries/.test(String(error))) throw error;
    return launch(executablePath, { ...env, LD_LIBRARY_PATH: path.join(packagedFolder, 'al2023', 'lib') });
  }
}

function launch(executablePath: string, env: Record<string, string>): Promise<Browser> {
  return chromium.launch({
    executablePath,
    env,
    headless: true,
    args: [
      // Neither root nor a container has the kernel rights that the sandbox needs; only our own pages are opened.
      '--no-sandbox',
      '--disable-setuid-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--font-render-hinting=none',
    ],
  });
}

async function findChromium(): Promise<{ executablePath: string; packagedFolder: string | null }> {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return { executablePath: chosen, packagedFolder: null };
  const folder = path.join(os.tmpdir(), `counterfoil-chromium-${os.userInfo().uid}`);
  const executablePath = path.join(folder, 'chromium');
  if (!existsSync(executablePath)) await withLock(`${folder}.lock`, () => unpackInto(folder, executablePath));
  return { executablePath, packagedFolder: folder };
}

/**
 * The package unpacks into the temporary folder under fixed names and takes a half-written file for a whole one. So it
 * is sent to a folder of its own, which gets its final name only when everything is there.
 */
async function unpackInto(folder: string, executablePath: string) {
  if (existsSync(executablePath)) return;
  const halfDone = `${folder}.unpacking`;
  await rm(halfDone, { recursive: true, force: true });
  await mkdir(halfDone, { recursive: true, mode: 0o700 });
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  process.env.TMPDIR = halfDone;
  // The package unpacks its libraries only where it believes to be in such a machine.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
  try {
    packaged.setGraphicsMode = false;
    await packaged.executablePath();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  await rm(folder, { recursive: true, force: true });
  await rename(halfDone, folder);
}

/** Test files run in several processes: one unpacks, the others wait. Making a folder is the lock. */
async function withLock(lock: string, work: () => Promise<void>) {
  const giveUpAt = performance.now() + UNPACK_MS_MAX;
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const isStale = await stat(lock).then(
        (found) => Date.now() - found.mtimeMs > UNPACK_MS_MAX,
        () => false,
      );
      if (isStale) await rmdir(lock).catch(() => {});
      if (performance.now() > giveUpAt) throw new Error(`${lock} has been held for too long; remove it and run again.`);
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
    }
  }
  try {
    await work();
  } finally {
    await rmdir(lock).catch(() => {});
  }
}
