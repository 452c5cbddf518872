import type { ContactRow } from '../contacts/api.ts';
import { readContactRows, readContacts } from '../contacts/read-contact.ts';
import { decodeCursor, encodeCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { type Caller, requireRight, requireSwitch } from '../workspace/caller.ts';
import type { SmartListFilter } from './api.ts';
import { maySeeMoney } from './read-contact-overview.ts';
import { asksAboutMoney, suitedContacts } from './smart-list.ts';
import { countSuited, listSuited, readSmartList } from './store-smart-lists.ts';

export interface ContactRowPage {
  readonly data: ContactRow[];
  readonly next_cursor: string | null;
}

/**
 * One page of the contacts that a filter holds now, by name, as the contact list shows them. Throws feature_off or
 * right_missing when the filter asks about money that the caller is not shown.
 */
export async function listSuitedContacts(
  tx: WorkspaceTx,
  caller: Caller,
  filter: SmartListFilter,
  request: { cursor?: string; limit: number },
): Promise<ContactRowPage> {
  const suited = suitedBy(caller, filter);
  const after = request.cursor === undefined ? null : positionOf(request.cursor);
  const keys = await listSuited(tx, suited, after, request.limit + 1);
  const page = keys.slice(0, request.limit);
  const ids = page.map((key) => key.id);
  const last = page.at(-1);
  return {
    data: maySeeMoney(caller) ? await readContactRows(tx, ids) : await readContacts(tx, ids),
    next_cursor: keys.length > request.limit && last ? encodeCursor([last.sort_name, last.id]) : null,
  };
}

/** How many contacts a filter holds now. Throws as listSuitedContacts(). */
export function countSuitedContacts(tx: WorkspaceTx, caller: Caller, filter: SmartListFilter): Promise<number> {
  return countSuited(tx, suitedBy(caller, filter));
}

/** A saved list's contacts. Throws not_found, and as listSuitedContacts(). */
export async function listSmartListContacts(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  request: { cursor?: string; limit: number },
): Promise<ContactRowPage> {
  const list = await readSmartList(tx, id);
  if (!list) throw new Failure('not_found');
  return listSuitedContacts(tx, caller, list.filter, request);
}

function suitedBy(caller: Caller, filter: SmartListFilter) {
  if (asksAboutMoney(filter)) {
    requireSwitch(caller, 'payments_and_ltv');
    requireRight(caller, 'payments.read');
  }
  const { id: workspaceId, timeZone } = caller.workspace;
  return suitedContacts(filter, { workspaceId, timeZone, today: localDateOf(caller.now, timeZone) });
}

function positionOf(cursor: string): { sortName: string; id: string } {
  const [sortName, id] = decodeCursor(cursor, 2);
  if (typeof sortName === 'string' && typeof id === 'string' && isUuid(id)) return { sortName, id };
  throw new Failure('invalid_request', undefined, {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
