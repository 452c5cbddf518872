import type { RawBuilder } from 'kysely';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import { endOfPrefix } from './search-terms.ts';

/**
 * The contact list and search as you type.
 *
 * Words and tags live in tables of their own. A rare one is best looked up first and its contacts sorted; a common one
 * is best tested along the list in its order, where it soon fills a page. Which is which is counted first, up to
 * RARE_MAX index entries, so that no page costs more than about that many probes at any size of workspace.
 *
 * Names are typed from their beginning. In the order of names, those that begin with what was typed come first: they
 * stand next to each other in contacts_by_name, so that a common first name is a page as soon as a rare one. Behind them
 * come those who are found by another word (a last name, a part of an e-mail address), in the order of that word, which is
 * the order of the table of terms: sorted by name, all of its twenty thousand contacts had to be read for a page.
 */

/** Up to this many entries a word or tag is looked up and sorted: some 15 ms. Above it, walking fills a page sooner. */
const RARE_MAX = 5_000;
/**
 * How far the list is walked for a page of common words. When they all sit further on (a first name in the list by
 * name), the walk was in vain and the page is made from the entries after all: slower, and exact. Walking 20,000 first
 * made such a search cost 620 ms at a hundred thousand contacts, of which the entries were a fifth.
 */
const WALK_MAX = 5_000;

/** A word that somebody typed, or a tag: what is looked up in a table beside contacts. */
export type Criterion = { readonly word: string } | { readonly tag: string };

export interface ContactFilter {
  readonly archived: 'no' | 'only';
  readonly ownerMemberId: string | null;
  readonly country: string | null;
  readonly companyId: string | null;
  readonly criteria: readonly Criterion[];
}

/** An entry of the table of terms. */
export interface TermEntry {
  readonly term: string;
  readonly contactId: string;
}

/** Keys of a row in a list, from which the next page's position is made. */
export interface ListKey {
  readonly id: string;
  readonly sort_name: string;
  readonly created_at: Date;
  /** Lifetime value in the currency sorted by; null in the other orders. */
  readonly ltv_minor: bigint | null;
  /** The first entry that found it, in the order of words; absent in the other orders. */
  readonly term?: string;
  readonly term_contact_id?: string;
}

/** An order with the position after which the page begins (null: at the beginning). */
export type ListOrder =
  | { readonly by: 'name'; readonly after: { sortName: string; id: string } | null }
  /** By name, those whose name begins with the folded text. */
  | { readonly by: 'beginning'; readonly text: string; readonly after: { sortName: string; id: string } | null }
  /** All others, by the first of their terms that begins with the word. */
  | { readonly by: 'word'; readonly word: string; readonly text: string; readonly after: TermEntry | null }
  | { readonly by: 'created'; readonly after: { createdAt: Date; id: string } | null }
  /** Contacts with money in the currency, most valuable first. */
  | { readonly by: 'ltv'; readonly currency: string; readonly after: { ltvMinor: bigint; id: string } | null }
  /** Contacts without money in the currency, by name. */
  | { readonly by: 'no_money'; readonly currency: string; readonly after: { sortName: string; id: string } | null };

/** The next `limit` contacts in order that suit the filter and every criterion. */
export async function listContactKeys(
  tx: WorkspaceTx,
  filter: ContactFilter,
  order: ListOrder,
  limit: number,
): Promise<ListKey[]> {
  if (filter.criteria.length === 0) return tx.many(plainPage(tx, filter, order, limit));
  if (order.by === 'beginning') {
    // What begins a name is one of its words, so nearly every row walked over stays; unless a tag is asked for as well.
    const walked = await tx.many(walkedPage(tx, filter, order, limit));
    if (walked.length === limit || !(await reachesFurther(tx, plainPage(tx, filter, order, WALK_MAX + 1))))
      return walked;
  }
  if (order.by === 'word') {
    const walked = await tx.many(pageAlongTerms(tx, filter, order, limit));
    if (walked.length === limit || !(await reachesFurther(tx, termEntries(tx, order, WALK_MAX + 1)))) return walked;
  }
  const counts = await Promise.all(filter.criteria.map((criterion) => countUpTo(tx, criterion, RARE_MAX + 1)));
  const rarest = counts.indexOf(Math.min(...counts));
  if (counts[rarest]! <= RARE_MAX) {
    const others = filter.criteria.filter((_, index) => index !== rarest);
    return tx.many(lookedUpPage(tx, filter, order, limit, [filter.criteria[rarest]!], others));
  }
  if (order.by === 'word' || order.by === 'beginning')
    return tx.many(lookedUpPage(tx, filter, order, limit, filter.criteria, []));
  const walked = await tx.many(walkedPage(tx, filter, order, limit));
  if (walked.length === limit) return walked;
  return tx.many(lookedUpPage(tx, filter, order, limit, filter.criteria, []));
}

