import type { ContactRow } from '../contacts/api.ts';
import { listContacts } from '../contacts/list-contacts.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { toDecimalText } from '../foundation/money.ts';
import { listSmartListContacts } from '../insights/list-smart-list-contacts.ts';
import { listCurrencies } from '../insights/list-top-contacts.ts';
import { maySeeMoney } from '../insights/read-contact-overview.ts';
import type { Caller } from '../workspace/caller.ts';
import { uuidFromField } from '../workspace/door.ts';
import type { ExportContactsQuery } from './api.ts';
import { type Column, EXPORT_PAGE_SIZE, type Export } from './export.ts';

const COLUMNS: readonly Column<ContactRow>[] = [
  { name: 'id', cell: (row) => row.id },
  { name: 'name', cell: (row) => row.name },
  { name: 'email', cell: (row) => row.email },
  { name: 'phone', cell: (row) => row.phone },
  { name: 'company', cell: (row) => row.company?.name ?? null },
  { name: 'owner', cell: (row) => row.owner?.name ?? null },
  { name: 'tags', cell: (row) => row.tags.join(', ') },
  { name: 'line1', cell: (row) => row.billing.line1 },
  { name: 'line2', cell: (row) => row.billing.line2 },
  { name: 'city', cell: (row) => row.billing.city },
  { name: 'region', cell: (row) => row.billing.region },
  { name: 'postal_code', cell: (row) => row.billing.postal_code },
  { name: 'country', cell: (row) => row.country },
  { name: 'tax_id', cell: (row) => row.billing.tax_id },
  { name: 'currency', cell: (row) => row.currency },
  { name: 'locale', cell: (row) => row.locale },
  { name: 'time_zone', cell: (row) => row.time_zone },
  { name: 'external_ref', cell: (row) => row.external_ref },
  { name: 'created_at', cell: (row) => row.created_at },
  { name: 'archived_at', cell: (row) => row.archived_at },
];

/**
 * Contacts with what they are worth: a column per currency in which the workspace has money, because currencies are
 * never added. While the caller is shown no money those columns are left out.
 */
export const contacts: Export<ExportContactsQuery, ContactRow> = {
  name: 'contacts',
  async columns(tx, caller) {
    if (!maySeeMoney(caller)) return COLUMNS;
    const currencies = await listCurrencies(tx, caller.workspace.currency);
    return [...COLUMNS, ...currencies.map(worthIn)];
  },
  async *pages(tx, caller, query) {
    let cursor: string | undefined;
    do {
      const page = await readPage(tx, caller, query, cursor);
      yield page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  },
};

function worthIn(currency: string): Column<ContactRow> {
  return {
    name: `lifetime_value_${currency}`,
    cell: (row) => {
      const minor = row.ltv?.find((value) => value.currency === currency)?.amount_minor ?? 0;
      return toDecimalText(BigInt(minor), currency);
    },
  };
}

function readPage(
  tx: WorkspaceTx,
  caller: Caller,
  query: ExportContactsQuery,
  cursor: string | undefined,
): Promise<{ data: readonly ContactRow[]; next_cursor: string | null }> {
  const page = { cursor, limit: EXPORT_PAGE_SIZE };
  if (query.smart_list !== undefined) {
    return listSmartListContacts(tx, caller, uuidFromField('smartList', query.smart_list, 'smart_list'), page);
  }
  const { bom: _, smart_list: __, owner, company, ...filter } = query;
  return listContacts(tx, {
    ...filter,
    ...page,
    ownerMemberId: owner && uuidFromField('member', owner, 'owner'),
    companyId: company && uuidFromField('company', company, 'company'),
    withLtv: maySeeMoney(caller),
  });
}
