import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { InvoiceRow } from './invoice.ts';

export const INVOICE_COLUMNS = `id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, reference, series_id, number,
  series_year, series_number, issued_on, due_on, instalments, early_until, early_discount_minor, issued_at, issued_by,
  credited_minor, paid_minor, discounted_minor, written_off_minor, late_fee_minor, open_minor, next_due_on, settled_on,
  voided_at, void_reason, disputed_at, dispute_words, promised_on, sent_at, opened_at, accepted_at, accepted_by, declined_at,
  valid_until, made_from_id, replaces_id, recurring_id, recurring_number, source, external_ref, import_id, auto_charge,
  idempotency_key, listed_on, created_at, created_by, updated_at, version, stands_alone, withdrawn_at`;

/** What a document begins with; everything else is null, zero or false. */
export type InvoiceInsert = Pick<
  InvoiceRow,
  | 'id'
  | 'kind'
  | 'contact_id'
  | 'currency'
  | 'content'
  | 'net_minor'
  | 'tax_minor'
  | 'total_minor'
  | 'reference'
  | 'valid_until'
  | 'made_from_id'
  | 'replaces_id'
  | 'recurring_id'
  | 'recurring_number'
  | 'source'
  | 'external_ref'
  | 'import_id'
  | 'auto_charge'
  | 'idempotency_key'
  | 'listed_on'
  | 'created_at'
  | 'created_by'
>;

/**
 * Adds drafts, and gives them back as they stand. One whose external reference, key or scheduled number is taken is left out.
 */
export function insertInvoices(tx: WorkspaceTx, rows: readonly InvoiceInsert[]): Promise<InvoiceRow[]> {
  return tx.many({
    name: 'invoices_insert',
    text: `INSERT INTO invoices (workspace_id, id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, reference,
             valid_until, made_from_id, replaces_id, recurring_id, recurring_number, source, external_ref, import_id,
             auto_charge, idempotency_key, created_at, created_by, listed_on, updated_at)
           SELECT $1::uuid, n.*, n.created_at FROM (SELECT * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[],
             $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::date[], $12::uuid[], $13::uuid[], $14::uuid[], $15::int[],
             $16::text[], $17::text[], $18::uuid[], $19::boolean[], $20::text[], $21::timestamptz[], $22::text[], $23::date[])
             AS u (id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, reference, valid_until, made_from_id,
               replaces_id, recurring_id, recurring_number, source, external_ref, import_id, auto_charge, idempotency_key,
               created_at, created_by, listed_on)) n
           ON CONFLICT DO NOTHING RETURNING ${INVOICE_COLUMNS}`,
    values: [tx.workspaceId, ...draftColumns(rows)],
  });
}

/** A document that is written and issued in one go: its row as it is to stand, and what was issued. */
export interface IssuedInsert {
  readonly row: InvoiceRow;
  readonly snapshot: unknown;
}

