import type { WorkspaceTx } from '../foundation/database.ts';
import type { PaymentRow } from './attempt.ts';
import type { MethodRow } from './payment-method.ts';
import { SAMPLE_METHOD_PREFIX } from './sample-payment.ts';
import { PAYMENT_COLUMNS } from './store.ts';

/** Statements of the sample business's cards and payments, which carry its id in `import_id`. */

export function insertMethodRows(tx: WorkspaceTx, rows: readonly MethodRow[]): Promise<number> {
  return tx.run({
    text: `INSERT INTO payment_methods (workspace_id, id, contact_id, gateway, gateway_customer_ref, gateway_method_ref, kind,
             brand, last4, exp_month, exp_year, fingerprint, label, is_default, blocked_reason, consent_text_version,
             consent_channel, consent_at, consent_ip, added_by, added_at, removed_at, removed_by)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
             $9::text[], $10::smallint[], $11::smallint[], $12::text[], $13::text[], $14::boolean[], $15::text[], $16::text[],
             $17::text[], $18::timestamptz[], $19::text[], $20::text[], $21::timestamptz[], $22::timestamptz[], $23::text[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.contact_id),
      rows.map((row) => row.gateway),
      rows.map((row) => row.gateway_customer_ref),
      rows.map((row) => row.gateway_method_ref),
      rows.map((row) => row.kind),
      rows.map((row) => row.brand),
      rows.map((row) => row.last4),
      rows.map((row) => row.exp_month),
      rows.map((row) => row.exp_year),
      rows.map((row) => row.fingerprint),
      rows.map((row) => row.label),
      rows.map((row) => row.is_default),
      rows.map((row) => row.blocked_reason),
      rows.map((row) => row.consent_text_version),
      rows.map((row) => row.consent_channel),
      rows.map((row) => row.consent_at),
      rows.map((row) => row.consent_ip),
      rows.map((row) => row.added_by),
      rows.map((row) => row.added_at),
      rows.map((row) => row.removed_at),
      rows.map((row) => row.removed_by),
    ],
  });
}

/** The sample's payments of these contacts that still count, locked in id order. */
export function lockSamplePayments(
  tx: WorkspaceTx,
  sampleId: string,
  contactIds: readonly string[],
): Promise<PaymentRow[]> {
  return tx.many({
    text: `SELECT ${PAYMENT_COLUMNS} FROM payments
           WHERE workspace_id = $1 AND import_id = $2 AND contact_id = ANY($3::uuid[]) AND undone_at IS NULL
           ORDER BY id FOR UPDATE`,
    values: [tx.workspaceId, sampleId, contactIds],
  });
}

/** Which of these charges have a refund or dispute that is not of the sample. */
export async function readChargesBuiltOn(
  tx: WorkspaceTx,
  sampleId: string,
  chargeIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.many<{ parent_id: string }>({
    text: `SELECT DISTINCT parent_id FROM payments
           WHERE workspace_id = $1 AND parent_id = ANY($2::uuid[]) AND import_id IS DISTINCT FROM $3::uuid`,
    values: [tx.workspaceId, chargeIds, sampleId],
  });
  return new Set(rows.map((row) => row.parent_id));
}

/** Marks payments as taken back, whatever they were, with one more transition each; the caller holds their locks. */
export function setTakenBack(tx: WorkspaceTx, ids: readonly string[], at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE payments SET status = 'undone', undone_at = $3, needs_action = false, customer_link = NULL,
             refunded_minor = 0, refunding_minor = 0, disputed_minor = 0, transition_count = transition_count + 1
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, at],
  });
}

/** Contacts among these with a payment that still counts, or with a card that a person added. */
export async function readContactsWithOwnMoney(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ contact_id: string }>({
    text: `SELECT contact_id FROM payments
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND undone_at IS NULL
           UNION SELECT contact_id FROM payment_methods
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND removed_at IS NULL
             AND gateway_method_ref NOT LIKE '${SAMPLE_METHOD_PREFIX}%'`,
    values: [tx.workspaceId, contactIds],
  });
  return new Set(rows.map((row) => row.contact_id));
}

/** Removes every saved card of these contacts; the references at the gateway come back. */
export async function removeMethodsOf(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  at: Date,
  by: string,
): Promise<string[]> {
  const rows = await tx.many<{ gateway_method_ref: string }>({
    text: `UPDATE payment_methods SET removed_at = $3, removed_by = $4, is_default = false
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND removed_at IS NULL
           RETURNING gateway_method_ref`,
    values: [tx.workspaceId, contactIds, at, by],
  });
  return rows.map((row) => row.gateway_method_ref);
}
