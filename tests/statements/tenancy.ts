/**
 * Reads SQL just well enough to answer one question: does this statement name its workspace for every tenant table?
 * Row-level security hides other workspaces' rows but does not route a statement to the one machine that holds them, so
 * each table needs `workspace_id = $n` of its own (or to be joined by workspace_id to one that has it).
 */

export interface TableUse {
  readonly table: string;
  /** As the statement calls it: its alias, or its name. */
  readonly name: string;
  readonly how: 'read' | 'inserted';
}

/** Words that follow a table where an alias could stand. */
const NOT_AN_ALIAS = new Set(
  `where set on using values select left right inner outer full cross join natural order group limit having returning for
  union except intersect as default overriding lateral window offset fetch tablesample when then from not and or do`.split(
    /\s+/,
  ),
);

/** Statement text without comments and string constants, in one line, lower case. */
export function plainStatement(text: string): string {
  return text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/"/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

const AFTER_KEYWORD =
  /\b(insert into|delete from|from|join|update|using) (?:only |lateral )?([a-z_]\w*)\b(?=(?: as)?(?: ([a-z_]\w*))?)/g;
/** In a FROM list: a comma, the table, perhaps its alias, and then something that only follows tables. */
const AFTER_COMMA = /(,) ?([a-z_]\w*)\b(?=(?: as)?(?: ([a-z_]\w*))?? ?(?:,|where|on|join|left|order|group|$))/g;

/** Every place where `statement` (plain) reads, changes or fills one of `tables`. */
export function tableUses(statement: string, tables: ReadonlySet<string>): TableUse[] {
  return [...statement.matchAll(AFTER_KEYWORD), ...statement.matchAll(AFTER_COMMA)].flatMap(
    ([, keyword, table, next]) => {
      if (!tables.has(table!)) return [];
      const name = next && !NOT_AN_ALIAS.has(next) ? next : table!;
      return [{ table: table!, name, how: keyword === 'insert into' ? 'inserted' : 'read' }];
    },
  );
}

/** What is wrong with a statement, in one sentence per table; empty when every tenant table names its workspace. */
export function tenancyProblems(text: string, tenantTables: ReadonlySet<string>): string[] {
  const statement = plainStatement(text);
  const uses = tableUses(statement, tenantTables);
  const named = namesWithWorkspace(statement);
  const problems: string[] = [];
  let unqualified = [...statement.matchAll(/(?<![.\w])workspace_id = (?:\$\d+|any)/g)].length;
  for (const use of uses) {
    if (use.how === 'inserted') {
      const columns = new RegExp(`insert into ${use.table}(?: (?:as )?\\w+)? ?\\( ?workspace_id\\b`);
      if (!columns.test(statement) && use.table !== 'workspaces') {
        problems.push(`INSERT INTO ${use.table} does not give workspace_id first`);
      }
      continue;
    }
    if (use.table === 'workspaces' && hasOwnId(statement, use.name)) continue;
    if (named.has(use.name)) continue;
    // Without an alias one unqualified condition serves one table.
    if (use.name === use.table && unqualified > 0) unqualified -= 1;
    else
      problems.push(`${use.table}${use.name === use.table ? '' : ` (${use.name})`} is used without workspace_id = $n`);
  }
  const conflict = /on conflict ?\( ?(\w+)/.exec(statement);
  const target = uses.find((use) => use.how === 'inserted');
  if (conflict && target && target.table !== 'workspaces' && conflict[1] !== 'workspace_id') {
    problems.push(`ON CONFLICT of ${target.table} does not begin with workspace_id`);
  }
  if (/on conflict.*do update.*\b(?:now|current_timestamp|gen_random_uuid|clock_timestamp)\b/.test(statement)) {
    problems.push('ON CONFLICT DO UPDATE calls a function that only one machine can answer');
  }
  return problems;
}

/** Names that stand in `x.workspace_id = $n`, and those joined to one of them by workspace_id, however far. */
function namesWithWorkspace(statement: string): Set<string> {
  const named = new Set<string>();
  for (const match of statement.matchAll(/\b(\w+)\.workspace_id = (?:\$\d+)/g)) named.add(match[1]!);
  for (const match of statement.matchAll(/\$\d+(?:::uuid)? = (\w+)\.workspace_id/g)) named.add(match[1]!);
  const joins = [...statement.matchAll(/\b(\w+)\.workspace_id = (\w+)\.(?:workspace_id|id)\b/g)];
  for (const match of statement.matchAll(/\((\w+)\.workspace_id,[^)]*\) (?:=|in) \(\(?(\w+)\.workspace_id,/g))
    joins.push(match);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [, left, right] of joins) {
      if (named.has(left!) === named.has(right!)) continue;
      named.add(left!).add(right!);
      grew = true;
    }
  }
  return named;
}

function hasOwnId(statement: string, name: string): boolean {
  return new RegExp(`(?:(?<![.\\w])|\\b${name}\\.)id = (?:\\$\\d+|\\w+\\.workspace_id)`).test(statement);
}

/** Tenant tables of the schema: those with a workspace_id, without the directories, and `workspaces` itself. */
export function tenantTablesOf(migrations: readonly string[]): Set<string> {
  const tables = new Set<string>();
  for (const text of migrations) {
    for (const [, name, body] of text.matchAll(/CREATE TABLE (\w+) \(([\s\S]*?)\n\);/g)) {
      if (/^\s*workspace_id uuid/m.test(body!) && !name!.endsWith('_directory')) tables.add(name!);
    }
  }
  return tables.add('workspaces');
}

/**
 * Statements inside the functions that a migration makes, as the check reads others: the parameter this_workspace is the
 * workspace. What only steers (IF, RETURN, GET DIAGNOSTICS …) holds no table and is left out.
 */
export function statementsOfFunctions(migration: string): { readonly name: string; readonly text: string }[] {
  return [...migration.matchAll(/CREATE (?:OR REPLACE )?FUNCTION (\w+)[\s\S]*?AS \$\$([\s\S]*?)\$\$/g)].flatMap(
    ([, name, body]) =>
      plainStatement(body!)
        .replaceAll('this_workspace', '$1')
        .split(';')
        .flatMap((part) => {
          const text = /\b(?:select|perform|insert into|update|delete from) .*/.exec(part)?.[0];
          return text === undefined ? [] : [{ name: name!, text: text.replace(/^perform /, 'select ') }];
        }),
  );
}