/** Entries of a criterion, counted no further than `countMax`; ordered, so that the index is walked and never the table. */
async function countUpTo(tx: WorkspaceTx, criterion: Criterion, countMax: number): Promise<number> {
  const ofIndex = 'word' in criterion ? sql`t.term, t.contact_id` : sql`t.contact_id`;
  const { entries } = await tx.one<{ entries: number }>(
    sql`SELECT count(*)::int AS entries
      FROM (${contactsOf(tx, criterion)} ORDER BY ${ofIndex} LIMIT ${countMax}) counted`,
  );
  return entries;
}

/** Whether a list holds more than a walk looks at. */
async function reachesFurther(tx: WorkspaceTx, list: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await tx.one<{ rows: number }>(sql`SELECT count(*)::int AS rows FROM (${list}) counted`);
  return rows > WALK_MAX;
}

type WordOrder = Extract<ListOrder, { by: 'word' }>;

function termEntries(tx: WorkspaceTx, order: WordOrder, countMax: number): RawBuilder<unknown> {
  const after = order.after
    ? sql`AND (t.term, t.contact_id) > (${order.after.term}, ${order.after.contactId}::uuid)`
    : sql``;
  return sql`SELECT t.term, t.contact_id FROM contact_search_terms t
    WHERE t.workspace_id = ${tx.workspaceId} AND t.term >= ${order.word} AND t.term < ${endOfPrefix(order.word)} ${after}
    ORDER BY t.term, t.contact_id LIMIT ${countMax}`;
}

/**
 * Along the entries of the order's word; the contact of each is tested for every criterion, and listed once. The tests
 * touch indexes only and come first (OFFSET 0 keeps them there): most entries of a second word fall out by them. Each
 * level names the order, which costs nothing and lets the first page end the walk.
 */
function pageAlongTerms(tx: WorkspaceTx, filter: ContactFilter, order: WordOrder, limit: number): RawBuilder<ListKey> {
  const others = filter.criteria.filter((criterion) => !('word' in criterion && criterion.word === order.word));
  const root = sql`coalesce((SELECT m.root_id FROM contacts m WHERE m.workspace_id = ${tx.workspaceId}
    AND m.id = t.contact_id AND m.root_id <> m.id LIMIT 1), t.contact_id)`;
  return sql<ListKey>`SELECT ${columns(order)} FROM (
      SELECT r.id, r.term, r.contact_id FROM (
        SELECT ${root} AS id, t.term, t.contact_id FROM (${termEntries(tx, order, WALK_MAX)}) t
        ORDER BY t.term, t.contact_id OFFSET 0) r
      ${tests(tx, others, sql`r.id`)} ORDER BY r.term, r.contact_id OFFSET 0) e
    CROSS JOIN LATERAL (${firstEntry(tx, order, sql`e.id`)}) f
    CROSS JOIN LATERAL (${listedContact(tx, filter, sql`e.id`)}) c
    WHERE ${otherwise(order)} AND f.term = e.term AND f.contact_id = e.contact_id
    ORDER BY e.term, e.contact_id LIMIT ${limit}`;
}

/** The first entry by which the contact, or one merged into it, has the order's word. */
function firstEntry(tx: WorkspaceTx, order: WordOrder, id: RawBuilder<unknown>): RawBuilder<unknown> {
  const first = (contactId: RawBuilder<unknown>) => sql`SELECT t.term, t.contact_id FROM contact_search_terms t
    WHERE t.workspace_id = ${tx.workspaceId} AND t.contact_id = ${contactId}
      AND t.term >= ${order.word} AND t.term < ${endOfPrefix(order.word)} ORDER BY t.term LIMIT 1`;
  return sql`SELECT own.term, own.contact_id FROM (
      (${first(id)})
      UNION ALL
      (SELECT g.term, g.contact_id FROM contacts m CROSS JOIN LATERAL (${first(sql`m.id`)}) g
        WHERE m.workspace_id = ${tx.workspaceId} AND m.root_id = ${id} AND m.root_id <> m.id)) own
    ORDER BY own.term, own.contact_id LIMIT 1`;
}

/** Not among those whose name begins with the text, who have been listed before. */
function otherwise(order: WordOrder): RawBuilder<unknown> {
  return sql`(c.sort_name < ${order.text} OR c.sort_name >= ${endOfPrefix(order.text)})`;
}

