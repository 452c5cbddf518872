-- Serves: which days hold payments of a filter over several columns (Transactions), by skipping from one combination of
-- values to the next. Count and amount are not in it, so moving a total stays an update within its page.
CREATE INDEX payment_day_totals_by_values ON payment_day_totals
  (workspace_id, kind, status, currency, method_kind, gateway, source, day DESC);

-- Serves, besides Transactions by status: whose charges settled since a day (smart lists by the last payment), from the
-- index alone. It takes the place of the index of that name and costs a payment no further entry.
DROP INDEX payments_by_status;
CREATE INDEX payments_by_status ON payments (workspace_id, status, occurred_at DESC, id DESC) INCLUDE (contact_id, kind);

-- Serves: counts of smart lists, which are those with a fact less the few of them that no list shows; and to whom a fact
-- of a merged contact belongs.
CREATE INDEX contacts_unlisted ON contacts (workspace_id, id) INCLUDE (root_id)
  WHERE archived_at IS NOT NULL OR deleted_at IS NOT NULL OR root_id <> id;

-- Serves, besides the newest that need somebody: their totals and those of a range of amounts, from the index alone.
DROP INDEX payments_needing_action_by_time;
CREATE INDEX payments_needing_action_by_time ON payments (workspace_id, occurred_at DESC, id DESC)
  INCLUDE (currency, kind, status, amount_minor) WHERE needs_action;
