import { startServer } from '../../src/app/server.ts';
import { openDatabase } from '../../src/foundation/database.ts';

/** The whole server as a process of its own, on a database that is there already: for being killed, or for being one of two. */
export async function runWholeServer([connection, secret]: readonly string[]): Promise<void> {
  const database = openDatabase({ connection: JSON.parse(connection!) });
  const server = await startServer({ database, secret: secret!, logLevel: 'silent', shedLoad: false });
  console.log(`listening on ${server.address}`);
}
