/** What the address of Ageing says, in the names of the API. Without a day it is today, without a currency the business's own. */
export interface AgeingSearch {
  as_of?: string;
  currency?: string;
}

/** Reads an address; whatever is not understood is left out, so that an old link opens instead of failing. */
export function readAgeingSearch(search: Record<string, unknown>): AgeingSearch {
  const read: AgeingSearch = {};
  const { as_of, currency } = search;
  if (typeof as_of === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(as_of)) read.as_of = as_of;
  if (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)) read.currency = currency;
  return read;
}
