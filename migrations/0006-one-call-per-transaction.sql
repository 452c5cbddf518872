-- A charge's two transactions each write with one call: what was decided stands in the program, what is written stands
-- here. A call takes the workspace first and is sent as a bare SELECT, so that a distributed database can hand it whole
-- to the one machine that holds the workspace. Each statement in it names the workspace as any other does
-- (tests/statements reads these as well).
--
-- The settings at each function keep its plans: they are made once per connection, perhaps while a table is still empty,
-- and must be right for ever. Every row here is reached by a key, so that no other way may be taken; and rows that are
-- joined to what was handed over are named by their keys as well, because a join may begin at either side.

-- What a POST that moves money was first answered, byte for byte, for whoever sends it again. Written with the outcome
-- that it tells of. Payments are never deleted, so that no key has to watch over the reference.
CREATE TABLE idempotency_answers (
  workspace_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  status smallint NOT NULL,              -- of HTTP
  body text NOT NULL,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, payment_id)
);
-- Serves: forgetting answers after thirty days.
CREATE INDEX idempotency_answers_by_time ON idempotency_answers (workspace_id, answered_at);
ALTER TABLE idempotency_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON idempotency_answers
  USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON idempotency_answers TO counterfoil_app;

-- What a group of charges is decided on. The caller holds the contacts. Methods as they are; how many of the keys are
-- taken; charges of these contacts, and of those merged into them, since a moment, that took money or may still take it.
-- The empty text beside status and source keeps their indexes from being taken for this.
CREATE FUNCTION payments_charge_facts(this_workspace uuid, contact_ids uuid[], method_ids uuid[], keys text[], since timestamptz)
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
    AND p.kind = 'charge' AND p.source || '' IN ('charge_now', 'api')
    AND p.status || '' IN ('sent', 'unknown', 'settled', 'pending', 'needs_customer');
  RETURN jsonb_build_object('methods', coalesce(methods, '[]'), 'known', known, 'recent', coalesce(recent, '[]'));
END
$$;

-- Adds attempts to charge, as sent, and who confirmed each. One whose key is taken is left out, without a trace; returns
-- the ids that were added.
CREATE FUNCTION payments_send_charges(this_workspace uuid, attempts jsonb, audits jsonb)
RETURNS uuid[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  added uuid[];
  added_count bigint;
BEGIN
  SELECT array_agg(a.id) INTO added FROM jsonb_to_recordset(attempts) AS a (id uuid);
  INSERT INTO payments (workspace_id, id, kind, contact_id, payment_method_id, gateway, method_kind, method_label,
    amount_minor, currency, tax_minor, status, description, source, idempotency_key, input_hash, retry_of_id, occurred_at,
    day, created_at, sent_at, resolve_after, transition_count, created_by_kind, created_by_id, created_by_name)
  SELECT this_workspace, a.id, 'charge', a.contact_id, a.payment_method_id, a.gateway, a.method_kind, a.method_label,
    a.amount_minor, a.currency, a.tax_minor, 'sent', a.description, a.source, a.idempotency_key, a.input_hash,
    a.retry_of_id, a.created_at, a.day, a.created_at, a.created_at, a.resolve_after, 1, a.created_by_kind,
    a.created_by_id, a.created_by_name
  FROM jsonb_to_recordset(attempts) AS a (id uuid, contact_id uuid, payment_method_id uuid, gateway text, method_kind text,
    method_label text, amount_minor bigint, currency text, tax_minor bigint, description text, source text,
    idempotency_key text, input_hash text, retry_of_id uuid, created_at timestamptz, day date, resolve_after timestamptz,
    created_by_kind text, created_by_id text, created_by_name text)
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added_count = ROW_COUNT;
  IF added_count < cardinality(added) THEN
    SELECT coalesce(array_agg(p.id), '{}') INTO added FROM payments p
    WHERE p.workspace_id = this_workspace AND p.id = ANY(added);
  END IF;
  INSERT INTO audit_log (workspace_id, id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, details, ip)
  SELECT this_workspace, t.id, t.at, t.actor_kind, t.actor_id, t.actor_name, t.action, t.subject_kind, t.subject_id,
    t.details, t.ip
  FROM jsonb_to_recordset(audits) AS t (id uuid, at timestamptz, actor_kind text, actor_id text, actor_name text,
    action text, subject_kind text, subject_id uuid, details jsonb, ip text)
  WHERE t.subject_id = ANY(added);
  RETURN added;
END
$$;

-- Adds entries with their transfers and moves the kept sums, which come sorted by contact and currency.
CREATE FUNCTION ledger_post(this_workspace uuid, entries jsonb, transfers jsonb, sums jsonb)
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency, effective_on, effective_at,
    recorded_at)
  SELECT this_workspace, e.id, e.booking, e.source_id, e.event, e.contact_id, e.currency, e.effective_on, e.effective_at,
    e.recorded_at
  FROM jsonb_to_recordset(entries) AS e (id uuid, booking text, source_id uuid, event text, contact_id uuid, currency text,
    effective_on date, effective_at timestamptz, recorded_at timestamptz);
  INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
  SELECT this_workspace, t.entry_id, t.line, t.debit_account, t.credit_account, t.contact_id, t.currency, t.amount_minor
  FROM jsonb_to_recordset(transfers) AS t (entry_id uuid, line smallint, debit_account text, credit_account text,
    contact_id uuid, currency text, amount_minor bigint);
  INSERT INTO ledger_contact_sums AS kept (workspace_id, contact_id, currency, received_minor, refunded_minor,
    dispute_lost_minor, fee_minor, tax_minor, payment_count)
  SELECT this_workspace, s.contact_id, s.currency, s.received_minor, s.refunded_minor, s.dispute_lost_minor, s.fee_minor,
    s.tax_minor, s.payment_count
  FROM jsonb_to_recordset(sums) AS s (contact_id uuid, currency text, received_minor bigint, refunded_minor bigint,
    dispute_lost_minor bigint, fee_minor bigint, tax_minor bigint, payment_count bigint)
  ON CONFLICT (workspace_id, contact_id, currency) DO UPDATE SET
    received_minor = kept.received_minor + excluded.received_minor,
    refunded_minor = kept.refunded_minor + excluded.refunded_minor,
    dispute_lost_minor = kept.dispute_lost_minor + excluded.dispute_lost_minor,
    fee_minor = kept.fee_minor + excluded.fee_minor,
    tax_minor = kept.tax_minor + excluded.tax_minor,
    payment_count = kept.payment_count + excluded.payment_count;
