import { describe, expect, test } from 'vitest';
import { newId } from '../src/foundation/id.ts';
import { testDatabase } from './setup/database.ts';

/** The rules that let the schema distribute by workspace, asked of the catalog of a migrated database. */
const database = await testDatabase({ breaksTenancyOnPurpose: true });

/** Tables that belong to no workspace, each with its reason; everything else must be a tenant table. */
const GLOBAL_TABLES: Readonly<Record<string, string>> = {
  currencies: 'the same for everybody: a reference table',
  schema_migrations: 'about the database itself',
  auth_users: 'a person may belong to several workspaces',
  auth_sessions: 'as auth_users',
  auth_accounts: 'as auth_users',
  auth_verifications: 'as auth_users',
  sign_in_links: 'used before a workspace is known',
  api_key_directory: 'leads from a secret to its workspace',
  member_directory: 'leads from a person to their workspaces',
  invitation_directory: 'leads from a secret to its workspace',
  document_link_directory: 'leads from the secret of a link to its workspace',
  gateway_event_directory: 'leads from the secret part of an address to its workspace',
  card_link_directory: 'leads from a secret to its workspace',
  customer_link_directory: 'leads from a secret to its workspace',
};

const tables = (
  await database.asOwner<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     AND relname NOT LIKE '\\_%' ORDER BY 1`,
  )
).map(({ name }) => name);
const tenantTables = tables.filter((name) => !(name in GLOBAL_TABLES));

test('there are tenant tables, and every global table is one on purpose', () => {
  expect(tenantTables.length).toBeGreaterThan(20);
  expect(tables).toEqual(expect.arrayContaining(Object.keys(GLOBAL_TABLES)));
});

describe.each(tenantTables)('%s', (table) => {
  const own = table === 'workspaces' ? 'id' : 'workspace_id';

  test('has its workspace as a plain uuid that is never null', async () => {
    const rows = await database.asOwner(
      `SELECT format_type(atttypid, atttypmod) AS type, attnotnull AS required FROM pg_attribute
       WHERE attrelid = $1::regclass AND attname = $2`,
      [table, own],
    );
    expect(rows).toEqual([{ type: 'uuid', required: true }]);
  });

  test('has the workspace first in its primary key and in every unique index', async () => {
    const rows = await database.asOwner<{ index: string; first: string; is_primary: boolean }>(
      `SELECT i.indexrelid::regclass::text AS index, i.indisprimary AS is_primary, a.attname AS first
       FROM pg_index i LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
       WHERE i.indrelid = $1::regclass AND (i.indisunique OR i.indisexclusion)`,
      [table],
    );
    expect(rows.filter((row) => row.is_primary)).toHaveLength(1);
    expect(rows.filter((row) => row.first !== own)).toEqual([]);
  });

  test('has row-level security, also for its owner', async () => {
    const rows = await database.asOwner(
      `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced, relpersistence AS kept FROM pg_class
       WHERE oid = $1::regclass`,
      [table],
    );
    expect(rows).toEqual([{ enabled: true, forced: true, kept: 'p' }]);
    const policies = await database.asOwner<{ policyname: string; cmd: string; qual: string; roles: string }>(
      'SELECT policyname, cmd, qual, roles::text FROM pg_policies WHERE tablename = $1',
      [table],
    );
    const isolation = policies.filter(({ policyname }) => policyname === 'own_workspace');
    expect(isolation).toHaveLength(1);
    expect(isolation[0]!.qual).toContain("current_setting('app.workspace_id'::text, true)");
    // What looks across workspaces only ever reads.
    for (const { policyname, cmd, roles } of policies.filter((policy) => policy.policyname !== 'own_workspace')) {
      expect([policyname, cmd, roles]).toEqual(['across', 'SELECT', '{counterfoil_lookout}']);
    }
  });

  test('refers only within its workspace, or to reference tables, and never sets null', async () => {
    const rows = await database.asOwner<{
      name: string;
      target: string;
      columns: string;
      target_columns: string;
      action: string;
    }>(
      `SELECT c.conname AS name, c.confrelid::regclass::text AS target, c.confdeltype AS action,
         (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS columns,
         (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS target_columns
       FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = $1::regclass`,
      [table],
    );
    for (const key of rows) {
      expect([key.name, key.action]).not.toEqual([key.name, 'n']);
      expect([key.name, key.action]).not.toEqual([key.name, 'd']);
      if (key.target === 'currencies') continue;
      expect(tenantTables).toContain(key.target);
      if (key.target === 'workspaces') expect(key.columns).toBe('workspace_id');
      else
        expect([
          key.name,
          key.columns.startsWith('workspace_id,'),
          key.target_columns.startsWith('workspace_id,'),
        ]).toEqual([key.name, true, true]);
    }
  });

  test('draws no ids from a sequence of ints and has no default that asks for time or chance', async () => {
    const rows = await database.asOwner(
      `SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) AS expression FROM pg_attrdef d
       JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE d.adrelid = $1::regclass AND pg_get_expr(d.adbin, d.adrelid) ~* '(nextval|now\\(|current_|random|uuid|clock)'`,
      [table],
    );
    expect(rows).toEqual([]);
  });
});

test('no global table refers to a tenant table, nor the other way', async () => {
  const rows = await database.asOwner<{ source: string; target: string }>(
    `SELECT conrelid::regclass::text AS source, confrelid::regclass::text AS target FROM pg_constraint WHERE contype = 'f'`,
  );
  const isGlobal = (name: string) => name in GLOBAL_TABLES;
  expect(rows.filter(({ source, target }) => isGlobal(source) !== isGlobal(target) && target !== 'currencies')).toEqual(
    [],
  );
});

/** Guards of a row against itself, or against what its own document has become; each only refuses. What happens stands in the code. */
const GUARDS: Readonly<Record<string, string>> = {
  attachments_of_issued_stay: 'the files of an issued document never change, whoever asks',
  invoices_issued_stay: 'an issued document never changes, whoever asks',
};

test('there are no rules, and no triggers but guards on their own row: nothing happens that a statement does not say', async () => {
  const triggers = await database.asOwner<{ name: string }>(
    'SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY 1',
  );
  expect(triggers.map(({ name }) => name)).toEqual(Object.keys(GUARDS).sort());
  expect(await database.asOwner(`SELECT tablename, rulename FROM pg_rules WHERE schemaname = 'public'`)).toEqual([]);
});

test('functions (guards aside) run as who calls them, take the workspace first and keep plans that hold without statistics', async () => {
  const functions = await database.asOwner<{ name: string; definer: boolean; first: string; settings: string[] }>(
    `SELECT p.proname AS name, p.prosecdef AS definer, p.proconfig AS settings,
       p.proargnames[1] || ' ' || format_type(p.proargtypes[0], NULL) AS first
     FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
  );
  expect(functions.length).toBeGreaterThan(3);
  const settings = [
    'plan_cache_mode=force_generic_plan',
    'enable_seqscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
  ];
  for (const { name, ...is } of functions) {
    expect([name, is]).toEqual([name, { definer: false, first: 'this_workspace uuid', settings }]);
  }
});

