import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { sortNameOf } from './search-terms.ts';
import { deleteEmptyCompanies, findCompanies, insertCompanies, listCompaniesOfImport } from './store-companies.ts';

/**
 * Companies by name, made where none in use has it (case and accents apart). Returns sort name → id, and how many were
 * made. Names must have a sort name and no card number; two statements for any number of them.
 */
export async function createCompanies(
  tx: WorkspaceTx,
  names: readonly string[],
  by: { readonly importId: string; readonly now: Date },
): Promise<{ ids: Map<string, string>; made: number }> {
  const bySortName = new Map<string, string>();
  for (const name of names) if (!bySortName.has(sortNameOf(name))) bySortName.set(sortNameOf(name), name);
  if (bySortName.size === 0) return { ids: new Map(), made: 0 };
  // In one order, so that two who bring the same companies do not wait for each other in a circle.
  const sortNames = [...bySortName.keys()].sort();
  const before = await findCompanies(tx, sortNames);
  const missing = sortNames.filter((sortName) => !before.has(sortName));
  if (missing.length === 0) return { ids: before, made: 0 };
  const made = await insertCompanies(
    tx,
    missing.map((sortName) => ({ id: newId(), name: bySortName.get(sortName)! })),
    by.now,
    by.importId,
  );
  return { ids: new Map([...before, ...(await findCompanies(tx, missing))]), made };
}

/** Companies in use by sort name, for telling beforehand which are there: sort name → id. */
export function findCompanyIds(tx: WorkspaceTx, sortNames: readonly string[]): Promise<Map<string, string>> {
  return findCompanies(tx, sortNames);
}

/**
 * Removes the next `limit` companies that an import made. Those to which somebody belongs, or that were renamed or
 * archived since, are kept and counted.
 */
export async function undoImportedCompanies(
  tx: WorkspaceTx,
  page: { readonly importId: string; readonly afterId: string; readonly limit: number },
): Promise<{ deleted: number; kept: number; nextAfterId: string | null }> {
  const rows = await listCompaniesOfImport(tx, page.importId, page.afterId, page.limit);
  const untouched = rows.filter((row) => row.version === 1).map((row) => row.id);
  const deleted = untouched.length > 0 ? await deleteEmptyCompanies(tx, untouched) : 0;
  return {
    deleted,
    kept: rows.length - deleted,
    nextAfterId: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null),
  };
}
