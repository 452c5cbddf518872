-- Links by which customers see their own page without an account. The secret itself is nowhere, only its hash.
CREATE TABLE customer_links (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  new_email text,                        -- not null: leads to no page, it confirms that this address is theirs
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  opened_at timestamptz,                 -- when the customer first saw it
  used_at timestamptz,                   -- an address was confirmed by it
  revoked_at timestamptz,
  revoked_by text,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: the links of a contact.
CREATE INDEX customer_links_by_contact ON customer_links (workspace_id, contact_id, created_at DESC);

-- Leads from the hash of a link's secret to its workspace.
CREATE TABLE customer_link_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  link_id uuid NOT NULL
);

-- How a workspace lets its customers in; without a row, as portal/customer-link.ts says.
CREATE TABLE customer_page_settings (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  valid_days int NOT NULL CHECK (valid_days BETWEEN 1 AND 365),
  sends_on_request boolean NOT NULL,     -- customers may ask for a link by their e-mail address
  edits_details boolean NOT NULL,        -- customers may change their contact data
  version int NOT NULL,
  PRIMARY KEY (workspace_id)
);

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['customer_links', 'customer_page_settings']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY own_workspace ON %I USING (workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)',
      tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO counterfoil_app', tenant);
  END LOOP;
END
$$;
GRANT SELECT, INSERT ON customer_link_directory TO counterfoil_app;
