-- Invoices, quotes and credit notes; what they are written from (taxes, products, terms, series); allocations of money.

-- Taxes of the business. A rate that changes is a new row: issued documents keep the one they were issued with.
CREATE TABLE taxes (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  code text NOT NULL,                    -- short and stable: VAT20; what ledger lines of the tax are told apart by
  label text NOT NULL,
  rate bigint NOT NULL CHECK (rate BETWEEN 0 AND 1000000),   -- per cent with four decimals
  inclusive boolean NOT NULL DEFAULT false,
  category text NOT NULL CHECK (category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),   -- UNCL5305
  exemption_reason text,
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  archived_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX taxes_code ON taxes (workspace_id, code);

CREATE TABLE products (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  name text NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  description text NOT NULL DEFAULT '',
  sku text,
  unit text NOT NULL DEFAULT '',         -- hour, piece, kg: words; unit_code is what e-invoices say
  unit_code text NOT NULL DEFAULT 'C62', -- UN/ECE recommendation 20
  unit_price bigint NOT NULL CHECK (unit_price >= 0),   -- minor units with four more decimals
  currency char(3) NOT NULL REFERENCES currencies (code),
  tax_ids uuid[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  archived_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
-- Serves: the list by name and choosing one while typing.
CREATE INDEX products_by_name ON products (workspace_id, sort_name, id) WHERE archived_at IS NULL;

CREATE TABLE payment_terms (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  name text NOT NULL,
  terms jsonb NOT NULL,                  -- invoices/terms.ts
  late_fee_text text NOT NULL DEFAULT '',
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  archived_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX payment_terms_default ON payment_terms (workspace_id) WHERE is_default AND archived_at IS NULL;

-- How the business invoices: one row per workspace, made at the first use.
CREATE TABLE invoicing_settings (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  tax_rounding text NOT NULL DEFAULT 'document' CHECK (tax_rounding IN ('document', 'line')),
  weekend smallint[] NOT NULL DEFAULT '{6,7}',
  holidays date[] NOT NULL DEFAULT '{}',
  colour text NOT NULL DEFAULT '#1f2937',
  logo bytea,
  logo_type text,
  footer text NOT NULL DEFAULT '',
  payment_details jsonb NOT NULL DEFAULT '{}',   -- account holder, IBAN, BIC, bank: for transfers and the EPC code
  seller jsonb NOT NULL DEFAULT '{}',            -- address parts, electronic address, registration: for e-invoices
  e_mail_subject text NOT NULL DEFAULT '',
  e_mail_body text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id)
);

-- Default terms of a contact, where they are not the workspace's; consent to be charged on due dates.
CREATE TABLE contact_billing (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  terms_id uuid,
  auto_charge_method_id uuid,
  auto_charge_consent jsonb,             -- text version, channel, when, who
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, contact_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, terms_id) REFERENCES payment_terms (workspace_id, id),
  FOREIGN KEY (workspace_id, auto_charge_method_id) REFERENCES payment_methods (workspace_id, id)
);

CREATE TABLE number_series (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'quote')),
  name text NOT NULL,
  pattern text NOT NULL,                 -- INV-{YYYY}-{0000}
  restarts_yearly boolean NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  closed_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX number_series_default ON number_series (workspace_id, kind) WHERE is_default;

-- The next number of a series in a year. Its row lock is what keeps numbers without a gap: it is taken in the
-- transaction that issues, so that a number is given out only with its document.
CREATE TABLE number_series_years (
  workspace_id uuid NOT NULL,
  series_id uuid NOT NULL,
  year int NOT NULL,                     -- 0 where the series does not restart
  next_number bigint NOT NULL CHECK (next_number > 0),
  last_issued_on date,                   -- dates do not run backwards within a series
  PRIMARY KEY (workspace_id, series_id, year),
  FOREIGN KEY (workspace_id, series_id) REFERENCES number_series (workspace_id, id)
);

-- Invoices, credit notes and quotes. The document itself is `content` while it is a draft, and `snapshot` once issued:
-- everything that PDF and e-invoice show is in it, and it never changes again (guarded below).
CREATE TABLE invoices (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'quote')),
  contact_id uuid NOT NULL,
  currency char(3) NOT NULL REFERENCES currencies (code),
  content jsonb NOT NULL,                -- invoices/invoice-content.ts
  net_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  reference text,                        -- the customer's order number
  series_id uuid,
  number text,
  series_year int,
  series_number bigint,
  issued_on date,
  due_on date,                           -- the last one where there are instalments
  instalments jsonb,                     -- [{due_on, amount_minor}] as issued
  early_until date,
  early_discount_minor bigint NOT NULL DEFAULT 0,
  snapshot jsonb,
  issued_at timestamptz,
  issued_by text,
  -- What happened to it since, moved with the ledger entries that say it.
  credited_minor bigint NOT NULL DEFAULT 0 CHECK (credited_minor >= 0),
  paid_minor bigint NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
  discounted_minor bigint NOT NULL DEFAULT 0 CHECK (discounted_minor >= 0),   -- for early payment
  written_off_minor bigint NOT NULL DEFAULT 0 CHECK (written_off_minor >= 0),
  late_fee_minor bigint NOT NULL DEFAULT 0 CHECK (late_fee_minor >= 0),
  open_minor bigint GENERATED ALWAYS AS (
    CASE WHEN kind = 'invoice' AND issued_at IS NOT NULL AND voided_at IS NULL
      THEN total_minor + late_fee_minor - credited_minor - paid_minor - discounted_minor - written_off_minor ELSE 0 END) STORED,
  next_due_on date,                      -- earliest date not met; null when nothing is open
  settled_on date,                       -- the day nothing was open any more
  voided_at timestamptz,
  void_reason text,
  disputed_at timestamptz,
  dispute_words text,
  promised_on date,                      -- the customer said they would pay by then
  sent_at timestamptz,
  opened_at timestamptz,
  accepted_at timestamptz,               -- quotes
  accepted_by text,
  declined_at timestamptz,
  valid_until date,
  made_from_id uuid,                     -- the quote an invoice was made from, the invoice a credit note is about
  replaces_id uuid,
  recurring_id uuid,
  recurring_number int,
  source text NOT NULL CHECK (source IN ('manual', 'api', 'recurring', 'quote', 'import', 'sample')),
  external_ref text,
  import_id uuid,
  auto_charge boolean NOT NULL DEFAULT false,
  idempotency_key text,
  listed_on date NOT NULL,               -- where it stands in lists: the day it was made, then the day it was issued on
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, series_id) REFERENCES number_series (workspace_id, id),
  FOREIGN KEY (workspace_id, made_from_id) REFERENCES invoices (workspace_id, id),
  FOREIGN KEY (workspace_id, replaces_id) REFERENCES invoices (workspace_id, id),
  CHECK ((issued_at IS NULL) = (number IS NULL) AND (issued_at IS NULL) = (snapshot IS NULL)),
  CHECK (issued_at IS NOT NULL OR (paid_minor = 0 AND credited_minor = 0 AND written_off_minor = 0)),
  -- Never credited, discounted and written off beyond what was asked for; what is paid beyond it goes on account instead.
  CHECK (kind <> 'invoice' OR
    total_minor + late_fee_minor - credited_minor - paid_minor - discounted_minor - written_off_minor >= 0)
) WITH (fillfactor = 85);
-- No number twice, whatever the program does.
CREATE UNIQUE INDEX invoices_number ON invoices (workspace_id, series_id, series_year, series_number) WHERE series_number IS NOT NULL;
-- Serves: finding a document by its printed number (search, reconciliation).
CREATE INDEX invoices_by_number ON invoices (workspace_id, number) WHERE number IS NOT NULL;
-- A scheduled invoice is made once, however often the schedule is looked at.
CREATE UNIQUE INDEX invoices_recurring ON invoices (workspace_id, recurring_id, recurring_number) WHERE recurring_id IS NOT NULL;
CREATE UNIQUE INDEX invoices_external_ref ON invoices (workspace_id, external_ref) WHERE external_ref IS NOT NULL;
CREATE UNIQUE INDEX invoices_idempotency ON invoices (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Serve: Payments → Invoices, newest first; drafts; what is open by due date; what a contact has, and owes.
CREATE INDEX invoices_by_date ON invoices (workspace_id, kind, listed_on DESC, id DESC);
CREATE INDEX invoices_drafts ON invoices (workspace_id, kind, listed_on DESC, id DESC) WHERE issued_at IS NULL;
-- Serve: the rare statuses, whose pages would otherwise walk past nearly everything.
CREATE INDEX invoices_partly_paid ON invoices (workspace_id, next_due_on, id) WHERE open_minor > 0 AND paid_minor > 0;
CREATE INDEX invoices_disputed ON invoices (workspace_id, next_due_on, id) WHERE open_minor > 0 AND disputed_at IS NOT NULL;
CREATE INDEX invoices_void ON invoices (workspace_id, kind, listed_on DESC, id DESC) WHERE voided_at IS NOT NULL;
CREATE INDEX invoices_written_off ON invoices (workspace_id, kind, listed_on DESC, id DESC) WHERE written_off_minor > 0;
CREATE INDEX invoices_open ON invoices (workspace_id, next_due_on, id) INCLUDE (currency, open_minor, contact_id)
  WHERE open_minor > 0;
CREATE INDEX invoices_by_contact ON invoices (workspace_id, contact_id, listed_on DESC, id DESC);
CREATE INDEX invoices_open_by_contact ON invoices (workspace_id, contact_id, next_due_on) WHERE open_minor > 0;
-- Serves: credit notes of an invoice, invoices of a quote.
CREATE INDEX invoices_made_from ON invoices (workspace_id, made_from_id) WHERE made_from_id IS NOT NULL;

-- An issued document is what the customer got: nothing of it changes, whoever asks. Corrections are documents of their own.
CREATE FUNCTION guard_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.issued_at IS NOT NULL AND (
    (NEW.kind, NEW.contact_id, NEW.currency, NEW.net_minor, NEW.tax_minor, NEW.total_minor, NEW.series_id, NEW.number,
     NEW.series_year, NEW.series_number, NEW.issued_on, NEW.issued_at, NEW.early_until, NEW.early_discount_minor)
      IS DISTINCT FROM
    (OLD.kind, OLD.contact_id, OLD.currency, OLD.net_minor, OLD.tax_minor, OLD.total_minor, OLD.series_id, OLD.number,
     OLD.series_year, OLD.series_number, OLD.issued_on, OLD.issued_at, OLD.early_until, OLD.early_discount_minor)
    OR NEW.content::text <> OLD.content::text OR NEW.snapshot::text <> OLD.snapshot::text
    OR NEW.instalments::text IS DISTINCT FROM OLD.instalments::text) THEN
    RAISE EXCEPTION 'an issued document never changes (%)', OLD.number USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER invoices_issued_stay BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION guard_issued_invoice();

-- Files that go with a document.
CREATE TABLE invoice_attachments (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL,
  added_at timestamptz NOT NULL,
  added_by text NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id)
);
CREATE INDEX invoice_attachments_of ON invoice_attachments (workspace_id, invoice_id);

