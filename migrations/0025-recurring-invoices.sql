-- Recurring invoices: terms of their own, and why one could not be made.

-- Terms that were written for this schedule alone; terms_id names some of the library instead. Both null: the contact's.
ALTER TABLE recurring_invoices ADD COLUMN terms jsonb;
-- An invoice that cannot be made (its contact is archived, a tax is gone) is tried again on this day; why, in words.
ALTER TABLE recurring_invoices ADD COLUMN held_until date;
ALTER TABLE recurring_invoices ADD COLUMN held_reason text;
ALTER TABLE recurring_invoices ADD COLUMN idempotency_key text;
CREATE UNIQUE INDEX recurring_invoices_idempotency ON recurring_invoices (workspace_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
-- Serves: Payments → Recurring, newest first.
CREATE INDEX recurring_invoices_by_date ON recurring_invoices (workspace_id, created_at DESC, id DESC);
