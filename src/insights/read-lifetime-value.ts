import { contactIdsOfRoot, readContactForCharge } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { localDateOf, startOfLocalDate } from '../foundation/local-date.ts';
import { NO_SUMS } from '../ledger/accounts.ts';
import { readSumsOfContact } from '../ledger/read-balance.ts';
import type { Caller } from '../workspace/caller.ts';
import type { LifetimeValue } from './api.ts';
import { firstDayShown, lifetimeValuesOf } from './lifetime-value.ts';
import { readMonths, readPaymentEnds } from './store.ts';

/** A contact with everybody merged into it. */
export interface ContactGroup {
  readonly rootId: string;
  readonly contactIds: readonly string[];
  /** The surviving contact's own currency, or the workspace's. */
  readonly currency: string;
}

/** Who stands together with this contact. Throws not_found. */
export async function readContactGroup(tx: WorkspaceTx, caller: Caller, contactId: string): Promise<ContactGroup> {
  // Nearly always the contact is its own root: both questions are sent together, and asked again when it was merged.
  const [rows, ownIds] = await Promise.all([readContactForCharge(tx, [contactId]), contactIdsOfRoot(tx, contactId)]);
  const row = rows.get(contactId);
  if (!row || row.deleted_at) throw new Failure('not_found');
  const contactIds = row.root_id === contactId ? ownIds : await contactIdsOfRoot(tx, row.root_id);
  return { rootId: row.root_id, contactIds, currency: row.currency ?? caller.workspace.currency };
}

/**
 * What a contact is worth, per currency: the ledger's kept sums with the ends and the last year of their history. The
 * cost does not grow with the number of payments, except those of the last year.
 */
export async function readLifetimeValues(
  tx: WorkspaceTx,
  caller: Caller,
  group: ContactGroup,
): Promise<LifetimeValue[]> {
  const { timeZone } = caller.workspace;
  const today = localDateOf(caller.now, timeZone);
  const day = firstDayShown(today);
  const [sums, ends, months] = await Promise.all([
    readSumsOfContact(tx, group.rootId),
    readPaymentEnds(tx, group.rootId, group.contactIds),
    readMonths(tx, group.contactIds, { at: startOfLocalDate(day, timeZone), day }),
  ]);
  const endsOf = new Map(ends.map((row) => [row.currency, row]));
  const parts = [...sums.keys()].map((currency) => ({
    currency,
    sums: sums.get(currency) ?? NO_SUMS,
    firstPaymentAt: endsOf.get(currency)?.first_at ?? null,
    lastPaymentAt: endsOf.get(currency)?.last_at ?? null,
    months: new Map(
      months.filter((row) => row.currency === currency).map((row) => [row.month, row.net_minor] as const),
    ),
  }));
  return lifetimeValuesOf(parts, group.currency, today);
}
