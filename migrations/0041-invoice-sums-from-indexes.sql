-- Sums above Payments → Invoices are read from indexes alone: at millions of documents their rows are gigabytes, and what the
-- sums need of each is a hundredth of that.
-- Serve: Payments → Invoices (pages and sums), what is open by due date.
DROP INDEX invoices_by_date;
CREATE INDEX invoices_by_date ON invoices (workspace_id, kind, listed_on DESC, id DESC)
  INCLUDE (currency, total_minor, open_minor, due_on, next_due_on, issued_at, voided_at, written_off_minor, withdrawn_at);
DROP INDEX invoices_open;
CREATE INDEX invoices_open ON invoices (workspace_id, next_due_on, id)
  INCLUDE (kind, currency, total_minor, open_minor, paid_minor, due_on, contact_id, disputed_at, withdrawn_at)
  WHERE open_minor > 0;
