-- Methods that stay at the gateway; only what a person needs to tell them apart is kept here.
CREATE TABLE payment_methods (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  gateway text NOT NULL,
  gateway_customer_ref text NOT NULL,
  gateway_method_ref text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('card', 'bank_debit')),
  brand text NOT NULL,
  last4 text NOT NULL CHECK (length(last4) <= 4),
  exp_month smallint CHECK (exp_month BETWEEN 1 AND 12),
  exp_year smallint,
  fingerprint text NOT NULL,
  label text,
  is_default boolean NOT NULL DEFAULT false,
  blocked_reason text,                   -- a hard decline: this card is not charged again until it is replaced
  consent_text_version text NOT NULL,
  consent_channel text NOT NULL CHECK (consent_channel IN ('web', 'phone', 'paper')),
  consent_at timestamptz NOT NULL,
  consent_ip text,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL,
  removed_at timestamptz,
  removed_by text,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: the cards of a contact.
CREATE INDEX payment_methods_by_contact ON payment_methods (workspace_id, contact_id, added_at);
CREATE UNIQUE INDEX payment_methods_default ON payment_methods (workspace_id, contact_id) WHERE is_default AND removed_at IS NULL;
CREATE UNIQUE INDEX payment_methods_ref ON payment_methods (workspace_id, gateway, gateway_method_ref);
-- Serves: smart list "card expiring".
CREATE INDEX payment_methods_by_expiry ON payment_methods (workspace_id, exp_year, exp_month, contact_id) WHERE removed_at IS NULL;

-- Forms opened at the gateway to add a card; the form's end is told by the gateway.
CREATE TABLE card_forms (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  gateway text NOT NULL,
  gateway_form_ref text NOT NULL,
  consent_channel text NOT NULL CHECK (consent_channel IN ('web', 'phone', 'paper')),
  label text,
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  payment_method_id uuid,
  refused_reason text,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
CREATE UNIQUE INDEX card_forms_ref ON card_forms (workspace_id, gateway, gateway_form_ref);

-- All money movements: charges (offline money too), refunds, disputes. The row is the attempt of payments/attempt.ts.
CREATE TABLE payments (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('charge', 'refund', 'dispute')),
  parent_id uuid,                        -- the charge that a refund or dispute belongs to
  contact_id uuid NOT NULL,
  payment_method_id uuid,
  gateway text NOT NULL,
  method_kind text NOT NULL CHECK (method_kind IN ('card', 'bank_debit', 'cash', 'cheque', 'bank_transfer', 'other')),
  method_label text NOT NULL,            -- as it was then: "Visa ·· 4242"
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL REFERENCES currencies (code),
  tax_minor bigint NOT NULL DEFAULT 0 CHECK (tax_minor >= 0 AND tax_minor <= amount_minor),
  fee_minor bigint NOT NULL DEFAULT 0,
  status text NOT NULL,
  description text NOT NULL DEFAULT '',
  reference text,                        -- cheque number, bank reference
  reason text,                           -- of a refund or dispute
  source text NOT NULL CHECK (source IN ('charge_now', 'api', 'offline', 'import', 'gateway', 'sample')),
  import_id uuid,
  external_ref text,
  idempotency_key text,
  input_hash text,
  retry_of_id uuid,                      -- the failed charge that this one tries again
  gateway_ref text,
  decline_code text,
  decline_class text,
  customer_link text,                    -- where the customer authenticates
  needs_action boolean NOT NULL DEFAULT false,
  refunded_minor bigint NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  refunding_minor bigint NOT NULL DEFAULT 0 CHECK (refunding_minor >= 0),
  disputed_minor bigint NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0),
  occurred_at timestamptz NOT NULL,      -- when it happened for the business: created, received, or the imported moment
  day date NOT NULL,                     -- the same as a calendar day in the business's zone
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  settled_at timestamptz,
  resolve_after timestamptz,             -- when to ask the gateway (again)
  resolve_count int NOT NULL DEFAULT 0,
  transition_count int NOT NULL,         -- how many rows of payment_transitions it has; also its version
  undone_at timestamptz,                 -- its import was undone
  created_by_kind text NOT NULL,
  created_by_id text,
  created_by_name text NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_method_id) REFERENCES payment_methods (workspace_id, id),
  FOREIGN KEY (workspace_id, parent_id) REFERENCES payments (workspace_id, id),
  CHECK (kind <> 'charge' OR parent_id IS NULL),
  -- A credit in an imported sales file names no charge; everything else that goes back belongs to one.
  CHECK (kind = 'charge' OR parent_id IS NOT NULL OR (kind = 'refund' AND source = 'import')),
  -- Never more back than came in, whoever asks at the same time. Disputed money can have been refunded before.
  CHECK (refunded_minor + refunding_minor <= amount_minor)
);
-- One confirmation is one charge.
CREATE UNIQUE INDEX payments_idempotency ON payments (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- One movement at the gateway is one row here.
CREATE UNIQUE INDEX payments_gateway_ref ON payments (workspace_id, gateway, gateway_ref) WHERE gateway_ref IS NOT NULL;
-- The same file imported twice doubles nothing.
CREATE UNIQUE INDEX payments_external_ref ON payments (workspace_id, external_ref) WHERE external_ref IS NOT NULL AND undone_at IS NULL;
-- Serve: Transactions newest first, alone and by each filter.
CREATE INDEX payments_by_time ON payments (workspace_id, occurred_at DESC, id DESC);
CREATE INDEX payments_by_status ON payments (workspace_id, status, occurred_at DESC, id DESC);
CREATE INDEX payments_by_method_kind ON payments (workspace_id, method_kind, occurred_at DESC, id DESC);
CREATE INDEX payments_by_gateway ON payments (workspace_id, gateway, occurred_at DESC, id DESC);
CREATE INDEX payments_by_source ON payments (workspace_id, source, occurred_at DESC, id DESC);
CREATE INDEX payments_by_currency ON payments (workspace_id, currency, occurred_at DESC, id DESC);
-- The rare kinds only: nearly every row is a charge, so a page of those is full at once along payments_by_time.
CREATE INDEX payments_going_back ON payments (workspace_id, kind, occurred_at DESC, id DESC) WHERE kind <> 'charge';
CREATE INDEX payments_needing_action_by_time ON payments (workspace_id, occurred_at DESC, id DESC) WHERE needs_action;
-- Also serves the totals of a range of amounts, which the totals per day do not know: with what is summed in the index
-- itself, a fifth of a million payments is added up without reading one of their rows.
CREATE INDEX payments_by_amount ON payments (workspace_id, amount_minor, occurred_at DESC, id DESC)
  INCLUDE (currency, kind, status);
-- Serves: payments of a contact; the question whether the same amount was charged a moment ago.
CREATE INDEX payments_by_contact ON payments (workspace_id, contact_id, occurred_at DESC, id DESC);
-- Serves: refunds and disputes of a charge.
CREATE INDEX payments_by_parent ON payments (workspace_id, parent_id) WHERE parent_id IS NOT NULL;
-- Serves: what needs somebody (Home, the contact's page, the smart list "failed charge").
CREATE INDEX payments_needing_action ON payments (workspace_id, contact_id, occurred_at DESC) WHERE needs_action;
-- Serves: the resolver, which owns every attempt whose outcome is not known and asks now and then about what is open.
CREATE INDEX payments_unresolved ON payments (workspace_id, resolve_after)
  WHERE status IN ('sent', 'unknown', 'pending', 'needs_customer');
-- Serves: undo of an import.
CREATE INDEX payments_by_import ON payments (workspace_id, import_id, id) WHERE import_id IS NOT NULL;

CREATE TABLE payment_transitions (
  workspace_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  seq int NOT NULL,
  from_status text,
  to_status text NOT NULL,
  at timestamptz NOT NULL,
  by_kind text NOT NULL,                 -- member, api_key, gateway, system
  by_name text NOT NULL,
  via text NOT NULL,                     -- request, reply, event, lookup, staff, import
  why text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, payment_id, seq),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id)
);

