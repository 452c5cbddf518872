-- The ageing of a past day goes by due dates: the last one, which stands in a column of its own, stays as it was issued like
-- every other part of an issued document.
CREATE OR REPLACE FUNCTION guard_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.issued_at IS NOT NULL AND (
    (NEW.kind, NEW.contact_id, NEW.currency, NEW.net_minor, NEW.tax_minor, NEW.total_minor, NEW.series_id, NEW.number,
     NEW.series_year, NEW.series_number, NEW.issued_on, NEW.issued_at, NEW.due_on, NEW.early_until, NEW.early_discount_minor)
      IS DISTINCT FROM
    (OLD.kind, OLD.contact_id, OLD.currency, OLD.net_minor, OLD.tax_minor, OLD.total_minor, OLD.series_id, OLD.number,
     OLD.series_year, OLD.series_number, OLD.issued_on, OLD.issued_at, OLD.due_on, OLD.early_until, OLD.early_discount_minor)
    OR NEW.content::text <> OLD.content::text OR NEW.snapshot::text <> OLD.snapshot::text
    OR NEW.instalments::text IS DISTINCT FROM OLD.instalments::text) THEN
    RAISE EXCEPTION 'an issued document never changes (%)', OLD.number USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
