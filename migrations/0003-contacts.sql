CREATE TABLE companies (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  name text NOT NULL,
  sort_name text COLLATE "C" NOT NULL,   -- lower case without accents: for ordering, search and telling names apart
  created_at timestamptz NOT NULL,
  archived_at timestamptz,
  import_id uuid,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
-- Serves: the list by name, the beginning of a name, all at once.
CREATE INDEX companies_by_name ON companies (workspace_id, sort_name, id);
-- Serves: undo of an import.
CREATE INDEX companies_by_import ON companies (workspace_id, import_id) WHERE import_id IS NOT NULL;
-- One company per name; also what an import finds companies by.
CREATE UNIQUE INDEX companies_name ON companies (workspace_id, sort_name) WHERE archived_at IS NULL;

CREATE TABLE contacts (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  root_id uuid NOT NULL,                 -- itself, or the contact it was merged into
  name text NOT NULL,
  sort_name text COLLATE "C" NOT NULL,   -- lower case without accents, for ordering the same on every server
  email text,
  phone text,
  company_id uuid,
  owner_member_id uuid,
  country char(2),                       -- ISO 3166-1 alpha-2, of the billing address
  billing jsonb NOT NULL DEFAULT '{}',   -- address lines, city, postal code, region, tax id
  currency char(3) REFERENCES currencies (code),
  locale text,
  time_zone text,
  custom jsonb NOT NULL DEFAULT '{}',    -- custom field key → value
  external_ref text,                     -- the customer's number in the system it was imported from
  import_id uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  archived_at timestamptz,
  deleted_at timestamptz,                -- an undone import or a removed sample; never with money on it
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, company_id) REFERENCES companies (workspace_id, id),
  FOREIGN KEY (workspace_id, owner_member_id) REFERENCES members (workspace_id, id),
  FOREIGN KEY (workspace_id, root_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: the contact list, newest first / by name, without archived, merged and deleted ones; search by a wide word.
CREATE INDEX contacts_by_time ON contacts (workspace_id, created_at DESC, id DESC)
  WHERE archived_at IS NULL AND deleted_at IS NULL AND root_id = id;
CREATE INDEX contacts_by_name ON contacts (workspace_id, sort_name, id)
  WHERE archived_at IS NULL AND deleted_at IS NULL AND root_id = id;
-- Serves: the archive, and the list of all (which walks both); usually small.
CREATE INDEX contacts_archived_by_name ON contacts (workspace_id, sort_name, id)
  WHERE archived_at IS NOT NULL AND deleted_at IS NULL AND root_id = id;
-- Serves: everything of a contact and those merged into it.
CREATE INDEX contacts_by_root ON contacts (workspace_id, root_id) WHERE root_id <> id;
-- Serves: an import finding the contact it made before; a person looking for an e-mail address.
CREATE UNIQUE INDEX contacts_external_ref ON contacts (workspace_id, external_ref)
  WHERE external_ref IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX contacts_by_email ON contacts (workspace_id, lower(email)) WHERE email IS NOT NULL;
-- Serves: lists and smart lists by owner, by country, by company, in order of name.
CREATE INDEX contacts_by_owner ON contacts (workspace_id, owner_member_id, sort_name, id)
  WHERE owner_member_id IS NOT NULL AND deleted_at IS NULL AND root_id = id;
CREATE INDEX contacts_by_country ON contacts (workspace_id, country, sort_name, id)
  WHERE country IS NOT NULL AND deleted_at IS NULL AND root_id = id;
CREATE INDEX contacts_by_company ON contacts (workspace_id, company_id, sort_name, id)
  WHERE company_id IS NOT NULL AND deleted_at IS NULL AND root_id = id;
-- Serves: undo of an import.
CREATE INDEX contacts_by_import ON contacts (workspace_id, import_id) WHERE import_id IS NOT NULL;

-- Words of name, e-mail, phone, company and reference, lower case: search as you type is a range scan per word.
CREATE TABLE contact_search_terms (
  workspace_id uuid NOT NULL,
  term text COLLATE "C" NOT NULL,        -- compared byte by byte, so that a beginning is a range
  contact_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, term, contact_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
-- Serves: does this contact have the word too, when another word (or the order of the list) found it.
CREATE INDEX contact_search_terms_of ON contact_search_terms (workspace_id, contact_id, term);

CREATE TABLE contact_tags (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  tag text NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, tag),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: smart lists by tag.
CREATE INDEX contact_tags_by_tag ON contact_tags (workspace_id, tag, contact_id);

CREATE TABLE contact_notes (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  body text NOT NULL,
  author_name text NOT NULL,
  author_id text,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: the timeline.
CREATE INDEX contact_notes_by_contact ON contact_notes (workspace_id, contact_id, created_at DESC, id DESC);

CREATE TABLE contact_merges (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kept_id uuid NOT NULL,
  merged_id uuid NOT NULL,
  moved_ids uuid[] NOT NULL,             -- whose root changed: the merged contact and those merged into it before
  merged_at timestamptz NOT NULL,
  merged_by text NOT NULL,
  unmerged_at timestamptz,
  unmerged_by text,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, kept_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, merged_id) REFERENCES contacts (workspace_id, id)
);
-- Serves: the merges of a contact; which of them still hold when one is undone.
CREATE INDEX contact_merges_by_kept ON contact_merges (workspace_id, kept_id);
-- A contact is merged into one other at most, until that merge is undone.
CREATE UNIQUE INDEX contact_merges_merged ON contact_merges (workspace_id, merged_id) WHERE unmerged_at IS NULL;

CREATE TABLE custom_fields (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'number', 'date', 'choice', 'yes_no')),
  choices text[] NOT NULL DEFAULT '{}',
  position int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX custom_fields_key ON custom_fields (workspace_id, key);
