import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { newId } from '../src/foundation/id.ts';
import { migrate } from '../src/foundation/migrate.ts';
import { testDatabase } from './setup/database.ts';

/** Words that were kept before there were languages stay in force, whoever owned them. */

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');
const THIS_ONE = '0045';

const place = await testDatabase();
const name = `words_${newId().replaceAll('-', '')}`;
const folder = mkdtempSync(join(tmpdir(), 'counterfoil-migrations-'));
afterAll(async () => {
  await place.asOwner(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(folder, { recursive: true, force: true });
});

test('words of messages move to the language of their workspace, those of invoices beside the others', async () => {
  for (const file of readdirSync(MIGRATIONS)) {
    if (file < THIS_ONE) cpSync(join(MIGRATIONS, file), join(folder, file));
  }
  await place.asOwner(`CREATE DATABASE ${name}`);
  const connection = { ...place.ownerConnection, database: name };
  await migrate(connection, folder);
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const ids = { german: newId(), english: newId(), polish: newId() };
    for (const [locale, id] of [
      ['de-AT', ids.german],
      ['en-GB', ids.english],
      ['pl-PL', ids.polish],
    ]) {
      await client.query(
        `INSERT INTO workspaces (id, name, mode, currency, time_zone, locale, created_at) VALUES ($1, 'W', 'live', 'EUR', 'UTC', $2, now())`,
        [id, locale],
      );
      for (const kind of ['receipt', 'declined_notice']) {
        await client.query(
          `INSERT INTO message_templates (workspace_id, kind, subject, body) VALUES ($1, $2, 'S', 'B')`,
          [id, kind],
        );
      }
    }
    const own = (id: string, subject: string, body: string) =>
      client.query(`INSERT INTO invoicing_settings (workspace_id, e_mail_subject, e_mail_body) VALUES ($1, $2, $3)`, [
        id,
        subject,
        body,
      ]);
    await own(ids.german, 'Rechnung!', 'Bitte zahlen.');
    await own(ids.english, '', 'Please pay.');
    await own(ids.polish, '', '');
    expect((await migrate(connection, MIGRATIONS))[0]).toContain(THIS_ONE);

    const { rows } = await client.query(
      `SELECT w.locale, t.kind, t.language, t.subject, t.body FROM message_templates t JOIN workspaces w ON w.id = t.workspace_id
       ORDER BY w.locale, t.kind`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['de-AT', 'declined_notice', 'en', 'S', 'B'],
      ['de-AT', 'invoice', 'de', 'Rechnung!', 'Bitte zahlen.'],
      ['de-AT', 'receipt', 'de', 'S', 'B'],
      ['en-GB', 'declined_notice', 'en', 'S', 'B'],
      ['en-GB', 'invoice', 'en', '{{ document }} {{ number }} from {{ business }}', 'Please pay.'],
      ['en-GB', 'receipt', 'en', 'S', 'B'],
      ['pl-PL', 'declined_notice', 'en', 'S', 'B'],
      ['pl-PL', 'receipt', 'en', 'S', 'B'],
    ]);
    const { rows: open } = await client.query(
      `SELECT relname FROM pg_class WHERE relname IN ('workspaces', 'message_templates', 'invoicing_settings') AND NOT relforcerowsecurity`,
    );
    expect(open).toEqual([]);
  } finally {
    await client.end();
  }
});