function plainPage(tx: WorkspaceTx, filter: ContactFilter, order: ListOrder, limit: number): RawBuilder<ListKey> {
  // Along the sums' index the contact is looked up as one row at a time. As a plain join the planner, who takes
  // root_id = id for rare, read every contact and sorted them: 960 ms at a hundred thousand, against 11.
  const source =
    order.by === 'ltv'
      ? sql`ledger_contact_sums s CROSS JOIN LATERAL (${listedContact(tx, filter, sql`s.contact_id`)}) c`
      : sql`contacts c`;
  const all = order.by === 'ltv' ? inOrder(tx, order) : [listed(tx, filter), ...inOrder(tx, order)];
  return sql<ListKey>`SELECT ${columns(order)} FROM ${source}
    WHERE ${sql.join(all, sql` AND `)} ORDER BY ${ordering(order)} LIMIT ${limit}`;
}

/** Along the list in its order, each contact tested for every criterion. */
function walkedPage(tx: WorkspaceTx, filter: ContactFilter, order: ListOrder, limit: number): RawBuilder<ListKey> {
  return sql<ListKey>`SELECT c.id, c.sort_name, c.created_at, c.ltv_minor
    FROM (${plainPage(tx, filter, order, WALK_MAX)}) c ${tests(tx, filter.criteria, sql`c.id`)}
    ORDER BY ${outerOrdering(order)} LIMIT ${limit}`;
}

/** The contacts that have every criterion of `sought`, tested for the others one by one, and sorted. */
function lookedUpPage(
  tx: WorkspaceTx,
  filter: ContactFilter,
  order: ListOrder,
  limit: number,
  sought: readonly Criterion[],
  others: readonly Criterion[],
): RawBuilder<ListKey> {
  const sums = sql`JOIN ledger_contact_sums s ON s.workspace_id = ${tx.workspaceId} AND s.contact_id = c.id`;
  const entry = order.by === 'word' ? sql`CROSS JOIN LATERAL (${firstEntry(tx, order, sql`found.id`)}) e` : sql``;
  const all = inOrder(tx, order);
  // Hardly anybody is merged: their roots are looked up among the few in contacts_unlisted, and no contact is read here.
  const roots = sought.map(
    (criterion) => sql`SELECT DISTINCT coalesce(m.root_id, f.contact_id) AS id FROM (${contactsOf(tx, criterion)}) f
      LEFT JOIN contacts m ON m.workspace_id = ${tx.workspaceId} AND m.id = f.contact_id AND m.root_id <> m.id`,
  );
  return sql<ListKey>`WITH found AS MATERIALIZED (${sql.join(roots, sql` INTERSECT `)})
    SELECT ${columns(order)} FROM found ${tests(tx, others, sql`found.id`)} ${entry}
    CROSS JOIN LATERAL (${listedContact(tx, filter, sql`found.id`)}) c
    ${order.by === 'ltv' ? sums : sql``}
    ${all.length > 0 ? sql`WHERE ${sql.join(all, sql` AND `)}` : sql``}
    ORDER BY ${ordering(order)} LIMIT ${limit}`;
}

