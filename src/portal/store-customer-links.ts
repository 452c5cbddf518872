import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { CustomerLinkRow, CustomerPageSettings } from './customer-link.ts';

/** SQL of `customer_links`, of the directory that leads from a link's hash to its workspace, and of their settings. */

const COLUMNS =
  'id, contact_id, new_email, created_by, created_at, expires_at, opened_at, used_at, revoked_at, revoked_by';

export async function insertCustomerLink(tx: WorkspaceTx, link: CustomerLinkRow, tokenHash: string): Promise<void> {
  await tx.run({
    text: `INSERT INTO customer_links (workspace_id, id, contact_id, new_email, created_by, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      tx.workspaceId,
      link.id,
      link.contact_id,
      link.new_email,
      link.created_by,
      link.created_at,
      link.expires_at,
    ],
  });
  await tx.run({
    text: 'INSERT INTO customer_link_directory (token_hash, workspace_id, link_id) VALUES ($1, $2, $3)',
    values: [tokenHash, tx.workspaceId, link.id],
  });
}

export function findCustomerLinkPlace(
  tx: Tx,
  tokenHash: string,
): Promise<{ readonly workspace_id: string; readonly link_id: string } | null> {
  return tx.maybe({
    text: 'SELECT workspace_id, link_id FROM customer_link_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}

export function readCustomerLink(tx: WorkspaceTx, id: string): Promise<CustomerLinkRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM customer_links WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

/** Links to the page of these contacts, the newest first. */
export function readCustomerLinksOf(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  countMax: number,
): Promise<CustomerLinkRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM customer_links
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND new_email IS NULL
           ORDER BY created_at DESC, id DESC LIMIT $3`,
    values: [tx.workspaceId, contactIds, countMax],
  });
}

/** Ends every link of these contacts, confirmations of addresses too. */
export function revokeCustomerLinkRows(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  by: string,
  at: Date,
): Promise<number> {
  return tx.run({
    text: `UPDATE customer_links SET revoked_at = $3, revoked_by = $4
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND revoked_at IS NULL`,
    values: [tx.workspaceId, contactIds, at, by],
  });
}

/** The customer sees the page for the first time. */
export function setCustomerLinkOpened(tx: WorkspaceTx, id: string, at: Date): Promise<number> {
  return tx.run({
    text: 'UPDATE customer_links SET opened_at = $3 WHERE workspace_id = $1 AND id = $2 AND opened_at IS NULL',
    values: [tx.workspaceId, id, at],
  });
}

export function setCustomerLinkUsed(tx: WorkspaceTx, id: string, at: Date): Promise<number> {
  return tx.run({
    text: 'UPDATE customer_links SET used_at = $3 WHERE workspace_id = $1 AND id = $2 AND used_at IS NULL',
    values: [tx.workspaceId, id, at],
  });
}

export function readPageSettingsRow(tx: WorkspaceTx): Promise<CustomerPageSettings | null> {
  return tx.maybe({
    text: `SELECT valid_days, sends_on_request, edits_details, version FROM customer_page_settings WHERE workspace_id = $1`,
    values: [tx.workspaceId],
  });
}

export function writePageSettingsRow(tx: WorkspaceTx, row: CustomerPageSettings): Promise<number> {
  return tx.run({
    text: `INSERT INTO customer_page_settings (workspace_id, valid_days, sends_on_request, edits_details, version)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id) DO UPDATE SET valid_days = excluded.valid_days,
             sends_on_request = excluded.sends_on_request, edits_details = excluded.edits_details, version = excluded.version`,
    values: [tx.workspaceId, row.valid_days, row.sends_on_request, row.edits_details, row.version],
  });
}
