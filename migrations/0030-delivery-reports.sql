-- What mail servers report of a message they were asked to report on: that it arrived.
ALTER TABLE messages ADD COLUMN delivered_at timestamptz;
-- Serve: the outbox, asked for what arrived and for what was looked at.
CREATE INDEX messages_delivered ON messages (workspace_id, created_at DESC, id DESC) WHERE delivered_at IS NOT NULL;
CREATE INDEX messages_opened ON messages (workspace_id, created_at DESC, id DESC) WHERE opened_at IS NOT NULL;