/** The contact of this id if it suits the filter. LIMIT keeps it a probe by primary key (see plainPage). */
function listedContact(tx: WorkspaceTx, filter: ContactFilter, id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT c.id, c.sort_name, c.created_at FROM contacts c WHERE ${listed(tx, filter)} AND c.id = ${id} LIMIT 1`;
}

/** Ids of the contacts that have the criterion themselves, possibly more than once. */
function contactsOf(tx: WorkspaceTx, criterion: Criterion): RawBuilder<unknown> {
  return 'word' in criterion
    ? sql`SELECT t.contact_id FROM contact_search_terms t
        WHERE t.workspace_id = ${tx.workspaceId} AND t.term >= ${criterion.word} AND t.term < ${endOfPrefix(criterion.word)}`
    : sql`SELECT t.contact_id FROM contact_tags t WHERE t.workspace_id = ${tx.workspaceId} AND t.tag = ${criterion.tag}`;
}

/**
 * Keeps the contact `id` when it, or a contact merged into it, has each criterion. LIMIT inside LATERAL holds the planner to one
 * probe per contact: turned into a hash join it would read every entry of a common word.
 */
function tests(tx: WorkspaceTx, criteria: readonly Criterion[], id: RawBuilder<unknown>): RawBuilder<unknown> {
  const each = criteria.map(
    (criterion, index) => sql`CROSS JOIN LATERAL (
        (${contactsOf(tx, criterion)} AND t.contact_id = ${id} LIMIT 1)
        UNION ALL
        (SELECT m.id FROM contacts m CROSS JOIN LATERAL (${contactsOf(tx, criterion)} AND t.contact_id = m.id LIMIT 1) f
          WHERE m.workspace_id = ${tx.workspaceId} AND m.root_id = ${id} AND m.root_id <> m.id)
        LIMIT 1) AS ${sql.ref(`test_${index}`)}`,
  );
  return sql.join(each, sql` `);
}

function columns(order: ListOrder): RawBuilder<unknown> {
  if (order.by === 'word')
    return sql`c.id, c.sort_name, c.created_at, NULL::bigint AS ltv_minor, e.term, e.contact_id AS term_contact_id`;
  return order.by === 'ltv'
    ? sql`c.id, c.sort_name, c.created_at, s.ltv_minor`
    : sql`c.id, c.sort_name, c.created_at, NULL::bigint AS ltv_minor`;
}

/** What the filter asks of a contact itself. */
function listed(tx: WorkspaceTx, filter: ContactFilter): RawBuilder<unknown> {
  const all = [
    sql`c.workspace_id = ${tx.workspaceId}`,
    filter.archived === 'only' ? sql`c.archived_at IS NOT NULL` : sql`c.archived_at IS NULL`,
    sql`c.deleted_at IS NULL AND c.root_id = c.id`,
  ];
  if (filter.ownerMemberId) all.push(sql`c.owner_member_id = ${filter.ownerMemberId}`);
  if (filter.country) all.push(sql`c.country = ${filter.country}`);
  if (filter.companyId) all.push(sql`c.company_id = ${filter.companyId}`);
  return sql.join(all, sql` AND `);
}

/** What the order asks: whose money it is sorted by (the ledger's kept sums), and to stand after the page before. */
function inOrder(tx: WorkspaceTx, order: ListOrder): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [];
  if (order.by === 'ltv')
    all.push(sql`s.workspace_id = ${tx.workspaceId} AND s.currency = ${order.currency} AND ${hasMoney}`);
  if (order.by === 'no_money') {
    all.push(sql`NOT EXISTS (SELECT 1 FROM ledger_contact_sums s
      WHERE s.workspace_id = ${tx.workspaceId} AND s.contact_id = c.id AND s.currency = ${order.currency} AND ${hasMoney})`);
  }
  if (order.by === 'beginning')
    all.push(sql`c.sort_name >= ${order.text} AND c.sort_name < ${endOfPrefix(order.text)}`);
  if (order.by === 'word') all.push(otherwise(order));
  const after = position(order);
  if (after) all.push(after);
  return all;
}

/** Merging empties the kept sums of the merged contact; a row of zeros means no money was ever there. */
const hasMoney = sql`(s.received_minor <> 0 OR s.refunded_minor <> 0 OR s.dispute_lost_minor <> 0 OR s.payment_count <> 0)`;

function position(order: ListOrder): RawBuilder<unknown> | null {
  if (!order.after) return null;
  switch (order.by) {
    case 'created':
      return sql`(c.created_at, c.id) < (${order.after.createdAt}::timestamptz, ${order.after.id}::uuid)`;
    case 'word':
      return sql`(e.term, e.contact_id) > (${order.after.term}, ${order.after.contactId}::uuid)`;
    case 'ltv':
      return sql`s.ltv_minor <= ${order.after.ltvMinor} AND (s.ltv_minor < ${order.after.ltvMinor} OR s.contact_id > ${order.after.id})`;
    case 'name':
    case 'beginning':
    case 'no_money':
      return sql`(c.sort_name, c.id) > (${order.after.sortName}, ${order.after.id}::uuid)`;
  }
}

function ordering(order: ListOrder): RawBuilder<unknown> {
  if (order.by === 'ltv') return sql`s.ltv_minor DESC, s.contact_id`;
  return outerOrdering(order);
}

function outerOrdering(order: ListOrder): RawBuilder<unknown> {
  switch (order.by) {
    case 'created':
      return sql`c.created_at DESC, c.id DESC`;
    case 'word':
      return sql`e.term, e.contact_id`;
    case 'ltv':
      return sql`c.ltv_minor DESC, c.id`;
    case 'name':
    case 'beginning':
    case 'no_money':
      return sql`c.sort_name, c.id`;
  }
}

/** Lifetime value per currency of these contacts, most first, from the ledger's kept sums; nobody without money. */
export async function readLtvRows(
  tx: WorkspaceTx,
  contactIds: readonly string[],
): Promise<{ contact_id: string; currency: string; ltv_minor: bigint }[]> {
  return tx.many(
    sql`SELECT s.contact_id, s.currency, s.ltv_minor FROM ledger_contact_sums s
      WHERE s.workspace_id = ${tx.workspaceId} AND s.contact_id = ANY(${contactIds}::uuid[]) AND ${hasMoney}
      ORDER BY s.contact_id, s.ltv_minor DESC, s.currency`,
  );
}
