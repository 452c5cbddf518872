import type { WorkspaceTx } from '../foundation/database.ts';
import type { MethodFailure } from './failed-tries.ts';
import type { MethodRow } from './payment-method.ts';

const COLUMNS = `id, contact_id, gateway, gateway_customer_ref, gateway_method_ref, kind, brand, last4, exp_month, exp_year, fingerprint,
  label, is_default, blocked_reason, failed_at, retry_after, consent_text_version, consent_channel, consent_at, consent_ip, added_by, added_at, removed_at, removed_by, away_account`;

/** The same columns with a table's alias in front. */
export const methodColumnsOf = (alias: string) => COLUMNS.replace(/\w+/g, (name) => `${alias}.${name}`);

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

export function insertMethod(tx: WorkspaceTx, row: MethodRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO payment_methods (workspace_id, ${COLUMNS})
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
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
      row.failed_at,
      row.retry_after,
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

/** Keeps failed tries at their cards; the first reason of a block stays. */
export function keepFailures(tx: WorkspaceTx, failures: readonly MethodFailure[]): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods m SET failed_at = f.at, retry_after = f.retry_after, blocked_reason = coalesce(m.blocked_reason, f.reason)
           FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[]) AS f (id, at, retry_after, reason)
           WHERE m.workspace_id = $1 AND m.id = f.id AND m.id = ANY($2::uuid[])`,
    values: [
      tx.workspaceId,
      failures.map((failure) => failure.methodId),
      failures.map((failure) => failure.at),
      failures.map((failure) => failure.retryAfter),
      failures.map((failure) => failure.blockedReason),
    ],
  });
}

/** The same card saved elsewhere has failed too: its network counts tries of the card, not of our rows. */
export function keepFailuresElsewhere(tx: WorkspaceTx, methodIds: readonly string[], at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods m SET failed_at = $3 FROM payment_methods f
           WHERE m.workspace_id = $1 AND f.workspace_id = $1 AND f.id = ANY($2::uuid[])
             AND m.fingerprint = f.fingerprint AND m.id <> ALL($2::uuid[])`,
    values: [tx.workspaceId, methodIds, at],
  });
}

/** Money has come by this card: the time to wait after an earlier failure is over. */
export function endRetryWait(tx: WorkspaceTx, methodId: string): Promise<number> {
  return tx.run({
    text: 'UPDATE payment_methods SET retry_after = NULL WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, methodId],
  });
}

/** Failed tries by fingerprint since a moment, wherever the card is saved; along payments_failed_by_method. */
export async function countFailedTries(
  tx: WorkspaceTx,
  fingerprints: readonly string[],
  since: Date,
): Promise<Map<string, number>> {
  const rows = await tx.many<{ fingerprint: string; count: bigint }>({
    name: 'payment_methods_failed_tries',
    text: `SELECT m.fingerprint, sum(f.count)::bigint AS count FROM payment_methods m
           CROSS JOIN LATERAL (SELECT count(*) AS count FROM payments p
             WHERE p.workspace_id = $1 AND p.payment_method_id = m.id AND p.status = 'declined' AND p.kind = 'charge'
               AND p.occurred_at >= $3) f
           WHERE m.workspace_id = $1 AND m.fingerprint = ANY($2::text[]) GROUP BY m.fingerprint`,
    values: [tx.workspaceId, fingerprints, since],
  });
  return new Map(rows.map((row) => [row.fingerprint, Number(row.count)]));
}

/** When a card with this fingerprint failed last, wherever it is saved. */
export async function readLastFailure(tx: WorkspaceTx, gateway: string, fingerprint: string): Promise<Date | null> {
  const row = await tx.one<{ failed_at: Date | null }>({
    text: `SELECT max(failed_at) AS failed_at FROM payment_methods WHERE workspace_id = $1 AND fingerprint = $2 AND gateway = $3`,
    values: [tx.workspaceId, fingerprint, gateway],
  });
  return row.failed_at;
}

export function readMethodByRef(tx: WorkspaceTx, gateway: string, ref: string): Promise<MethodRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM payment_methods WHERE workspace_id = $1 AND gateway = $2 AND gateway_method_ref = $3`,
    values: [tx.workspaceId, gateway, ref],
  });
}

/** Writes what the gateway says of a method now. */
export function updateMethodFacts(
  tx: WorkspaceTx,
  row: Pick<
    MethodRow,
    'id' | 'brand' | 'last4' | 'exp_month' | 'exp_year' | 'fingerprint' | 'blocked_reason' | 'retry_after'
  >,
): Promise<number> {
  return tx.run({
    text: `UPDATE payment_methods SET brand = $3, last4 = $4, exp_month = $5, exp_year = $6, fingerprint = $7,
             blocked_reason = $8, retry_after = $9
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.brand,
      row.last4,
      row.exp_month,
      row.exp_year,
      row.fingerprint,
      row.blocked_reason,
      row.retry_after,
    ],
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
  /** When, from where and to which words the customer agreed by themselves; null where the desk asked them. */
  readonly consent_at: Date | null;
  readonly consent_ip: string | null;
  readonly consent_text_version: string | null;
}

export function insertCardForm(tx: WorkspaceTx, row: CardFormRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO card_forms (workspace_id, id, contact_id, gateway, gateway_form_ref, consent_channel, label, opened_by, opened_at, expires_at,
             consent_at, consent_ip, consent_text_version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
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
      row.consent_at,
      row.consent_ip,
      row.consent_text_version,
    ],
  });
}

export function lockCardForm(tx: WorkspaceTx, id: string): Promise<CardFormRow | null> {
  return tx.maybe({
    text: `SELECT id, contact_id, gateway, gateway_form_ref, consent_channel, label, opened_by, opened_at, expires_at,
             payment_method_id, refused_reason, consent_at, consent_ip, consent_text_version
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
