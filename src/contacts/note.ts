import { toPublicId } from '../foundation/id.ts';
import type { Note } from './api.ts';

/** A note as the API shows it. */
export function noteAnswer(row: {
  id: string;
  contact_id: string;
  body: string;
  author_name: string;
  author_id: string | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  version: number;
}): Note {
  return {
    id: toPublicId('note', row.id),
    contact_id: toPublicId('contact', row.contact_id),
    body: row.body,
    author_name: row.author_name,
    author_id: row.author_id,
    created_at: row.created_at.toISOString(),
    edited_at: row.edited_at?.toISOString() ?? null,
    deleted_at: row.deleted_at?.toISOString() ?? null,
    version: row.version,
  };
}
