-- A card that failed lately: counted against what its network allows, and not tried again before its bank may say yes.
ALTER TABLE payment_methods ADD COLUMN failed_at timestamptz;        -- the last failed try of this card, here or under another contact
ALTER TABLE payment_methods ADD COLUMN retry_after timestamptz;      -- before this a try is early; empty when any time is right
ALTER TABLE payment_methods ADD COLUMN checked_at timestamptz;       -- when the gateway was last asked what networks changed
-- Serves: the other places where the same card is saved.
CREATE INDEX payment_methods_by_fingerprint ON payment_methods (workspace_id, fingerprint);
-- Serves: counting a card's failed tries, asked only of cards that failed lately.
CREATE INDEX payments_failed_by_method ON payments (workspace_id, payment_method_id, occurred_at)
  WHERE status = 'declined' AND kind = 'charge';

-- The customer's own confirmation by a link is a source of its own.
ALTER TABLE payments DROP CONSTRAINT payments_source_check;
ALTER TABLE payments ADD CONSTRAINT payments_source_check
  CHECK (source IN ('charge_now', 'api', 'offline', 'import', 'gateway', 'sample', 'card_link'));

-- What a dispute asks of people, beside the movement of money that it is in `payments`.
CREATE TABLE dispute_tasks (
  workspace_id uuid NOT NULL,
  payment_id uuid NOT NULL,              -- the dispute
  evidence_due_at timestamptz,
  evidence_sent_at timestamptz,
  evidence_sent_by text,
  evidence_note text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, payment_id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id)
);

-- A network's early word that the holder calls a charge a fraud: refunded in time, no dispute follows.
CREATE TABLE fraud_warnings (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  gateway text NOT NULL,
  warning_ref text NOT NULL,
  payment_id uuid NOT NULL,              -- the charge
  warned_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id)
);
CREATE UNIQUE INDEX fraud_warnings_ref ON fraud_warnings (workspace_id, gateway, warning_ref);
-- Serves: the warnings of the charges that are shown.
CREATE INDEX fraud_warnings_of_payment ON fraud_warnings (workspace_id, payment_id);

-- Each warning of an expiry is given once, whatever stops and starts meanwhile; a new expiry date is a new card.
CREATE TABLE card_expiry_warnings (
  workspace_id uuid NOT NULL,
  payment_method_id uuid NOT NULL,
  exp_year smallint NOT NULL,
  exp_month smallint NOT NULL,
  days_ahead smallint NOT NULL,
  warned_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, payment_method_id, exp_year, exp_month, days_ahead),
  FOREIGN KEY (workspace_id, payment_method_id) REFERENCES payment_methods (workspace_id, id)
);

-- The day until which a workspace's cards have been looked after: one server takes a day, the others pass over it.
CREATE TABLE card_upkeep (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  looked_after_on date NOT NULL,
  PRIMARY KEY (workspace_id)
);

-- The sandbox gateway's warnings stand among its movements.
ALTER TABLE scripted_movements DROP CONSTRAINT scripted_movements_kind_check;
ALTER TABLE scripted_movements ADD CONSTRAINT scripted_movements_kind_check
  CHECK (kind IN ('charge', 'refund', 'dispute', 'fraud_warning'));

DO $$
DECLARE
  tenant text;
BEGIN
  FOREACH tenant IN ARRAY ARRAY['dispute_tasks', 'fraud_warnings', 'card_expiry_warnings', 'card_upkeep'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format(
      'CREATE POLICY own_workspace ON %I USING (workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)',
      tenant);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO counterfoil_app', tenant);
  END LOOP;
END
$$;

-- As before (0006), and what customers pay by a link is a charge of the last minutes too.
CREATE OR REPLACE FUNCTION payments_charge_facts(this_workspace uuid, contact_ids uuid[], method_ids uuid[], keys text[], since timestamptz)
RETURNS jsonb LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  methods jsonb;
  known bigint;
  recent jsonb;
  group_ids uuid[];
  group_roots uuid[];
BEGIN
  SELECT jsonb_agg(to_jsonb(m)) INTO methods FROM payment_methods m
  WHERE m.workspace_id = this_workspace AND m.id = ANY(method_ids);
  SELECT count(*) INTO known FROM payments p
  WHERE p.workspace_id = this_workspace AND p.idempotency_key = ANY(keys);
  SELECT contact_ids || coalesce(array_agg(c.id), '{}'), contact_ids || coalesce(array_agg(c.root_id), '{}')
  INTO group_ids, group_roots FROM contacts c
  WHERE c.workspace_id = this_workspace AND c.root_id = ANY(contact_ids) AND c.root_id <> c.id;
  SELECT jsonb_agg(jsonb_build_object('id', p.id, 'root_id', g.root_id, 'amount_minor', p.amount_minor,
    'currency', p.currency, 'created_at', p.created_at, 'status', p.status)) INTO recent
  FROM payments p JOIN unnest(group_ids, group_roots) AS g (id, root_id) ON g.id = p.contact_id
  WHERE p.workspace_id = this_workspace AND p.contact_id = ANY(group_ids) AND p.occurred_at >= since
    AND p.kind = 'charge' AND p.source || '' IN ('charge_now', 'api', 'card_link')
    AND p.status || '' IN ('sent', 'unknown', 'settled', 'pending', 'needs_customer');
  RETURN jsonb_build_object('methods', coalesce(methods, '[]'), 'known', known, 'recent', coalesce(recent, '[]'));
END
$$;
