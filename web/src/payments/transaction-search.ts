import {
  LTV_PARTS,
  METHOD_KINDS,
  PAYMENT_KINDS,
  PAYMENT_SOURCES,
  PAYMENT_STATUSES,
} from '../../../src/payments/api.ts';
import type { Query } from '../app/api-client.ts';
import type { FilterValue, FilterValues } from '../ui/filter-sentence.ts';

/**
 * What the address of Transactions says. The names are those of the API's filter, so that an address, a request and an
 * export say the same thing in the same words. Lists are comma separated.
 */
export interface TransactionSearch {
  kind?: string;
  status?: string;
  method?: string;
  gateway?: string;
  source?: string;
  contact?: string;
  currency?: string;
  /** Calendar dates in the workspace's zone, both included. */
  from?: string;
  to?: string;
  /** Whole minor units, both included. */
  amount_min?: number;
  amount_max?: number;
  needs_action?: boolean;
  /** Only together with a contact: the payments that this part of their lifetime value adds up. */
  ltv_part?: string;
}

const LISTS = {
  kind: PAYMENT_KINDS,
  status: PAYMENT_STATUSES,
  method: METHOD_KINDS,
  source: PAYMENT_SOURCES,
} as const satisfies Partial<Record<keyof TransactionSearch, readonly string[]>>;

type ListName = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as ListName[];

/** Reads an address; whatever is not understood is left out, so that an old link opens instead of failing. */
export function readTransactionSearch(search: Record<string, unknown>): TransactionSearch {
  const read: TransactionSearch = {};
  for (const name of LIST_NAMES) {
    const known = String(search[name] ?? '')
      .split(',')
      .filter((one) => (LISTS[name] as readonly string[]).includes(one));
    if (known.length > 0) read[name] = known.join(',');
  }
  if (typeof search.gateway === 'string' && /^[a-z_]{1,40}$/.test(search.gateway)) read.gateway = search.gateway;
  if (typeof search.contact === 'string' && /^con_[0-9a-z]{26}$/.test(search.contact)) read.contact = search.contact;
  if (typeof search.currency === 'string' && /^[A-Z]{3}$/.test(search.currency)) read.currency = search.currency;
  for (const name of ['from', 'to'] as const) {
    const date = search[name];
    if (typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date)) read[name] = date;
  }
  for (const name of ['amount_min', 'amount_max'] as const) {
    const amount = Number(search[name] ?? Number.NaN);
    if (Number.isSafeInteger(amount) && amount >= 0) read[name] = amount;
  }
  if (search.needs_action === true || search.needs_action === 'true') read.needs_action = true;
  if (read.contact && (LTV_PARTS as readonly string[]).includes(String(search.ltv_part))) {
    read.ltv_part = String(search.ltv_part);
  }
  return read;
}

/** The question to the API that an address asks. */
export function queryOf(search: TransactionSearch): Query {
  return { ...search };
}

/** The address as chips. `contactName` is what the chip calls the contact. */
export function chipsOf(search: TransactionSearch, contactName: string): FilterValues {
  const values: Record<string, FilterValue> = {};
  for (const name of LIST_NAMES) {
    const list = search[name];
    if (list) values[name] = { kind: 'choice', any: list.split(',') };
  }
  if (search.gateway) values.gateway = { kind: 'choice', any: [search.gateway] };
  if (search.contact) values.contact = { kind: 'record', id: search.contact, name: contactName };
  if (search.from || search.to) {
    values.date = { kind: 'dates', ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) };
  }
  if (search.currency) {
    values.amount = {
      kind: 'amounts',
      currency: search.currency,
      ...(search.amount_min !== undefined && { minMinor: search.amount_min }),
      ...(search.amount_max !== undefined && { maxMinor: search.amount_max }),
    };
  }
  if (search.needs_action) values.needs_action = { kind: 'choice', any: ['true'] };
  if (search.ltv_part) values.ltv_part = { kind: 'choice', any: [search.ltv_part] };
  return values;
}

/** Chips as an address. */
export function searchOf(values: FilterValues): TransactionSearch {
  const search: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value.kind === 'choice') search[name] = value.any.join(',');
    else if (value.kind === 'record') search[name] = value.id;
    else if (value.kind === 'dates') Object.assign(search, { from: value.from, to: value.to });
    else if (value.kind === 'amounts') {
      Object.assign(search, { currency: value.currency, amount_min: value.minMinor, amount_max: value.maxMinor });
    }
  }
  return readTransactionSearch(search);
}
