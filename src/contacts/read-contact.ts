import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import type { Contact, ContactRow } from './api.ts';
import { type ContactRecord, readContactRecords } from './store.ts';
import { readCustomFields } from './store-custom-fields.ts';
import { readLtvRows } from './store-lists.ts';
import {
  type ChargeContactRow,
  lockPayersForShare,
  lockRootsForShare,
  readChargeContacts,
  readIdsOfRoot,
} from './store-roots.ts';
import { listTags, readTags } from './store-tags.ts';

/** One contact as the API shows it. Throws not_found, also for deleted ones. */
export async function readContact(tx: WorkspaceTx, id: string): Promise<Contact> {
  const [contact] = await readContacts(tx, [id]);
  if (!contact) throw new Failure('not_found');
  return contact;
}

/** Contacts as the API shows them, in the order of `ids`; deleted and unknown ones are left out. */
export async function readContacts(tx: WorkspaceTx, ids: readonly string[]): Promise<Contact[]> {
  const [records, tags, fields] = await Promise.all([
    readContactRecords(tx, ids),
    readTags(tx, ids),
    readCustomFields(tx),
  ]);
  const removed = new Set(fields.filter((field) => field.removed_at).map((field) => field.key));
  return ids.flatMap((id) => {
    const record = records.get(id);
    return record ? [answerOf(record, tags.get(id) ?? [], removed)] : [];
  });
}

/** The same with lifetime value per currency, as the list shows them. */
export async function readContactRows(tx: WorkspaceTx, ids: readonly string[]): Promise<ContactRow[]> {
  const [contacts, sums] = await Promise.all([readContacts(tx, ids), readLtvRows(tx, ids)]);
  const ltv = new Map<string, { currency: string; amount_minor: number }[]>();
  for (const row of sums) {
    const key = toPublicId('contact', row.contact_id);
    ltv.set(key, [...(ltv.get(key) ?? []), { currency: row.currency, amount_minor: minorToJson(row.ltv_minor) }]);
  }
  return contacts.map((contact) => ({ ...contact, ltv: ltv.get(contact.id) ?? [] }));
}

function answerOf(record: ContactRecord, tags: string[], removedFields: ReadonlySet<string>): Contact {
  return {
    id: toPublicId('contact', record.id),
    name: record.name,
    email: record.email,
    phone: record.phone,
    company: record.companyId ? { id: toPublicId('company', record.companyId), name: record.companyName ?? '' } : null,
    owner: record.ownerMemberId
      ? { id: toPublicId('member', record.ownerMemberId), name: record.ownerName ?? '' }
      : null,
    tags,
    country: record.country,
    billing: record.billing,
    currency: record.currency,
    locale: record.locale,
    time_zone: record.timeZone,
    custom: Object.fromEntries(Object.entries(record.custom).filter(([key]) => !removedFields.has(key))),
    external_ref: record.externalRef,
    created_at: record.createdAt.toISOString(),
    updated_at: record.updatedAt.toISOString(),
    archived_at: record.archivedAt?.toISOString() ?? null,
    merged_into: record.rootId === record.id ? null : toPublicId('contact', record.rootId),
    version: record.version,
  };
}

/** The surviving contact's id (itself, when it was not merged). Throws not_found. */
export async function rootOf(tx: WorkspaceTx, contactId: string): Promise<string> {
  const [row] = await readChargeContacts(tx, [contactId], false);
  if (!row || row.deleted_at) throw new Failure('not_found');
  return row.root_id;
}

/** Ids of everybody who stands together with `rootId`: itself and the contacts merged into it. Notes, cards, payments and tags keep their own contact and are read for all of these. */
export function contactIdsOfRoot(tx: WorkspaceTx, rootId: string): Promise<string[]> {
  return readIdsOfRoot(tx, rootId);
}

/**
 * What charging needs to know, by contact id; unknown ones are absent. Archived, merged and deleted contacts are in it:
 * the caller refuses. With `lock` the rows are held FOR NO KEY UPDATE in id order, so that charges of one contact are
 * decided one after the other.
 */
export async function readContactForCharge(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  options: { lock?: boolean } = {},
): Promise<Map<string, ChargeContactRow>> {
  const rows = await readChargeContacts(tx, [...new Set(contactIds)], options.lock ?? false);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Surviving contact of each contact, held FOR KEY SHARE in id order until the end of the transaction: whoever posts money
 * takes this first, so that no merge or unmerge moves the kept sums meanwhile. Throws BrokenAssumption on an unknown id.
 */
export async function readRootsForShare(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(contactIds)];
  const rows = await lockRootsForShare(tx, wanted);
  check(rows.length === wanted.length, 'money is posted to contacts that exist');
  return new Map(rows.map((row) => [row.id, row.root_id]));
}

/** The different tags of all contacts, sorted. */
export function listAllTags(tx: WorkspaceTx): Promise<string[]> {
  return listTags(tx);
}

/** Who pays, as receipts name them, and under which contact their money is summed. */
export interface Payer {
  readonly rootId: string;
  readonly name: string;
  readonly billing: Readonly<Record<string, unknown>>;
  readonly country: string | null;
  /** BCP 47; null: that of the workspace. */
  readonly locale: string | null;
  /** Raised by every change of what stands here, besides merging. */
  readonly version: number;
}

/** What is known of who pays, of a contact read for charging. */
export function payerOf({ root_id, name, billing, country, locale, version }: ChargeContactRow): Payer {
  return { rootId: root_id, name, billing, country, locale, version };
}

/** readRootsForShare with names and addresses, for whoever posts money and writes its receipt in one go. */
export async function readPayersForShare(tx: WorkspaceTx, contactIds: readonly string[]): Promise<Map<string, Payer>> {
  const wanted = [...new Set(contactIds)];
  const rows = await lockPayersForShare(tx, wanted);
  check(rows.length === wanted.length, 'money is posted to contacts that exist');
  return new Map(
    rows.map(({ id, root_id, name, billing, country, locale, version }) => [
      id,
      { rootId: root_id, name, billing, country, locale, version },
    ]),
  );
}
