import type { RawBuilder } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { type Query, sql, type WorkspaceTx } from '../foundation/database.ts';
import type { ContactRow } from './api.ts';
import { type ContactFilter, type Criterion, type ListOrder, listContactKeys } from './store-lists.ts';

/** Large enough that a plan which reads everything shows; small enough to fill in seconds. */
const CONTACTS = 100_000;
/** The last names begin with z: a common word whose contacts all stand at the end of the list. */
const LATE = 8_000;

const server = await testServer();
let home: TestWorkspace;

beforeAll(async () => {
  home = await server.workspace();
  const run = (text: string) => server.database.asOwner(text, [home.id]);
  // Person 42 is “common person n000042”; every tenth has money; every five hundredth is of another country.
  await run(`INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, country, owner_member_id, created_at, updated_at)
    SELECT $1::uuid, i, i, n, n, CASE WHEN g % 500 = 0 THEN 'NO' ELSE 'GB' END,
      CASE WHEN g % 1000 = 0 THEN (SELECT id FROM members WHERE workspace_id = $1::uuid) END, t, t
    FROM (SELECT g, ('00000000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid AS i,
            CASE WHEN g > ${CONTACTS - LATE} THEN 'zz late ' ELSE 'common person ' END || 'n' || lpad(g::text, 6, '0') AS n,
            timestamptz '2025-01-01' + g * interval '1 minute' AS t
          FROM generate_series(1, ${CONTACTS}) g) people`);
  await run(`INSERT INTO contact_search_terms (workspace_id, term, contact_id)
    SELECT $1::uuid, unnest(string_to_array(sort_name, ' ')), id FROM contacts WHERE workspace_id = $1::uuid`);
  await run(`INSERT INTO contact_tags (workspace_id, contact_id, tag)
    SELECT $1::uuid, id, CASE WHEN country = 'NO' THEN 'rare' ELSE 'frequent' END FROM contacts WHERE workspace_id = $1::uuid`);
  await run(`INSERT INTO ledger_contact_sums (workspace_id, contact_id, currency, received_minor, payment_count)
    SELECT $1::uuid, id, 'USD', right(sort_name, 6)::int, 1 FROM contacts
    WHERE workspace_id = $1::uuid AND right(sort_name, 1) = '0'`);
  // Oldest of all: somebody whose first name is what others are found by as a second word.
  await run(`INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, created_at, updated_at)
    SELECT $1::uuid, i, i, 'late bloomer', 'late bloomer', t, t
    FROM (SELECT '00000000-0000-7000-8000-ffffffffffff'::uuid AS i, timestamptz '2024-01-01' AS t) one`);
  await run(`INSERT INTO contact_search_terms (workspace_id, term, contact_id)
    SELECT $1::uuid, unnest('{late,bloomer}'::text[]), '00000000-0000-7000-8000-ffffffffffff'::uuid`);
  for (const table of ['contacts', 'contact_search_terms', 'contact_tags', 'ledger_contact_sums']) {
    await server.database.asOwner(`VACUUM ANALYZE ${table}`);
  }
}, 120_000);

const ALL: ContactFilter = { archived: 'no', ownerMemberId: null, country: null, companyId: null, criteria: [] };
const BY_NAME: ListOrder = { by: 'name', after: null };
const BY_TIME: ListOrder = { by: 'created', after: null };
const BY_LTV: ListOrder = { by: 'ltv', currency: 'USD', after: null };
const NO_MONEY: ListOrder = { by: 'no_money', currency: 'USD', after: null };
const DEEP: ListOrder = {
  by: 'name',
  after: { sortName: 'common person n050000', id: '00000000-0000-7000-8000-00000000c350' },
};
const beginning = (text: string): ListOrder => ({ by: 'beginning', text, after: null });
const byWord = (word: string, text: string): ListOrder => ({ by: 'word', word, text, after: null });
const words = (...all: string[]): Criterion[] => all.map((word) => ({ word }));