test('the program’s role owns nothing, is no superuser and does not bypass row-level security', async () => {
  expect(
    await database.asOwner(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'counterfoil_app'`,
    ),
  ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  expect(
    await database.asOwner(
      `SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'counterfoil_app'`,
    ),
  ).toEqual([]);
});

const APPEND_ONLY = [
  'ledger_entries',
  'ledger_transfers',
  'audit_log',
  'audit_seals',
  'audit_heads',
  'payment_transitions',
  'receipts',
];

test.each(APPEND_ONLY)('%s can only be added to', async (table) => {
  const rows = await database.asOwner<{ privilege_type: string }>(
    `SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = 'counterfoil_app' AND table_name = $1 ORDER BY 1`,
    [table],
  );
  expect(rows.map((row) => row.privilege_type)).toEqual(['INSERT', 'SELECT']);
});

describe('what one workspace sees', () => {
  const mine = newId();
  const foreign = newId();
  const contact = `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, created_at, updated_at)
    VALUES ($1, $2, $2, 'Somebody', 'somebody', $3, $3)`;
  const now = new Date('2026-03-02T09:00:00Z');

  test('is its own rows, and nothing at all when no workspace is set', async () => {
    for (const id of [mine, foreign]) {
      await database.inWorkspace(id, async (tx) => {
        await tx.run({
          text: `INSERT INTO workspaces (id, name, mode, currency, time_zone, created_at) VALUES ($1, 'A', 'sandbox', 'USD', 'UTC', $2)`,
          values: [id, now],
        });
        await tx.run({ text: contact, values: [id, newId(), now] });
      });
    }
    const counts = async (tx: { one<R>(query: { text: string }): Promise<R> }) => [
      (await tx.one<{ n: number }>({ text: 'SELECT count(*)::int AS n FROM contacts' })).n,
      (await tx.one<{ n: number }>({ text: 'SELECT count(*)::int AS n FROM workspaces' })).n,
    ];
    expect(await database.inWorkspace(mine, counts)).toEqual([1, 1]);
    expect(await database.inGlobal(counts)).toEqual([0, 0]);
    expect(await database.inWorkspace(newId(), counts)).toEqual([0, 0]);
    await expect(database.acrossWorkspaces(counts)).rejects.toThrow('permission denied for table contacts');
    const workspaces = { text: 'SELECT count(*)::int AS n FROM workspaces' };
    expect(await database.acrossWorkspaces((tx) => tx.one<{ n: number }>(workspaces))).toEqual({ n: 2 });
    const client = await database.pool.connect();
    try {
      expect((await client.query('SELECT count(*)::int AS n FROM contacts')).rows).toEqual([{ n: 0 }]);
    } finally {
      client.release();
    }
  });

  test('cannot be widened: another workspace’s rows are neither written, changed nor taken', async () => {
    await expect(
      database.inWorkspace(mine, (tx) => tx.run({ text: contact, values: [foreign, newId(), now] })),
    ).rejects.toMatchObject({ code: '42501' });
    const touched = await database.inWorkspace(mine, (tx) =>
      Promise.all([
        tx.run({ text: `UPDATE contacts SET name = 'Mine now' WHERE workspace_id = $1`, values: [foreign] }),
        tx.run({ text: `UPDATE workspaces SET name = 'Mine now' WHERE id = $1`, values: [foreign] }),
      ]),
    );
    expect(touched).toEqual([0, 0]);
    await expect(
      database.inWorkspace(mine, (tx) => tx.run({ text: `UPDATE contacts SET workspace_id = $1`, values: [foreign] })),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('is refused for anything that is no workspace id', async () => {
    for (const id of ['', 'x', `${mine}'; SET LOCAL app.workspace_id = '${foreign}`, mine.toUpperCase()]) {
      await expect((async () => database.inWorkspace(id, async () => 1))()).rejects.toThrow(
        'a workspace id is a lower-case uuid',
      );
    }
  });
});
