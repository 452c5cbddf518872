-- What charges are decided on, asked with their amounts: of the charges of the last minutes only those of the same amount
-- matter, and of each amount the newest. A contact that is charged hundreds of times within ten minutes (the walk-in
-- customer of a shop) costs as little as any other. The sum with nothing and MATERIALIZED keep the planner from the index
-- by amount and from sorting first: many customers may pay the same.
DROP FUNCTION payments_charge_facts(uuid, uuid[], uuid[], text[], timestamptz);

CREATE FUNCTION payments_charge_facts(this_workspace uuid, contact_ids uuid[], method_ids uuid[], keys text[], amounts bigint[],
  since timestamptz)
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
  WITH alike AS MATERIALIZED (
    SELECT p.id, g.root_id, p.amount_minor, p.currency, p.created_at, p.status
    FROM payments p JOIN unnest(group_ids, group_roots) AS g (id, root_id) ON g.id = p.contact_id
    WHERE p.workspace_id = this_workspace AND p.contact_id = ANY(group_ids) AND p.occurred_at >= since
      AND p.amount_minor + 0 = ANY(amounts)
      AND p.kind = 'charge' AND p.source || '' IN ('charge_now', 'api', 'card_link')
      AND p.status || '' IN ('sent', 'unknown', 'settled', 'pending', 'needs_customer')
  ), newest AS (
    SELECT DISTINCT ON (root_id, currency, amount_minor) * FROM alike
    ORDER BY root_id, currency, amount_minor, created_at DESC
  )
  SELECT jsonb_agg(to_jsonb(n)) INTO recent FROM newest n;
  RETURN jsonb_build_object('methods', coalesce(methods, '[]'), 'known', known, 'recent', coalesce(recent, '[]'));
END
$$;
