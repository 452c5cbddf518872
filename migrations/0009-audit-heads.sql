-- How far the chain of a workspace's audit log reached, after each group that was sealed. Only ever added to, so the
-- program itself can move it forward and never back; where the end of log and seals is cut off, the newest head remains.
-- What is there before this migration gets its head with the next group, or with the next verify.
CREATE TABLE audit_heads (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  seq bigint NOT NULL CHECK (seq > 0),
  hash text NOT NULL,
  -- The moment of the newest row that is sealed: the sealer looks from a little before it.
  at timestamptz NOT NULL,
  -- Serves: the newest head of a workspace.
  PRIMARY KEY (workspace_id, seq)
);

ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON audit_heads
  USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT, INSERT ON audit_heads TO counterfoil_app;
