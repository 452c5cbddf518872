import type { WorkspaceTx } from '../foundation/database.ts';

/**
 * What insights reads. It keeps no money of its own: these statements add up tables of rooms to the left (payments, the
 * ledger's kept sums), each along an index named in the migrations. What counts as money is said in the same words as
 * payments/payment-filter.ts, and a test holds the two together.
 */

export interface EndsRow {
  readonly currency: string;
  readonly first_at: Date | null;
  readonly last_at: Date | null;
}

/**
 * First and last standing charge per currency of one contact and those merged into it. Two probes of payments_by_contact
 * per contact and currency, however many payments there are.
 */
export function readPaymentEnds(tx: WorkspaceTx, rootId: string, contactIds: readonly string[]): Promise<EndsRow[]> {
  return tx.many({
    name: 'insights_payment_ends',
    text: `SELECT s.currency, min(f.occurred_at) AS first_at, max(l.occurred_at) AS last_at
           FROM ledger_contact_sums s
           CROSS JOIN unnest($3::uuid[]) AS c (id)
           LEFT JOIN LATERAL (
             SELECT occurred_at FROM payments WHERE workspace_id = $1 AND contact_id = c.id AND currency = s.currency
               AND kind = 'charge' AND status = 'settled' ORDER BY occurred_at, id LIMIT 1) f ON true
           LEFT JOIN LATERAL (
             SELECT occurred_at FROM payments WHERE workspace_id = $1 AND contact_id = c.id AND currency = s.currency
               AND kind = 'charge' AND status = 'settled' ORDER BY occurred_at DESC, id DESC LIMIT 1) l ON true
           WHERE s.workspace_id = $1 AND s.contact_id = $2
           GROUP BY s.currency`,
    values: [tx.workspaceId, rootId, contactIds],
  });
}

export interface MonthRow {
  readonly currency: string;
  /** "2026-11" */
  readonly month: string;
  readonly net_minor: bigint;
}

/**
 * Net money per currency and calendar month since a day: settled charges less settled refunds less lost disputes. The
 * status is looked at outside the subquery (OFFSET 0 keeps it there): a planner without statistics would otherwise read
 * a year of the whole workspace along payments_by_status instead of this contact's along payments_by_contact.
 */
export function readMonths(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  since: { at: Date; day: string },
): Promise<MonthRow[]> {
  return tx.many({
    name: 'insights_months',
    text: `SELECT p.currency, to_char(p.day, 'YYYY-MM') AS month,
             sum(CASE p.kind WHEN 'charge' THEN p.amount_minor ELSE -p.amount_minor END)::bigint AS net_minor
           FROM unnest($2::uuid[]) AS c (id)
           CROSS JOIN LATERAL (
             SELECT currency, kind, status, day, amount_minor FROM payments
             WHERE workspace_id = $1 AND contact_id = c.id AND occurred_at >= $3 OFFSET 0) p
           WHERE p.day >= $4
             AND (p.kind IN ('charge', 'refund') AND p.status = 'settled'
               OR p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost'))
           GROUP BY p.currency, to_char(p.day, 'YYYY-MM')`,
    values: [tx.workspaceId, contactIds, since.at, since.day],
  });
}

export interface OutstandingRow {
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly count: bigint;
  readonly oldest_at: Date;
}

/**
 * What these contacts owe per currency besides their invoices: sales whose charge failed and what lost disputes took of
 * them, that nobody has settled or dismissed. What was meant for invoices is open on them and is not counted twice. Along
 * payments_needing_action.
 */
export function readOutstanding(tx: WorkspaceTx, contactIds: readonly string[]): Promise<OutstandingRow[]> {
  return tx.many({
    name: 'insights_outstanding',
    text: `SELECT currency, sum(amount_minor)::bigint AS amount_minor, count(*) AS count, min(occurred_at) AS oldest_at
           FROM payments WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) AND needs_action AND purpose = 'sale'
             AND (kind = 'charge' AND status <> 'settled' OR kind = 'dispute' AND status = 'lost')
           GROUP BY currency ORDER BY currency`,
    values: [tx.workspaceId, contactIds],
  });
}

export interface DayRow {
  readonly day: string;
  readonly currency: string;
  readonly net_minor: bigint;
  /** Charges that settled on that day. */
  readonly count: bigint;
}

