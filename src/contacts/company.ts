import { toPublicId } from '../foundation/id.ts';
import type { Company } from './api.ts';

/** A company as the API shows it. */
export function companyAnswer(row: {
  id: string;
  name: string;
  created_at: Date;
  archived_at: Date | null;
  version: number;
}): Company {
  return {
    id: toPublicId('company', row.id),
    name: row.name,
    created_at: row.created_at.toISOString(),
    archived_at: row.archived_at?.toISOString() ?? null,
    version: row.version,
  };
}
