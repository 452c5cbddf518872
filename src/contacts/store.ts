import type { WorkspaceTx } from '../foundation/database.ts';
import type { Billing } from './api.ts';
import { type ContactFields, filledBilling, NO_BILLING } from './contact.ts';
import { sortNameOf } from './search-terms.ts';

/** A contact as it is kept, with the names of its company and owner. */
export interface ContactRecord extends ContactFields {
  readonly id: string;
  /** Itself, or the surviving contact that it was merged into. */
  readonly rootId: string;
  readonly companyName: string | null;
  readonly ownerName: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
  readonly version: number;
}

interface ContactSqlRow {
  id: string;
  root_id: string;
  name: string;
  email: string | null;
  phone: string | null;
  company_id: string | null;
  company_name: string | null;
  owner_member_id: string | null;
  owner_name: string | null;
  country: string | null;
  billing: Partial<Billing>;
  currency: string | null;
  locale: string | null;
  time_zone: string | null;
  custom: Record<string, string | number | boolean>;
  external_ref: string | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
  version: number;
}

/** Contacts that are not deleted, in no order. The owner's name is read from `members`, which the workspace room keeps. */
export async function readContactRecords(tx: WorkspaceTx, ids: readonly string[]): Promise<Map<string, ContactRecord>> {
  const rows = await tx.many<ContactSqlRow>({
    name: 'contacts_read',
    text: `SELECT c.id, c.root_id, c.name, c.email, c.phone, c.company_id, m.name AS company_name, c.owner_member_id,
             o.name AS owner_name, c.country, c.billing, c.currency, c.locale, c.time_zone, c.custom, c.external_ref,
             c.created_at, c.updated_at, c.archived_at, c.version
           FROM contacts c
           LEFT JOIN companies m ON m.workspace_id = $1 AND m.id = c.company_id
           LEFT JOIN members o ON o.workspace_id = $1 AND o.id = c.owner_member_id
           WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[]) AND c.deleted_at IS NULL`,
    values: [tx.workspaceId, ids],
  });
  return new Map(rows.map((row) => [row.id, recordOf(row)]));
}

function recordOf(row: ContactSqlRow): ContactRecord {
  return {
    id: row.id,
    rootId: row.root_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    companyId: row.company_id,
    companyName: row.company_name,
    ownerMemberId: row.owner_member_id,
    ownerName: row.owner_name,
    country: row.country,
    billing: { ...NO_BILLING, ...row.billing },
    currency: row.currency,
    locale: row.locale,
    timeZone: row.time_zone,
    custom: row.custom,
    externalRef: row.external_ref,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
    version: row.version,
  };
}

