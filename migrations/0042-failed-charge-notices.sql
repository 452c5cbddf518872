-- Whether customers are told when an invoice could not be charged by itself.
-- Serve: reactions to charges that failed for good, Settings → Mail.
ALTER TABLE mail_settings ADD COLUMN failed_charge_notices boolean NOT NULL DEFAULT true;
