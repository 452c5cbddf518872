-- Files of documents stay as they are: they are compressed already, and are read whole.
ALTER TABLE invoice_attachments ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE invoice_attachments ADD CONSTRAINT invoice_attachments_bounds
  CHECK (length(name) BETWEEN 1 AND 200 AND octet_length(bytes) > 0);
REVOKE UPDATE ON invoice_attachments FROM counterfoil_app;

-- What the customer got with a document never changes either: files come and go while it is a draft, whoever asks. The
-- share lock waits for one who is issuing it at this moment.
CREATE FUNCTION guard_attachments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  file invoice_attachments := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  this_workspace uuid := file.workspace_id;
  is_issued boolean;
BEGIN
  SELECT i.issued_at IS NOT NULL INTO is_issued FROM invoices i
  WHERE i.workspace_id = this_workspace AND i.id = file.invoice_id FOR SHARE;
  IF is_issued THEN
    RAISE EXCEPTION 'the files of an issued document never change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN file;
END
$$;
CREATE TRIGGER attachments_of_issued_stay BEFORE INSERT OR UPDATE OR DELETE ON invoice_attachments
  FOR EACH ROW EXECUTE FUNCTION guard_attachments();

-- How often charging by itself was taken up anew, because the customer agreed to another card: the customer is told of a
-- failure once in each of these.
ALTER TABLE auto_charges ADD COLUMN series int NOT NULL DEFAULT 0;
