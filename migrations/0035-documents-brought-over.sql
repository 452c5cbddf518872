-- Documents brought over from another program: issued there, under numbers that no series of ours gave out.

-- A credit note that is about no invoice's balance is a receivable of its own, below zero: the customer's until it is paid out
-- (paid_minor). By the others the balance of their invoice moves (invoices.credited_minor).
ALTER TABLE invoices ADD COLUMN stands_alone boolean NOT NULL DEFAULT false;
-- Its import was undone: void, in no list, and its number can be brought over again.
ALTER TABLE invoices ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE invoices ADD CONSTRAINT invoices_alone_are_credit_notes
  CHECK (NOT stands_alone OR (kind = 'credit_note' AND paid_minor <= total_minor));
ALTER TABLE invoices ADD CONSTRAINT invoices_withdrawn_are_void CHECK (withdrawn_at IS NULL OR voided_at IS NOT NULL);

-- The same document is never there twice; one that was withdrawn is not there.
DROP INDEX invoices_external_ref;
CREATE UNIQUE INDEX invoices_external_ref ON invoices (workspace_id, external_ref)
  WHERE external_ref IS NOT NULL AND withdrawn_at IS NULL;
-- Serves: taking an import back, kind by kind.
CREATE INDEX invoices_of_import ON invoices (workspace_id, import_id, kind, id) WHERE import_id IS NOT NULL AND withdrawn_at IS NULL;
-- Serves: what a customer has in credit notes that were neither paid out nor set off.
CREATE INDEX invoices_credit_left ON invoices (workspace_id, contact_id, currency)
  WHERE stands_alone AND voided_at IS NULL AND paid_minor < total_minor;