END
$$;

-- Writes everything that a group of outcomes changes. Each payment says which status and version it had when its outcome
-- was decided, and each payer under whom and in which version; when any of it is no longer so, nothing is written and
-- the error CF001 says so: the caller looks again under locks. Payments come in id order, totals in key order.
CREATE FUNCTION payments_record(this_workspace uuid, this_slot smallint, payment_ids uuid[], payer_ids uuid[], changes jsonb)
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  found_count bigint;
BEGIN
  UPDATE payments p SET status = c.status, gateway_ref = c.gateway_ref, fee_minor = c.fee_minor,
    decline_code = c.decline_code, decline_class = c.decline_class, customer_link = c.customer_link,
    needs_action = c.needs_action, refunded_minor = c.refunded_minor, refunding_minor = c.refunding_minor,
    disputed_minor = c.disputed_minor, settled_at = c.settled_at, resolve_after = c.resolve_after,
    resolve_count = c.resolve_count, transition_count = c.transition_count
  FROM jsonb_to_recordset(changes -> 'payments') AS c (id uuid, was_status text, was_count int, status text, gateway_ref text,
    fee_minor bigint, decline_code text, decline_class text, customer_link text, needs_action boolean, refunded_minor bigint,
    refunding_minor bigint, disputed_minor bigint, settled_at timestamptz, resolve_after timestamptz, resolve_count int,
    transition_count int)
  WHERE p.workspace_id = this_workspace AND p.id = ANY(payment_ids) AND p.id = c.id AND p.status || '' = c.was_status
    AND p.transition_count = c.was_count;
  GET DIAGNOSTICS found_count = ROW_COUNT;
  IF found_count < cardinality(payment_ids) THEN
    RAISE EXCEPTION 'a payment is no longer what its outcome was decided on' USING ERRCODE = 'CF001';
  END IF;
  IF cardinality(payer_ids) > 0 THEN
    -- Held against merging and parting until COMMIT.
    PERFORM 1 FROM contacts c JOIN jsonb_to_recordset(changes -> 'payers') AS k (id uuid, root_id uuid, version int) ON k.id = c.id
    WHERE c.workspace_id = this_workspace AND c.id = ANY(payer_ids) AND c.root_id = k.root_id AND c.version = k.version
    ORDER BY c.id FOR KEY SHARE OF c;
    GET DIAGNOSTICS found_count = ROW_COUNT;
    IF found_count < cardinality(payer_ids) THEN
      RAISE EXCEPTION 'a payer is no longer who they were' USING ERRCODE = 'CF001';
    END IF;
  END IF;
  INSERT INTO payment_transitions (workspace_id, payment_id, seq, from_status, to_status, at, by_kind, by_name, via, why)
  SELECT this_workspace, t.payment_id, t.seq, t.from_status, t.to_status, t.at, t.by_kind, t.by_name, t.via, t.why
  FROM jsonb_to_recordset(changes -> 'transitions') AS t (payment_id uuid, seq int, from_status text, to_status text,
    at timestamptz, by_kind text, by_name text, via text, why text);
  IF changes ? 'entries' THEN
    PERFORM ledger_post(this_workspace, changes -> 'entries', changes -> 'transfers', changes -> 'sums');
  END IF;
  INSERT INTO payment_day_totals AS kept (workspace_id, slot, day, kind, status, currency, method_kind, gateway, source,
    count, amount_minor)
  SELECT this_workspace, this_slot, d.day, d.kind, d.status, d.currency, d.method_kind, d.gateway, d.source, d.count, d.amount_minor
  FROM jsonb_to_recordset(changes -> 'totals') AS d (day date, kind text, status text, currency text, method_kind text,
    gateway text, source text, count bigint, amount_minor bigint)
  ON CONFLICT (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot) DO UPDATE SET
    count = kept.count + excluded.count, amount_minor = kept.amount_minor + excluded.amount_minor;
  IF changes ? 'receipts' THEN
    -- A receipt is written once per payment; a payment that settles again after a correction keeps its first one.
    INSERT INTO receipts (workspace_id, id, payment_id, number, issued_at, snapshot)
    SELECT this_workspace, r.id, r.payment_id, r.number, r.issued_at, r.snapshot
    FROM jsonb_to_recordset(changes -> 'receipts') AS r (id uuid, payment_id uuid, number text, issued_at timestamptz,
      snapshot jsonb)
    ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO outbox (workspace_id, id, topic, payload, created_at)
  SELECT this_workspace, o.id, o.topic, o.payload, o.created_at
  FROM jsonb_to_recordset(changes -> 'outbox') AS o (id uuid, topic text, payload jsonb, created_at timestamptz);
  IF changes ? 'answers' THEN
    INSERT INTO idempotency_answers (workspace_id, payment_id, status, body, answered_at)
    SELECT this_workspace, a.payment_id, a.status, a.body, a.answered_at
    FROM jsonb_to_recordset(changes -> 'answers') AS a (payment_id uuid, status smallint, body text, answered_at timestamptz);
  END IF;
