import type { WorkspaceTx } from '../foundation/database.ts';
import type { GatewayMethod } from '../gateways/gateway.ts';
import type { MethodRow } from './payment-method.ts';

const COLUMNS = `id, contact_id, gateway, gateway_customer_ref, gateway_method_ref, kind, brand, last4, exp_month, exp_year, fingerprint,
  label, is_default, blocked_reason, consent_text_version, consent_channel, consent_at, consent_ip, added_by, added_at, removed_at, removed_by, away_account`;

/** Methods by id, whichever contact they belong to. */
export function readMethods(tx: WorkspaceTx, ids: readonly string[]): Promise<MethodRow[]> {
  return tx.many({
    name: 'payment_methods_read',
    text: `SELECT ${COLUMNS} FROM payment_methods WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids],
  });
}

/** Methods of these contacts, oldest first, removed ones too. */
export function readMethodsOfContacts(tx: WorkspaceTx, contactIds: readonly string[]): Promise<MethodRow[]> {
  return tx.many({
    name: 'payment_methods_of_contacts',
    text: `SELECT ${COLUMNS} FROM payment_methods WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) ORDER BY added_at, id`,
    values: [tx.workspaceId, contactIds],
  });
}

/** A method by its gateway's own name for it. */
export function readMethodByRef(tx: WorkspaceTx, gateway: string, methodRef: string): Promise<MethodRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM payment_methods WHERE workspace_id = $1 AND gateway = $2 AND gateway_method_ref = $3`,
    values: [tx.workspaceId, gateway, methodRef],
  });
}

/** What a network updated: the same card with new digits or a new expiry, which begins anew where it was blocked. */
export function updateMethodFacts(tx: WorkspaceTx, id: string, method: GatewayMethod): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET brand = $3, last4 = $4, exp_month = $5, exp_year = $6, fingerprint = $7, blocked_reason = NULL
           WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, method.brand, method.last4, method.expMonth, method.expYear, method.fingerprint],
  });
}

export function insertMethod(tx: WorkspaceTx, row: MethodRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO payment_methods (workspace_id, ${COLUMNS})
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
    values: [
      tx.workspaceId,
      row.id,
      row.contact_id,
      row.gateway,
      row.gateway_customer_ref,
      row.gateway_method_ref,
      row.kind,
      row.brand,
      row.last4,
      row.exp_month,
      row.exp_year,
      row.fingerprint,
      row.label,
      row.is_default,
      row.blocked_reason,
      row.consent_text_version,
      row.consent_channel,
      row.consent_at,
      row.consent_ip,
      row.added_by,
      row.added_at,
      row.removed_at,
      row.removed_by,
      row.away_account,
    ],
  });
}

/** Marks the methods of a gateway that is being disconnected; those of other accounts are marked already. */
export function markMethodsAway(tx: WorkspaceTx, gateway: string, accountRef: string): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET away_account = $3 WHERE workspace_id = $1 AND gateway = $2 AND away_account IS NULL`,
    values: [tx.workspaceId, gateway, accountRef],
  });
}

/** The account is connected again: its methods can be charged as before. */
export function bringMethodsBack(tx: WorkspaceTx, gateway: string, accountRef: string): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET away_account = NULL WHERE workspace_id = $1 AND gateway = $2 AND away_account = $3`,
    values: [tx.workspaceId, gateway, accountRef],
  });
}

export function updateMethod(
  tx: WorkspaceTx,
  row: Pick<MethodRow, 'id' | 'label' | 'is_default' | 'removed_at' | 'removed_by'>,
): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET label = $3, is_default = $4, removed_at = $5, removed_by = $6 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, row.id, row.label, row.is_default, row.removed_at, row.removed_by],
  });
}

/** Takes the default mark from all cards of these contacts. */
export function clearDefault(tx: WorkspaceTx, contactIds: readonly string[]): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET is_default = false WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND is_default`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Blocks methods after hard declines; the first reason stays. */
export function blockMethods(tx: WorkspaceTx, ids: readonly string[], reasons: readonly string[]): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods m SET blocked_reason = b.reason FROM unnest($2::uuid[], $3::text[]) AS b (id, reason)
           WHERE m.workspace_id = $1 AND m.id = b.id AND m.id = ANY($2::uuid[]) AND m.blocked_reason IS NULL`,
    values: [tx.workspaceId, ids, reasons],
  });
}

/** The gateway's name for this contact, from any method it had there. */
export async function readCustomerRef(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  gateway: string,
): Promise<string | null> {
  const row = await tx.maybe<{ gateway_customer_ref: string }>({
    text: `SELECT gateway_customer_ref FROM payment_methods WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND gateway = $3
           ORDER BY added_at DESC LIMIT 1`,
    values: [tx.workspaceId, contactIds, gateway],
  });
  return row?.gateway_customer_ref ?? null;
}

export interface CardFormRow {
  readonly id: string;
  readonly contact_id: string;
  readonly gateway: string;
  readonly gateway_form_ref: string;
  readonly consent_channel: 'web' | 'phone' | 'paper';
  readonly label: string | null;
  readonly opened_by: string;
  readonly opened_at: Date;
  readonly expires_at: Date;
  readonly payment_method_id: string | null;
  readonly refused_reason: string | null;
}

export function insertCardForm(tx: WorkspaceTx, row: CardFormRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO card_forms (workspace_id, id, contact_id, gateway, gateway_form_ref, consent_channel, label, opened_by, opened_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      tx.workspaceId,
      row.id,
      row.contact_id,
      row.gateway,
      row.gateway_form_ref,
      row.consent_channel,
      row.label,
      row.opened_by,
      row.opened_at,
      row.expires_at,
    ],
  });
}

export function lockCardForm(tx: WorkspaceTx, id: string): Promise<CardFormRow | null> {
  return tx.maybe({
    text: `SELECT id, contact_id, gateway, gateway_form_ref, consent_channel, label, opened_by, opened_at, expires_at,
             payment_method_id, refused_reason
           FROM card_forms WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export function finishCardForm(
  tx: WorkspaceTx,
  id: string,
  methodId: string | null,
  refusedReason: string | null,
): Promise<number> {
  return tx.run({
    text: `UPDATE card_forms SET payment_method_id = $3, refused_reason = $4 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, methodId, refusedReason],
  });
}
