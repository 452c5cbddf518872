-- Words of messages, in each language of their readers. Those that were kept so far were written in the language of the
-- workspace; those of invoices move here from the settings of invoicing.
ALTER TABLE message_templates ADD COLUMN language text NOT NULL DEFAULT 'en';
ALTER TABLE message_templates DROP CONSTRAINT message_templates_pkey;
ALTER TABLE message_templates ADD PRIMARY KEY (workspace_id, kind, language);
ALTER TABLE message_templates ALTER COLUMN language DROP DEFAULT;
ALTER TABLE message_templates ADD CONSTRAINT message_templates_language CHECK (language ~ '^[a-z]{2}$');

-- The owner of the tables reads every workspace for once; row security is back before this commits.
ALTER TABLE message_templates NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_settings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE workspaces NO FORCE ROW LEVEL SECURITY;
UPDATE message_templates t SET language = lower(split_part(replace(w.locale, '_', '-'), '-', 1))
FROM workspaces w
WHERE w.id = t.workspace_id AND t.kind <> 'declined_notice'
  AND lower(split_part(replace(w.locale, '_', '-'), '-', 1)) IN ('de', 'fr', 'es', 'nl', 'it');
INSERT INTO message_templates (workspace_id, kind, language, subject, body)
SELECT s.workspace_id, 'invoice', CASE WHEN l.language IN ('de', 'fr', 'es', 'nl', 'it') THEN l.language ELSE 'en' END,
  coalesce(nullif(s.e_mail_subject, ''), '{{ document }} {{ number }} from {{ business }}'),
  coalesce(nullif(s.e_mail_body, ''), E'Hello {{ customer }},\n\n{% if message %}{{ message }}{% else %}please find {{ document | downcase }} {{ number }} over {{ total }}{% if due %}, due on {{ due }}{% endif %}.{% endif %}\n\nThank you,\n{{ business }}')
FROM invoicing_settings s
JOIN workspaces w ON w.id = s.workspace_id
CROSS JOIN LATERAL (SELECT lower(split_part(replace(w.locale, '_', '-'), '-', 1)) AS language) l
WHERE s.e_mail_subject <> '' OR s.e_mail_body <> ''
ON CONFLICT DO NOTHING;
ALTER TABLE message_templates FORCE ROW LEVEL SECURITY;
ALTER TABLE invoicing_settings FORCE ROW LEVEL SECURITY;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;

ALTER TABLE invoicing_settings DROP COLUMN e_mail_subject;
ALTER TABLE invoicing_settings DROP COLUMN e_mail_body;
