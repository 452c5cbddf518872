import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { About } from './message.ts';

export interface DocumentLinkRow {
  readonly id: string;
  readonly document_kind: About['kind'];
  readonly document_id: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly opened_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, document_kind, document_id, created_at, created_by, opened_at, revoked_at';

export function insertDocumentLink(
  tx: WorkspaceTx,
  link: { id: string; about: About; tokenHash: string; at: Date; by: string },
): Promise<number> {
  return tx.run({
    name: 'document_links_insert',
    text: `INSERT INTO document_links (workspace_id, id, document_kind, document_id, token_hash, created_at, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [tx.workspaceId, link.id, link.about.kind, link.about.id, link.tokenHash, link.at, link.by],
  });
}

export function insertLinkDirectory(tx: WorkspaceTx, tokenHash: string, linkId: string): Promise<number> {
  return tx.run({
    name: 'document_link_directory_insert',
    text: 'INSERT INTO document_link_directory (token_hash, workspace_id, link_id) VALUES ($1, $2, $3)',
    values: [tokenHash, tx.workspaceId, linkId],
  });
}

/** Where a secret leads; null when it leads nowhere. */
export function readLinkDirectory(
  tx: Tx,
  tokenHash: string,
): Promise<{ readonly workspace_id: string; readonly link_id: string } | null> {
  return tx.maybe({
    name: 'document_link_directory_read',
    text: 'SELECT workspace_id, link_id FROM document_link_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}

export function readDocumentLink(tx: WorkspaceTx, id: string): Promise<DocumentLinkRow | null> {
  return tx.maybe({
    name: 'document_links_read',
    text: `SELECT ${COLUMNS} FROM document_links WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

export function listDocumentLinkRows(tx: WorkspaceTx, about: About): Promise<DocumentLinkRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM document_links WHERE workspace_id = $1 AND document_kind = $2 AND document_id = $3
           ORDER BY created_at DESC, id DESC LIMIT 200`,
    values: [tx.workspaceId, about.kind, about.id],
  });
}

/** Makes one link of a document worthless, or all of them (`id` null). Returns how many it was. */
export function revokeDocumentLinkRows(
  tx: WorkspaceTx,
  which: { about: About; id: string | null },
  at: Date,
  by: string,
): Promise<number> {
  return tx.run({
    text: `UPDATE document_links SET revoked_at = $5, revoked_by = $6
           WHERE workspace_id = $1 AND document_kind = $2 AND document_id = $3 AND ($4::uuid IS NULL OR id = $4) AND revoked_at IS NULL`,
    values: [tx.workspaceId, which.about.kind, which.about.id, which.id, at, by],
  });
}

/** 1 when it was the first time. */
export function markDocumentLinkOpened(tx: WorkspaceTx, id: string, at: Date): Promise<number> {
  return tx.run({
    text: 'UPDATE document_links SET opened_at = $3 WHERE workspace_id = $1 AND id = $2 AND opened_at IS NULL',
    values: [tx.workspaceId, id, at],
  });
}
