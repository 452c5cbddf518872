import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { AutoChargeRow } from './auto-charge-outcome.ts';

const COLUMNS = 'invoice_id, due_on, step, next_at, payment_id, ended, reason, series';

/**
 * Takes up invoices whose date has come, each under the latest of its dates that have; those that are there already stay as
 * they are. The dates before it ask for nothing any more: a try is for all that is due.
 */
export async function enrolAutoCharges(tx: WorkspaceTx, today: LocalDate, now: Date): Promise<number> {
  const added = await tx.run({
    name: 'auto_charges_enrol',
    text: `INSERT INTO auto_charges (workspace_id, invoice_id, due_on, next_at, created_at)
           SELECT $1::uuid, i.id, greatest(i.next_due_on, (SELECT max(part.due_on)
             FROM jsonb_to_recordset(i.instalments) AS part (due_on date) WHERE part.due_on <= $2::date)), $3::timestamptz, $3::timestamptz
           FROM invoices i
           WHERE i.workspace_id = $1 AND i.auto_charge AND i.open_minor > 0 AND i.next_due_on <= $2::date
           ON CONFLICT (workspace_id, invoice_id, due_on) DO NOTHING`,
    values: [tx.workspaceId, today, now],
  });
  if (added > 0)
    await tx.run({
      name: 'auto_charges_join',
      text: `UPDATE auto_charges a SET next_at = NULL, ended = 'joined', reason = NULL
             WHERE a.workspace_id = $1 AND a.ended IS NULL AND EXISTS (SELECT 1 FROM auto_charges later
               WHERE later.workspace_id = $1 AND later.invoice_id = a.invoice_id AND later.due_on > a.due_on)`,
      values: [tx.workspaceId],
    });
  return added;
}

/** The customer agreed to another method: what had come to an end without money, of the latest date of each invoice, goes on. */
export function resumeAutoCharges(tx: WorkspaceTx, contactIds: readonly string[], now: Date): Promise<number> {
  return tx.run({
    text: `UPDATE auto_charges a SET next_at = $3, ended = NULL, reason = NULL, series = a.series + 1 FROM invoices i
           WHERE a.workspace_id = $1 AND i.workspace_id = $1 AND i.id = a.invoice_id AND i.contact_id = ANY($2::uuid[])
             AND i.auto_charge AND i.open_minor > 0 AND a.ended IN ('no_method', 'gave_up', 'refused')
             AND NOT EXISTS (SELECT 1 FROM auto_charges later
               WHERE later.workspace_id = $1 AND later.invoice_id = a.invoice_id AND later.due_on > a.due_on)`,
    values: [tx.workspaceId, contactIds, now],
  });
}

/** Takes what is to be tried in hand until `until`: whoever dies with it is followed by another then. */
export function claimAutoCharges(tx: WorkspaceTx, now: Date, until: Date, countMax: number): Promise<AutoChargeRow[]> {
  return tx.many({
    name: 'auto_charges_claim',
    text: `UPDATE auto_charges a SET next_at = $3 FROM (
             SELECT c.invoice_id, c.due_on FROM auto_charges c WHERE c.workspace_id = $1 AND c.next_at <= $2
             ORDER BY c.next_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
           WHERE a.workspace_id = $1 AND a.invoice_id = due.invoice_id AND a.due_on = due.due_on
           RETURNING a.invoice_id, a.due_on, a.step, a.next_at, a.payment_id, a.ended, a.reason, a.series`,
    values: [tx.workspaceId, now, until, countMax],
  });
}

/** Writes how far one has come, where nobody else has got further. */
export function writeAutoCharge(tx: WorkspaceTx, row: AutoChargeRow, stepBefore: number): Promise<number> {
  return tx.run({
    name: 'auto_charges_write',
    text: `UPDATE auto_charges SET step = $4, next_at = $5, payment_id = $6, ended = $7, reason = $8
           WHERE workspace_id = $1 AND invoice_id = $2 AND due_on = $3 AND step = $9`,
    values: [
      tx.workspaceId,
      ...[row.invoice_id, row.due_on, row.step, row.next_at, row.payment_id, row.ended, row.reason, stepBefore],
    ],
  });
}

/** The invoice that a payment was made for by itself; null where it was made by somebody. */
export async function readInvoiceOfAutoCharge(tx: WorkspaceTx, paymentId: string): Promise<string | null> {
  const row = await tx.maybe<{ invoice_id: string }>({
    text: 'SELECT invoice_id FROM auto_charges WHERE workspace_id = $1 AND payment_id = $2 LIMIT 1',
    values: [tx.workspaceId, paymentId],
  });
  return row?.invoice_id ?? null;
}

/** Takes up what had come to its end as paid; 0 where somebody did meanwhile. */
export function reopenAutoCharge(tx: WorkspaceTx, row: AutoChargeRow): Promise<number> {
  return tx.run({
    text: `UPDATE auto_charges SET step = $4, next_at = $5, payment_id = $6, ended = $7, reason = $8, series = $9
           WHERE workspace_id = $1 AND invoice_id = $2 AND due_on = $3 AND ended = 'paid'`,
    values: [
      tx.workspaceId,
      ...[row.invoice_id, row.due_on, row.step, row.next_at, row.payment_id, row.ended, row.reason, row.series],
    ],
  });
}

export function readAutoChargesOf(tx: WorkspaceTx, invoiceId: string): Promise<AutoChargeRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM auto_charges WHERE workspace_id = $1 AND invoice_id = $2 ORDER BY due_on`,
    values: [tx.workspaceId, invoiceId],
  });
}
