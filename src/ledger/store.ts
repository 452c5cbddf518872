import type { WorkspaceTx } from '../foundation/database.ts';
import type { Account, ContactSums } from './accounts.ts';
import type { Entry, Transfer } from './entry.ts';

/** Adds entries; one statement for any number. */
export function insertEntries(tx: WorkspaceTx, entries: readonly Entry[]): Promise<number> {
  return tx.run({
    name: 'ledger_insert_entries',
    text: `INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency,
             effective_on, effective_at, recorded_at, reverses_id)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
             $8::date[], $9::timestamptz[], $10::timestamptz[], $11::uuid[])`,
    values: [
      tx.workspaceId,
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.booking),
      entries.map((entry) => entry.sourceId),
      entries.map((entry) => entry.event),
      entries.map((entry) => entry.contactId),
      entries.map((entry) => entry.currency),
      entries.map((entry) => entry.effectiveOn),
      entries.map((entry) => entry.effectiveAt),
      entries.map((entry) => entry.recordedAt),
      entries.map((entry) => entry.reversesId),
    ],
  });
}

/** Adds the transfers of entries, lines numbered from 1. */
export function insertTransfers(tx: WorkspaceTx, entries: readonly Entry[]): Promise<number> {
  const lines = entries.flatMap((entry) =>
    entry.transfers.map((transfer, index) => ({ entry, transfer, line: index + 1 })),
  );
  return tx.run({
    name: 'ledger_insert_transfers',
    text: `INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor,
             document_id, detail)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::bigint[],
             $9::uuid[], $10::text[])`,
    values: [
      tx.workspaceId,
      lines.map(({ entry }) => entry.id),
      lines.map(({ line }) => line),
      lines.map(({ transfer }) => transfer.debit),
      lines.map(({ transfer }) => transfer.credit),
      lines.map(({ entry }) => entry.contactId),
      lines.map(({ entry }) => entry.currency),
      lines.map(({ transfer }) => transfer.amountMinor),
      lines.map(({ transfer }) => transfer.documentId ?? null),
      lines.map(({ transfer }) => transfer.detail ?? null),
    ],
  });
}

export interface SumsMove {
  readonly contactId: string;
  readonly currency: string;
  readonly sums: ContactSums;
}

/** Adds to the kept sums. Rows come sorted by contact and currency, so that two transactions lock them in one order. */
export function addToContactSums(tx: WorkspaceTx, moves: readonly SumsMove[]): Promise<number> {
  return tx.run({
    name: 'ledger_add_contact_sums',
    text: `INSERT INTO ledger_contact_sums AS kept (workspace_id, contact_id, currency,
             received_minor, refunded_minor, dispute_lost_minor, fee_minor, tax_minor, payment_count)
           SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
           ON CONFLICT (workspace_id, contact_id, currency) DO UPDATE SET
             received_minor = kept.received_minor + excluded.received_minor,
             refunded_minor = kept.refunded_minor + excluded.refunded_minor,
             dispute_lost_minor = kept.dispute_lost_minor + excluded.dispute_lost_minor,
             fee_minor = kept.fee_minor + excluded.fee_minor,
             tax_minor = kept.tax_minor + excluded.tax_minor,
             payment_count = kept.payment_count + excluded.payment_count`,
    values: [
      tx.workspaceId,
      moves.map((move) => move.contactId),
      moves.map((move) => move.currency),
      moves.map((move) => move.sums.receivedMinor),
      moves.map((move) => move.sums.refundedMinor),
      moves.map((move) => move.sums.disputeLostMinor),
      moves.map((move) => move.sums.feeMinor),
      moves.map((move) => move.sums.taxMinor),
      moves.map((move) => move.sums.paymentCount),
    ],
  });
}

export interface SumsRow {
  readonly contact_id: string;
  readonly currency: string;
  readonly received_minor: bigint;
  readonly refunded_minor: bigint;
  readonly dispute_lost_minor: bigint;
  readonly fee_minor: bigint;
  readonly tax_minor: bigint;
  readonly payment_count: bigint;
}

