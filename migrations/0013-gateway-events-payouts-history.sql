-- Messages of gateways: kept byte for byte as they came, taken by many at once, found by a sweep where they went missing.
-- A text column holds what jsonb would reorder, and what is no JSON at all.
ALTER TABLE gateway_events ALTER COLUMN body TYPE text USING body::text;
ALTER TABLE gateway_events ADD COLUMN created_at timestamptz;       -- when the gateway says it happened
ALTER TABLE gateway_events ADD COLUMN delay_ms bigint;              -- how long after that it came to us
ALTER TABLE gateway_events ADD COLUMN found_by text NOT NULL DEFAULT 'message' CHECK (found_by IN ('message', 'sweep', 'reminder'));
ALTER TABLE gateway_events ADD COLUMN attempts int NOT NULL DEFAULT 0;
ALTER TABLE gateway_events ADD COLUMN try_after timestamptz;        -- not before this: somebody has it in hand, or the gateway was silent
-- Serves: the last message of a gateway, and how many a sweep has found lately.
CREATE INDEX gateway_events_by_gateway ON gateway_events (workspace_id, gateway, received_at DESC);

-- Messages that changed nothing, by day and reason: not signed as agreed or too old, unreadable, told before.
CREATE TABLE gateway_event_refusals (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  gateway text NOT NULL,
  day date NOT NULL,
  reason text NOT NULL CHECK (reason IN ('not_believed', 'unreadable', 'repeated')),
  count bigint NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, gateway, day, reason)
);

-- How far the list of a gateway's messages has been gone through.
CREATE TABLE gateway_sweeps (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  gateway text NOT NULL,
  since timestamptz NOT NULL,            -- everything that happened before is known
  page_cursor text,                      -- a sweep under way continues here
  began_at timestamptz,
  swept_at timestamptz,                  -- when the last one came to the end
  claimed_until timestamptz,             -- another server has it in hand
  found_count bigint NOT NULL DEFAULT 0, -- messages that only a sweep has found
  last_found_at timestamptz,
  failure text,
  PRIMARY KEY (workspace_id, gateway)
);

-- What a gateway reported of settled money beside its amount; minor units of the settlement currency.
CREATE TABLE payment_settlements (
  workspace_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  balance_ref text,
  settlement_currency char(3) NOT NULL REFERENCES currencies (code),
  gross_minor bigint NOT NULL,
  fee_minor bigint NOT NULL,
  net_minor bigint NOT NULL,
  exchange_rate text,                    -- settlement currency per unit of the payment's, as the gateway wrote it
  payout_ref text,
  available_at timestamptz,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, payment_id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id)
);
-- Serves: the payments of a payout, and tying them to it by the gateway's own ledger lines.
CREATE INDEX payment_settlements_by_payout ON payment_settlements (workspace_id, payout_ref) WHERE payout_ref IS NOT NULL;
CREATE INDEX payment_settlements_by_balance ON payment_settlements (workspace_id, balance_ref) WHERE balance_ref IS NOT NULL;

-- Money that gateways sent to the bank (or drew from it, when negative).
CREATE TABLE gateway_payouts (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  gateway text NOT NULL,
  payout_ref text NOT NULL,
  amount_minor bigint NOT NULL,
  currency char(3) NOT NULL REFERENCES currencies (code),
  status text NOT NULL CHECK (status IN ('pending', 'in_transit', 'paid', 'failed', 'canceled')),
  arrives_on date,
  itemised boolean,
  booked boolean NOT NULL DEFAULT false, -- whether it is money in the ledger now
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX gateway_payouts_ref ON gateway_payouts (workspace_id, gateway, payout_ref);
-- Serves: payouts newest first.
CREATE INDEX gateway_payouts_by_time ON gateway_payouts (workspace_id, created_at DESC, id DESC);

-- Who a gateway's customer is here.
CREATE TABLE gateway_customers (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  gateway text NOT NULL,
  customer_ref text NOT NULL,
  contact_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, gateway, customer_ref),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);

-- Bringing over what an account had before it was connected: one at a time, resumed where it stopped.
CREATE TABLE gateway_imports (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  gateway text NOT NULL,
  account_ref text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'canceled')),
  step text NOT NULL,
  page_cursor text,                      -- of the step; moved in the transaction that writes the page's rows
  counts jsonb NOT NULL DEFAULT '{}',    -- step → seen, written, already there, left out
  tie_out jsonb,                         -- per kind and currency: the gateway's own ledger and the book
  failure text,
  claimed_until timestamptz,             -- another server has it in hand
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX gateway_imports_running ON gateway_imports (workspace_id, gateway) WHERE status = 'running';
CREATE INDEX gateway_imports_by_time ON gateway_imports (workspace_id, started_at DESC, id DESC);

-- Each line of a gateway's own ledger, as an import read it: what the book is tied out against.
CREATE TABLE gateway_balance_lines (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  gateway text NOT NULL,
  balance_ref text NOT NULL,
  kind text NOT NULL,
  category text NOT NULL,
  source_ref text,
  amount_minor bigint NOT NULL,
  fee_minor bigint NOT NULL,
  net_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, gateway, balance_ref)
);

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['gateway_event_refusals', 'gateway_sweeps', 'payment_settlements', 'gateway_payouts',
    'gateway_customers', 'gateway_imports', 'gateway_balance_lines']
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
REVOKE DELETE ON payment_settlements, gateway_payouts, gateway_imports, gateway_balance_lines FROM counterfoil_app;
CREATE POLICY across ON gateway_imports FOR SELECT TO counterfoil_lookout USING (status = 'running');
GRANT SELECT (workspace_id, id, status, claimed_until) ON gateway_imports TO counterfoil_lookout;
