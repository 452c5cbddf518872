import type { WorkspaceTx } from '../foundation/database.ts';
import { readingWholeTables } from '../foundation/whole-tables.ts';
import type { BooksDifference } from '../ledger/verify-books.ts';

/** Differences listed at most. */
const DIFFERENCES_LISTED_MAX = 100;

/**
 * Compares payments with what follows from them: ledger entries (money in the books exactly where the status says so, by
 * the same amount), counters of charges, money on account, totals per day, history. Read in one snapshot.
 */
export function verifyPayments(tx: WorkspaceTx): Promise<BooksDifference[]> {
  return readingWholeTables(tx, () => compare(tx));
}

function compare(tx: WorkspaceTx): Promise<BooksDifference[]> {
  return tx.many<{ what: string; kept: string; readded: string }>({
    text: `WITH booked AS (
             SELECT e.source_id, sum(CASE WHEN e.reverses_id IS NULL THEN 1 ELSE -1 END * t.amount_minor) AS amount
             FROM ledger_entries e
             JOIN ledger_transfers t ON t.workspace_id = $1 AND t.entry_id = e.id AND t.line = 1
             WHERE e.workspace_id = $1 AND e.booking !~ '^(fee_charged|exchange_given|exchange_received)'
             GROUP BY e.source_id),
           children AS (
             SELECT parent_id,
               coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund' AND status = 'settled'), 0) AS refunded,
               coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund' AND status IN ('sent', 'unknown', 'pending')), 0) AS refunding,
               coalesce(sum(amount_minor) FILTER (WHERE kind = 'dispute' AND status IN ('withdrawn', 'lost')), 0) AS disputed
             FROM payments WHERE workspace_id = $1 AND parent_id IS NOT NULL GROUP BY parent_id),
           days AS (
             SELECT day, kind, status, currency, method_kind, gateway, source, sum(count) AS count, sum(amount_minor) AS amount
             FROM payment_day_totals WHERE workspace_id = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7),
           counted AS (
             SELECT day, kind, status, currency, method_kind, gateway, source, count(*) AS count, sum(amount_minor) AS amount
             FROM payments WHERE workspace_id = $1 AND status <> 'sent' GROUP BY 1, 2, 3, 4, 5, 6, 7)
           SELECT 'payment ' || p.id || ' (' || p.kind || ', ' || p.status || ') in the ledger' AS what,
             CASE WHEN m.in_books THEN p.amount_minor ELSE 0 END::text AS kept, coalesce(b.amount, 0)::text AS readded
           FROM payments p
           CROSS JOIN LATERAL (SELECT CASE WHEN p.kind = 'dispute' THEN p.status IN ('withdrawn', 'lost') ELSE p.status = 'settled' END AS in_books) m
           LEFT JOIN booked b ON b.source_id = p.id
           WHERE p.workspace_id = $1 AND CASE WHEN m.in_books THEN p.amount_minor ELSE 0 END <> coalesce(b.amount, 0)
           UNION ALL
           SELECT 'counters of charge ' || p.id || ' (refunded, refunding, disputed)',
             concat_ws(' ', p.refunded_minor, p.refunding_minor, p.disputed_minor),
             concat_ws(' ', coalesce(c.refunded, 0), coalesce(c.refunding, 0), coalesce(c.disputed, 0))
           FROM payments p LEFT JOIN children c ON c.parent_id = p.id
           WHERE p.workspace_id = $1 AND p.kind = 'charge' AND
             (p.refunded_minor, p.refunding_minor, p.disputed_minor) IS DISTINCT FROM
             (coalesce(c.refunded, 0), coalesce(c.refunding, 0), coalesce(c.disputed, 0))
           UNION ALL
           SELECT 'allocated of charge ' || p.id, p.allocated_minor::text, coalesce(a.amount, 0)::text
           FROM payments p LEFT JOIN (
             SELECT payment_id, sum(amount_minor) AS amount FROM allocations WHERE workspace_id = $1 GROUP BY payment_id) a
             ON a.payment_id = p.id
           WHERE p.workspace_id = $1 AND p.purpose = 'account' AND p.allocated_minor <> coalesce(a.amount, 0)
           UNION ALL
           SELECT 'customers’ money on account in ' || coalesce(k.currency, l.currency), coalesce(k.amount, 0)::text, coalesce(l.amount, 0)::text
           FROM (
             SELECT currency, sum(CASE WHEN status = 'settled' THEN amount_minor ELSE 0 END
               - allocated_minor - refunded_minor - disputed_minor) AS amount
             FROM payments WHERE workspace_id = $1 AND purpose = 'account' AND kind = 'charge' GROUP BY currency) k
           FULL JOIN (
             SELECT currency, sum(CASE WHEN credit_account = 'customer_credit' THEN amount_minor ELSE -amount_minor END) AS amount
             FROM ledger_transfers WHERE workspace_id = $1 AND 'customer_credit' IN (debit_account, credit_account) GROUP BY currency) l
             ON l.currency = k.currency
           WHERE coalesce(k.amount, 0) <> coalesce(l.amount, 0)
           UNION ALL
           SELECT concat_ws(' ', 'totals of', coalesce(d.day, c.day), coalesce(d.kind, c.kind), coalesce(d.status, c.status), coalesce(d.currency, c.currency)),
             concat_ws(' ', coalesce(d.count, 0), coalesce(d.amount, 0)), concat_ws(' ', coalesce(c.count, 0), coalesce(c.amount, 0))
           FROM days d FULL JOIN counted c ON c.day = d.day AND c.kind = d.kind AND c.status = d.status AND c.currency = d.currency
             AND c.method_kind = d.method_kind AND c.gateway = d.gateway AND c.source = d.source
           WHERE coalesce(d.count, 0) <> coalesce(c.count, 0) OR coalesce(d.amount, 0) <> coalesce(c.amount, 0)
           UNION ALL
           SELECT 'history of payment ' || p.id, p.transition_count || ' ' || p.status, coalesce(h.count, 0) || ' ' || coalesce(h.last_status, '')
           FROM payments p LEFT JOIN (
             SELECT payment_id, count(*) AS count, (array_agg(to_status ORDER BY seq DESC))[1] AS last_status
             FROM payment_transitions WHERE workspace_id = $1 GROUP BY payment_id) h ON h.payment_id = p.id
           WHERE p.workspace_id = $1 AND p.status <> 'sent' AND (p.transition_count <> coalesce(h.count, 0) OR p.status IS DISTINCT FROM h.last_status)
           UNION ALL
           SELECT 'payout ' || o.payout_ref || ' (' || o.status || ') in the ledger',
             CASE WHEN o.booked THEN o.amount_minor ELSE 0 END::text, coalesce(b.amount, 0)::text
           FROM gateway_payouts o LEFT JOIN (
             SELECT e.source_id, sum(CASE WHEN t.debit_account = 'bank' THEN 1 ELSE -1 END * t.amount_minor) AS amount
             FROM ledger_entries e JOIN ledger_transfers t ON t.workspace_id = $1 AND t.entry_id = e.id
             WHERE e.workspace_id = $1 AND e.booking ~ '^payout_paid' GROUP BY e.source_id) b ON b.source_id = o.id
           WHERE o.workspace_id = $1 AND CASE WHEN o.booked THEN o.amount_minor ELSE 0 END <> coalesce(b.amount, 0)
           LIMIT ${DIFFERENCES_LISTED_MAX}`,
    values: [tx.workspaceId],
  });
}
