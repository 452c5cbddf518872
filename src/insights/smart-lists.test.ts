import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { ContactRow } from '../contacts/api.ts';
import { toPublicId } from '../foundation/id.ts';
import type { SmartList, SmartListFilter } from './api.ts';
import { checkFilter } from './smart-list.ts';

const server = await testServer();
const { call, clock } = server;

interface Preview {
  count: number;
  data: ContactRow[];
  next_cursor: string | null;
}

async function namesIn(workspace: TestWorkspace, filter: SmartListFilter): Promise<string[]> {
  const { status, body } = await call<Preview>('POST', '/v1/smart-lists/preview', {
    as: workspace.apiKey,
    body: { filter },
  });
  expect(status).toBe(200);
  expect(body.count).toBe(body.data.length);
  return body.data.map((row) => row.name);
}

async function paid(
  workspace: TestWorkspace,
  name: string,
  amountMinor: number,
  currency = 'USD',
  testMethod = 'approved',
) {
  const contact = await makeContact(server, workspace, name);
  const method = await saveTestMethod(server, workspace, contact, testMethod);
  const { body } = await chargeThrough(server, workspace, contact, method.id, { amountMinor, currency });
  return { contact, method, payment: body };
}

describe('who is in a list', () => {
  test('by lifetime value: bands are half open, and whoever has no money in the currency is worth 0', async () => {
    const workspace = await server.workspace();
    await paid(workspace, 'A hundred', 10_000);
    await paid(workspace, 'Five hundred', 50_000);
    await paid(workspace, 'Euro', 99_000, 'EUR');
    await makeContact(server, workspace, 'Nothing');
    const band = (min_minor?: number, max_minor?: number) =>
      namesIn(workspace, { ltv: { currency: 'USD', min_minor, max_minor } });
    expect(await band(10_000, 50_000)).toEqual(['A hundred']);
    expect(await band(10_000)).toEqual(['A hundred', 'Five hundred']);
    expect(await band(10_001, 50_001)).toEqual(['Five hundred']);
    expect(await band(undefined, 10_000)).toEqual(['Euro', 'Nothing']);
    expect(await band(0, 10_001)).toEqual(['A hundred', 'Euro', 'Nothing']);
    expect(await band(1)).toEqual(['A hundred', 'Five hundred']);
  });

  test('by the last payment', async () => {
    const workspace = await server.workspace();
    const early = await paid(workspace, 'Early', 1_000);
    const returning = await paid(workspace, 'Returning', 1_000);
    clock.advanceMs(30 * 86_400_000);
    const day = clock.now().toISOString().slice(0, 10);
    await chargeThrough(server, workspace, returning.contact, returning.method.id, { amountMinor: 5 });
    await paid(workspace, 'Never paid', 1_000, 'USD', 'declined_insufficient_funds');
    await makeContact(server, workspace, 'New');
    expect(early.payment.status).toBe('settled');
    expect(await namesIn(workspace, { last_payment: { before: day } })).toEqual(['Early']);
    expect(await namesIn(workspace, { last_payment: { after: day } })).toEqual(['Returning']);
    expect(await namesIn(workspace, { last_payment: { never: true } })).not.toContain('Early');
    expect(await namesIn(workspace, { last_payment: { never: true } })).toContain('New');
  });

  test('by a failed charge, and no longer once it is dealt with', async () => {
    const workspace = await server.workspace();
    const failed = await paid(workspace, 'Failed', 1_000, 'USD', 'declined_insufficient_funds');
    await paid(workspace, 'Fine', 1_000);
    expect(await namesIn(workspace, { has_failed_charge: true })).toEqual(['Failed']);
    expect(await namesIn(workspace, { has_failed_charge: false })).toEqual(['Fine']);
    await call('POST', `/v1/payments/${failed.payment.id}/dismissal`, { as: workspace.apiKey });
    expect(await namesIn(workspace, { has_failed_charge: true })).toEqual([]);
  });

  test('by cards: which can be charged, which expire within some days', async () => {
    const workspace = await server.workspace();
    const carded = await paid(workspace, 'Carded', 100);
    const expired = await makeContact(server, workspace, 'Expired');
    await saveTestMethod(server, workspace, expired, 'expired');
    await makeContact(server, workspace, 'Cardless');
    expect(await namesIn(workspace, { has_card: true })).toEqual(['Carded']);
    expect(await namesIn(workspace, { has_card: false })).toEqual(['Cardless', 'Expired']);

    const { exp_year: year, exp_month: month } = carded.method;
    const lastDay = Date.UTC(year!, month!, 0);
    const days = Math.floor((lastDay - clock.now().getTime()) / 86_400_000) + 1;
    expect(days).toBeGreaterThan(730);
    clock.advanceMs((days - 10) * 86_400_000);
    expect(await namesIn(workspace, { card_expires_within_days: 9 })).toEqual([]);
    expect(await namesIn(workspace, { card_expires_within_days: 10 })).toEqual(['Carded']);
    clock.advanceMs(11 * 86_400_000);
    expect(await namesIn(workspace, { card_expires_within_days: 60 })).toEqual([]);
  });

  test('by tag, country, owner and day of creation, all together; archived and merged ones are in none', async () => {
    const workspace = await server.workspace();
    const ids: string[] = [];
    for (const [name, country] of [
      ['Anna', 'DE'],
      ['Bert', 'FR'],
      ['Carl', 'DE'],
      ['Dora', 'DE'],
    ] as const) {
      const { body } = await call<ContactRow>('POST', '/v1/contacts', {
        as: workspace.apiKey,
        body: {
          name,
          country,
          tags: name === 'Bert' ? [] : ['VIP'],
          owner_id: name === 'Anna' ? toPublicId('member', workspace.owner.memberId!) : null,
        },
      });
      ids.push(body.id);
    }
    const today = clock.now().toISOString().slice(0, 10);
    expect(await namesIn(workspace, { tag: 'vip', country: 'DE' })).toEqual(['Anna', 'Carl', 'Dora']);
    expect(await namesIn(workspace, { tag: 'vip', owner_id: toPublicId('member', workspace.owner.memberId!) })).toEqual(
      ['Anna'],
    );
    expect(await namesIn(workspace, { created: { after: today } })).toHaveLength(4);
    expect(await namesIn(workspace, { created: { before: today } })).toEqual([]);
    await call('POST', `/v1/contacts/${ids[2]}/archival`, { as: workspace.apiKey });
    await call('POST', `/v1/contacts/${ids[1]}/merges`, { as: workspace.apiKey, body: { merged_contact_id: ids[3] } });
    // Bert has the tag now, by the contact that was merged into him.
    expect(await namesIn(workspace, { tag: 'vip' })).toEqual(['Anna', 'Bert']);
  });
});