/** The page's names, and the plan of every statement that made it. */
async function page(filter: Partial<ContactFilter>, order: ListOrder, limit = 5) {
  return server.database.inWorkspace(home.id, async (tx) => {
    const plans: string[] = [];
    const explain = async (query: Query<unknown>) => {
      const rows = await tx.many<{ 'QUERY PLAN': string }>(sql`EXPLAIN ${query as RawBuilder<unknown>}`);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    };
    const watched: WorkspaceTx = {
      ...tx,
      many: async (query) => {
        await explain(query);
        return tx.many(query);
      },
      one: async (query) => {
        await explain(query);
        return tx.one(query);
      },
    };
    const keys = await listContactKeys(watched, { ...ALL, ...filter }, order, limit);
    return { names: keys.map((key) => key.sort_name), plans };
  });
}

const filterLength = (filter: Partial<ContactFilter>) => filter.criteria?.length ?? 0;

const people = (...numbers: number[]) =>
  numbers.map(
    (number) => `${number > CONTACTS - LATE ? 'zz late' : 'common person'} n${String(number).padStart(6, '0')}`,
  );

describe('each page is right, and none reads the whole table', () => {
  const cases: [string, Partial<ContactFilter>, ListOrder, string[]][] = [
    ['by name', {}, BY_NAME, people(1, 2, 3, 4, 5)],
    ['by name, deep', {}, DEEP, people(50_001, 50_002, 50_003, 50_004, 50_005)],
    ['newest first', {}, BY_TIME, people(100_000, 99_999, 99_998, 99_997, 99_996)],
    ['by lifetime value', {}, BY_LTV, people(100_000, 99_990, 99_980, 99_970, 99_960)],
    ['without money', {}, NO_MONEY, people(1, 2, 3, 4, 5)],
    ['of a country', { country: 'NO' }, BY_NAME, people(500, 1_000, 1_500, 2_000, 2_500)],
    ['a rare word', { criteria: words('n000777') }, BY_NAME, people(777)],
    ['a common word', { criteria: words('common') }, BY_NAME, people(1, 2, 3, 4, 5)],
    ['a common word, deep', { criteria: words('common') }, DEEP, people(50_001, 50_002, 50_003, 50_004, 50_005)],
    [
      'a common word, newest first',
      { criteria: words('zz') },
      BY_TIME,
      people(100_000, 99_999, 99_998, 99_997, 99_996),
    ],
    [
      'a common word at the other end',
      { criteria: words('zz') },
      BY_NAME,
      people(92_001, 92_002, 92_003, 92_004, 92_005),
    ],
    ['a rare and a common word', { criteria: words('common', 'n00077') }, BY_NAME, people(770, 771, 772, 773, 774)],
    ['two common words', { criteria: words('common', 'person') }, BY_NAME, people(1, 2, 3, 4, 5)],
    ['words that exclude each other', { criteria: words('common', 'zz') }, BY_NAME, []],
    ['a rare tag', { criteria: [{ tag: 'rare' }] }, BY_NAME, people(500, 1_000, 1_500, 2_000, 2_500)],
    ['a common tag', { criteria: [{ tag: 'frequent' }] }, BY_NAME, people(1, 2, 3, 4, 5)],
    ['a word and a tag', { criteria: [{ word: 'n0005' }, { tag: 'rare' }] }, BY_NAME, people(500)],
    [
      'a common word by lifetime value',
      { criteria: words('common') },
      BY_LTV,
      people(92_000, 91_990, 91_980, 91_970, 91_960),
    ],
    [
      'a tag by lifetime value',
      { criteria: [{ tag: 'rare' }] },
      BY_LTV,
      people(100_000, 99_500, 99_000, 98_500, 98_000),
    ],
  ];
  test.each<[string, Partial<ContactFilter>, string, string[]]>([
    ['a common first name', { criteria: words('zz') }, 'zz', people(92_001, 92_002, 92_003, 92_004, 92_005)],
    ['and the beginning of the next word', { criteria: words('late', 'zz') }, 'zz la', people(92_001, 92_002)],
    ['a rare one', { criteria: words('bloomer', 'late') }, 'late bloomer', ['late bloomer']],
    ['nobody’s', { criteria: words('person') }, 'person', []],
  ])('names that begin with %s are read off the list, and nothing is looked up', async (_, filter, text, expected) => {
    const { names, plans } = await page(filter, beginning(text));
    expect(names.slice(0, expected.length || 5)).toEqual(expected);
    for (const plan of plans) {
      expect(plan).toMatch(/contacts_by_name/);
      expect(plan).not.toMatch(/CTE found|Seq Scan/);
    }
  });

  test('a tag that few of the many who begin so have is looked up', async () => {
    const filter = { criteria: [{ word: 'common' }, { tag: 'rare' }] };
    const { names } = await page(filter, beginning('common'));
    expect(names).toEqual(people(500, 1_000, 1_500, 2_000, 2_500));
    expect((await page(filter, beginning('common p'), 500)).names).toHaveLength(184);
  });

  test.each<[string, Partial<ContactFilter>, ListOrder, string[]]>([
    ['one word', { criteria: words('late') }, byWord('late', 'late'), people(92_001, 92_002, 92_003, 92_004, 92_005)],
    ['in the order of the word', { criteria: words('n09') }, byWord('n09', 'n09'), people(90_000, 90_001, 90_002)],
    ['two', { criteria: words('person', 'n0005') }, byWord('person', 'person n0005'), people(500, 501, 502, 503)],
    [
      'a word and a rare tag',
      { criteria: [{ word: 'late' }, { tag: 'rare' }] },
      byWord('late', 'late'),
      people(92_500),
    ],
    ['two words that are common and never together', { criteria: words('common', 'zz') }, byWord('common', 'zz c'), []],
    ['names that begin so are not repeated', { criteria: words('zz') }, byWord('zz', 'zz'), []],
  ])('those who are found by another word: %s', async (_, filter, order, expected) => {
    const { names, plans } = await page(filter, order);
    expect(names.slice(0, expected.length || 5)).toEqual(expected);
    expect(plans[0]).not.toMatch(/Seq Scan/);
  });

  test.each(cases)('%s', async (_, filter, order, expected) => {
    const { names, plans } = await page(filter, order);
    expect(names).toEqual(expected);
    // Words that are all common and fill no page from the list's beginning are the exception that reads their entries:
    // the counts, the walk, and then the entries.
    const ordinary = plans.filter((plan) => !plan.includes('CTE found') || plans.length < filterLength(filter) + 2);
    for (const plan of ordinary) expect(plan).not.toMatch(/Seq Scan on (contacts|contact_search_terms|contact_tags)/);
  });

  test('of nearly everybody’s country, newest first: along the time, not by sorting the country', async () => {
    const { names, plans } = await page({ country: 'GB' }, BY_TIME);
    expect(names).toEqual(people(99_999, 99_998, 99_997, 99_996, 99_995));
    expect(plans.join()).toContain('contacts_by_time');
  });

  test('of an owner', async () => {
    const { names, plans } = await page({ ownerMemberId: home.owner.memberId }, BY_NAME);
    expect(names).toEqual(people(1_000, 2_000, 3_000, 4_000, 5_000));
    expect(plans.join()).toContain('contacts_by_owner');
  });
});

