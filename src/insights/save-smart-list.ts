import { holdsCardNumber } from '../foundation/card-number.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { SmartList, SmartListFilter } from './api.ts';
import { countSuitedContacts } from './list-smart-list-contacts.ts';
import { maySeeMoney } from './read-contact-overview.ts';
import { asksAboutMoney, checkFilter } from './smart-list.ts';
import {
  deleteSmartList,
  insertSmartList,
  isNameTaken,
  readSmartList,
  readSmartLists,
  type SmartListRow,
  updateSmartList,
} from './store-smart-lists.ts';

/**
 * All saved lists with how many contacts each holds now. Lists that ask about money are left out while payments are
 * switched off or the caller may not see them; they come back unchanged.
 */
export async function listSmartLists(tx: WorkspaceTx, caller: Caller): Promise<SmartList[]> {
  const rows = await readSmartLists(tx);
  const shown = rows.filter((row) => maySeeMoney(caller) || !asksAboutMoney(row.filter));
  return Promise.all(shown.map((row) => shapeList(tx, caller, row)));
}

/** Saves a filter under a name. Throws invalid_request, duplicate_name, card_number_refused, feature_off. */
export async function saveSmartList(
  tx: WorkspaceTx,
  caller: Caller,
  list: { name: string; filter: SmartListFilter },
): Promise<SmartList> {
  check(list);
  const row = await insertSmartList(tx, {
    id: newId(),
    ...list,
    created_by: caller.name,
    created_at: caller.now,
  });
  if (!row) throw nameTaken();
  await audit(tx, caller, 'smart_list.created', row);
  return shapeList(tx, caller, row);
}

/** Changes name, filter or both. Throws not_found, edit_conflict, and as saveSmartList(). */
export async function changeSmartList(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: { name?: string; filter?: SmartListFilter },
  expectedVersion: number | null,
): Promise<SmartList> {
  const before = await lockList(tx, id, expectedVersion);
  const list = { name: changes.name ?? before.name, filter: changes.filter ?? before.filter };
  check(list);
  if (await isNameTaken(tx, list.name, id)) throw nameTaken();
  const row = await updateSmartList(tx, { id, ...list, updated_at: caller.now });
  await audit(tx, caller, 'smart_list.changed', row);
  return shapeList(tx, caller, row);
}

/** Forgets a list; its contacts stay as they are. Throws not_found, edit_conflict. */
export async function removeSmartList(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  const row = await lockList(tx, id, expectedVersion);
  await deleteSmartList(tx, id);
  await audit(tx, caller, 'smart_list.deleted', row);
}

async function lockList(tx: WorkspaceTx, id: string, expectedVersion: number | null): Promise<SmartListRow> {
  const row = await readSmartList(tx, id, true);
  if (!row) throw new Failure('not_found');
  if (expectedVersion !== null && row.version !== expectedVersion) throw new Failure('edit_conflict');
  return row;
}

function check({ name, filter }: { name: string; filter: SmartListFilter }): void {
  checkFilter(filter);
  for (const [path, text] of Object.entries({ name, 'filter.tag': filter.tag })) {
    if (text !== undefined && holdsCardNumber(text)) {
      throw new Failure('card_number_refused', undefined, { fields: [{ path, message: 'Leave card numbers out.' }] });
    }
  }
}

function nameTaken(): Failure {
  return new Failure('duplicate_name', 'Another smart list has this name.', {
    fields: [{ path: 'name', message: 'A name that no other smart list has.' }],
  });
}

/** The filter itself is kept in the log, so that a changed list can be found again as it was. */
function audit(tx: WorkspaceTx, caller: Caller, action: string, row: SmartListRow): Promise<void> {
  const details = { name: row.name, filter: row.filter as never };
  return recordAudit(tx, caller, { action, subjectKind: 'smartList', subjectId: row.id, details });
}

async function shapeList(tx: WorkspaceTx, caller: Caller, row: SmartListRow): Promise<SmartList> {
  return {
    id: toPublicId('smartList', row.id),
    name: row.name,
    filter: row.filter,
    count: await countSuitedContacts(tx, caller, row.filter),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
    version: row.version,
  };
}