describe('saved lists', () => {
  test('are kept, counted as payments post, changed with their version, and forgotten', async () => {
    const workspace = await server.workspace();
    const as = workspace.apiKey;
    const filter = { ltv: { currency: 'USD', min_minor: 1_000 } };
    const made = await call<SmartList>('POST', '/v1/smart-lists', { as, body: { name: 'Good customers', filter } });
    expect([made.status, made.body.count]).toEqual([201, 0]);
    await paid(workspace, 'Ada', 1_000);
    const lists = await call<{ data: SmartList[] }>('GET', '/v1/smart-lists', { as });
    expect(lists.body.data).toMatchObject([{ id: made.body.id, name: 'Good customers', count: 1, filter }]);
    const rows = await call<Preview>('GET', `/v1/smart-lists/${made.body.id}/contacts`, { as });
    expect(rows.body.data).toMatchObject([{ name: 'Ada', ltv: [{ currency: 'USD', amount_minor: 1_000 }] }]);

    expect((await call('POST', '/v1/smart-lists', { as, body: { name: 'GOOD customers', filter } })).body.code).toBe(
      'duplicate_name',
    );
    const path = `/v1/smart-lists/${made.body.id}`;
    expect((await call('PATCH', path, { as, body: { name: 'Best' }, ifMatch: '"v7"' })).status).toBe(412);
    const changed = await call<SmartList>('PATCH', path, { as, body: { name: 'Best' }, ifMatch: '"v1"' });
    expect(changed.body).toMatchObject({ name: 'Best', version: 2, filter });
    expect((await call('DELETE', path, { as })).status).toBe(204);
    expect((await call('GET', `${path}/contacts`, { as })).status).toBe(404);
    const audit = await server.database.inWorkspace(workspace.id, (tx) =>
      tx.many<{ action: string }>({
        text: `SELECT action FROM audit_log WHERE workspace_id = $1 AND action LIKE 'smart_list%' ORDER BY at, id`,
        values: [workspace.id],
      }),
    );
    expect(audit.map((row) => row.action)).toEqual(['smart_list.created', 'smart_list.changed', 'smart_list.deleted']);
  });

  test('page by page give everybody once', async () => {
    const workspace = await server.workspace();
    for (const name of ['Same', 'Same', 'Same', 'Also', 'Zoe']) await makeContact(server, workspace, name);
    const filter: SmartListFilter = { has_failed_charge: false };
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: Preview } = await call<Preview>('POST', '/v1/smart-lists/preview', {
        as: workspace.apiKey,
        body: { filter, limit: 2, ...(cursor ? { cursor } : {}) },
      });
      expect(body.count).toBe(5);
      seen.push(...body.data.map((row) => row.id));
      cursor = body.next_cursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test('about money are hidden and refused while payments are off, and come back', async () => {
    const workspace = await server.workspace();
    const as = workspace.apiKey;
    await call('POST', '/v1/smart-lists', { as, body: { name: 'Money', filter: { has_card: true } } });
    await call('POST', '/v1/smart-lists', { as, body: { name: 'Tagged', filter: { tag: 'vip' } } });
    const shown = async () =>
      (await call<{ data: SmartList[] }>('GET', '/v1/smart-lists', { as })).body.data.map((list) => list.name);
    const flip = (on: boolean) =>
      server.database.inWorkspace(workspace.id, (tx) =>
        tx.run({
          text: 'UPDATE workspaces SET switches = $2 WHERE id = $1',
          values: [workspace.id, JSON.stringify({ payments_and_ltv: on })],
        }),
      );
    await flip(false);
    expect(await shown()).toEqual(['Tagged']);
    const refused = await call('POST', '/v1/smart-lists/preview', { as, body: { filter: { has_card: true } } });
    expect([refused.status, refused.body.code]).toEqual([403, 'feature_off']);
    await flip(true);
    expect(await shown()).toEqual(['Money', 'Tagged']);
    const noMoney = await workspace.keyWith('contacts.read', 'contacts.write');
    expect(
      (await call('POST', '/v1/smart-lists/preview', { as: noMoney, body: { filter: { has_card: true } } })).body.code,
    ).toBe('right_missing');
  });
});

test.each([
  [{ ltv: { currency: 'USD' } }, 'filter.ltv'],
  [{ ltv: { currency: 'USD', min_minor: 5, max_minor: 5 } }, 'filter.ltv.max_minor'],
  [{ last_payment: {} }, 'filter.last_payment'],
  [{ last_payment: { never: true as const, before: '2026-01-01' } }, 'filter.last_payment.never'],
  [{ created: { after: '2026-01-02', before: '2026-01-02' } }, 'filter.created.before'],
])('the filter %j is refused at %s', (filter, path) => {
  expect(() => checkFilter(filter)).toThrow(path);
});

describe('at a hundred thousand contacts', () => {
  test('bands of value and the most valuable are read along their index', async () => {
    const workspace = await server.workspace();
    await server.database.asOwner(
      `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, country, created_at, updated_at)
       SELECT $1, i.id, i.id, 'Contact ' || n, 'contact ' || lpad(n::text, 7, '0'), CASE WHEN n % 50 = 0 THEN 'NZ' ELSE 'US' END, $2, $2
       FROM (SELECT n, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id FROM generate_series(1, 100000) n) i`,
      [workspace.id, clock.now()],
    );
    await server.database.asOwner(
      `INSERT INTO ledger_contact_sums (workspace_id, contact_id, currency, received_minor, payment_count)
       SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'USD', n, 1 FROM generate_series(1, 100000) n`,
      [workspace.id],
    );
    await server.database.asOwner('ANALYZE contacts, ledger_contact_sums');
    const preview = (filter: SmartListFilter) =>
      call<Preview>('POST', '/v1/smart-lists/preview', { as: workspace.apiKey, body: { filter, limit: 50 } });
    expect((await preview({ ltv: { currency: 'USD', min_minor: 99_901 } })).body).toMatchObject({ count: 100 });
    expect((await preview({ ltv: { currency: 'USD', max_minor: 51 } })).body).toMatchObject({ count: 50 });
    expect((await preview({ country: 'NZ', ltv: { currency: 'USD', min_minor: 50_001 } })).body).toMatchObject({
      count: 1_000,
    });

    const plan = await server.database.asOwner<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT c.id, c.sort_name FROM contacts c
       WHERE c.workspace_id = '${workspace.id}'::uuid AND c.archived_at IS NULL AND c.deleted_at IS NULL AND c.root_id = c.id
         AND EXISTS (SELECT 1 FROM (SELECT s.contact_id FROM ledger_contact_sums s
           WHERE s.workspace_id = '${workspace.id}'::uuid AND s.currency = 'USD' AND s.ltv_minor >= 99901) AS found (id) WHERE found.id = c.id)
       ORDER BY c.sort_name, c.id LIMIT 51`,
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('ledger_contact_sums_by_ltv');
    expect(text).not.toContain('Seq Scan');
    const topPlan = await server.database.asOwner<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT c.id FROM ledger_contact_sums s JOIN contacts c ON c.workspace_id = $1 AND c.id = s.contact_id
       WHERE s.workspace_id = $1 AND s.currency = 'USD' AND s.payment_count > 0 AND c.archived_at IS NULL AND c.deleted_at IS NULL
       ORDER BY s.ltv_minor DESC, s.contact_id LIMIT 100`.replaceAll('$1', `'${workspace.id}'::uuid`),
    );
    expect(topPlan.map((row) => row['QUERY PLAN']).join('\n')).toContain('ledger_contact_sums_by_ltv');
  }, 120_000);

  test('the most valuable come first, without those who never paid', async () => {
    const workspace = await server.workspace();
    await paid(workspace, 'Small', 100);
    await paid(workspace, 'Large', 900);
    await makeContact(server, workspace, 'None');
    const { body } = await call<{ data: { name: string }[] }>('GET', '/v1/top-contacts?currency=USD&limit=100', {
      as: workspace.apiKey,
    });
    expect(body.data).toMatchObject([
      { name: 'Large', payment_count: 1, ltv: [{ currency: 'USD', amount_minor: 900 }] },
      { name: 'Small' },
    ]);
  });
});
