import type { WorkspaceTx } from '../foundation/database.ts';
import type { DocumentKind, InvoiceRow } from './invoice.ts';
import { INVOICE_COLUMNS } from './store.ts';

/** Statements of documents brought over from another program: written as they stand, found by their number, withdrawn. */

/** A document as it is brought over: issued, numbered outside every series, paid where it was paid. */
export type BroughtOver = Pick<
  InvoiceRow,
  | 'id'
  | 'kind'
  | 'contact_id'
  | 'currency'
  | 'content'
  | 'net_minor'
  | 'tax_minor'
  | 'total_minor'
  | 'number'
  | 'issued_on'
  | 'due_on'
  | 'instalments'
  | 'paid_minor'
  | 'next_due_on'
  | 'settled_on'
  | 'made_from_id'
  | 'stands_alone'
  | 'external_ref'
> & { readonly snapshot: unknown };

/** Adds documents; the ids of those that were added come back, a reference that is there is left as it is. */
export async function insertBroughtOver(
  tx: WorkspaceTx,
  rows: readonly BroughtOver[],
  by: { readonly importId: string; readonly name: string; readonly now: Date },
): Promise<Set<string>> {
  const added = await tx.many<{ id: string }>({
    name: 'invoices_insert_brought_over',
    text: `INSERT INTO invoices (workspace_id, id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, number,
             issued_on, due_on, instalments, paid_minor, next_due_on, settled_on, made_from_id, stands_alone, external_ref, snapshot,
             listed_on, source, import_id, issued_at, issued_by, created_at, created_by, updated_at)
           SELECT $1::uuid, n.*, n.issued_on, 'import', $21::uuid, $22::timestamptz, $23::text, $22::timestamptz, $23::text, $22::timestamptz
           FROM (SELECT * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[], $7::bigint[], $8::bigint[],
             $9::bigint[], $10::text[], $11::date[], $12::date[], $13::jsonb[], $14::bigint[], $15::date[], $16::date[], $17::uuid[],
             $18::boolean[], $19::text[], $20::jsonb[])
             AS u (id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, number, issued_on, due_on, instalments,
               paid_minor, next_due_on, settled_on, made_from_id, stands_alone, external_ref, snapshot)) n
           ON CONFLICT DO NOTHING RETURNING id`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.contact_id),
      rows.map((row) => row.currency),
      rows.map((row) => JSON.stringify(row.content)),
      rows.map((row) => row.net_minor),
      rows.map((row) => row.tax_minor),
      rows.map((row) => row.total_minor),
      rows.map((row) => row.number),
      rows.map((row) => row.issued_on),
      rows.map((row) => row.due_on),
      rows.map((row) => JSON.stringify(row.instalments)),
      rows.map((row) => row.paid_minor),
      rows.map((row) => row.next_due_on),
      rows.map((row) => row.settled_on),
      rows.map((row) => row.made_from_id),
      rows.map((row) => row.stands_alone),
      rows.map((row) => row.external_ref),
      rows.map((row) => JSON.stringify(row.snapshot)),
      by.importId,
      by.now,
      by.name,
    ],
  });
  return new Set(added.map((row) => row.id));
}

export interface DocumentRefRow {
  readonly external_ref: string;
  readonly kind: DocumentKind;
  readonly total_minor: bigint;
  readonly currency: string;
}

/** What stands under these references. */
export function readDocumentsByRef(tx: WorkspaceTx, refs: readonly string[]): Promise<DocumentRefRow[]> {
  return tx.many({
    name: 'invoices_by_ref',
    text: `SELECT external_ref, kind, total_minor, currency FROM invoices
           WHERE workspace_id = $1 AND external_ref = ANY($2::text[]) AND withdrawn_at IS NULL`,
    values: [tx.workspaceId, refs],
  });
}

/** The same as whole rows, locked in id order: what credit notes are about. */
export function lockDocumentsByRef(tx: WorkspaceTx, refs: readonly string[]): Promise<InvoiceRow[]> {
  return tx.many({
    name: 'invoices_lock_by_ref',
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices
           WHERE workspace_id = $1 AND external_ref = ANY($2::text[]) AND withdrawn_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
    values: [tx.workspaceId, refs],
  });
}

