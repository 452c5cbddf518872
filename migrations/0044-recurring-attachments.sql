-- Files that go with every invoice of a schedule: each invoice gets its own copy, which never changes once it is issued.
-- Serve: making recurring invoices, the files of a schedule.
CREATE TABLE recurring_attachments (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  recurring_id uuid NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL,
  added_at timestamptz NOT NULL,
  added_by text NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, recurring_id) REFERENCES recurring_invoices (workspace_id, id),
  CONSTRAINT recurring_attachments_bounds CHECK (length(name) BETWEEN 1 AND 200 AND octet_length(bytes) > 0)
);
-- Compressed already, and read whole.
ALTER TABLE recurring_attachments ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX recurring_attachments_of ON recurring_attachments (workspace_id, recurring_id);
ALTER TABLE recurring_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE recurring_attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON recurring_attachments
  USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON recurring_attachments TO counterfoil_app;