/** Adds issued documents. A reference, key, number or scheduled number that is taken fails the whole transaction (23505). */
export function insertIssuedInvoices(tx: WorkspaceTx, documents: readonly IssuedInsert[]): Promise<number> {
  const rows = documents.map(({ row }) => row);
  return tx.run({
    name: 'invoices_insert_issued',
    text: `INSERT INTO invoices (workspace_id, id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, reference,
             valid_until, made_from_id, replaces_id, recurring_id, recurring_number, source, external_ref, import_id, auto_charge,
             idempotency_key, created_at, created_by, listed_on, series_id, series_year, series_number, number, issued_on, due_on,
             instalments, early_until, early_discount_minor, next_due_on, settled_on, issued_at, issued_by, version, snapshot, updated_at)
           SELECT $1::uuid, n.*, n.issued_at FROM (SELECT * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[],
             $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::date[], $12::uuid[], $13::uuid[], $14::uuid[], $15::int[],
             $16::text[], $17::text[], $18::uuid[], $19::boolean[], $20::text[], $21::timestamptz[], $22::text[], $23::date[],
             $24::uuid[], $25::int[], $26::bigint[], $27::text[], $28::date[], $29::date[], $30::jsonb[], $31::date[], $32::bigint[],
             $33::date[], $34::date[], $35::timestamptz[], $36::text[], $37::int[], $38::jsonb[])
             AS u (id, kind, contact_id, currency, content, net_minor, tax_minor, total_minor, reference, valid_until, made_from_id,
               replaces_id, recurring_id, recurring_number, source, external_ref, import_id, auto_charge, idempotency_key,
               created_at, created_by, listed_on, series_id, series_year, series_number, number, issued_on, due_on, instalments,
               early_until, early_discount_minor, next_due_on, settled_on, issued_at, issued_by, version, snapshot)) n`,
    values: [
      tx.workspaceId,
      ...draftColumns(rows),
      rows.map((row) => row.series_id),
      rows.map((row) => row.series_year),
      rows.map((row) => row.series_number),
      rows.map((row) => row.number),
      rows.map((row) => row.issued_on),
      rows.map((row) => row.due_on),
      rows.map((row) => JSON.stringify(row.instalments)),
      rows.map((row) => row.early_until),
      rows.map((row) => row.early_discount_minor),
      rows.map((row) => row.next_due_on),
      rows.map((row) => row.settled_on),
      rows.map((row) => row.issued_at),
      rows.map((row) => row.issued_by),
      rows.map((row) => row.version),
      documents.map(({ snapshot }) => JSON.stringify(snapshot)),
    ],
  });
}

/** Values of InvoiceInsert, a column for each, in the order in which both statements name them. */
function draftColumns(rows: readonly InvoiceInsert[]): unknown[][] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.kind),
    rows.map((row) => row.contact_id),
    rows.map((row) => row.currency),
    rows.map((row) => JSON.stringify(row.content)),
    rows.map((row) => row.net_minor),
    rows.map((row) => row.tax_minor),
    rows.map((row) => row.total_minor),
    rows.map((row) => row.reference),
    rows.map((row) => row.valid_until),
    rows.map((row) => row.made_from_id),
    rows.map((row) => row.replaces_id),
    rows.map((row) => row.recurring_id),
    rows.map((row) => row.recurring_number),
    rows.map((row) => row.source),
    rows.map((row) => row.external_ref),
    rows.map((row) => row.import_id),
    rows.map((row) => row.auto_charge),
    rows.map((row) => row.idempotency_key),
    rows.map((row) => row.created_at),
    rows.map((row) => row.created_by),
    rows.map((row) => row.listed_on),
  ];
}

/** Locks documents in id order, whoever asks. */
export function lockInvoices(tx: WorkspaceTx, ids: readonly string[]): Promise<InvoiceRow[]> {
  return tx.many({
    name: 'invoices_lock',
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    values: [tx.workspaceId, ids],
  });
}

export function readInvoiceRows(tx: WorkspaceTx, ids: readonly string[]): Promise<InvoiceRow[]> {
  return tx.many({
    name: 'invoices_read',
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND id = ANY($2::uuid[])`,
    values: [tx.workspaceId, ids],
  });
}

export function readInvoiceByExternalRef(tx: WorkspaceTx, ref: string): Promise<InvoiceRow | null> {
  return tx.maybe({
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND external_ref = $2 AND withdrawn_at IS NULL`,
    values: [tx.workspaceId, ref],
  });
}

