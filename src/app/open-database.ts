import { join } from 'node:path';
import pg from 'pg';
import { type Database, openDatabase, sqlStateOf } from '../foundation/database.ts';
import {
  DataFolderInUse,
  type EmbeddedPostgres,
  joinEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../foundation/embedded-postgres.ts';
import { APP_ROLE, migrate } from '../foundation/migrate.ts';
import type { Config } from './config.ts';
import { DatabaseRefused } from './database-refused.ts';

/** Two folders up from src/app/ as from dist/server/. */
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');
const EMBEDDED_DATABASE = 'counterfoil';
/** Older ones lack NULLS NOT DISTINCT and MERGE, and are out of support. */
const SERVER_VERSION_MIN = 15;
const CONNECT_TIMEOUT_MS = 10_000;

export interface OpenedDatabase {
  readonly database: Database;
  /** Login that owns the schema, for what makes tables of its own (the job queue). */
  readonly ownerConnection: pg.ClientConfig;
  /** Login and options of the restricted role, for pools of one's own. */
  readonly appConnection: pg.ClientConfig;
  /** Where the embedded server keeps its data; null with DATABASE_URL. */
  readonly home: string | null;
  close(): Promise<void>;
}

/**
 * Opens the database of the configuration with its newest schema, starting the embedded server where no other is named.
 * With `join`, a command may work beside a server that runs on the same data folder; the schema is then left to that.
 * Throws DatabaseRefused, EmbeddedPostgresError or MigrationRefused, each with one sentence.
 */
export async function openConfiguredDatabase(
  config: Config,
  options: { join?: boolean; onUnexpectedEnd?: (sentence: string) => void } = {},
): Promise<OpenedDatabase> {
  if (config.databaseUrl) return openServer(config, config.databaseUrl);
  const { postgres, joined } = await startOrJoin(config.dataFolder, options);
  try {
    const server = { host: postgres.socketFolder, port: postgres.port, password: postgres.password };
    const owner = { ...server, user: postgres.superuser, database: EMBEDDED_DATABASE };
    if (!joined) {
      await createDatabase({ ...owner, database: 'postgres' });
      await migrate(owner, MIGRATIONS);
    }
    // On Windows there is no private socket; there the superuser's login acts as the restricted role.
    const app =
      process.platform === 'win32' ? { ...owner, options: `-c role=${APP_ROLE}` } : { ...owner, user: APP_ROLE };
    const database = openDatabase({ connection: app, namedStatements: config.namedStatements });
    return {
      database,
      ownerConnection: owner,
      appConnection: app,
      home: postgres.home,
      async close() {
        await database.close();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function startOrJoin(
  dataFolder: string,
  options: { join?: boolean; onUnexpectedEnd?: (sentence: string) => void },
): Promise<{ postgres: EmbeddedPostgres; joined: boolean }> {
  try {
    return {
      postgres: await startEmbeddedPostgres({ dataFolder, onUnexpectedEnd: options.onUnexpectedEnd }),
      joined: false,
    };
  } catch (error) {
    const postgres = options.join && error instanceof DataFolderInUse ? await joinEmbeddedPostgres(dataFolder) : null;
    if (!postgres) throw error;
    return { postgres, joined: true };
  }
}

async function openServer(config: Config, url: string): Promise<OpenedDatabase> {
  const owner = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  await probe('DATABASE_URL', url, async (client) => {
    const { rows } = await client.query<{ version: number; encoding: string }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding`,
    );
    const { version, encoding } = rows[0]!;
    if (version < SERVER_VERSION_MIN) {
      throw new DatabaseRefused(
        `The PostgreSQL of DATABASE_URL is version ${version}; Counterfoil needs ${SERVER_VERSION_MIN} or newer.`,
      );
    }
    if (encoding !== 'UTF8') {
      throw new DatabaseRefused(
        `The database of DATABASE_URL is encoded in ${encoding}; create one with encoding UTF8.`,
      );
    }
  });
  try {
    await migrate(owner, MIGRATIONS);
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error;
    throw new DatabaseRefused(
      `The login of DATABASE_URL may not prepare the database (${messageOf(error)}); it needs to own the database and to create the role ${APP_ROLE}, or find that role made.`,
    );
  }
  const app = config.databaseAppUrl
    ? { connectionString: config.databaseAppUrl }
    : { connectionString: url, options: `-c role=${APP_ROLE}` };
  if (config.databaseAppUrl) {
    await probe('DATABASE_APP_URL', config.databaseAppUrl, async (client) => {
      const { rows } = await client.query<{ unsafe: boolean }>(
        'SELECT rolsuper OR rolbypassrls AS unsafe FROM pg_roles WHERE rolname = current_user',
      );
      if (rows[0]?.unsafe) {
        throw new DatabaseRefused(
          'The login of DATABASE_APP_URL sees all rows whatever the policies say (superuser or BYPASSRLS); name one that does not.',
        );
      }
    });
  }
  const database = openDatabase({ connection: app, namedStatements: config.namedStatements });
  return { database, ownerConnection: owner, appConnection: app, home: null, close: () => database.close() };
}

async function createDatabase(maintenance: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(maintenance);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  } finally {
    await client.end();
  }
}

async function probe(setting: string, url: string, look: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new DatabaseRefused(
      `The database at ${placeOf(url)} cannot be reached (${messageOf(error)}); check ${setting}.`,
    );
  }
  try {
    await look(client);
  } finally {
    await client.end();
  }
}

/** Host, port and database: never user and password. */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? hostname}${port ? `:${port}` : ''}${pathname}`;
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function messageOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error ? inner.message.replace(/\.$/, '') : String(inner);
}
