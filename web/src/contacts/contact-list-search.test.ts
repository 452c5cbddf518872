import { expect, test } from 'vitest';
import { chipsOf, contactListQuery, isNarrowed, readContactListSearch, withChips } from './contact-list-search.ts';

test.each([
  [{}, {}],
  [
    { q: 'anna', tag: 'vip', owner: 'mem_1', country: 'GB', archived: 'all' },
    { q: 'anna', tag: 'vip', owner: 'mem_1', country: 'GB', archived: 'all' },
  ],
  // The router reads digits as a number.
  [{ q: 4420 }, { q: '4420' }],
  [
    { sort: 'ltv', currency: 'EUR' },
    { sort: 'ltv', currency: 'EUR' },
  ],
  // An old or mistyped link opens the list instead of failing.
  [{ sort: 'colour', archived: 'yes', q: '', tag: ['a'] }, {}],
  [{ q: 'x'.repeat(201) }, {}],
])('an address is read: %j', (search, read) => {
  expect(readContactListSearch(search)).toEqual(read);
});

test.each([
  [{ sort: 'ltv' as const }, 'USD', { sort: 'ltv', currency: 'USD' }],
  [{ sort: 'ltv' as const, currency: 'EUR' }, 'USD', { sort: 'ltv', currency: 'EUR' }],
  // Sorting by value needs a currency.
  [{ sort: 'ltv' as const }, null, {}],
  [{ sort: 'created' as const }, 'USD', { sort: 'created' }],
  [{ q: '  anna ' }, 'USD', { search: 'anna' }],
])('the question of %j with %s', (search, currency, query) => {
  const asked = Object.fromEntries(
    Object.entries(contactListQuery(search, currency)).filter(([, value]) => value !== undefined),
  );
  expect(asked).toEqual(query);
});

test('chips are the address in other words, and leave search and order alone', () => {
  const search = { q: 'anna', sort: 'created' as const, tag: 'vip', country: 'GB' };
  expect(withChips(search, chipsOf(search))).toEqual(search);
  expect(withChips(search, { owner: { kind: 'choice', any: ['mem_1'] } })).toEqual({
    q: 'anna',
    sort: 'created',
    owner: 'mem_1',
  });
  expect(isNarrowed({ sort: 'created' })).toBe(false);
  expect(isNarrowed({ country: 'GB' })).toBe(true);
});