-- Totals per currency of the Transactions filter without reading ten million rows. One bucket is several rows (slots):
-- each server process adds to its own, so that no two wait for one row.
CREATE TABLE payment_day_totals (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  day date NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  currency char(3) NOT NULL,
  method_kind text NOT NULL,
  gateway text NOT NULL,
  source text NOT NULL,
  slot smallint NOT NULL,
  count bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot)
)
-- Rows of today are updated all the time: room beside them keeps the new versions on their page (no new index entries).
WITH (fillfactor = 40);

CREATE TABLE receipts (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  number text NOT NULL,
  issued_at timestamptz NOT NULL,
  snapshot jsonb NOT NULL,               -- names, amounts and words as they were; the document is made from this alone
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id)
);
CREATE UNIQUE INDEX receipts_of_payment ON receipts (workspace_id, payment_id);

-- What gateways told us, as it came; processed once by its own id.
CREATE TABLE gateway_events (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  gateway text NOT NULL,
  event_ref text NOT NULL,
  type text NOT NULL,
  object_ref text,
  payment_id uuid,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  processed_at timestamptz,
  result text,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX gateway_events_ref ON gateway_events (workspace_id, gateway, event_ref);
-- Serves: the events on View Transaction.
CREATE INDEX gateway_events_of_payment ON gateway_events (workspace_id, payment_id, received_at) WHERE payment_id IS NOT NULL;
-- Serves: processing what a stop left unprocessed.
CREATE INDEX gateway_events_waiting ON gateway_events (workspace_id, received_at) WHERE processed_at IS NULL;

-- The sandbox gateway's own side: what a real gateway would keep on its machines. Nothing but gateways/scripted reads it.
CREATE TABLE scripted_methods (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  ref text NOT NULL,
  customer_ref text NOT NULL,
  test_method text NOT NULL,             -- the named test method, whose outcome is fixed
  created_at timestamptz NOT NULL,
  detached_at timestamptz,
  PRIMARY KEY (workspace_id, ref)
);
CREATE TABLE scripted_forms (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  ref text NOT NULL,
  secret_hash text NOT NULL,
  customer_ref text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'completed', 'refused', 'expired')),
  method_ref text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, ref)
);
CREATE TABLE scripted_movements (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  idempotency_key text NOT NULL,         -- our attempt id: the same key is the same movement
  ref text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('charge', 'refund', 'dispute')),
  parent_ref text,
  method_ref text,
  amount_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  status text NOT NULL,
  code text,
  fee_minor bigint NOT NULL DEFAULT 0,
  input_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  next_status text,                      -- what it turns into by itself
  next_at timestamptz,
  PRIMARY KEY (workspace_id, idempotency_key)
);
CREATE UNIQUE INDEX scripted_movements_ref ON scripted_movements (workspace_id, ref);
-- Serves: moving on what is due when time passes.
CREATE INDEX scripted_movements_due ON scripted_movements (workspace_id, next_at) WHERE next_at IS NOT NULL;
-- Scripted faults for the next calls (reply lost, late, doubled …), driven by API and by tests.
CREATE TABLE scripted_faults (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  operation text NOT NULL,
  fault text NOT NULL,
  remaining int NOT NULL CHECK (remaining >= 0),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