export function readInvoiceByKey(tx: WorkspaceTx, key: string): Promise<InvoiceRow | null> {
  return tx.maybe({
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices WHERE workspace_id = $1 AND idempotency_key = $2`,
    values: [tx.workspaceId, key],
  });
}

/** Credit notes of an invoice and invoices of a quote, oldest first. */
export function readFollowing(tx: WorkspaceTx, id: string): Promise<InvoiceRow[]> {
  return tx.many({
    text: `SELECT ${INVOICE_COLUMNS} FROM invoices
           WHERE workspace_id = $1 AND made_from_id = $2 AND withdrawn_at IS NULL ORDER BY created_at, id`,
    values: [tx.workspaceId, id],
  });
}

/** Which of these quotes became invoices. */
export async function readInvoicedQuotes(tx: WorkspaceTx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ made_from_id: string }>({
    text: `SELECT DISTINCT made_from_id FROM invoices WHERE workspace_id = $1 AND made_from_id = ANY($2::uuid[]) AND kind = 'invoice'`,
    values: [tx.workspaceId, ids],
  });
  return new Set(rows.map((row) => row.made_from_id));
}

export type DraftChange = Pick<
  InvoiceRow,
  | 'id'
  | 'contact_id'
  | 'currency'
  | 'content'
  | 'net_minor'
  | 'tax_minor'
  | 'total_minor'
  | 'reference'
  | 'valid_until'
  | 'auto_charge'
>;

/** Writes a changed draft; the caller holds its lock. */
export function updateDraft(tx: WorkspaceTx, draft: DraftChange, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE invoices SET contact_id = $3, currency = $4, content = $5, net_minor = $6, tax_minor = $7, total_minor = $8, reference = $9,
             valid_until = $10, auto_charge = $11, updated_at = $12, version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND issued_at IS NULL`,
    values: [
      tx.workspaceId,
      draft.id,
      draft.contact_id,
      draft.currency,
      JSON.stringify(draft.content),
      draft.net_minor,
      draft.tax_minor,
      draft.total_minor,
      draft.reference,
      draft.valid_until,
      draft.auto_charge,
      at,
    ],
  });
}

