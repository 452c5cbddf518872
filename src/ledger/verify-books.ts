import type { WorkspaceTx } from '../foundation/database.ts';
import { readingWholeTables } from '../foundation/whole-tables.ts';
import { allEffects } from './accounts.ts';

/** One thing that does not add up. */
export interface BooksDifference {
  readonly what: string;
  readonly kept: string;
  readonly readded: string;
}

/** Differences listed at most; the count beyond is told, the rest would only fill a screen. */
const DIFFERENCES_LISTED_MAX = 100;

/**
 * Re-adds every ledger line of the workspace and compares with what is kept. Read in one snapshot. Finds kept sums that
 * differ from their transfers, undeclared transfers, entries without lines and lines whose currency is not the entry's.
 */
export function verifyBooks(tx: WorkspaceTx): Promise<BooksDifference[]> {
  return readingWholeTables(tx, () => compare(tx));
}

async function compare(tx: WorkspaceTx): Promise<BooksDifference[]> {
  const effects = allEffects();
  const sums = await tx.many<{ contact_id: string; currency: string; kept: string; readded: string }>({
    text: `WITH effect (debit_account, credit_account, sum_name, sign, counted) AS (
             SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])),
           readded AS (
             SELECT c.root_id AS contact_id, t.currency,
               coalesce(sum(t.amount_minor * x.sign) FILTER (WHERE x.sum_name = 'receivedMinor'), 0) AS received,
               coalesce(sum(t.amount_minor * x.sign) FILTER (WHERE x.sum_name = 'refundedMinor'), 0) AS refunded,
               coalesce(sum(t.amount_minor * x.sign) FILTER (WHERE x.sum_name = 'disputeLostMinor'), 0) AS dispute_lost,
               coalesce(sum(t.amount_minor * x.sign) FILTER (WHERE x.sum_name = 'feeMinor'), 0) AS fee,
               coalesce(sum(t.amount_minor * x.sign) FILTER (WHERE x.sum_name = 'taxMinor'), 0) AS tax,
               coalesce(sum(x.counted), 0) AS payments
             FROM ledger_transfers t
             JOIN contacts c ON c.workspace_id = $1 AND c.id = t.contact_id
             JOIN effect x ON x.debit_account = t.debit_account AND x.credit_account = t.credit_account
             WHERE t.workspace_id = $1
             GROUP BY c.root_id, t.currency),
           kept AS (
             SELECT contact_id, currency, received_minor, refunded_minor, dispute_lost_minor, fee_minor, tax_minor, payment_count
             FROM ledger_contact_sums WHERE workspace_id = $1)
           SELECT coalesce(k.contact_id, r.contact_id)::text AS contact_id, coalesce(k.currency, r.currency) AS currency,
             concat_ws(' ', coalesce(received_minor, 0), coalesce(refunded_minor, 0), coalesce(dispute_lost_minor, 0),
               coalesce(fee_minor, 0), coalesce(tax_minor, 0), coalesce(payment_count, 0)) AS kept,
             concat_ws(' ', coalesce(received, 0), coalesce(refunded, 0), coalesce(dispute_lost, 0),
               coalesce(fee, 0), coalesce(tax, 0), coalesce(payments, 0)) AS readded
           FROM kept k FULL JOIN readded r ON r.contact_id = k.contact_id AND r.currency = k.currency
           WHERE (coalesce(received_minor, 0), coalesce(refunded_minor, 0), coalesce(dispute_lost_minor, 0),
               coalesce(fee_minor, 0), coalesce(tax_minor, 0), coalesce(payment_count, 0))
             IS DISTINCT FROM (coalesce(received, 0), coalesce(refunded, 0), coalesce(dispute_lost, 0),
               coalesce(fee, 0), coalesce(tax, 0), coalesce(payments, 0))
           LIMIT ${DIFFERENCES_LISTED_MAX}`,
    values: [
      tx.workspaceId,
      effects.map((row) => row.debit),
      effects.map((row) => row.credit),
      effects.map((row) => row.effect.sum),
      effects.map((row) => row.effect.sign),
      effects.map((row) => row.effect.count),
    ],
  });
  const broken = await tx.many<{ entry_id: string; problem: string }>({
    text: `SELECT e.id::text AS entry_id, 'an entry without lines' AS problem FROM ledger_entries e
           WHERE e.workspace_id = $1 AND NOT EXISTS
             (SELECT 1 FROM ledger_transfers t WHERE t.workspace_id = $1 AND t.entry_id = e.id)
           UNION ALL
           SELECT t.entry_id::text, 'a line whose currency or contact is not its entry''s' FROM ledger_transfers t
           JOIN ledger_entries e ON e.workspace_id = $1 AND e.id = t.entry_id
           WHERE t.workspace_id = $1 AND (t.currency <> e.currency OR t.contact_id IS DISTINCT FROM e.contact_id)
           UNION ALL
           SELECT t.entry_id::text, 'a transfer that is not declared' FROM ledger_transfers t
           WHERE t.workspace_id = $1 AND NOT EXISTS (
             SELECT 1 FROM unnest($2::text[], $3::text[]) AS d (debit, credit)
             WHERE d.debit = t.debit_account AND d.credit = t.credit_account)
           LIMIT ${DIFFERENCES_LISTED_MAX}`,
    values: [tx.workspaceId, effects.map((row) => row.debit), effects.map((row) => row.credit)],
  });
  return [
    ...sums.map((row) => ({
      what: `kept sums of contact ${row.contact_id} in ${row.currency} (received refunded disputes fees tax count)`,
      kept: row.kept,
      readded: row.readded,
    })),
    ...broken.map((row) => ({ what: `ledger entry ${row.entry_id}`, kept: row.problem, readded: '' })),
  ];
}
