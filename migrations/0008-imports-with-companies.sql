-- When the file of an import was taken off the disk; null while it may still be there.
ALTER TABLE imports ADD COLUMN file_removed_at timestamptz;

-- Serves: does anybody belong to this company (undo of an import asks for each of its companies; so does the foreign key).
CREATE INDEX contacts_of_company ON contacts (workspace_id, company_id) WHERE company_id IS NOT NULL;
