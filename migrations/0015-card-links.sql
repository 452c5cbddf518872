-- Leads from the hash of a link's secret to its workspace; the secret itself is nowhere.
CREATE TABLE card_link_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  card_link_id uuid NOT NULL
);

-- Links by which customers save a card without an account.
CREATE TABLE card_links (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  payment_id uuid,                       -- the failed charge that it was made for
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  opened_at timestamptz,                 -- when the customer first saw its page
  visit_hash text,                       -- the browser in which the customer agreed; nobody else goes on from there
  visit_until timestamptz,
  card_form_id uuid,                     -- the gateway's form that was opened last
  used_at timestamptz,                   -- a card was saved: the link is dead, its visit may still pay
  payment_method_id uuid,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id),
  FOREIGN KEY (workspace_id, card_form_id) REFERENCES card_forms (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_method_id) REFERENCES payment_methods (workspace_id, id)
);
-- Serves: the links of a contact.
CREATE INDEX card_links_by_contact ON card_links (workspace_id, contact_id, created_at DESC);

-- What the customer agreed to by themselves is kept from the moment they did, not from when the card was found saved.
ALTER TABLE card_forms ADD COLUMN consent_at timestamptz;
ALTER TABLE card_forms ADD COLUMN consent_ip text;
ALTER TABLE card_forms ADD COLUMN consent_text_version text;

ALTER TABLE card_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE card_links FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON card_links USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON card_links TO counterfoil_app;
GRANT SELECT, INSERT ON card_link_directory TO counterfoil_app;
