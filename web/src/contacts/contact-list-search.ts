import type { Query } from '../app/api-client.ts';
import type { FilterValues } from '../ui/filter-sentence.ts';

/** What the address of the contact list says; everything one can narrow by, so that back, reload and sharing work. */
export interface ContactListSearch {
  q?: string;
  sort?: 'created' | 'ltv';
  /** Of the lifetime value that is sorted by; the workspace's own when left out. */
  currency?: string;
  tag?: string;
  owner?: string;
  country?: string;
  archived?: 'only' | 'all';
  /** A smart list: its saved filter takes the place of everything else. */
  list?: string;
}

/** Reads an address; whatever it does not know is left out. */
export function readContactListSearch(search: Record<string, unknown>): ContactListSearch {
  const text = (name: string) => {
    const value = search[name];
    // The router reads `q=1234` as a number.
    const words = typeof value === 'number' ? String(value) : value;
    return typeof words === 'string' && words !== '' && words.length <= 200 ? { [name]: words } : {};
  };
  return {
    ...text('q'),
    ...(search.sort === 'created' || search.sort === 'ltv' ? { sort: search.sort } : {}),
    ...text('currency'),
    ...text('tag'),
    ...text('owner'),
    ...text('country'),
    ...(search.archived === 'only' || search.archived === 'all' ? { archived: search.archived } : {}),
    ...text('list'),
  };
}

/** The question to the API. `usualCurrency` is what lifetime value is sorted in unless the address names another. */
export function contactListQuery(search: ContactListSearch, usualCurrency: string | null): Query {
  const currency = search.currency ?? usualCurrency;
  return {
    search: search.q?.trim(),
    // Sorting by value needs a currency: until it is known the list stands by name.
    ...(search.sort === 'ltv' && currency !== null ? { sort: 'ltv', currency } : {}),
    ...(search.sort === 'created' ? { sort: 'created' } : {}),
    tag: search.tag,
    owner: search.owner,
    country: search.country,
    archived: search.archived,
  };
}

const CHIPS = ['tag', 'owner', 'country', 'archived'] as const;

/** The part of the address that the filter chips show. */
export function chipsOf(search: ContactListSearch): FilterValues {
  return Object.fromEntries(
    CHIPS.flatMap((id) => {
      const value = search[id];
      return value === undefined ? [] : [[id, { kind: 'choice', any: [value] }]];
    }),
  );
}

/** The address after the chips were changed. */
export function withChips(search: ContactListSearch, values: FilterValues): ContactListSearch {
  const chips = Object.fromEntries(
    CHIPS.map((id) => {
      const value = values[id];
      return [id, value?.kind === 'choice' ? value.any[0] : undefined];
    }),
  );
  return readContactListSearch({ ...search, ...chips });
}

/** Whether anything narrows the list, so that an empty one is no empty workspace. */
export function isNarrowed(search: ContactListSearch): boolean {
  return search.q !== undefined || CHIPS.some((id) => search[id] !== undefined);
}
