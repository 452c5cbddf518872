-- Messages to customers and staff: what was sent when and why, and what became of it. One message for one reason.
CREATE TABLE messages (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  kind text NOT NULL,                    -- messages/message-kinds.ts
  channel text NOT NULL DEFAULT 'e_mail' CHECK (channel = 'e_mail'),
  contact_id uuid,                       -- null where it goes to staff
  document_kind text,                    -- what it is about: invoice, payment, …
  document_id uuid,
  link_id uuid,                          -- the link in it, by which is known that it was opened
  to_address text NOT NULL,
  from_address text NOT NULL,            -- as its From line has it
  subject text NOT NULL,
  raw bytea NOT NULL,                    -- RFC 5322, byte for byte as it is handed over, attachments included
  dedupe_key text NOT NULL,              -- the reason: for one reason there is one message, however often it is asked for
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'kept', 'failed', 'unsure', 'bounced')),
  reason text NOT NULL DEFAULT '',       -- what the last attempt, or the bounce, said
  attempts int NOT NULL DEFAULT 0,
  try_after timestamptz,                 -- not before this: the last attempt was turned away for now
  claimed_until timestamptz,             -- 'sending' after this: the program stopped in between, and nobody knows
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  sent_at timestamptz,
  bounced_at timestamptz,
  opened_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  CHECK ((document_kind IS NULL) = (document_id IS NULL)),
  CHECK (state <> 'sending' OR claimed_until IS NOT NULL)
);
CREATE UNIQUE INDEX messages_dedupe ON messages (workspace_id, dedupe_key);
-- Serves: what is to be sent, and what was being sent when the program stopped.
CREATE INDEX messages_waiting ON messages (workspace_id, created_at, id) WHERE state IN ('queued', 'sending');
-- Serve: the outbox page, by state and over all; a contact's timeline; the sendings of a document.
CREATE INDEX messages_by_time ON messages (workspace_id, created_at DESC, id DESC);
CREATE INDEX messages_by_state ON messages (workspace_id, state, created_at DESC, id DESC);
CREATE INDEX messages_by_contact ON messages (workspace_id, contact_id, created_at DESC, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX messages_by_document ON messages (workspace_id, document_id, created_at DESC) WHERE document_id IS NOT NULL;

-- How a workspace sends, where it does not leave it to the server's own settings. The password is sealed with an envelope
-- key that is not in the database.
CREATE TABLE mail_settings (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  host text,                             -- null: the server's own mail server, if it has one
  port int,
  security text CHECK (security IN ('tls', 'starttls', 'none')),
  user_name text,
  sealed_password text,
  from_name text,
  from_address text,
  reply_to text,
  bounce_address text,
  sandbox_sends boolean NOT NULL DEFAULT false,    -- a sandbox keeps its mail unless somebody said otherwise
  receipts boolean,                      -- null: yes in live workspaces, no in sandboxes
  declined_notices boolean NOT NULL DEFAULT false,
  staff_address text,                    -- who is told of declined charges
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id),
  CHECK ((host IS NULL) = (port IS NULL) AND (host IS NULL) = (security IS NULL))
);

-- Words of messages that a workspace has changed. Those of invoices are in invoicing_settings.
CREATE TABLE message_templates (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  kind text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, kind)
);

-- Links by which a customer sees a document without an account. The secret itself is nowhere, only its hash.
CREATE TABLE document_links (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  document_kind text NOT NULL,
  document_id uuid NOT NULL,
  token_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  opened_at timestamptz,                 -- when somebody first looked
  revoked_at timestamptz,
  revoked_by text,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX document_links_of ON document_links (workspace_id, document_kind, document_id, created_at DESC);

-- Leads from the hash of a link's secret to its workspace.
CREATE TABLE document_link_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  link_id uuid NOT NULL
);

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['messages', 'mail_settings', 'message_templates', 'document_links']
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
REVOKE DELETE ON messages, document_links FROM counterfoil_app;
GRANT SELECT, INSERT, DELETE ON document_link_directory TO counterfoil_app;
-- The sender needs to know who has mail waiting, and nothing of the mail.
CREATE POLICY across ON messages FOR SELECT TO counterfoil_lookout USING (state IN ('queued', 'sending'));
GRANT SELECT (workspace_id, state, try_after, claimed_until) ON messages TO counterfoil_lookout;
