-- A debit that was paid and came back is found by its payment, and tried again by the plan.
-- Serve: reactions to returned payments.
CREATE INDEX auto_charges_by_payment ON auto_charges (workspace_id, payment_id) WHERE payment_id IS NOT NULL;