/** A draft has no number and nobody saw it: it may go. */
export function deleteDraft(tx: WorkspaceTx, id: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM invoices WHERE workspace_id = $1 AND id = $2 AND issued_at IS NULL`,
    values: [tx.workspaceId, id],
  });
}

export interface Issued {
  readonly id: string;
  readonly issuedBy: string;
  readonly seriesId: string;
  readonly year: number;
  readonly seriesNumber: bigint;
  readonly number: string;
  readonly issuedOn: LocalDate;
  readonly dueOn: LocalDate | null;
  readonly instalments: readonly { due_on: LocalDate; amount_minor: number }[];
  readonly earlyUntil: LocalDate | null;
  readonly earlyDiscountMinor: bigint;
  readonly snapshot: unknown;
  readonly nextDueOn: LocalDate | null;
  readonly settledOn: LocalDate | null;
}

const ROWS_OF_KEPT_PLAN_MAX = 30;

/** Turns drafts into issued documents, one statement for any number; the caller holds their locks. */
export function issueDrafts(tx: WorkspaceTx, rows: readonly Issued[], at: Date): Promise<number> {
  return tx.run({
    // A kept plan reads all new values again for each row, which is nothing for a few and most of the time for hundreds:
    // many are planned for as many as they are.
    ...(rows.length > ROWS_OF_KEPT_PLAN_MAX ? {} : { name: 'invoices_issue' }),
    text: `UPDATE invoices i SET series_id = n.series_id, series_year = n.series_year, series_number = n.series_number, number = n.number,
             issued_on = n.issued_on, listed_on = n.issued_on, due_on = n.due_on, instalments = n.instalments, early_until = n.early_until,
             early_discount_minor = n.early_discount_minor, snapshot = n.snapshot, next_due_on = n.next_due_on,
             settled_on = n.settled_on, issued_at = $15, issued_by = n.issued_by, updated_at = $15, version = i.version + 1
           FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::date[], $8::date[], $9::jsonb[], $10::date[],
             $11::bigint[], $12::jsonb[], $13::date[], $14::date[], $16::text[])
             AS n (id, series_id, series_year, series_number, number, issued_on, due_on, instalments, early_until,
               early_discount_minor, snapshot, next_due_on, settled_on, issued_by)
           WHERE i.workspace_id = $1 AND i.id = n.id AND i.id = ANY($2::uuid[]) AND i.issued_at IS NULL`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.seriesId),
      rows.map((row) => row.year),
      rows.map((row) => row.seriesNumber),
      rows.map((row) => row.number),
      rows.map((row) => row.issuedOn),
      rows.map((row) => row.dueOn),
      rows.map((row) => JSON.stringify(row.instalments)),
      rows.map((row) => row.earlyUntil),
      rows.map((row) => row.earlyDiscountMinor),
      rows.map((row) => JSON.stringify(row.snapshot)),
      rows.map((row) => row.nextDueOn),
      rows.map((row) => row.settledOn),
      at,
      rows.map((row) => row.issuedBy),
    ],
  });
}

/** What moves on an issued invoice together with the ledger entries that say it. */
export type BalanceChange = Pick<
  InvoiceRow,
  | 'id'
  | 'credited_minor'
  | 'paid_minor'
  | 'discounted_minor'
  | 'written_off_minor'
  | 'late_fee_minor'
  | 'next_due_on'
  | 'settled_on'
>;

/** Writes balances of invoices; the caller holds their locks. */
export function updateBalances(tx: WorkspaceTx, rows: readonly BalanceChange[], at: Date): Promise<number> {
  return tx.run({
    name: 'invoices_balances',
    text: `UPDATE invoices i SET credited_minor = n.credited_minor, paid_minor = n.paid_minor, discounted_minor = n.discounted_minor,
             written_off_minor = n.written_off_minor, late_fee_minor = n.late_fee_minor, next_due_on = n.next_due_on,
             settled_on = n.settled_on, updated_at = $10, version = i.version + 1
           FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::date[], $9::date[])
             AS n (id, credited_minor, paid_minor, discounted_minor, written_off_minor, late_fee_minor, next_due_on, settled_on)
           WHERE i.workspace_id = $1 AND i.id = n.id AND i.id = ANY($2::uuid[])`,
    values: [
      tx.workspaceId,
      rows.map((row) => row.id),
      rows.map((row) => row.credited_minor),
      rows.map((row) => row.paid_minor),
      rows.map((row) => row.discounted_minor),
      rows.map((row) => row.written_off_minor),
      rows.map((row) => row.late_fee_minor),
      rows.map((row) => row.next_due_on),
      rows.map((row) => row.settled_on),
      at,
    ],
  });
}

/** Marks of an issued document that move no money. */
export type MarkChange = Partial<
  Pick<
    InvoiceRow,
    | 'voided_at'
    | 'void_reason'
    | 'next_due_on'
    | 'disputed_at'
    | 'dispute_words'
    | 'promised_on'
    | 'sent_at'
    | 'opened_at'
    | 'accepted_at'
    | 'accepted_by'
    | 'declined_at'
  >
>;

/** Writes marks on top of those of `row`; the caller holds its lock. */
export function updateMarks(tx: WorkspaceTx, row: InvoiceRow, marks: MarkChange, at: Date): Promise<number> {
  const next = { ...row, ...marks };
  return tx.run({
    text: `UPDATE invoices SET voided_at = $3, void_reason = $4, next_due_on = $5, disputed_at = $6, dispute_words = $7, promised_on = $8,
             sent_at = $9, opened_at = $10, accepted_at = $11, accepted_by = $12, declined_at = $13, updated_at = $14,
             version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      next.voided_at,
      next.void_reason,
      next.next_due_on,
      next.disputed_at,
      next.dispute_words,
      next.promised_on,
      next.sent_at,
      next.opened_at,
      next.accepted_at,
      next.accepted_by,
      next.declined_at,
      at,
    ],
  });
}

/** The document as it was issued; null while it is a draft. */
export async function readSnapshot(tx: WorkspaceTx, id: string): Promise<unknown> {
  const row = await tx.maybe<{ snapshot: unknown }>({
    text: `SELECT snapshot FROM invoices WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
  return row?.snapshot ?? null;
}
