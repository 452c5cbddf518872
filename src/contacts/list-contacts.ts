import { decodeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid } from '../foundation/id.ts';
import type { Contact, ContactRow } from './api.ts';
import { readContactRows, readContacts } from './read-contact.ts';
import { sortNameOf, typedWordsOf } from './search-terms.ts';
import { type Criterion, type ListKey, type ListOrder, listContactKeys } from './store-lists.ts';

/** What a list is asked for; ids are uuids. */
export interface ContactListRequest {
  readonly search?: string;
  readonly sort: 'name' | 'created' | 'ltv';
  /** Needed for sort ltv. */
  readonly currency?: string;
  readonly archived: 'no' | 'only' | 'all';
  readonly tag?: string;
  readonly ownerMemberId?: string;
  readonly country?: string;
  readonly companyId?: string;
  readonly cursor?: string;
  readonly limit: number;
  /** Whether rows carry lifetime values: payments are on, and the caller may see them. */
  readonly withLtv: boolean;
}

export interface ContactList {
  readonly data: (Contact | ContactRow)[];
  readonly next_cursor: string | null;
}

/**
 * One page of contacts, never with deleted ones or those merged into others (who are found under the surviving one).
 * A search whose text holds no letter or digit finds nobody. Throws invalid_request on sort ltv without a currency and
 * on a cursor of another list.
 */
export async function listContacts(tx: WorkspaceTx, request: ContactListRequest): Promise<ContactList> {
  const words = request.search === undefined ? null : typedWordsOf(request.search);
  if (words?.length === 0 && request.search?.trim() !== '') return { data: [], next_cursor: null };
  const criteria: Criterion[] = (words ?? []).map((word) => ({ word }));
  if (request.tag !== undefined) criteria.push({ tag: request.tag });

  const orders = ordersFrom(request, words ?? []);
  const keys: { key: ListKey; order: ListOrder }[] = [];
  // One more than the page holds tells whether there is a next page.
  for (const order of orders) {
    const missing = request.limit + 1 - keys.length;
    if (missing <= 0) break;
    for (const key of await listOrdered(tx, request, criteria, order, missing)) keys.push({ key, order });
  }
  const page = keys.slice(0, request.limit);
  const ids = page.map(({ key }) => key.id);
  const data = request.withLtv ? await readContactRows(tx, ids) : await readContacts(tx, ids);
  const last = page.at(-1);
  return { data, next_cursor: keys.length > request.limit && last ? cursorAfter(last.key, last.order) : null };
}

/** Archived and living contacts have an index each; a list of both is the merge of two pages. */
async function listOrdered(
  tx: WorkspaceTx,
  request: ContactListRequest,
  criteria: Criterion[],
  order: ListOrder,
  limit: number,
) {
  const { ownerMemberId = null, country = null, companyId = null } = request;
  const one = (archived: 'no' | 'only') =>
    listContactKeys(tx, { archived, ownerMemberId, country, companyId, criteria }, order, limit);
  if (request.archived !== 'all') return one(request.archived);
  const both = [...(await one('no')), ...(await one('only'))];
  return both.sort((a, b) => compareKeys(a, b, order)).slice(0, limit);
}

function compareKeys(a: ListKey, b: ListKey, order: ListOrder): number {
  switch (order.by) {
    case 'created':
      return b.created_at.getTime() - a.created_at.getTime() || (a.id < b.id ? 1 : -1);
    case 'word':
      return compareBytes(a.term!, b.term!) || (a.term_contact_id! < b.term_contact_id! ? -1 : 1);
    case 'ltv':
      return a.ltv_minor === b.ltv_minor ? (a.id < b.id ? -1 : 1) : a.ltv_minor! > b.ltv_minor! ? -1 : 1;
    case 'name':
    case 'beginning':
    case 'no_money':
      return compareBytes(a.sort_name, b.sort_name) || (a.id < b.id ? -1 : 1);
  }
}

/** The database compares bytes, and so must we: JavaScript compares UTF-16 units. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * The orders whose pages follow one another: by LTV come those with money, then those without; by name and searched for
 * come those whose name begins with what was typed, by name, then those who are found by another word, by that word.
 */
function ordersFrom(request: ContactListRequest, words: readonly string[]): ListOrder[] {
  const [by, position, id] = request.cursor === undefined ? [null, null, null] : decodeCursor(request.cursor, 3);
  const at = (wanted: ListOrder['by']) =>
    by === wanted && typeof position === 'string' && typeof id === 'string' && isUuid(id) ? { position, id } : null;
  const orders = (() => {
    if (request.sort === 'created') {
      const after = at('created');
      return [
        { by: 'created', after: after && { createdAt: new Date(after.position), id: after.id } },
      ] satisfies ListOrder[];
    }
    const text = request.search === undefined ? '' : sortNameOf(request.search);
    const [word] = words;
    if (request.sort === 'name' && text !== '' && word !== undefined) {
      const beginning = at('beginning');
      const found = at('word');
      const rest: ListOrder = {
        by: 'word',
        word,
        text,
        after: found && { term: found.position, contactId: found.id },
      };
      if (found) return [rest];
      const after = beginning && { sortName: beginning.position, id: beginning.id };
      return [{ by: 'beginning', text, after } satisfies ListOrder, rest];
    }
    if (request.sort === 'name') {
      const after = at('name');
      return [{ by: 'name', after: after && { sortName: after.position, id: after.id } }] satisfies ListOrder[];
    }
    const { currency } = request;
    if (currency === undefined) throw needsCurrency();
    const withMoney = at('ltv');
    const without = at('no_money');
    const rest: ListOrder = {
      by: 'no_money',
      currency,
      after: without && { sortName: without.position, id: without.id },
    };
    if (without) return [rest];
    const after =
      withMoney && /^-?\d{1,18}$/.test(withMoney.position)
        ? { ltvMinor: BigInt(withMoney.position), id: withMoney.id }
        : null;
    return [{ by: 'ltv', currency, after } satisfies ListOrder, rest];
  })();
  const [first] = orders;
  const invalidDate = first?.by === 'created' && first.after && Number.isNaN(first.after.createdAt.getTime());
  if (request.cursor !== undefined && (!first?.after || invalidDate)) throw foreignCursor();
  return orders;
}

function cursorAfter(key: ListKey, order: ListOrder): string {
  if (order.by === 'word') return encodeCursor([order.by, key.term!, key.term_contact_id!]);
  const position =
    order.by === 'created' ? key.created_at.toISOString() : order.by === 'ltv' ? String(key.ltv_minor) : key.sort_name;
  return encodeCursor([order.by, position, key.id]);
}

function needsCurrency(): Failure {
  const message = 'Name the currency to sort by: lifetime values of different currencies cannot be compared.';
  return new Failure('invalid_request', message, { fields: [{ path: 'currency', message }] });
}

function foreignCursor(): Failure {
  return new Failure('invalid_request', 'The cursor is of a list in another order.', {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, with the same sort.' }],
  });
}
