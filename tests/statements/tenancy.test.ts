import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainStatement, statementsOfFunctions, tenancyProblems, tenantTablesOf } from './tenancy.ts';

const FOLDER = join(import.meta.dirname, '../../migrations');
const migrations = readdirSync(FOLDER)
  .sort()
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
const tenantTables = tenantTablesOf(migrations);

/**
 * Statements that look across workspaces on purpose: they find out where there is something to do, see nothing but that
 * (their own narrow policies), and change nothing.
 */
const ACROSS: readonly { readonly statement: RegExp; readonly reason: string }[] = [
  {
    statement: /^select id from workspaces (?:where sample_work [^;]*)?order by id$/,
    reason: 'the loops that look after every workspace',
  },
  {
    statement:
      /^select (?:distinct )?(?:[pr]\.)?workspace_id.* from (?:outbox|recurring_invoices|messages|payments|scripted_movements|gateway_events|gateway_connections|gateway_imports|imports)\b/,
    reason:
      'the relay, the mail, the maker of recurring invoices, the resolver, the sweep, the sandbox and interrupted imports ask where work waits; the work itself is done workspace by workspace',
  },
];

interface Recorded {
  readonly text: string;
  readonly inWorkspace: boolean;
}

/** Every distinct statement that the test run has sent. */
function recorded(folder: string): Recorded[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return [...new Set(lines)].filter((line) => line !== '').map((line) => JSON.parse(line) as Recorded);
}

test('every statement of the test run names its workspace for each tenant table', (context) => {
  const folder = process.env.COUNTERFOIL_STATEMENT_LOG;
  if (!folder) {
    console.warn('No statements were recorded (COUNTERFOIL_STATEMENT_LOG is not set): run `npm test` for this check.');
    return context.skip();
  }
  expect(existsSync(folder), 'the test run before has recorded its statements').toBe(true);
  const statements = recorded(folder);
  expect(statements.length).toBeGreaterThan(50);
  const findings = statements.flatMap(({ text, inWorkspace }) => {
    const problems = tenancyProblems(text, tenantTables);
    if (problems.length === 0) return [];
    const across = !inWorkspace && ACROSS.some(({ statement }) => statement.test(plainStatement(text)));
    return across ? [] : [`${problems.join('; ')}\n  ${plainStatement(text).slice(0, 400)}`];
  });
  expect(findings).toEqual([]);
});

/** A function that a later migration makes anew is the later one. */
const latest = new Map<string, number>();
for (const [at, migration] of migrations.entries()) {
  for (const { name } of statementsOfFunctions(migration)) latest.set(name, at);
}
const inFunctions = migrations.flatMap((migration, at) =>
  statementsOfFunctions(migration).filter(({ name }) => latest.get(name) === at),
);

test.each(inFunctions)('$name names its workspace in: $text', ({ text }) => {
  expect(tenancyProblems(text, tenantTables)).toEqual([]);
});

test('the functions of the migrations were read', () => {
  // Whatever reads or writes a tenant's table is told or declares `this_workspace`.
  const functions = migrations.join('').matchAll(/CREATE (?:OR REPLACE )?FUNCTION (\w+)\(.*?\$\$;/gs);
  const ofWorkspace = [...functions].filter(([text]) => /\bthis_workspace uuid\b/.test(text)).map(([, name]) => name!);
  expect(new Set(inFunctions.map(({ name }) => name))).toEqual(new Set(ofWorkspace));
  expect(inFunctions.filter(({ text }) => /insert into payments\b/i.test(text))).toHaveLength(1);
  expect(
    statementsOfFunctions(`CREATE FUNCTION f(this_workspace uuid) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE n bigint;
      BEGIN
        IF n > 0 THEN UPDATE payments SET status = 'x' WHERE id = n; END IF; -- not; the; workspace
        SELECT count(*) INTO n FROM contacts c WHERE c.workspace_id = this_workspace;
      END $$;`).map(({ text }) => tenancyProblems(text, tenantTables)),
  ).toEqual([['payments is used without workspace_id = $n'], []]);
});

describe('the check itself', () => {
  test.each<[string, string]>([
    ['one table', 'SELECT id FROM contacts WHERE workspace_id = $1 AND id = $2'],
    [
      'a join that names both',
      'SELECT 1 FROM contacts c JOIN contact_tags t ON t.workspace_id = $1 AND t.contact_id = c.id WHERE c.workspace_id = $1',
    ],
    [
      'a join by workspace',
      'SELECT 1 FROM contacts c JOIN contact_tags t ON t.workspace_id = c.workspace_id WHERE c.workspace_id = $1',
    ],
    [
      'an insert',
      'INSERT INTO contact_tags (workspace_id, contact_id, tag) VALUES ($1, $2, $3) ON CONFLICT (workspace_id, contact_id, tag) DO NOTHING',
    ],
    ['an update', 'UPDATE contacts SET name = $3 WHERE workspace_id = $1 AND id = $2'],
    ['a delete', 'DELETE FROM contact_tags WHERE workspace_id = $1'],
    ['the workspace itself', 'SELECT name FROM workspaces WHERE id = $1'],
    ['global tables', 'SELECT 1 FROM auth_users u JOIN auth_sessions s ON s.user_id = u.id'],
    [
      'a subquery that names it too',
      'SELECT 1 FROM contacts WHERE workspace_id = $1 AND EXISTS (SELECT 1 FROM contact_tags WHERE workspace_id = $1)',
    ],
    ['a table that a string or comment names', "SELECT 'from contacts' -- FROM contacts"],
    ['a moment of a row', 'SELECT extract(epoch FROM at) FROM audit_log WHERE workspace_id = $1'],
  ])('lets %s pass', (_case, text) => {
    expect(tenancyProblems(text, tenantTables)).toEqual([]);
  });

  test.each<[string, string]>([
    ['a table by its id alone', 'SELECT name FROM contacts WHERE id = $1'],
    [
      'a join by id alone',
      'SELECT 1 FROM contacts c JOIN contact_tags t ON t.contact_id = c.id WHERE c.workspace_id = $1',
    ],
    ['a list of tables', 'SELECT 1 FROM contacts c, contact_tags t WHERE c.workspace_id = $1 AND t.contact_id = c.id'],
    ['an update by id alone', 'UPDATE contacts SET name = $2 WHERE id = $1'],
    [
      'a subquery by id alone',
      'SELECT 1 FROM contacts c WHERE c.workspace_id = $1 AND EXISTS (SELECT 1 FROM contact_tags t WHERE t.contact_id = c.id)',
    ],
    [
      'two tables and one condition',
      'SELECT 1 FROM contacts JOIN contact_tags ON contact_id = id WHERE workspace_id = $1',
    ],
    ['an insert that gives the workspace late', 'INSERT INTO contact_tags (tag, workspace_id) VALUES ($1, $2)'],
    [
      'a conflict on an id alone',
      'INSERT INTO contacts (workspace_id, id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING',
    ],
    [
      'a clock in a conflict',
      'INSERT INTO contacts (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET updated_at = now()',
    ],
    [
      'a delete that joins',
      'DELETE FROM contact_tags t USING contacts c WHERE t.workspace_id = $1 AND t.contact_id = c.id',
    ],
  ])('finds %s', (_case, text) => {
    expect(tenancyProblems(text, tenantTables)).not.toEqual([]);
  });
});
