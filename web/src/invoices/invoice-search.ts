import type { InvoiceStatus } from '../../../src/invoices/status-names.ts';
import type { Query } from '../app/api-client.ts';
import type { FilterValue, FilterValues } from '../ui/filter-sentence.ts';

const KINDS = ['invoice', 'quote', 'credit_note'] as const;
/** Every status by name: the list of the server would bring its calendar into the first load of the program. */
const STATUS_NAMES: Record<InvoiceStatus, true> = {
  draft: true,
  open: true,
  processing: true,
  partly_paid: true,
  paid: true,
  overdue: true,
  disputed: true,
  void: true,
  written_off: true,
};
export const INVOICE_STATUSES = Object.keys(STATUS_NAMES) as InvoiceStatus[];
const STATUSES: readonly ('outstanding' | InvoiceStatus)[] = ['outstanding', ...INVOICE_STATUSES];

/** What the address of Invoices says, in the names of the API's filter. Without `kind` it is invoices. */
export interface InvoiceSearch {
  kind?: 'quote' | 'credit_note';
  status?: 'outstanding' | InvoiceStatus;
  contact?: string;
  currency?: string;
  number?: string;
  /** Calendar dates in the business's zone, both included. */
  from?: string;
  to?: string;
  /** Whole minor units, both included. */
  amount_min?: number;
  amount_max?: number;
}

/** Reads an address; whatever is not understood is left out, so that an old link opens instead of failing. */
export function readInvoiceSearch(search: Record<string, unknown>): InvoiceSearch {
  const read: InvoiceSearch = {};
  const kind = KINDS.find((one) => one === search.kind);
  if (kind && kind !== 'invoice') read.kind = kind;
  const status = STATUSES.find((one) => one === search.status);
  if (status) read.status = status;
  if (typeof search.contact === 'string' && /^con_[0-9a-z]{26}$/.test(search.contact)) read.contact = search.contact;
  if (typeof search.currency === 'string' && /^[A-Z]{3}$/.test(search.currency)) read.currency = search.currency;
  // The router reads a number that has only digits as a number.
  const number = typeof search.number === 'number' ? String(search.number) : search.number;
  if (typeof number === 'string' && number.trim() !== '' && number.length <= 40) read.number = number.trim();
  for (const name of ['from', 'to'] as const) {
    const date = search[name];
    if (typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date)) read[name] = date;
  }
  for (const name of ['amount_min', 'amount_max'] as const) {
    const amount = Number(search[name] ?? Number.NaN);
    if (Number.isSafeInteger(amount) && amount >= 0) read[name] = amount;
  }
  return read;
}

/** The question to the API that an address asks. */
export function queryOf(search: InvoiceSearch): Query {
  return { ...search };
}

/** The address as chips. `contactName` is what the chip calls the contact. */
export function chipsOf(search: InvoiceSearch, contactName: string): FilterValues {
  const values: Record<string, FilterValue> = {};
  if (search.status) values.status = { kind: 'choice', any: [search.status] };
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
  if (search.number) values.number = { kind: 'text', text: search.number };
  return values;
}

/** Chips as an address; which kind of document is shown is chosen elsewhere and stays. */
export function searchOf(values: FilterValues, kind: InvoiceSearch['kind']): InvoiceSearch {
  const search: Record<string, unknown> = { kind };
  for (const [name, value] of Object.entries(values)) {
    if (value.kind === 'choice') search[name] = value.any[0];
    else if (value.kind === 'record') search[name] = value.id;
    else if (value.kind === 'text') search[name] = value.text;
    else if (value.kind === 'dates') Object.assign(search, { from: value.from, to: value.to });
    else Object.assign(search, { currency: value.currency, amount_min: value.minMinor, amount_max: value.maxMinor });
  }
  return readInvoiceSearch(search);
}