-- Whether a charge is a sale of its own, or money on the customer's account that invoices are paid from.
ALTER TABLE payments ADD COLUMN purpose text NOT NULL DEFAULT 'sale' CHECK (purpose IN ('sale', 'account'));
-- How much of it is allocated to invoices now.
ALTER TABLE payments ADD COLUMN allocated_minor bigint NOT NULL DEFAULT 0 CHECK (allocated_minor >= 0);
-- Money is spent once: allocated, refunded or being refunded.
ALTER TABLE payments ADD CONSTRAINT payments_spent_once
  CHECK (purpose = 'sale' OR allocated_minor + refunded_minor + refunding_minor <= amount_minor);
-- Serves: what a contact has on account.
CREATE INDEX payments_on_account ON payments (workspace_id, contact_id, occurred_at, id)
  WHERE purpose = 'account' AND status = 'settled' AND kind = 'charge'
    AND allocated_minor + refunded_minor + refunding_minor + disputed_minor < amount_minor;

-- What a payment that is on its way is meant for: what it pays when it settles, and why the invoice says “processing”.
CREATE TABLE intended_allocations (
  workspace_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (workspace_id, payment_id, invoice_id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id)
);
-- Serves: payments on their way for an invoice.
CREATE INDEX intended_allocations_of ON intended_allocations (workspace_id, invoice_id);

