-- Global tables: what must be unique across workspaces, sign-in, and the list of workspaces.
-- Every other table is a tenant table: workspace first in each key, row-level security forced (see the end of 0004).

CREATE TABLE currencies (
  code char(3) PRIMARY KEY,
  exponent int NOT NULL CHECK (exponent BETWEEN 0 AND 4)
);

-- Sign-in (better-auth writes these four through its own queries).
CREATE TABLE auth_users (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE auth_sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id);
CREATE TABLE auth_accounts (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  user_id text NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX auth_accounts_by_user ON auth_accounts (user_id);
CREATE TABLE auth_verifications (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz,
  updated_at timestamptz
);
CREATE INDEX auth_verifications_by_identifier ON auth_verifications (identifier);

-- One-time links that sign somebody in or let the first owner set the program up. Only hashes are kept.
CREATE TABLE sign_in_links (
  token_hash text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('owner_setup', 'sign_in')),
  email text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Directories: secret or person → workspace. They hold nothing else, so that reading them tells nothing.
CREATE TABLE api_key_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  api_key_id uuid NOT NULL
);
CREATE TABLE member_directory (
  user_id text NOT NULL,
  workspace_id uuid NOT NULL,
  PRIMARY KEY (user_id, workspace_id)
);
CREATE TABLE invitation_directory (
  token_hash text PRIMARY KEY,
  workspace_id uuid NOT NULL,
  invitation_id uuid NOT NULL
);

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('sandbox', 'live')),
  currency char(3) NOT NULL REFERENCES currencies (code),
  time_zone text NOT NULL,
  locale text NOT NULL DEFAULT 'en-US',
  legal jsonb NOT NULL DEFAULT '{}',            -- name, address, tax id as printed on receipts
  switches jsonb NOT NULL DEFAULT '{}',         -- switch name → boolean; absent means its default
  charge_limits jsonb NOT NULL DEFAULT '{}',    -- role or "workspace" → currency → minor units per charge
  clock_offset_ms bigint NOT NULL DEFAULT 0,    -- sandbox only: how far its clock was moved
  sample_seed text,                             -- set while the sample business is in it
  sample_work jsonb,                            -- how far its making or removing has come, and what the last removal kept
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  CHECK (mode = 'sandbox' OR (clock_offset_ms = 0 AND sample_seed IS NULL AND sample_work IS NULL))
);

CREATE TABLE members (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
  rights_granted text[] NOT NULL DEFAULT '{}',   -- beyond the role's own
  rights_withheld text[] NOT NULL DEFAULT '{}',  -- of the role's own
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
-- Serves: who is asking, on every request of a signed-in person.
CREATE UNIQUE INDEX members_user ON members (workspace_id, user_id) WHERE removed_at IS NULL;

CREATE TABLE invitations (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
  invited_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE api_keys (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  name text NOT NULL,
  hint text NOT NULL,                            -- last four characters, to tell keys apart
  rights text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_on date,
  revoked_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

-- Who did what from where. Rows are only ever added; audit_seals chains them (a seal's hash covers the row and the
-- hash before it), written by one sealer at a time so that no charge waits for another one's chain link.
CREATE TABLE audit_log (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,                      -- member, api_key, system, gateway
  actor_id text,
  actor_name text NOT NULL,
  action text NOT NULL,                          -- e.g. switch.changed, charge.confirmed
  subject_kind text,
  subject_id uuid,
  details jsonb NOT NULL DEFAULT '{}',
  ip text,
  PRIMARY KEY (workspace_id, id)
);
-- Serves: Settings → Audit log, newest first, by pages.
CREATE INDEX audit_log_by_time ON audit_log (workspace_id, at DESC, id DESC);
-- Serves: what happened to this contact or payment.
CREATE INDEX audit_log_by_subject ON audit_log (workspace_id, subject_id, at DESC) WHERE subject_id IS NOT NULL;

CREATE TABLE audit_seals (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  seq bigint NOT NULL CHECK (seq > 0),
  audit_id uuid NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (workspace_id, seq),
  FOREIGN KEY (workspace_id, audit_id) REFERENCES audit_log (workspace_id, id)
);
CREATE UNIQUE INDEX audit_seals_of ON audit_seals (workspace_id, audit_id);

-- Work to be done after a transaction, written in it. A relay hands rows to whoever is to be told (app/reactions.ts).
CREATE TABLE outbox (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  handed_at timestamptz,
  attempts int NOT NULL DEFAULT 0,               -- how often handing it over was begun
  try_after timestamptz,                         -- not before this: somebody has it in hand, or it failed a moment ago
  failure text,                                  -- what the last attempt said
  PRIMARY KEY (workspace_id, id)
);
-- Serves: the relay looking for what has not been handed over yet.
CREATE INDEX outbox_waiting ON outbox (workspace_id, created_at) WHERE handed_at IS NULL;
-- Serves: forgetting what was handed over long ago.
CREATE INDEX outbox_handed ON outbox (workspace_id, handed_at) WHERE handed_at IS NOT NULL;
