-- Serves: which days hold payments of a filter over several columns (Transactions), by skipping from one combination of
-- values to the next. Count and amount are not in it, so moving a total stays an update within its page.
CREATE INDEX payment_day_totals_by_values ON payment_day_totals
  (workspace_id, kind, status, currency, method_kind, gateway, source, day DESC);

-- Serves, besides a contact's payments: who paid last before or after a day (smart lists), from the index alone.
DROP INDEX payments_by_contact;
CREATE INDEX payments_by_contact ON payments (workspace_id, contact_id, occurred_at DESC, id DESC) INCLUDE (kind, status);
