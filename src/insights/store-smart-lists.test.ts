import { beforeAll, describe, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { toPublicId } from '../foundation/id.ts';
import type { SmartListFilter } from './api.ts';
import { suitedContacts } from './smart-list.ts';
import { countSuited, listSuited } from './store-smart-lists.ts';

/** More than a page is walked for, so that rare facts are found the other way. */
const CONTACTS = 9_501;
const TODAY = '2026-03-02';
const server = await testServer();
let home: TestWorkspace;

/** What the SQL below makes of contact number g. Every 500th is merged into the one after it, which then has its facts. */
interface Person {
  readonly number: number;
  readonly isMerged: boolean;
  readonly isArchived: boolean;
  readonly tags: Set<string>;
  readonly usd: number | null;
  readonly euro: boolean;
  readonly lastPaid: string | null;
  readonly hasFailed: boolean;
  readonly card: string | null;
}
const isMerged = (g: number) => g % 500 === 0;
const dayOf = (g: number) => new Date(Date.UTC(2025, 0, 1 + (g % 400))).toISOString().slice(0, 10);
const ownTags = (g: number) => [...(g % 3 === 0 ? ['third'] : []), ...(g % 700 === 0 ? ['rare'] : [])];
const paysUsd = (g: number) => g % 2 === 0;
const fails = (g: number) => g % 900 === 0 || g % 901 === 0;
const cardOf = (g: number) => (g % 5 !== 0 ? null : g % 1000 === 0 ? '2026-03' : g % 10 === 0 ? '2025-01' : '2030-01');

function peopleOf(): Person[] {
  const numbers = Array.from({ length: CONTACTS }, (_, index) => index + 1);
  return numbers.map((g) => {
    const group = isMerged(g - 1) && g > 1 ? [g, g - 1] : [g];
    const dates = group.filter((one) => paysUsd(one) || one % 7 === 0).map(dayOf);
    return {
      number: g,
      isMerged: isMerged(g),
      isArchived: g % 37 === 1,
      tags: new Set(group.flatMap(ownTags)),
      usd: group.some(paysUsd) ? group.filter(paysUsd).reduce((sum, one) => sum + one * 10, 0) : null,
      euro: group.some((one) => one % 7 === 0),
      lastPaid: dates.sort().at(-1) ?? null,
      hasFailed: group.some(fails),
      card:
        group
          .map(cardOf)
          .filter((card) => card !== null)
          .sort()
          .at(-1) ?? null,
    };
  });
}

beforeAll(async () => {
  home = await server.workspace();
  const run = (text: string) => server.database.asOwner(text, [home.id]);
  const id = (g: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${g}), 12, '0'))::uuid`;
  await run(`INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, country, created_at, updated_at, archived_at)
    SELECT $1::uuid, ${id('g')}, ${id('CASE WHEN g % 500 = 0 THEN g + 1 ELSE g END')}, 'p' || lpad(g::text, 6, '0'), 'p' || lpad(g::text, 6, '0'),
      CASE WHEN g % 4 = 0 THEN 'GB' ELSE 'US' END, now(), now(), CASE WHEN g % 37 = 1 THEN now() END
    FROM generate_series(${CONTACTS}, 1, -1) g`);
  await run(`INSERT INTO contact_tags (workspace_id, contact_id, tag)
    SELECT $1::uuid, ${id('g')}, 'third' FROM generate_series(1, ${CONTACTS}) g WHERE g % 3 = 0
    UNION ALL SELECT $1::uuid, ${id('g')}, 'rare' FROM generate_series(1, ${CONTACTS}) g WHERE g % 700 = 0`);
  await run(`INSERT INTO payments (workspace_id, id, kind, contact_id, gateway, method_kind, method_label, amount_minor, currency, status,
      source, needs_action, occurred_at, day, created_at, transition_count, created_by_kind, created_by_name)
    SELECT $1::uuid, gen_random_uuid(), 'charge', ${id('g')}, 'manual', 'cash', 'Cash', g * 10, currency, status, 'api', status = 'declined',
      day + time '12:00', day, now(), 1, 'system', 'test'
    FROM (SELECT g, date '2025-01-01' + g % 400 AS day FROM generate_series(1, ${CONTACTS}) g) numbered
    CROSS JOIN (VALUES ('USD', 'settled'), ('EUR', 'settled'), ('GBP', 'declined')) AS made (currency, status)
    WHERE currency = 'USD' AND g % 2 = 0 OR currency = 'EUR' AND g % 7 = 0 OR currency = 'GBP' AND (g % 900 = 0 OR g % 901 = 0)`);
  await run(`INSERT INTO ledger_contact_sums (workspace_id, contact_id, currency, received_minor, payment_count)
    SELECT $1::uuid, c.root_id, p.currency, sum(p.amount_minor), count(*) FROM payments p JOIN contacts c ON c.workspace_id = $1 AND c.id = p.contact_id
    WHERE p.workspace_id = $1::uuid AND p.status = 'settled' GROUP BY 2, 3`);
  await run(`INSERT INTO payment_methods (workspace_id, id, contact_id, gateway, gateway_customer_ref, gateway_method_ref, kind, brand, last4,
      exp_month, exp_year, fingerprint, consent_text_version, consent_channel, consent_at, added_by, added_at)
    SELECT $1::uuid, gen_random_uuid(), ${id('g')}, 'scripted', 'c' || g, 'm' || g, 'card', 'Visa', '4242',
      CASE WHEN g % 1000 = 0 THEN 3 ELSE 1 END, CASE WHEN g % 1000 = 0 THEN 2026 WHEN g % 10 = 0 THEN 2025 ELSE 2030 END,
      'f' || g, '1', 'web', now(), 'test', now()
    FROM generate_series(1, ${CONTACTS}) g WHERE g % 5 = 0`);
}, 120_000);

describe('the count, and the list page by page, are those that the facts say', () => {
  const band = (low: number, high: number) => (person: Person) => (person.usd ?? 0) >= low && (person.usd ?? 0) < high;
  const ltv = (min_minor?: number, max_minor?: number): SmartListFilter => ({
    ltv: { currency: 'USD', min_minor, max_minor },
  });
  const cases: [string, SmartListFilter, (person: Person) => boolean][] = [
    ['nothing asked', {}, () => true],
    ['a common tag', { tag: 'third' }, ({ tags }) => tags.has('third')],
    ['a rare tag', { tag: 'rare' }, ({ tags }) => tags.has('rare')],
    ['a band', ltv(20_000, 50_000), band(20_000, 50_000)],
    ['a narrow band', ltv(94_900, 99_000), band(94_900, 99_000)],
    ['a band with nothing in it too', ltv(undefined, 40_000), band(0, 40_000)],
    ['a failed charge', { has_failed_charge: true }, ({ hasFailed }) => hasFailed],
    ['no failed charge', { has_failed_charge: false }, ({ hasFailed }) => !hasFailed],
    ['never paid', { last_payment: { never: true } }, ({ lastPaid }) => lastPaid === null],
    [
      'paid last before',
      { last_payment: { before: '2025-06-01' } },
      ({ lastPaid }) => lastPaid !== null && lastPaid < '2025-06-01',
    ],
    [
      'paid last before, few',
      { last_payment: { before: '2025-01-03' } },
      ({ lastPaid }) => lastPaid !== null && lastPaid < '2025-01-03',
    ],
    ['paid after', { last_payment: { after: '2026-01-20' } }, ({ lastPaid }) => (lastPaid ?? '') >= '2026-01-20'],
    [
      'paid last within',
      { last_payment: { after: '2025-03-01', before: '2025-03-05' } },
      ({ lastPaid }) => lastPaid !== null && lastPaid >= '2025-03-01' && lastPaid < '2025-03-05',
    ],
    ['a card', { has_card: true }, ({ card }) => (card ?? '') >= '2026-03'],
    ['no card', { has_card: false }, ({ card }) => (card ?? '') < '2026-03'],
    ['an expiring card', { card_expires_within_days: 40 }, ({ card }) => card === '2026-03'],
    ['a country', { country: 'gb' }, ({ number }) => number % 4 === 0],
    [
      'a country and a rare tag',
      { country: 'US', tag: 'rare' },
      ({ number, tags }) => number % 4 !== 0 && tags.has('rare'),
    ],
    [
      'a country and no failed charge',
      { country: 'GB', has_failed_charge: false },
      ({ number, hasFailed }) => number % 4 === 0 && !hasFailed,
    ],
    [
      'two facts',
      { tag: 'third', ...ltv(40_000, 60_000) },
      (person) => person.tags.has('third') && band(40_000, 60_000)(person),
    ],
    [
      'two facts absent',
      { has_card: false, last_payment: { never: true } },
      ({ card, lastPaid }) => (card ?? '') < '2026-03' && lastPaid === null,
    ],
    [
      'one there, one absent',
      { tag: 'rare', has_failed_charge: false },
      ({ tags, hasFailed }) => tags.has('rare') && !hasFailed,
    ],
  ];
  const people = peopleOf().filter((person) => !person.isMerged && !person.isArchived);
  test.each(cases)('%s', async (_, filter, suits) => {
    const expected = people.filter(suits).map(({ number }) => `p${String(number).padStart(6, '0')}`);
    const suited = suitedContacts(filter, { workspaceId: home.id, timeZone: 'UTC', today: TODAY });
    await server.database.inWorkspace(home.id, async (tx) => {
      expect(await countSuited(tx, suited)).toBe(expected.length);
      const seen: string[] = [];
      let after: { sortName: string; id: string } | null = null;
      for (;;) {
        const page = await listSuited(tx, suited, after, 3_000);
        seen.push(...page.map((key) => key.sort_name));
        const last = page.at(-1);
        if (page.length < 3_000 || !last) break;
        after = { sortName: last.sort_name, id: last.id };
      }
      expect(seen).toEqual(expected);
    });
  });

  test('a contact of nobody’s owner', async () => {
    const owner_id = toPublicId('member', home.owner.memberId ?? '');
    const suited = suitedContacts({ owner_id }, { workspaceId: home.id, timeZone: 'UTC', today: TODAY });
    expect(await server.database.inWorkspace(home.id, (tx) => countSuited(tx, suited))).toBe(0);
  });
});
