import type pg from 'pg';
import type { GatewaySettings } from '../../src/app/config.ts';
import { startServer } from '../../src/app/server.ts';
import { movableClock } from '../../src/foundation/clock.ts';
import { openDatabase } from '../../src/foundation/database.ts';

/** What the server of a crash test is started with, as JSON on its command line. */
export interface ServerPlan {
  readonly connection: pg.ClientConfig;
  readonly secret: string;
  readonly gateways: GatewaySettings;
  /** The moment that this process takes for now, all the time. */
  readonly now: string;
}

/** The whole server as a process of its own, on a database that is there already and at a moment of the test's choosing. */
export async function runServer([text]: readonly string[]): Promise<void> {
  const { connection, secret, gateways, now } = JSON.parse(text ?? '') as ServerPlan;
  const database = openDatabase({ connection });
  const clock = movableClock(new Date(now));
  const server = await startServer({ database, secret, clock, gateways, logLevel: 'warn', shedLoad: false });
  console.log(`listening on ${server.address}`);
}
