import { sql, type WorkspaceTx } from '../foundation/database.ts';
import { endOfPrefix, sortNameOf } from './search-terms.ts';

export interface CompanyRow {
  readonly id: string;
  readonly name: string;
  readonly sort_name: string;
  readonly created_at: Date;
  readonly archived_at: Date | null;
  readonly version: number;
}

const COLUMNS = 'id, name, sort_name, created_at, archived_at, version';

export type CompanyLock = 'change' | 'share' | null;

const LOCKS = { change: ' FOR NO KEY UPDATE', share: ' FOR SHARE' } as const;

/** `share` holds its name: whoever writes search terms with it must not meet somebody who is renaming it. */
export function readCompany(tx: WorkspaceTx, id: string, lock: CompanyLock = null): Promise<CompanyRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM companies WHERE workspace_id = $1 AND id = $2${lock ? LOCKS[lock] : ''}`,
    values: [tx.workspaceId, id],
  });
}

/** Companies in use by name, as sort names tell them apart, their names held: sort name → id. */
export async function findCompanies(tx: WorkspaceTx, sortNames: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.many<{ id: string; sort_name: string }>({
    name: 'companies_find',
    text: `SELECT id, sort_name FROM companies
           WHERE workspace_id = $1 AND sort_name = ANY($2::text[]) AND archived_at IS NULL ORDER BY id FOR SHARE`,
    values: [tx.workspaceId, sortNames],
  });
  return new Map(rows.map((row) => [row.sort_name, row.id]));
}

/** Adds companies; those whose name another one in use has are left out. Returns how many were added. */
export function insertCompanies(
  tx: WorkspaceTx,
  companies: readonly { id: string; name: string }[],
  createdAt: Date,
  importId: string | null,
): Promise<number> {
  return tx.run({
    name: 'companies_insert',
    text: `INSERT INTO companies (workspace_id, id, name, sort_name, created_at, import_id)
           SELECT $1::uuid, n.id, n.name, n.sort_name, $5::timestamptz, $6::uuid
           FROM unnest($2::uuid[], $3::text[], $4::text[]) AS n (id, name, sort_name)
           ON CONFLICT (workspace_id, sort_name) WHERE archived_at IS NULL DO NOTHING`,
    values: [
      tx.workspaceId,
      companies.map((company) => company.id),
      companies.map((company) => company.name),
      companies.map((company) => sortNameOf(company.name)),
      createdAt,
      importId,
    ],
  });
}

/** The next companies that an import made, after `afterId` in id order. */
export function listCompaniesOfImport(
  tx: WorkspaceTx,
  importId: string,
  afterId: string,
  limit: number,
): Promise<{ id: string; version: number }[]> {
  return tx.many({
    text: `SELECT id, version FROM companies WHERE workspace_id = $1 AND import_id = $2 AND id > $3 ORDER BY id LIMIT $4`,
    values: [tx.workspaceId, importId, afterId, limit],
  });
}

/** Removes those of these companies to which nobody belongs. Returns how many. */
export function deleteEmptyCompanies(tx: WorkspaceTx, ids: readonly string[]): Promise<number> {
  return tx.run({
    text: `DELETE FROM companies m WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[])
           AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = $1 AND c.company_id = m.id)`,
    values: [tx.workspaceId, ids],
  });
}

/** Takes contacts out of their companies, so that the companies can go. */
export function leaveCompanies(tx: WorkspaceTx, contactIds: readonly string[]): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET company_id = NULL WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND company_id IS NOT NULL`,
    values: [tx.workspaceId, contactIds],
  });
}

export function updateCompany(tx: WorkspaceTx, id: string, name: string, archivedAt: Date | null): Promise<number> {
  return tx.run({
    text: `UPDATE companies SET name = $3, sort_name = $4, archived_at = $5, version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, name, sortNameOf(name), archivedAt],
  });
}

/** Companies by name, from the position on; `search` is the beginning of a name. */
export function listCompanyRows(
  tx: WorkspaceTx,
  filter: { search: string; archived: 'no' | 'only' | 'all'; after: { sortName: string; id: string } | null },
  limit: number,
): Promise<CompanyRow[]> {
  const conditions = [sql`workspace_id = ${tx.workspaceId}`];
  if (filter.archived !== 'all')
    conditions.push(filter.archived === 'only' ? sql`archived_at IS NOT NULL` : sql`archived_at IS NULL`);
  const beginning = sortNameOf(filter.search);
  if (beginning !== '') conditions.push(sql`sort_name >= ${beginning} AND sort_name < ${endOfPrefix(beginning)}`);
  if (filter.after) conditions.push(sql`(sort_name, id) > (${filter.after.sortName}, ${filter.after.id}::uuid)`);
  return tx.many(sql`SELECT ${sql.raw(COLUMNS)} FROM companies WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY sort_name, id LIMIT ${limit}`);
}

/** What search terms are made of, for contacts of a company (merged ones too), from contact id `after` on. */
export function readSearchablesOfCompany(
  tx: WorkspaceTx,
  companyId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; name: string; email: string | null; phone: string | null; external_ref: string | null }[]> {
  return tx.many({
    text: `SELECT id, name, email, phone, external_ref FROM (
             SELECT id, name, email, phone, external_ref FROM contacts
             WHERE workspace_id = $1 AND company_id = $2 AND deleted_at IS NULL AND root_id = id
             UNION ALL
             SELECT id, name, email, phone, external_ref FROM contacts
             WHERE workspace_id = $1 AND company_id = $2 AND root_id <> id) people
           WHERE id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT $4`,
    values: [tx.workspaceId, companyId, after, limit],
  });
}
