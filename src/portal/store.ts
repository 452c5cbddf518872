import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { CardLinkRow } from './card-link.ts';

/** SQL of `card_links` and of the directory that leads from a link's hash to its workspace. */

const COLUMNS = `id, contact_id, payment_id, created_by, created_at, expires_at, revoked_at, revoked_by, opened_at, visit_hash,
  visit_until, card_form_id, used_at, payment_method_id`;

export async function insertCardLink(tx: WorkspaceTx, link: CardLinkRow, tokenHash: string): Promise<void> {
  await tx.run({
    text: `INSERT INTO card_links (workspace_id, id, contact_id, payment_id, created_by, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      tx.workspaceId,
      link.id,
      link.contact_id,
      link.payment_id,
      link.created_by,
      link.created_at,
      link.expires_at,
    ],
  });
  await tx.run({
    text: 'INSERT INTO card_link_directory (token_hash, workspace_id, card_link_id) VALUES ($1, $2, $3)',
    values: [tokenHash, tx.workspaceId, link.id],
  });
}

export function findCardLinkPlace(
  tx: Tx,
  tokenHash: string,
): Promise<{ readonly workspace_id: string; readonly card_link_id: string } | null> {
  return tx.maybe({
    text: 'SELECT workspace_id, card_link_id FROM card_link_directory WHERE token_hash = $1',
    values: [tokenHash],
  });
}

export function readCardLink(tx: WorkspaceTx, id: string): Promise<CardLinkRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM card_links WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

/** Links of these contacts, the newest first. */
export function readCardLinksOf(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  countMax: number,
): Promise<CardLinkRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM card_links WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])
           ORDER BY created_at DESC, id DESC LIMIT $3`,
    values: [tx.workspaceId, contactIds, countMax],
  });
}

export function setRevoked(tx: WorkspaceTx, id: string, by: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE card_links SET revoked_at = $3, revoked_by = $4 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL`,
    values: [tx.workspaceId, id, at, by],
  });
}

/** The customer sees the page for the first time. */
export function setOpened(tx: WorkspaceTx, id: string, at: Date): Promise<number> {
  return tx.run({
    text: 'UPDATE card_links SET opened_at = $3 WHERE workspace_id = $1 AND id = $2 AND opened_at IS NULL',
    values: [tx.workspaceId, id, at],
  });
}

/** The customer agreed in one browser, which goes on to this form; whoever agreed before does not go on. */
export function setVisit(
  tx: WorkspaceTx,
  id: string,
  visit: { hash: string; until: Date; cardFormId: string },
): Promise<number> {
  return tx.run({
    text: 'UPDATE card_links SET visit_hash = $3, visit_until = $4, card_form_id = $5 WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, id, visit.hash, visit.until, visit.cardFormId],
  });
}

/** A card was saved: the link is dead from its first one on. */
export function setUsed(tx: WorkspaceTx, id: string, methodId: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE card_links SET payment_method_id = $3, used_at = coalesce(used_at, $4) WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, methodId, at],
  });
}