/** A locked contact's state, or null when there is none (or it is deleted). */
export function lockContact(tx: WorkspaceTx, id: string): Promise<{ root_id: string; version: number } | null> {
  return tx.maybe({
    name: 'contacts_lock',
    text: `SELECT root_id, version FROM contacts WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export interface ContactInsert extends ContactFields {
  readonly id: string;
  readonly importId: string | null;
  readonly createdAt: Date;
}

/**
 * Adds contacts, one statement for any number. Those whose external reference another contact already has are left out:
 * the ids of the ones added come back.
 */
export async function insertContacts(tx: WorkspaceTx, contacts: readonly ContactInsert[]): Promise<Set<string>> {
  const rows = await tx.many<{ id: string }>({
    name: 'contacts_insert',
    text: `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, email, phone, company_id, owner_member_id, country,
             billing, currency, locale, time_zone, custom, external_ref, import_id, created_at, updated_at)
           SELECT $1::uuid, n.id, n.id, n.name, n.sort_name, n.email, n.phone, n.company_id, n.owner_member_id, n.country,
             n.billing, n.currency, n.locale, n.time_zone, n.custom, n.external_ref, n.import_id, n.created_at, n.created_at
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[],
             $10::jsonb[], $11::text[], $12::text[], $13::text[], $14::jsonb[], $15::text[], $16::uuid[], $17::timestamptz[])
             AS n (id, name, sort_name, email, phone, company_id, owner_member_id, country,
               billing, currency, locale, time_zone, custom, external_ref, import_id, created_at)
           ON CONFLICT (workspace_id, external_ref) WHERE external_ref IS NOT NULL AND deleted_at IS NULL DO NOTHING
           RETURNING id`,
    values: [
      tx.workspaceId,
      contacts.map((contact) => contact.id),
      contacts.map((contact) => contact.name),
      contacts.map((contact) => sortNameOf(contact.name)),
      contacts.map((contact) => contact.email),
      contacts.map((contact) => contact.phone),
      contacts.map((contact) => contact.companyId),
      contacts.map((contact) => contact.ownerMemberId),
      contacts.map((contact) => contact.country),
      contacts.map((contact) => JSON.stringify(filledBilling(contact.billing))),
      contacts.map((contact) => contact.currency),
      contacts.map((contact) => contact.locale),
      contacts.map((contact) => contact.timeZone),
      contacts.map((contact) => JSON.stringify(contact.custom)),
      contacts.map((contact) => contact.externalRef),
      contacts.map((contact) => contact.importId),
      contacts.map((contact) => contact.createdAt),
    ],
  });
  return new Set(rows.map((row) => row.id));
}

/** Writes every editable field of one contact and raises its version. */
export function updateContact(tx: WorkspaceTx, id: string, fields: ContactFields, updatedAt: Date): Promise<number> {
  return tx.run({
    name: 'contacts_update',
    text: `UPDATE contacts SET name = $3, sort_name = $4, email = $5, phone = $6, company_id = $7, owner_member_id = $8,
             country = $9, billing = $10, currency = $11, locale = $12, time_zone = $13, custom = $14, external_ref = $15,
             updated_at = $16, version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      id,
      fields.name,
      sortNameOf(fields.name),
      fields.email,
      fields.phone,
      fields.companyId,
      fields.ownerMemberId,
      fields.country,
      JSON.stringify(filledBilling(fields.billing)),
      fields.currency,
      fields.locale,
      fields.timeZone,
      JSON.stringify(fields.custom),
      fields.externalRef,
      updatedAt,
    ],
  });
}

/** Archives (`at`) or brings back (null); 0 rows when it already was so. */
export function setArchived(tx: WorkspaceTx, id: string, at: Date | null, updatedAt: Date): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET archived_at = $3, updated_at = $4, version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND (archived_at IS NULL) <> ($3::timestamptz IS NULL)`,
    values: [tx.workspaceId, id, at, updatedAt],
  });
}

/** Notes that something beside the contact's own fields changed (its tags), without invalidating an open edit. */
export function touchContact(tx: WorkspaceTx, id: string, updatedAt: Date): Promise<number> {
  return tx.run({
    text: `UPDATE contacts SET updated_at = $3 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id, updatedAt],
  });
}

/** Makes the search terms of these contacts exactly `terms`. */
export async function replaceSearchTerms(
  tx: WorkspaceTx,
  contacts: readonly { contactId: string; terms: readonly string[] }[],
): Promise<void> {
  await deleteSearchTerms(
    tx,
    contacts.map((contact) => contact.contactId),
  );
  await insertSearchTerms(tx, contacts);
}

/** Takes contacts out of the search. */
export function deleteSearchTerms(tx: WorkspaceTx, contactIds: readonly string[]): Promise<number> {
  return tx.run({
    name: 'contacts_delete_terms',
    text: `DELETE FROM contact_search_terms WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
}

/** Adds search terms; each of a contact is given once. */
export async function insertSearchTerms(
  tx: WorkspaceTx,
  contacts: readonly { contactId: string; terms: readonly string[] }[],
): Promise<void> {
  await tx.run({
    name: 'contacts_insert_terms',
    text: `INSERT INTO contact_search_terms (workspace_id, term, contact_id)
           SELECT $1::uuid, n.term, n.contact_id FROM unnest($2::text[], $3::uuid[]) AS n (term, contact_id)`,
    values: [
      tx.workspaceId,
      contacts.flatMap((contact) => contact.terms),
      contacts.flatMap((contact) => contact.terms.map(() => contact.contactId)),
    ],
  });
}

/** Whether somebody who is still a member has this id. Read from `members`, which the workspace room keeps. */
export async function memberExists(tx: WorkspaceTx, memberId: string): Promise<boolean> {
  const row = await tx.maybe({
    text: `SELECT 1 AS found FROM members WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL`,
    values: [tx.workspaceId, memberId],
  });
  return row !== null;
}
