-- The gateway's name for a payment comes first, so that one statement has one index to take: with the gateway in front,
-- a planner without statistics took the list by gateway instead and read every payment of the workspace.
-- Serves: what is in the book already (payments_known_by_ref, payments_lock_by_gateway_ref, payment_by_gateway_ref).
DROP INDEX payments_gateway_ref;
CREATE UNIQUE INDEX payments_gateway_ref ON payments (workspace_id, gateway_ref, gateway) WHERE gateway_ref IS NOT NULL;
