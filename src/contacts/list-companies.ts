import { decodeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid } from '../foundation/id.ts';
import type { Company } from './api.ts';
import { companyAnswer } from './company.ts';
import { listCompanyRows, readCompany } from './store-companies.ts';

/** One page of companies by name. */
export async function listCompanies(
  tx: WorkspaceTx,
  request: { search?: string; archived: 'no' | 'only' | 'all'; cursor?: string; limit: number },
): Promise<{ data: Company[]; next_cursor: string | null }> {
  const after = request.cursor === undefined ? null : positionOf(request.cursor);
  const filter = { search: request.search ?? '', archived: request.archived, after };
  const rows = await listCompanyRows(tx, filter, request.limit + 1);
  const page = rows.slice(0, request.limit);
  const last = page.at(-1);
  return {
    data: page.map(companyAnswer),
    next_cursor: rows.length > request.limit && last ? encodeCursor([last.sort_name, last.id]) : null,
  };
}

/** Throws not_found. */
export async function readCompanyAnswer(tx: WorkspaceTx, id: string): Promise<Company> {
  const row = await readCompany(tx, id);
  if (!row) throw new Failure('not_found');
  return companyAnswer(row);
}

function positionOf(cursor: string): { sortName: string; id: string } {
  const [sortName, id] = decodeCursor(cursor, 2);
  if (typeof sortName === 'string' && typeof id === 'string' && isUuid(id)) return { sortName, id };
  throw new Failure('invalid_request', undefined, {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
