-- Work items: appointments and deals of a contact, what they are worth, and the invoice that bills them.

CREATE TABLE work_items (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('appointment', 'deal')),
  contact_id uuid NOT NULL,
  title text NOT NULL,
  planned_on date,
  planned_time text CHECK (planned_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),   -- as the business's clock shows it
  done_on date,                          -- planned, done or cancelled: which one follows from these columns
  done_by text,
  cancelled_at timestamptz,
  currency char(3) NOT NULL REFERENCES currencies (code),
  content jsonb NOT NULL,                -- lines as invoices keep them (invoices/work-item.ts)
  -- What an invoice about this alone would come to.
  net_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  billable boolean NOT NULL,             -- false: done for nothing, never waits for an invoice
  note text NOT NULL DEFAULT '',
  external_ref text,
  idempotency_key text,
  -- The invoice that it was put on last. It bills the work unless it was voided; a draft that is thrown away sets this
  -- back (the foreign key does not let it be forgotten). One column: work cannot be on two invoices.
  invoice_id uuid,
  created_on date NOT NULL,
  -- Where it stands in lists.
  listed_on date NOT NULL GENERATED ALWAYS AS (coalesce(done_on, planned_on, created_on)) STORED,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id),
  CHECK (done_on IS NULL OR cancelled_at IS NULL),
  CHECK (planned_time IS NULL OR planned_on IS NOT NULL),
  CHECK (invoice_id IS NULL OR done_on IS NOT NULL)
);
CREATE UNIQUE INDEX work_items_external_ref ON work_items (workspace_id, external_ref) WHERE external_ref IS NOT NULL;
CREATE UNIQUE INDEX work_items_idempotency ON work_items (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Serve: all work, and a contact's, newest first.
CREATE INDEX work_items_by_date ON work_items (workspace_id, listed_on DESC, id DESC);
CREATE INDEX work_items_by_contact ON work_items (workspace_id, contact_id, listed_on DESC, id DESC);
-- Serves: Payments → To invoice and its count on Home, however much was invoiced over the years.
CREATE INDEX work_items_to_invoice ON work_items (workspace_id, done_on, id)
  WHERE done_on IS NOT NULL AND billable AND invoice_id IS NULL;
-- Serves: the work on an invoice, when it is voided, replaced or thrown away.
CREATE INDEX work_items_of_invoice ON work_items (workspace_id, invoice_id) WHERE invoice_id IS NOT NULL;

ALTER TABLE work_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_items FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON work_items
  USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON work_items TO counterfoil_app;