END
$$;

-- The sandbox gateway's own side: takes charges whose first step is fixed by their test method alone, as `steps` says (test
-- method → status and code). Nothing is taken while a scripted fault waits, none whose method was detached or does more,
-- none whose key is known: the caller decides those under locks.
CREATE FUNCTION scripted_take_charges(this_workspace uuid, method_refs text[], orders jsonb, steps jsonb)
RETURNS TABLE (taken_key text, taken_status text, taken_code text) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  PERFORM 1 FROM scripted_faults f WHERE f.workspace_id = this_workspace AND f.remaining > 0;
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY
  INSERT INTO scripted_movements AS taken (workspace_id, idempotency_key, ref, kind, method_ref, amount_minor, currency,
    status, code, fee_minor, input_hash, created_at)
  SELECT this_workspace, o.idempotency_key, o.ref, 'charge', o.method_ref, o.amount_minor, o.currency,
    steps -> m.test_method ->> 'status', steps -> m.test_method ->> 'code', o.fee_minor, o.input_hash, o.created_at
  FROM jsonb_to_recordset(orders) AS o (idempotency_key text, ref text, method_ref text, amount_minor bigint, currency text,
    fee_minor bigint, input_hash text, created_at timestamptz)
  JOIN scripted_methods m ON m.workspace_id = this_workspace AND m.ref = o.method_ref
  WHERE m.ref = ANY(method_refs) AND m.detached_at IS NULL AND steps ? m.test_method
  ON CONFLICT DO NOTHING
  RETURNING taken.idempotency_key, taken.status, taken.code;
END
$$;