-- Money of a payment put to an invoice. Only ever added to: taking it back is a row of its own with the opposite sign.
CREATE TABLE allocations (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  currency char(3) NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),      -- negative where it takes an earlier one back
  discount_minor bigint NOT NULL DEFAULT 0,                    -- early-payment discount granted with it
  reverses_id uuid,
  why text NOT NULL DEFAULT '',                                -- settled, applied, refund, dispute, credit_note, staff
  allocated_on date NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id)
);
CREATE INDEX allocations_of_invoice ON allocations (workspace_id, invoice_id, created_at);
CREATE INDEX allocations_of_payment ON allocations (workspace_id, payment_id, created_at);
CREATE UNIQUE INDEX allocations_reversed_once ON allocations (workspace_id, reverses_id) WHERE reverses_id IS NOT NULL;

-- The document a ledger line is about (receivables of one invoice), and which tax of several it moves.
ALTER TABLE ledger_transfers ADD COLUMN document_id uuid;
ALTER TABLE ledger_transfers ADD COLUMN detail text;
-- Serves: what the ledger says of one invoice (verify, ageing as of a past day).
CREATE INDEX ledger_transfers_by_document ON ledger_transfers (workspace_id, document_id) WHERE document_id IS NOT NULL;

-- Recurring invoices. Prices that change from a date are revisions; pauses are part of the recurrence.
CREATE TABLE recurring_invoices (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  name text NOT NULL,
  currency char(3) NOT NULL REFERENCES currencies (code),
  recurrence jsonb NOT NULL,             -- invoices/recurrence.ts
  revisions jsonb NOT NULL,              -- [{from, content}] in order of date
  terms_id uuid,
  auto_issue boolean NOT NULL DEFAULT true,
  auto_send boolean NOT NULL DEFAULT true,
  auto_charge boolean NOT NULL DEFAULT false,
  last_number int NOT NULL DEFAULT 0,    -- occurrences up to this one are made or left out
  next_on date,                          -- null: there is none any more
  ended_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, terms_id) REFERENCES payment_terms (workspace_id, id)
);
-- Serves: what is due today, in order; the list of a contact.
CREATE INDEX recurring_invoices_due ON recurring_invoices (workspace_id, next_on, id) WHERE next_on IS NOT NULL;
CREATE INDEX recurring_invoices_by_contact ON recurring_invoices (workspace_id, contact_id, created_at DESC);

