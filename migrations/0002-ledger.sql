-- The one truth for money: append-only, double entry by construction (a line is a transfer from one account to another).

CREATE TABLE ledger_entries (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  booking text NOT NULL,                 -- which function of bookings.ts made it, e.g. charge_settled
  source_id uuid NOT NULL,               -- the payment (later: invoice, payout) it records
  event text NOT NULL,                   -- what happened to the source; one entry per source and event
  contact_id uuid,                       -- whose money it is
  currency char(3) NOT NULL REFERENCES currencies (code),
  effective_on date NOT NULL,            -- calendar day in the business's zone
  effective_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  reverses_id uuid,
  PRIMARY KEY (workspace_id, id)
);
-- Nothing is booked twice. Also serves: the ledger lines of one transaction.
CREATE UNIQUE INDEX ledger_entries_source ON ledger_entries (workspace_id, source_id, event);
-- An entry is reversed at most once.
CREATE UNIQUE INDEX ledger_entries_reverses ON ledger_entries (workspace_id, reverses_id) WHERE reverses_id IS NOT NULL;

CREATE TABLE ledger_transfers (
  workspace_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  line smallint NOT NULL,
  debit_account text NOT NULL,
  credit_account text NOT NULL,
  contact_id uuid,
  currency char(3) NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (workspace_id, entry_id, line),
  FOREIGN KEY (workspace_id, entry_id) REFERENCES ledger_entries (workspace_id, id),
  CHECK (debit_account <> credit_account)
);
-- Serves: re-adding one contact's transfers (unmerge, verify).
CREATE INDEX ledger_transfers_by_contact ON ledger_transfers (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- The ledger's own balances per contact and currency, moved in the transaction of the entry. Each column is the sum of
-- the transfers that ledger/accounts.ts classes under that name; what a customer is worth is a pure function of the row.
CREATE TABLE ledger_contact_sums (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  contact_id uuid NOT NULL,              -- the surviving contact where contacts were merged
  currency char(3) NOT NULL REFERENCES currencies (code),
  received_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0,
  dispute_lost_minor bigint NOT NULL DEFAULT 0,
  fee_minor bigint NOT NULL DEFAULT 0,
  tax_minor bigint NOT NULL DEFAULT 0,
  payment_count bigint NOT NULL DEFAULT 0,   -- receipts less those reversed
  ltv_minor bigint GENERATED ALWAYS AS (received_minor - refunded_minor - dispute_lost_minor) STORED,
  PRIMARY KEY (workspace_id, contact_id, currency)
);
-- Serves: contacts ordered by LTV, smart lists by LTV band, top customers.
CREATE INDEX ledger_contact_sums_by_ltv ON ledger_contact_sums (workspace_id, currency, ltv_minor DESC, contact_id);