const SUMS_COLUMNS =
  'contact_id, currency, received_minor, refunded_minor, dispute_lost_minor, fee_minor, tax_minor, payment_count';

/** Kept sums of these contacts, a row per contact and currency. */
export function readContactSums(tx: WorkspaceTx, contactIds: readonly string[]): Promise<SumsRow[]> {
  return tx.many({
    name: 'ledger_read_contact_sums',
    text: `SELECT ${SUMS_COLUMNS} FROM ledger_contact_sums
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) ORDER BY contact_id, currency`,
    values: [tx.workspaceId, contactIds],
  });
}

/** The same with the rows locked, in key order. */
export function lockContactSums(tx: WorkspaceTx, contactIds: readonly string[]): Promise<SumsRow[]> {
  return tx.many({
    text: `SELECT ${SUMS_COLUMNS} FROM ledger_contact_sums
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) ORDER BY contact_id, currency FOR UPDATE`,
    values: [tx.workspaceId, contactIds],
  });
}

export interface TransferRow {
  readonly entry_id: string;
  readonly booking: string;
  readonly source_id: string;
  readonly event: string;
  readonly contact_id: string | null;
  readonly currency: string;
  readonly effective_on: string;
  readonly effective_at: Date;
  readonly recorded_at: Date;
  readonly reverses_id: string | null;
  readonly line: number;
  readonly debit_account: Account;
  readonly credit_account: Account;
  readonly amount_minor: bigint;
  readonly document_id: string | null;
  readonly detail: string | null;
}

/** Every line of the entries of these sources, in the order they were recorded. */
export function readTransfersOfSources(tx: WorkspaceTx, sourceIds: readonly string[]): Promise<TransferRow[]> {
  return tx.many({
    name: 'ledger_read_transfers_of_sources',
    text: `SELECT e.id AS entry_id, e.booking, e.source_id, e.event, e.contact_id, e.currency, e.effective_on, e.effective_at,
             e.recorded_at, e.reverses_id, t.line, t.debit_account, t.credit_account, t.amount_minor, t.document_id, t.detail
           FROM ledger_entries e
           JOIN ledger_transfers t ON t.workspace_id = $1 AND t.entry_id = e.id
           WHERE e.workspace_id = $1 AND e.source_id = ANY($2::uuid[])
           ORDER BY e.recorded_at, e.id, t.line`,
    values: [tx.workspaceId, sourceIds],
  });
}

/** Transfers of these contacts added up per contact, currency and pair of accounts. */
export function addUpTransfers(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<
  {
    contact_id: string;
    currency: string;
    debit_account: Account;
    credit_account: Account;
    amount_minor: bigint;
    count: bigint;
  }[]
> {
  return tx.many({
    text: `SELECT contact_id, currency, debit_account, credit_account, sum(amount_minor)::bigint AS amount_minor, count(*) AS count
           FROM ledger_transfers WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])
           GROUP BY contact_id, currency, debit_account, credit_account`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Groups rows of readTransfersOfSources back into entries. */
export function entriesOf(rows: readonly TransferRow[]): Entry[] {
  const entries = new Map<string, Entry & { transfers: Transfer[] }>();
  for (const row of rows) {
    let entry = entries.get(row.entry_id);
    if (!entry) {
      entry = {
        id: row.entry_id,
        booking: row.booking,
        sourceId: row.source_id,
        event: row.event,
        contactId: row.contact_id,
        currency: row.currency,
        effectiveOn: row.effective_on,
        effectiveAt: row.effective_at,
        recordedAt: row.recorded_at,
        reversesId: row.reverses_id,
        transfers: [],
      };
      entries.set(row.entry_id, entry);
    }
    entry.transfers.push({
      debit: row.debit_account,
      credit: row.credit_account,
      amountMinor: row.amount_minor,
      documentId: row.document_id,
      detail: row.detail,
    });
  }
  return [...entries.values()];
}
