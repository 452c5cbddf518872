import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/foundation/embedded-postgres.ts';
// For the declaration of what is provided.
import type {} from './database.ts';

const PREFIX = 'counterfoil-tests-';

/** One PostgreSQL for the whole run, in a temporary folder that goes when the run ends. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const dataFolder = mkdtempSync(join(tmpdir(), PREFIX));
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    settings: {
      // Every file has pools of its own, and journeys and crash tests run whole servers beside them.
      max_connections: '200',
      // Databases come and go by the dozen; their checkpoints would be most of the disk's work.
      max_wal_size: '4GB',
      // What is lost without waiting for the disk is lost when PostgreSQL or the machine dies, never when a program of ours
      // does: tests kill programs. Those that kill PostgreSQL start one of their own.
      synchronous_commit: 'off',
    },
  });
  project.provide('postgres', { socketFolder: postgres.socketFolder, port: postgres.port });
  return async () => {
    await postgres.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
}

/** Folders of runs that were killed before they could tidy up; the lock file names the run. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      process.kill(Number(readFileSync(join(folder, 'lock'), 'utf8')), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') rmSync(folder, { recursive: true, force: true });
    }
  }
}
