CREATE TABLE smart_lists (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  name text NOT NULL,
  filter jsonb NOT NULL,
  position int NOT NULL DEFAULT 0,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX smart_lists_name ON smart_lists (workspace_id, lower(name));

CREATE TABLE imports (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('contacts', 'payments', 'sales_lines')),
  status text NOT NULL CHECK (status IN ('uploaded', 'checking', 'checked', 'committing', 'committed', 'failed', 'undoing', 'undone')),
  file_name text NOT NULL,
  file_hash text NOT NULL,
  file_bytes bigint NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',  -- separator, encoding, mapping, currency, time zone
  progress jsonb NOT NULL DEFAULT '{}',  -- lines read, rows written, phase
  summary jsonb NOT NULL DEFAULT '{}',   -- tie-out: counts and sums of the source and of what was (or would be) written
  failure text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  committed_at timestamptz,
  undone_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX imports_by_time ON imports (workspace_id, created_at DESC, id DESC);
-- Serves: taking up again at the next start what a stop interrupted.
CREATE INDEX imports_running ON imports (workspace_id, status) WHERE status IN ('checking', 'committing', 'undoing');

CREATE TABLE import_row_errors (
  workspace_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line bigint NOT NULL,
  column_name text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('refused', 'left_out', 'note')),
  message text NOT NULL,
  value text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, import_id, line, column_name),
  FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
);

-- Row-level security and grants, for every tenant table at once: nothing is visible when no workspace is set.
DO $$
DECLARE
  tenant text;
BEGIN
  FOR tenant IN
    SELECT c.table_name FROM information_schema.columns c
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = 'public' AND c.column_name = 'workspace_id' AND t.table_type = 'BASE TABLE'
      AND c.table_name NOT IN ('api_key_directory', 'member_directory', 'invitation_directory')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY own_workspace ON %I USING (workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)',
      tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO counterfoil_app', tenant);
  END LOOP;
END
$$;

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON workspaces USING (id = nullif(current_setting('app.workspace_id', true), '')::uuid);
-- The relay, the resolver, the sealer and the sandbox's time need to know where there is something to do, and only that.
-- They look as a role of their own: a second policy for the program's role would stand as an OR in every plan of it.
CREATE POLICY across ON workspaces FOR SELECT TO counterfoil_lookout USING (true);
CREATE POLICY across ON outbox FOR SELECT TO counterfoil_lookout USING (handed_at IS NULL);
CREATE POLICY across ON payments FOR SELECT TO counterfoil_lookout USING (status IN ('created', 'sent', 'unknown', 'pending', 'needs_customer'));
CREATE POLICY across ON scripted_movements FOR SELECT TO counterfoil_lookout USING (next_at IS NOT NULL);
CREATE POLICY across ON imports FOR SELECT TO counterfoil_lookout USING (status IN ('checking', 'committing', 'undoing'));
CREATE POLICY across ON gateway_events FOR SELECT TO counterfoil_lookout USING (processed_at IS NULL);
GRANT SELECT ON workspaces, outbox, payments, scripted_movements, imports, gateway_events TO counterfoil_lookout;

GRANT SELECT, INSERT, UPDATE ON workspaces TO counterfoil_app;
GRANT SELECT ON currencies TO counterfoil_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_users, auth_sessions, auth_accounts, auth_verifications, sign_in_links,
  api_key_directory, member_directory, invitation_directory TO counterfoil_app;
GRANT SELECT ON schema_migrations TO counterfoil_app;

-- What may only ever be added to.
REVOKE UPDATE, DELETE ON ledger_entries, ledger_transfers, audit_log, audit_seals, payment_transitions, receipts
  FROM counterfoil_app;
REVOKE DELETE ON payments, contacts, contact_merges, imports, payment_methods, ledger_contact_sums FROM counterfoil_app;