/** Which of these numbers other documents of the workspace bear: those that were not brought over. */
export async function readOwnNumbers(tx: WorkspaceTx, numbers: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ number: string }>({
    name: 'invoices_own_numbers',
    text: `SELECT number FROM invoices WHERE workspace_id = $1 AND number = ANY($2::text[]) AND series_id IS NOT NULL`,
    values: [tx.workspaceId, numbers],
  });
  return new Set(rows.map((row) => row.number));
}

/** A document as far as its withdrawal asks. */
export type Withdrawable = Pick<
  InvoiceRow,
  | 'id'
  | 'contact_id'
  | 'total_minor'
  | 'credited_minor'
  | 'paid_minor'
  | 'discounted_minor'
  | 'written_off_minor'
  | 'late_fee_minor'
  | 'voided_at'
  | 'made_from_id'
  | 'stands_alone'
>;

/** The next documents of an import that are still there, after `afterId` in id order, locked. */
export function lockDocumentsOfImport(
  tx: WorkspaceTx,
  importId: string,
  kind: 'invoice' | 'credit_note',
  afterId: string,
  limit: number,
): Promise<Withdrawable[]> {
  return tx.many({
    name: 'invoices_lock_of_import',
    text: `SELECT id, contact_id, total_minor, credited_minor, paid_minor, discounted_minor, written_off_minor, late_fee_minor, voided_at,
             made_from_id, stands_alone
           FROM invoices WHERE workspace_id = $1 AND import_id = $2 AND kind = $3 AND withdrawn_at IS NULL AND id > $4
           ORDER BY id LIMIT $5 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, importId, kind, afterId, limit],
  });
}

/** Marks documents as void and not there; the caller holds their locks and reverses their entries. */
export function setWithdrawn(tx: WorkspaceTx, ids: readonly string[], reason: string, at: Date): Promise<number> {
  return tx.run({
    name: 'invoices_set_withdrawn',
    text: `UPDATE invoices SET withdrawn_at = $3, voided_at = coalesce(voided_at, $3), void_reason = coalesce(void_reason, $4),
             next_due_on = NULL, updated_at = $3, version = version + 1
           WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids, at, reason],
  });
}

/** Adds to what was paid out of credit notes; the caller's transaction books it. */
export function addToPaidOut(tx: WorkspaceTx, changes: ReadonlyMap<string, bigint>, at: Date): Promise<number> {
  return tx.run({
    name: 'invoices_add_paid_out',
    text: `UPDATE invoices i SET paid_minor = i.paid_minor + c.minor, updated_at = $4, version = i.version + 1
           FROM unnest($2::uuid[], $3::bigint[]) AS c (id, minor)
           WHERE i.workspace_id = $1 AND i.id = c.id AND i.id = ANY($2::uuid[]) AND i.kind = 'credit_note'`,
    values: [tx.workspaceId, [...changes.keys()], [...changes.values()], at],
  });
}

/** Which of these payments pay nothing but documents of this import, each once: what an undo may take back with them. */
export async function readPayersOfImport(
  tx: WorkspaceTx,
  importId: string,
  paymentIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.many<{ payment_id: string }>({
    name: 'allocations_payers_of_import',
    text: `SELECT a.payment_id FROM allocations a
           JOIN invoices i ON i.workspace_id = $1 AND i.id = a.invoice_id
           WHERE a.workspace_id = $1 AND a.payment_id = ANY($3::uuid[])
           GROUP BY a.payment_id HAVING count(*) = 1 AND bool_and(i.import_id = $2)`,
    values: [tx.workspaceId, importId, paymentIds],
  });
  return new Set(rows.map((row) => row.payment_id));
}

/** Contacts among these with a document that is there, drafts too. */
export async function readContactsWithDocuments(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ contact_id: string }>({
    text: `SELECT DISTINCT contact_id FROM invoices
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND withdrawn_at IS NULL
           UNION SELECT contact_id FROM recurring_invoices WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
  return new Set(rows.map((row) => row.contact_id));
}
