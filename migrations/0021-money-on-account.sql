-- Attempts to charge say whether they are sales of their own or money on the customer's account (payments.purpose);
-- otherwise as in 0006.
CREATE OR REPLACE FUNCTION payments_send_charges(this_workspace uuid, attempts jsonb, audits jsonb)
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
    day, created_at, sent_at, resolve_after, transition_count, created_by_kind, created_by_id, created_by_name, purpose)
  SELECT this_workspace, a.id, 'charge', a.contact_id, a.payment_method_id, a.gateway, a.method_kind, a.method_label,
    a.amount_minor, a.currency, a.tax_minor, 'sent', a.description, a.source, a.idempotency_key, a.input_hash,
    a.retry_of_id, a.created_at, a.day, a.created_at, a.created_at, a.resolve_after, 1, a.created_by_kind,
    a.created_by_id, a.created_by_name, a.purpose
  FROM jsonb_to_recordset(attempts) AS a (id uuid, contact_id uuid, payment_method_id uuid, gateway text, method_kind text,
    method_label text, amount_minor bigint, currency text, tax_minor bigint, description text, source text,
    idempotency_key text, input_hash text, retry_of_id uuid, created_at timestamptz, day date, resolve_after timestamptz,
    created_by_kind text, created_by_id text, created_by_name text, purpose text)
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
