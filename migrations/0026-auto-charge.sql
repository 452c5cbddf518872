-- Invoices that are charged by themselves on their due date, where the customer agreed: how far each date has come.
CREATE TABLE auto_charges (
  workspace_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  due_on date NOT NULL,                  -- the date that is charged: each instalment is one
  step int NOT NULL DEFAULT 0,           -- tries whose outcome is known; the next one has the key of this number
  next_at timestamptz,                   -- null: nothing is tried any more
  payment_id uuid,                       -- the last try
  ended text,                            -- paid, no_method, gave_up, refused; null while it goes on
  reason text,                           -- for people: why it ended, or why it waits
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, invoice_id, due_on),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id)
);
-- Serves: what is to be tried now.
CREATE INDEX auto_charges_due ON auto_charges (workspace_id, next_at) WHERE next_at IS NOT NULL;
-- Serves: invoices whose date has come and that are charged by themselves.
CREATE INDEX invoices_auto_charge ON invoices (workspace_id, next_due_on, id) WHERE auto_charge AND open_minor > 0;

ALTER TABLE auto_charges ENABLE ROW LEVEL SECURITY;
ALTER TABLE auto_charges FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON auto_charges
  USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON auto_charges TO counterfoil_app;