/** Net money per day and currency, from the sums per day: some rows a day, whatever the number of payments. */
export function readDays(tx: WorkspaceTx, from: string, to: string): Promise<DayRow[]> {
  return tx.many({
    text: `SELECT day, currency, sum(CASE kind WHEN 'charge' THEN amount_minor ELSE -amount_minor END)::bigint AS net_minor,
             coalesce(sum(count) FILTER (WHERE kind = 'charge'), 0)::bigint AS count
           FROM payment_day_totals
           WHERE workspace_id = $1 AND day BETWEEN $2 AND $3
             AND (kind IN ('charge', 'refund') AND status = 'settled'
               OR kind = 'dispute' AND status IN ('withdrawn', 'lost'))
           GROUP BY day, currency HAVING sum(amount_minor) <> 0 OR sum(count) <> 0
           ORDER BY day, currency`,
    values: [tx.workspaceId, from, to],
  });
}

/** How many payments need somebody. */
export async function countNeedingAction(tx: WorkspaceTx): Promise<number> {
  const { count } = await tx.one<{ count: bigint }>({
    text: `SELECT count(*) AS count FROM payments WHERE workspace_id = $1 AND needs_action`,
    values: [tx.workspaceId],
  });
  return Number(count);
}

/** Whether the list of contacts holds anybody: not archived, merged or deleted. One step into contacts_by_name. */
export async function hasContacts(tx: WorkspaceTx): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>({
    text: `SELECT EXISTS (SELECT 1 FROM contacts
           WHERE workspace_id = $1 AND archived_at IS NULL AND deleted_at IS NULL AND root_id = id) AS found`,
    values: [tx.workspaceId],
  });
  return found;
}

export interface FirstStepsRow {
  readonly contact: boolean;
  readonly card: boolean;
  readonly charge: boolean;
  readonly import: boolean;
  readonly business_details: boolean;
  readonly sample_present: boolean;
}

/**
 * What a new workspace has done already. The status carries an empty text so that only payments_by_source can be chosen:
 * along payments_by_status a workspace of imported payments would be read whole, to find that nothing was charged here.
 * Each first row is asked for in the order of an index: an EXISTS of something frequent is answered by reading the table
 * from its beginning, through whatever other workspaces wrote before.
 */
export function readFirstSteps(tx: WorkspaceTx): Promise<FirstStepsRow> {
  const settled = (source: string) => `(SELECT true FROM payments WHERE workspace_id = $1 AND source = '${source}'
      AND status || '' = 'settled' ORDER BY occurred_at DESC, id DESC LIMIT 1)`;
  return tx.one({
    text: `SELECT
             coalesce((SELECT true FROM contacts WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1), false) AS contact,
             coalesce((SELECT true FROM payment_methods WHERE workspace_id = $1 ORDER BY id LIMIT 1), false) AS card,
             coalesce(${['charge_now', 'api', 'offline'].map(settled).join(', ')}, false) AS charge,
             EXISTS (SELECT 1 FROM imports WHERE workspace_id = $1 AND status = 'committed') AS import,
             (w.legal ->> 'name' IS NOT NULL AND w.legal ->> 'address' IS NOT NULL) AS business_details,
             w.sample_seed IS NOT NULL AS sample_present
           FROM workspaces w WHERE w.id = $1`,
    values: [tx.workspaceId],
  });
}

export interface TopContactRow {
  readonly id: string;
  readonly name: string;
  readonly ltv_minor: bigint;
  readonly payment_count: bigint;
}

/** Most valuable contacts in one currency, along ledger_contact_sums_by_ltv. */
export function readTopContacts(tx: WorkspaceTx, currency: string, limit: number): Promise<TopContactRow[]> {
  return tx.many({
    name: 'insights_top_contacts',
    text: `SELECT c.id, c.name, s.ltv_minor, s.payment_count
           FROM ledger_contact_sums s JOIN contacts c ON c.workspace_id = $1 AND c.id = s.contact_id
           WHERE s.workspace_id = $1 AND s.currency = $2 AND s.payment_count > 0
             AND c.archived_at IS NULL AND c.deleted_at IS NULL
           ORDER BY s.ltv_minor DESC, s.contact_id LIMIT $3`,
    values: [tx.workspaceId, currency, limit],
  });
}

/** Currencies with payments, by code; from the sums per day, which are few. */
export async function readCurrencies(tx: WorkspaceTx): Promise<string[]> {
  const rows = await tx.many<{ currency: string }>({
    text: 'SELECT DISTINCT currency FROM payment_day_totals WHERE workspace_id = $1 ORDER BY currency',
    values: [tx.workspaceId],
  });
  return rows.map((row) => row.currency);
}
