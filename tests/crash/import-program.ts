import type pg from 'pg';
import { movableClock } from '../../src/foundation/clock.ts';
import { openDatabase } from '../../src/foundation/database.ts';
import { makeImportRunner } from '../../src/imports/run-imports.ts';

/** What the program is told to do, as JSON on its command line. */
export interface ImportPlan {
  readonly connection: pg.ClientConfig;
  readonly workspaceId: string;
  readonly importId: string;
  readonly dataFolder: string;
  readonly now: string;
  /** At which step (from 0) this process kills itself; without it every step runs. */
  readonly dieAt?: number;
}

/**
 * Works on one import as the server does beside requests, with a pool of its own, and gives itself SIGKILL at the step
 * that the plan names. A step is a statement sent to PostgreSQL or its answer received, BEGIN and COMMIT included.
 * Prints the names of the steps when it gets to the end.
 */
export async function importProgram([text]: string[]): Promise<void> {
  const plan = JSON.parse(text ?? '') as ImportPlan;
  const database = openDatabase({ connection: plan.connection, poolSize: 2 });
  const clock = movableClock(new Date(plan.now));
  const steps = dieAtStep(database.pool, plan.dieAt);
  const runner = makeImportRunner({ database, clock, dataFolder: plan.dataFolder }, (error) => console.error(error));
  runner.wake(plan.workspaceId, plan.importId);
  await runner.idle();
  console.log(JSON.stringify(steps));
  await database.close();
  process.exit(0);
}

/** Counts the steps of every connection from now on. */
export function dieAtStep(pool: pg.Pool, dieAt: number | undefined): readonly string[] {
  const names: string[] = [];
  const step = (name: string) => {
    if (dieAt === names.length) process.kill(process.pid, 'SIGKILL');
    names.push(name);
  };
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const send = client.query.bind(client) as (query: unknown) => Promise<unknown>;
    const query = async (asked: string | { name?: string; text: string }) => {
      const name = typeof asked === 'string' ? asked.replace(/ '.*/, '') : (asked.name ?? asked.text.slice(0, 50));
      const answer = send(asked);
      step(`sent ${name}`);
      const result = await answer;
      step(`answered ${name}`);
      return result;
    };
    Object.assign(client, { query });
  });
  return names;
}