test.each([
  ['sort=name', 3],
  ['sort=created&search=n00077', 3],
  ['sort=ltv&currency=USD&search=n00077', 4],
  ['sort=name&archived=all&search=n00077', 4],
  ['sort=name&search=late', 3],
])('pages of ?%s follow one another without gap or repetition', async (query, limit) => {
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 5; pages += 1) {
    const answer = await server.call<{ data: ContactRow[]; next_cursor: string | null }>(
      'GET',
      `/v1/contacts?${query}&limit=${limit}${cursor}`,
      { as: home.apiKey },
    );
    expect(answer.status, answer.text).toBe(200);
    seen.push(...answer.body.data.map((contact) => contact.name));
    if (answer.body.next_cursor === null) break;
    cursor = `&cursor=${answer.body.next_cursor}`;
  }
  expect(new Set(seen).size).toBe(seen.length);
  const tens = people(770, 771, 772, 773, 774, 775, 776, 777, 778, 779);
  const expected: Record<string, string[]> = {
    'sort=name': people(...Array.from({ length: 15 }, (_, index) => index + 1)),
    'sort=created&search=n00077': [...tens].reverse(),
    'sort=ltv&currency=USD&search=n00077': tens,
    'sort=name&archived=all&search=n00077': tens,
    // Whose name begins so comes before those who are only found by it.
    'sort=name&search=late': ['late bloomer', ...people(...Array.from({ length: 14 }, (_, index) => 92_001 + index))],
  };
  expect(seen).toEqual(expected[query]);
});