-- Usage that is billed with the next invoice of a schedule; told once by its own key.
CREATE TABLE usage_lines (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  recurring_id uuid NOT NULL,
  usage_key text NOT NULL,
  on_date date NOT NULL,
  line jsonb NOT NULL,
  invoice_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, recurring_id) REFERENCES recurring_invoices (workspace_id, id),
  FOREIGN KEY (workspace_id, invoice_id) REFERENCES invoices (workspace_id, id)
);
CREATE UNIQUE INDEX usage_lines_key ON usage_lines (workspace_id, recurring_id, usage_key);
CREATE INDEX usage_lines_waiting ON usage_lines (workspace_id, recurring_id, on_date) WHERE invoice_id IS NULL;

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['taxes', 'products', 'payment_terms', 'invoicing_settings', 'contact_billing', 'number_series',
    'number_series_years', 'invoices', 'invoice_attachments', 'intended_allocations', 'allocations', 'recurring_invoices', 'usage_lines']
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
REVOKE UPDATE, DELETE ON allocations FROM counterfoil_app;
REVOKE DELETE ON number_series_years, recurring_invoices FROM counterfoil_app;
CREATE POLICY across ON recurring_invoices FOR SELECT TO counterfoil_lookout USING (next_on IS NOT NULL);
GRANT SELECT ON recurring_invoices TO counterfoil_lookout;
