import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { allCurrencies } from './currency.ts';

/** A start that cannot go on, told in one sentence for the person who started it. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused';
}

interface Migration {
  version: number;
  name: string;
  text: string;
  hash: string;
}

export const APP_ROLE = 'counterfoil_app';
const LOOKOUT_ROLE = 'counterfoil_lookout';

/**
 * Brings the database of `connection` (owner's login) to the newest schema: plain numbered files, each in its own
 * transaction, one runner at a time (the lock row is held by the runner's own connection). Returns the names applied.
 * Throws MigrationRefused when the database is newer than this program or an applied file was changed.
 */
export async function migrate(connection: pg.ClientConfig, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations
      (version int PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied_at timestamptz NOT NULL)`);
    const applied: string[] = [];
    for (;;) {
      const next = await applyNext(client, migrations);
      if (next === null) break;
      applied.push(next);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function applyNext(client: pg.Client, migrations: Migration[]): Promise<string | null> {
  await client.query('BEGIN');
  try {
    // The lock: a second runner waits here, then finds the version applied.
    await client.query('LOCK TABLE schema_migrations IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await client.query<{ version: number; name: string; hash: string }>(
      'SELECT version, name, hash FROM schema_migrations ORDER BY version',
    );
    refuseForeign(rows, migrations);
    const next = migrations.find((migration) => !rows.some((row) => row.version === migration.version));
    if (next) {
      if (next.version === 1) await createRoles(client);
      await client.query(next.text);
      if (next.version === 1) await fillCurrencies(client);
      await client.query('INSERT INTO schema_migrations VALUES ($1, $2, $3, now())', [
        next.version,
        next.name,
        next.hash,
      ]);
    }
    await client.query('COMMIT');
    return next?.name ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

function refuseForeign(applied: { version: number; name: string; hash: string }[], known: Migration[]) {
  for (const row of applied) {
    const match = known.find((migration) => migration.version === row.version);
    if (!match) {
      throw new MigrationRefused(
        `This database was last used by a newer Counterfoil (it has migration ${row.name}); start that version or a newer one.`,
      );
    }
    if (match.hash !== row.hash) {
      throw new MigrationRefused(`Migration ${row.name} differs from the one this database was made with.`);
    }
  }
}

/**
 * The program's role, which row-level security binds, and the one that looks across workspaces for work. The program may
 * become the latter for a transaction and does not inherit it: its own statements are planned without the wider policies.
 */
async function createRoles(client: pg.Client) {
  const { rows: existing } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY($1)',
    [[APP_ROLE, LOOKOUT_ROLE]],
  );
  const missing = (name: string) => !existing.some((role) => role.rolname === name);
  if (missing(LOOKOUT_ROLE)) await client.query(`CREATE ROLE ${LOOKOUT_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS`);
  if (missing(APP_ROLE)) await client.query(`CREATE ROLE ${APP_ROLE} LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS`);
  await client.query(`GRANT ${LOOKOUT_ROLE} TO ${APP_ROLE}`);
  const { rows } = await client.query<{ me: string; super: boolean }>(
    'SELECT current_user AS me, usesuper AS super FROM pg_user WHERE usename = current_user',
  );
  if (rows[0] && !rows[0].super) await client.query(`GRANT ${APP_ROLE} TO ${pg.escapeIdentifier(rows[0].me)}`);
}

async function fillCurrencies(client: pg.Client) {
  const currencies = allCurrencies();
  await client.query('INSERT INTO currencies (code, exponent) SELECT * FROM unnest($1::text[], $2::int[])', [
    currencies.map((currency) => currency.code),
    currencies.map((currency) => currency.exponent),
  ]);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      return { version: Number(name.slice(0, 4)), name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
