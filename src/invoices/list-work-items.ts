import { contactIdsOfRoot, readContactForCharge, readContacts, rootOf } from '../contacts/read-contact.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, isUuid, toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import {
  type ContactToInvoice,
  ITEMS_PER_CONTACT_MAX,
  type ToInvoiceList,
  type WORK_FILTER_STATUSES,
  type WorkItem,
  type WorkList,
} from './api-work.ts';
import { shapeWorkItems } from './read-work-items.ts';
import {
  selectWaitingWork,
  selectWorkItems,
  sumWaitingWork,
  type WaitingSum,
  type WorkConditions,
} from './store-work.ts';

export interface WorkFilter {
  readonly status?: (typeof WORK_FILTER_STATUSES)[number] | undefined;
  readonly kind?: 'appointment' | 'deal' | undefined;
  readonly contact?: string | undefined;
  readonly done_from?: LocalDate | undefined;
  readonly invoice?: string | undefined;
}

/** One page of work: what waits for an invoice by the day it was done, everything else newest first. Throws invalid_request, not_found. */
export async function listWorkItems(
  tx: WorkspaceTx,
  query: WorkFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<WorkList> {
  const oldestFirst = query.status === 'to_invoice';
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const rows = await selectWorkItems(tx, await conditionsOf(tx, query), oldestFirst, after, query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const day = last && (oldestFirst ? last.done_on : last.listed_on);
  return {
    data: await shapeWorkItems(tx, shown),
    next_cursor: rows.length > query.limit && last && day ? encodeCursor([day, last.id]) : null,
  };
}

async function conditionsOf(tx: WorkspaceTx, filter: WorkFilter): Promise<WorkConditions> {
  return {
    status: filter.status ?? null,
    kind: filter.kind ?? null,
    contactIds: filter.contact === undefined ? null : await contactIdsOf(tx, filter.contact),
    doneFrom: filter.done_from ?? null,
    invoiceId: filter.invoice === undefined ? null : fromPublicId('invoice', filter.invoice),
  };
}

async function contactIdsOf(tx: WorkspaceTx, publicId: string): Promise<string[]> {
  const id = fromPublicId('contact', publicId);
  if (id === null) throw new Failure('not_found');
  return contactIdsOfRoot(tx, await rootOf(tx, id));
}

function positionOf(cursor: string): { day: string; id: string } {
  const [day, id] = decodeCursor(cursor, 2);
  if (typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && typeof id === 'string' && isUuid(id))
    return { day, id };
  throw foreignCursor();
}

/** How many work items are done and wait for an invoice. */
export async function countToInvoice(tx: WorkspaceTx): Promise<number> {
  return (await readWaiting(tx)).sums.reduce((count, sum) => count + sum.count, 0);
}

/** What waits per contact and currency, with who is billed for it. Nobody is billed for work of a deleted contact. */
async function readWaiting(tx: WorkspaceTx): Promise<{ sums: WaitingSum[]; roots: Map<string, string> }> {
  const sums = await sumWaitingWork(tx);
  if (sums.length === 0) return { sums, roots: new Map() };
  const contacts = await readContactForCharge(
    tx,
    sums.map((sum) => sum.contact_id),
  );
  const there = [...contacts.values()].filter((contact) => contact.deleted_at === null);
  const roots = new Map(there.map((contact) => [contact.id, contact.root_id]));
  return { sums: sums.filter((sum) => roots.has(sum.contact_id)), roots };
}

/** What is known of a contact (where contacts were merged: of all of them) before its items are read. */
interface Group {
  readonly root: string;
  readonly contactIds: readonly string[];
  readonly sums: readonly WaitingSum[];
  readonly oldest: LocalDate;
}

/**
 * What is done and not invoiced, by contact; who has waited longest to be billed comes first. Throws invalid_request on a
 * foreign cursor. All that waits is added up each time: what is done and not billed yet is little, whatever came before it.
 */
export async function listToInvoice(
  tx: WorkspaceTx,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<ToInvoiceList> {
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const { sums, roots } = await readWaiting(tx);
  const rest = groupsOf(sums, roots).filter(
    ({ oldest, root }) => after === null || oldest > after.day || (oldest === after.day && root > after.id),
  );
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  const [contacts, rows] = await Promise.all([
    readContacts(
      tx,
      shown.map(({ root }) => root),
    ),
    selectWaitingWork(
      tx,
      shown.flatMap(({ contactIds }) => contactIds),
      ITEMS_PER_CONTACT_MAX,
    ),
  ]);
  const items = await shapeWorkItems(tx, rows);
  return {
    data: shown.flatMap((group) => {
      const contact = contacts.find(({ id }) => id === toPublicId('contact', group.root));
      return contact ? [shapeGroup(group, contact, items)] : [];
    }),
    next_cursor: rest.length > shown.length && last ? encodeCursor([last.oldest, last.root]) : null,
  };
}

/** Sums by root, the longest waiting first. */
function groupsOf(sums: readonly WaitingSum[], roots: ReadonlyMap<string, string>): Group[] {
  const byRoot = new Map<string, WaitingSum[]>();
  for (const sum of sums) {
    const root = roots.get(sum.contact_id) ?? sum.contact_id;
    byRoot.set(root, [...(byRoot.get(root) ?? []), sum]);
  }
  const groups = [...byRoot].map(
    ([root, own]): Group => ({
      root,
      contactIds: [...new Set(own.map((sum) => sum.contact_id))],
      sums: own,
      oldest: own.map((sum) => sum.oldest_done_on).sort()[0]!,
    }),
  );
  return groups.sort((a, b) => (`${a.oldest} ${a.root}` < `${b.oldest} ${b.root}` ? -1 : 1));
}

function shapeGroup(
  group: Group,
  contact: { readonly id: string; readonly name: string; readonly archived_at: string | null },
  items: readonly WorkItem[],
): ContactToInvoice {
  const currencies = [...new Set(group.sums.map((sum) => sum.currency))].sort();
  return {
    contact: { id: contact.id, name: contact.name, archived: contact.archived_at !== null },
    values: currencies.map((currency) => {
      const own = group.sums.filter((sum) => sum.currency === currency);
      return {
        currency,
        count: own.reduce((count, sum) => count + sum.count, 0),
        total_minor: minorToJson(own.reduce((total, sum) => total + sum.total_minor, 0n)),
      };
    }),
    oldest_done_on: group.oldest,
    count: group.sums.reduce((count, sum) => count + sum.count, 0),
    items: items.filter((item) => item.contact.id === contact.id).slice(0, ITEMS_PER_CONTACT_MAX),
  };
}
