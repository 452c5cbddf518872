-- The accounts at gateways that a workspace has connected. What is secret is sealed with an envelope key that is not in
-- the database (foundation/secret-box.ts); a connection that was ended keeps who and when, and no secret.
CREATE TABLE gateway_connections (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  gateway text NOT NULL,
  account_ref text NOT NULL,             -- the account's own name at the gateway
  account_name text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('sandbox', 'live')),
  sealed_values text,                    -- what was entered, field → value
  sealed_token text,                     -- of the address that the gateway sends its messages to
  masked jsonb NOT NULL,                 -- field → as it may be shown
  connected_by text NOT NULL,
  connected_at timestamptz NOT NULL,
  rotated_by text,
  rotated_at timestamptz,
  disconnected_by text,
  disconnected_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  CHECK ((disconnected_at IS NULL) = (sealed_values IS NOT NULL) AND (disconnected_at IS NULL) = (sealed_token IS NOT NULL))
);
-- One account of a gateway at a time. Also serves: the values that a call is made with.
CREATE UNIQUE INDEX gateway_connections_of ON gateway_connections (workspace_id, gateway) WHERE disconnected_at IS NULL;

-- What messages of a connection may be signed with: the secret of now, and those before it for a stated time.
CREATE TABLE gateway_signing_secrets (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  connection_id uuid NOT NULL,
  sealed_secret text NOT NULL,
  added_at timestamptz NOT NULL,
  expires_at timestamptz,                -- null: the secret of now
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, connection_id) REFERENCES gateway_connections (workspace_id, id)
);
CREATE UNIQUE INDEX gateway_signing_secrets_now ON gateway_signing_secrets (workspace_id, connection_id) WHERE expires_at IS NULL;

-- Through which gateway new cards are added, where somebody chose.
CREATE TABLE gateway_choices (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  gateway text NOT NULL,
  chosen_by text NOT NULL,
  chosen_at timestamptz NOT NULL
);

-- Leads from the secret part of an address for messages to the workspace and gateway that they are for.
CREATE TABLE gateway_event_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  gateway text NOT NULL
);

-- Methods that belong to an account which is not connected: shown, and not to be charged until it is again.
ALTER TABLE payment_methods ADD COLUMN away_account text;

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['gateway_connections', 'gateway_signing_secrets', 'gateway_choices']
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
REVOKE DELETE ON gateway_connections FROM counterfoil_app;
-- The sweep of gateways' event lists needs to know who has one connected, and nothing of the rest of the row.
CREATE POLICY across ON gateway_connections FOR SELECT TO counterfoil_lookout USING (disconnected_at IS NULL);
GRANT SELECT (workspace_id, id, gateway, disconnected_at) ON gateway_connections TO counterfoil_lookout;
GRANT SELECT, INSERT, DELETE ON gateway_event_directory TO counterfoil_app;
