import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/foundation/database.ts';
import { newId } from '../../src/foundation/id.ts';
import { APP_ROLE, migrate } from '../../src/foundation/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's own PostgreSQL, started by tests/setup/embedded.ts. */
    postgres: { socketFolder: string; port: number };
  }
}

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const SUPERUSER = 'postgres';
/** Any fixed number: one test process makes the template, the others wait for it. */
const TEMPLATE_LOCK = 4411;

export interface TestDatabaseOptions {
  readonly poolSize?: number;
  /** A test that tries what the rules forbid: its statements are not recorded as the program's. */
  readonly breaksTenancyOnPurpose?: boolean;
}

export interface TestDatabase extends Database {
  /** How to reach it as the role the program uses; for child processes and pools of one's own. */
  readonly connection: pg.ClientConfig;
  /** How to reach it as the superuser, who made the schema. */
  readonly ownerConnection: pg.ClientConfig;
  /** A statement as the superuser, who sees every workspace and may change what is append-only: for looking and for tampering. */
  asOwner<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
}

/**
 * A fresh, migrated database for this test file, on the run's own PostgreSQL, opened as the program's own role; dropped
 * after the file. Call it at the top of the file: `const database = await testDatabase();`
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const database = await makeTestDatabase(options);
  afterAll(database.drop);
  return database;
}

/** As testDatabase, for whoever ends it themselves. */
export async function makeTestDatabase(
  options: TestDatabaseOptions = {},
): Promise<TestDatabase & { drop(): Promise<void> }> {
  const { socketFolder, port } = inject('postgres');
  const server = { host: socketFolder, port };
  const name = `test_${newId().replaceAll('-', '')}`;
  const maintenance = { ...server, user: SUPERUSER, database: 'postgres' };
  await withClient(maintenance, async (client) => {
    const template = await readyTemplate(client, { ...server, user: SUPERUSER });
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });

  const connection = { ...server, user: APP_ROLE, database: name };
  const ownerConnection = { ...server, user: SUPERUSER, database: name };
  const statements = options.breaksTenancyOnPurpose ? null : recordStatements();
  const database = openDatabase({ connection, poolSize: options.poolSize, observe: statements?.observe });
  const owner = new pg.Pool({ ...ownerConnection, max: 2 });
  owner.on('error', () => {});
  return {
    ...database,
    connection,
    ownerConnection,
    asOwner: async (text, values) => (await owner.query(text, values)).rows,
    async drop() {
      await database.close();
      await owner.end();
      statements?.write();
      await withClient(maintenance, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** Name of the migrated template; made by whoever comes first, again whenever a migration's text changes. */
async function readyTemplate(client: pg.Client, server: pg.ClientConfig): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).sort()) hash.update(readFileSync(join(MIGRATIONS, file)));
  const template = `template_${hash.digest('hex').slice(0, 16)}`;
  const exists = async () =>
    (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])).rowCount === 1;
  if (await exists()) return template;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists()) return template;
    // Built under another name, so that a template that exists is always whole.
    const building = `${template}_building`;
    await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${building}`);
    await migrate({ ...server, database: building }, MIGRATIONS);
    await client.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return template;
}

/** Keeps the distinct statement texts of this file for tests/statements, when the run asks for it. */
function recordStatements() {
  const folder = process.env.COUNTERFOIL_STATEMENT_LOG;
  if (!folder) return { observe: undefined, write: () => {} };
  const seen = new Set<string>();
  return {
    observe: (text: string, workspaceId: string | null) => {
      seen.add(JSON.stringify({ text, inWorkspace: workspaceId !== null }));
    },
    write() {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${newId()}.jsonl`), [...seen].map((line) => `${line}\n`).join(''));
    },
  };
}

async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
